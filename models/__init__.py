"""Every table of Tendon, so that one import knows the whole schema."""

from models.base import Base
from models.calendar import CalendarFeed
from models.checkin import CheckIn, CheckInRelease
from models.customer import Customer
from models.dependency import Dependency
from models.digest import Digest, DigestIssue
from models.draft import PlanDraft
from models.escalation import Escalation, EscalationUpdate
from models.feedback import Feedback, Supporter
from models.handover import Handover
from models.loop import Heard, Quiet, Telling
from models.machine import Audit, Inbox, Lane, Message, MethodPause, Outbox, Upload
from models.release import Change, Follow, Item, Release, ReleaseName, ReleaseReader
from models.saying import Awaited, Saying
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
    "Dependency",
    "Digest",
    "DigestIssue",
    "Escalation",
    "EscalationUpdate",
    "Feedback",
    "Follow",
    "Handover",
    "Heard",
    "Inbox",
    "Item",
    "Lane",
    "Message",
    "MethodPause",
    "Outbox",
    "Person",
    "PlanDraft",
    "PlanImport",
    "Quiet",
    "Release",
    "ReleaseName",
    "ReleaseReader",
    "Saying",
    "Supporter",
    "Team",
    "TeamMember",
    "Telling",
    "Upload",
    "UserGroup",
    "UserGroupMember",
    "Workspace",
]
