"""Every table of Tendon, so that one import knows the whole schema."""

from models.base import Base
from models.calendar import CalendarFeed
from models.capture import FeedbackDraft, FeedbackShare
from models.checkin import CheckIn, CheckInRelease
from models.customer import Customer, CustomerMerge
from models.dependency import Dependency
from models.digest import Digest, DigestIssue
from models.draft import PlanDraft
from models.escalation import Escalation, EscalationUpdate
from models.feedback import OF_CUSTOMERS, Feedback, Merging, Supporter
from models.handover import Handover
from models.installation import Installation, InstallState
from models.loop import Heard, Quiet, Telling
from models.machine import Audit, Inbox, Lane, Message, MethodPause, Outbox, Upload
from models.notice import Hearing, HeldNotice
from models.nps import NpsAnswer
from models.release import Change, Follow, Item, Joined, Release, ReleaseName, ReleaseReader
from models.saying import Awaited, Saying
from models.sheet_draft import SheetDraft
from models.team import Team, TeamMember
from models.workspace import (
    Channel,
    ChannelMember,
    Counter,
    Person,
    PlanImport,
    UserGroup,
    UserGroupMember,
    Workspace,
)

__all__ = [
    "OF_CUSTOMERS",
    "Audit",
    "Awaited",
    "Base",
    "CalendarFeed",
    "Change",
    "Channel",
    "ChannelMember",
    "CheckIn",
    "CheckInRelease",
    "Counter",
    "Customer",
    "CustomerMerge",
    "Dependency",
    "Digest",
    "DigestIssue",
    "Escalation",
    "EscalationUpdate",
    "Feedback",
    "FeedbackDraft",
    "FeedbackShare",
    "Follow",
    "Handover",
    "Heard",
    "Hearing",
    "HeldNotice",
    "Inbox",
    "InstallState",
    "Installation",
    "Item",
    "Joined",
    "Lane",
    "Merging",
    "Message",
    "MethodPause",
    "NpsAnswer",
    "Outbox",
    "Person",
    "PlanDraft",
    "PlanImport",
    "Quiet",
    "Release",
    "ReleaseName",
    "ReleaseReader",
    "Saying",
    "SheetDraft",
    "Supporter",
    "Team",
    "TeamMember",
    "Telling",
    "Upload",
    "UserGroup",
    "UserGroupMember",
    "Workspace",
]
