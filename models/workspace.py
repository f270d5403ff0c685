"""The workspace, and what is known of its people and channels: who is a guest, who is in which channel, who runs product operations."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Index, String, UniqueConstraint, and_, exists, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.working import USUAL_WEEKDAYS
from models.base import Base, Owned


class Workspace(Base):
    """One Slack workspace. It has no `workspace_id`, as it is what the others point to."""

    __tablename__ = "workspace"
    __table_args__ = (UniqueConstraint("team_slack_id", "enterprise_slack_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_slack_id: Mapped[str] = mapped_column(String(32))
    enterprise_slack_id: Mapped[str] = mapped_column(String(32), default="")
    name: Mapped[str] = mapped_column(default="")
    domain: Mapped[str] = mapped_column(default="")
    bot_slack_id: Mapped[str] = mapped_column(String(32), default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    home_channel: Mapped[str | None] = mapped_column(String(32))
    change_policy: Mapped[str] = mapped_column(String(16), default="open", server_default="open")  # domain.setup.Policy
    holidays: Mapped[str] = mapped_column(String(200), default="", server_default="")  # domain.working reads these four
    weekdays: Mapped[str] = mapped_column(String(7), default=USUAL_WEEKDAYS, server_default=USUAL_WEEKDAYS)
    days_off: Mapped[str] = mapped_column(default="", server_default="")
    starts_at: Mapped[time] = mapped_column(default=time(9), server_default="09:00:00")
    ends_at: Mapped[time] = mapped_column(default=time(17), server_default="17:00:00")
    targets: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # domain.escalations.read_scale
    setup: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # steps by "done" and "skipped"
    installed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # taken out of the workspace: nothing is sent there until it is installed again
    synced_at: Mapped[datetime | None]
    log_emoji: Mapped[str] = mapped_column(String(100), default="memo", server_default="memo")  # marks a message as feedback; empty: none
    guests_may_report: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    triage_days: Mapped[int] = mapped_column(default=2, server_default="2")  # working days within which somebody looks at feedback
    asks_weekday: Mapped[int] = mapped_column(default=3, server_default="3")  # when owners are asked the weekly question
    asks_at: Mapped[time] = mapped_column(default=time(10), server_default="10:00:00")


class Counter(Owned):
    """The last number given to a kind of record: R-4, F-12, E-3, D-7."""

    __tablename__ = "counter"
    __rules__ = (UniqueConstraint("workspace_id", "letter"),)

    letter: Mapped[str] = mapped_column(String(1))
    last: Mapped[int]


class Person(Owned):
    """What Slack says about somebody. Kept by events and a nightly sync."""

    __tablename__ = "person"
    __rules__ = (UniqueConstraint("workspace_id", "slack_id"),)

    slack_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    zone: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(default="")
    status_emoji: Mapped[str] = mapped_column(String(100), default="", server_default="")
    status_until: Mapped[datetime | None]
    is_deleted: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_outside: Mapped[bool] = mapped_column(default=False)
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_product_operations: Mapped[bool] = mapped_column(default=False)  # by name; `runs_operations` knows of groups as well


class Channel(Owned):
    """A channel. What is not proven public counts as private."""

    __tablename__ = "channel"
    __rules__ = (UniqueConstraint("workspace_id", "slack_id"),)

    slack_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(default="")
    is_private: Mapped[bool] = mapped_column(default=True)
    is_shared: Mapped[bool] = mapped_column(default=False)
    is_archived: Mapped[bool] = mapped_column(default=False)
    has_bot: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]
    members_at: Mapped[datetime | None]
    faces_customers: Mapped[bool] = mapped_column(default=False)


class UserGroup(Owned):
    """A user group of Slack's. Who is in one that faces customers gets the words that customers may be told; who is in one that is
    product operations runs them."""

    __tablename__ = "user_group"
    __rules__ = (UniqueConstraint("workspace_id", "slack_id"),)

    slack_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(default="")
    handle: Mapped[str] = mapped_column(default="")
    is_disabled: Mapped[bool] = mapped_column(default=False)
    faces_customers: Mapped[bool] = mapped_column(default=False)
    is_product_operations: Mapped[bool] = mapped_column(default=False)


class UserGroupMember(Owned):
    """Somebody is in a user group, by Slack ids."""

    __tablename__ = "user_group_member"
    __rules__ = (
        UniqueConstraint("workspace_id", "person", "user_group"),  # in this order SQLite finds a person's groups by it
        Index("ix_user_group_member_group", "workspace_id", "user_group"),
    )

    user_group: Mapped[str] = mapped_column(String(32))
    person: Mapped[str] = mapped_column(String(32))


def runs_operations() -> ColumnElement[bool]:
    """Whether a `Person` is product operations now: a full member who is named, or in a user group that is."""
    member, group = UserGroupMember, UserGroup
    in_group = exists().where(
        group.workspace_id == Person.workspace_id,
        group.is_product_operations,
        member.workspace_id == group.workspace_id,
        member.user_group == group.slack_id,
        member.person == Person.slack_id,
    )
    able = (flag.is_(False) for flag in (Person.is_deleted, Person.is_guest, Person.is_outside, Person.is_bot))
    return and_(or_(Person.is_product_operations, in_group), *able)


class ChannelMember(Owned):
    """Somebody is in a channel, by Slack ids."""

    __tablename__ = "channel_member"
    __rules__ = (
        UniqueConstraint("workspace_id", "channel_slack_id", "person_slack_id"),
        Index("ix_channel_member_person", "workspace_id", "person_slack_id"),
    )

    channel_slack_id: Mapped[str] = mapped_column(String(32))
    person_slack_id: Mapped[str] = mapped_column(String(32))


class PlanImport(Owned):
    """One import of a plan: what came, from where, and the report."""

    __tablename__ = "plan_import"
    __rules__ = (Index("ix_plan_import_at", "workspace_id", "imported_at"),)
    __audited__ = True

    source: Mapped[str]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str | None] = mapped_column(String(32))
    taken: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
