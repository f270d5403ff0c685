"""Who may see and who may change. Asked everywhere; every answer is a SQL predicate or a clear sentence, never a filter after LIMIT."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, false, inspect, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.requests import Actor
from domain.errors import NotAllowed
from domain.sources import Answering, Place
from models import (
    Channel,
    ChannelMember,
    Customer,
    Escalation,
    Feedback,
    FeedbackShare,
    Person,
    Release,
    ReleaseReader,
    Supporter,
    Team,
    TeamMember,
    UserGroup,
    UserGroupMember,
)
from models.base import prebuilt, run
from models.finding import this_workspace
from models.rows import written
from models.workspace import runs_operations


def faces_customers() -> ColumnElement[bool]:
    """Who, of `Person`, reads what customers may be told: members of the groups that face customers, and people of other companies.

    Whoever also builds sees how things stand. It is a courtesy, so that nobody promises an inner date by mistake; what must stay secret
    is restricted.
    """

    def is_theirs(row: Any, *named: Any) -> ColumnElement[bool]:
        return exists().where(row.workspace_id == Person.workspace_id, *named)

    member, group = UserGroupMember, UserGroup
    faces = exists().where(group.workspace_id == member.workspace_id, group.slack_id == member.user_group, group.faces_customers)
    in_a_group = is_theirs(member, member.person == Person.slack_id, faces)
    builds = or_(
        runs_operations(),
        is_theirs(Team, or_(Team.lead == Person.slack_id, Team.deputy == Person.slack_id)),
        is_theirs(TeamMember, TeamMember.person == Person.slack_id),
        is_theirs(Release, Release.owner == Person.slack_id, Release.is_open),
    )
    return case((Person.is_outside, true()), (in_a_group, not_(builds)), else_=false())  # most are in no such group, and cost no more


ACTOR = prebuilt(
    select(
        Person.name,
        Person.zone,
        Person.is_guest,
        Person.is_outside,
        Person.is_admin,
        runs_operations().label("is_product_operations"),
        faces_customers().label("faces_customers"),
    ).where(Person.workspace_id == bindparam("workspace_id"), Person.slack_id == bindparam("person"))
)


async def actor_of(session: AsyncSession, person: str) -> Actor:
    """Somebody as they may see and change now."""
    row = (await run(session, ACTOR, person=person)).one_or_none()
    known = row._asdict() if row else {"is_known": False}
    known["zone"] = known.get("zone") or "UTC"
    return Actor(slack_id=person, **known)


def may_change(actor: Actor) -> None:
    """Raises NotAllowed for those who may look but not change: guests and people of other companies."""
    if not actor.is_known:
        raise NotAllowed("Slack did not say who you are just now, so nothing was changed. Try again in a minute.")
    if actor.is_outside:
        raise NotAllowed("Only people of this company can change that. Ask whoever invited you.")
    if actor.is_guest:
        raise NotAllowed("Guests cannot change that. Ask whoever invited you to this workspace.")


async def may_run(session: AsyncSession, actor: Actor, what: str) -> None:
    """Raises NotAllowed for those who may not do what is the whole company's: once somebody is product operations, they alone may."""
    may_change(actor)
    if not actor.is_product_operations and await session.scalar(select(Person.id).where(runs_operations()).limit(1)) is not None:
        raise NotAllowed(f"Only product operations can {what}. Nothing was changed.")


async def may_arrange(session: AsyncSession, actor: Actor, what: str) -> None:
    """Raises NotAllowed for those who may not do what changes many records at once: product operations, team leads and admins may."""
    may_change(actor)
    leads = select(Team.id).where(or_(Team.lead == actor.slack_id, Team.deputy == actor.slack_id)).limit(1)
    if not (actor.is_product_operations or actor.is_admin) and await session.scalar(leads) is None:
        raise NotAllowed(f"Only product operations, team leads and workspace admins can {what}. Nothing was changed.")


def reads_inside(actor: Actor) -> None:
    """Raises NotAllowed for guests and people of other companies, where something is about customers."""
    if actor.is_guest or actor.is_outside or not actor.is_known:
        raise NotAllowed("This is about customers, so only people of this company read it. Ask whoever invited you.")


async def may_report(session: AsyncSession, actor: Actor) -> None:
    """Raises NotAllowed for those who may not say what customers said: guests and people of other companies, unless that was allowed."""
    if actor.is_known and (actor.is_guest or actor.is_outside) and (await this_workspace(session)).guests_may_report:
        return
    may_change(actor)


@lru_cache(maxsize=1024)
def seen_releases(viewer: Actor) -> ColumnElement[bool]:
    """Releases that a person may see: all that are not restricted, and those that name them, or a user group that they are in now."""
    if viewer.is_product_operations:
        return true()
    if viewer.is_outside or viewer.is_guest:
        return Release.restricted.is_(False)
    theirs = select(UserGroupMember.user_group).where(
        UserGroupMember.workspace_id == ReleaseReader.workspace_id, UserGroupMember.person == viewer.slack_id
    )
    reader = ReleaseReader
    is_named = or_(reader.person == viewer.slack_id, reader.person.in_(theirs))
    named = exists().where(reader.workspace_id == Release.workspace_id, reader.release_id == Release.id, is_named)
    return or_(Release.restricted.is_(False), Release.owner == viewer.slack_id, named)


def open_releases() -> ColumnElement[bool]:
    """Releases that may stand where many read: a channel, a digest."""
    return Release.restricted.is_(False)


def seen_words(row: Any, viewer: Actor, *, inside: str | None = None) -> ColumnElement[bool]:
    """What people said (feedback, escalations) as far as a person may read it: it keeps the visibility of the channel it came from.

    `row` has `workspace_id` and `channel`. `inside` is the channel that the viewer reads in; what came from there is seen there.
    Feedback is read as well by those with whom it was shared. Guests read what was said in their channels, people of other companies
    nothing: it is said about them.
    """
    if viewer.is_outside or not viewer.is_known:
        return false()
    theirs = or_(_is_in(row, row.channel, viewer.slack_id), row.channel == (inside or ""), *_shared_with(row, viewer.slack_id, inside))
    return theirs if viewer.is_guest else or_(row.channel.is_(None), _is_public(row), theirs)


def seen_feedback(viewer: Actor, inside: str | None = None) -> ColumnElement[bool]:
    """Feedback that a person may read: what was said where they read or shared with them, and what they logged themselves."""
    return and_(Feedback.removed_at.is_(None), kept_feedback(viewer, inside))


def kept_feedback(viewer: Actor, inside: str | None = None) -> ColumnElement[bool]:
    """The same with what was taken back or deleted."""
    theirs = exists().where(
        Supporter.workspace_id == Feedback.workspace_id, Supporter.feedback_id == Feedback.id, Supporter.person == viewer.slack_id
    )
    return or_(seen_words(Feedback, viewer, inside=inside), theirs)


def counted_feedback(viewer: Actor, inside: str | None = None) -> ColumnElement[bool]:
    """The same as `seen_feedback`, as sets that are each made once: a look at every row takes seconds where a year is counted."""
    if viewer.is_guest or viewer.is_outside or not viewer.is_known:
        return seen_feedback(viewer, inside)
    mine = select(ChannelMember.channel_slack_id).where(ChannelMember.person_slack_id == viewer.slack_id)
    brought = select(Supporter.feedback_id).where(Supporter.person == viewer.slack_id)
    readers = or_(FeedbackShare.reader.in_([viewer.slack_id, inside or viewer.slack_id]), FeedbackShare.reader.in_(mine))
    shared = select(FeedbackShare.feedback_id).where(readers)
    theirs = or_(Feedback.id.in_(brought), Feedback.id.in_(shared))
    return and_(Feedback.removed_at.is_(None), or_(_counted_openly(inside or "", mine), theirs))


def counted_in(channel: str) -> ColumnElement[bool]:
    """Feedback that everybody in a channel may read, as sets: see `shown_words`."""
    shared = select(FeedbackShare.feedback_id).where(FeedbackShare.reader == channel)
    return and_(Feedback.removed_at.is_(None), or_(_counted_openly(channel), Feedback.id.in_(shared)))


def _counted_openly(channel: str, *more: Select[str]) -> ColumnElement[bool]:
    """`more` are channels beside the public ones: in one set, as every row is looked up in it."""
    public = select(Channel.slack_id).where(Channel.is_private.is_(False), Channel.is_shared.is_(False))
    return or_(Feedback.channel.is_(None), Feedback.channel.in_(public.union(*more) if more else public), Feedback.channel == channel)


def seen_escalations(viewer: Actor, *, inside: str | None = None) -> ColumnElement[bool]:
    """Escalations that a person may read: by their words, by having raised or owning them, and where the card was put on purpose."""
    theirs = or_(
        Escalation.raised_by == viewer.slack_id,
        Escalation.owner == viewer.slack_id,
        Escalation.card_channel == viewer.slack_id,
        _is_in(Escalation, Escalation.card_channel, viewer.slack_id),
        Escalation.card_channel == (inside or ""),
    )
    if viewer.is_outside or viewer.is_guest or not viewer.is_known:
        return seen_words(Escalation, viewer, inside=inside)
    return or_(seen_words(Escalation, viewer, inside=inside), theirs)


def shown_escalations(channel: str) -> ColumnElement[bool]:
    """Escalations that everybody in a channel may read."""
    return or_(shown_words(Escalation, channel), Escalation.card_channel == channel)


def seen_customers(viewer: Actor) -> ColumnElement[bool]:
    """Customers that a person may be offered: those that were set down on purpose, and those named where they read, or by nobody.

    Guests and people of other companies read of customers only what was said where they are.
    """
    named = [exists().where(row.workspace_id == Customer.workspace_id, row.customer_id == Customer.id) for row in (Feedback, Escalation)]
    seen = [
        exists().where(row.workspace_id == Customer.workspace_id, row.customer_id == Customer.id, may_see)
        for row, may_see in ((Feedback, seen_words(Feedback, viewer)), (Escalation, seen_escalations(viewer)))
    ]
    if viewer.is_guest or viewer.is_outside or not viewer.is_known:
        return or_(*seen)
    return or_(Customer.listed_at.is_not(None), ~or_(*named), *seen)


def shown_words(row: Any, channel: Any) -> ColumnElement[bool]:
    """What people said as far as everybody in a channel may read it: public words, the channel's own, and what was shared with it."""
    shared = [_shared(row, FeedbackShare.reader == channel)] if _is_feedback(row) else []
    return or_(row.channel.is_(None), _is_public(row), row.channel == channel, *shared)


def _is_feedback(row: Any) -> bool:
    """Whether it is feedback, under whichever name it stands in a query."""
    return bool(inspect(row).mapper.class_ is Feedback)


def _shared_with(row: Any, person: str, inside: str | None) -> list[ColumnElement[bool]]:
    """Given to somebody to read, to a channel that they are in, or to the one that they read in."""
    if not _is_feedback(row):
        return []
    return [_shared(row, or_(FeedbackShare.reader.in_([person, inside or person]), _is_in(FeedbackShare, FeedbackShare.reader, person)))]


def _shared(row: Any, reader: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = exists().where(FeedbackShare.workspace_id == row.workspace_id, FeedbackShare.feedback_id == row.id, reader)
    return mine.correlate_except(FeedbackShare)  # also what stands further out, such as the channel that it is read in


def is_public_words(row: Any) -> ColumnElement[bool]:
    """What people said that the whole workspace may read."""
    return or_(row.channel.is_(None), _is_public(row))


def _is_public(row: Any) -> ColumnElement[bool]:
    """Not proven public counts as private."""
    return exists().where(
        and_(
            Channel.workspace_id == row.workspace_id,
            Channel.slack_id == row.channel,
            Channel.is_private.is_(False),
            Channel.is_shared.is_(False),
        )
    )


def _is_in(row: Any, channel: Any, person: str) -> ColumnElement[bool]:
    """Whether a person is a member of the channel in this column of a row."""
    return exists().where(
        and_(
            ChannelMember.workspace_id == row.workspace_id,
            ChannelMember.channel_slack_id == channel,
            ChannelMember.person_slack_id == person,
        )
    )


async def place_of(session: AsyncSession, channel: str | None) -> Place:
    """What is known of a channel that somebody opens a form in: whether an answer may stand there, and who can read it."""
    if not channel or channel[0] not in "CG":
        return Place(channel)
    await written(session)
    row = (await run(session, _PLACE, channel=channel)).one_or_none()
    is_public = row is not None and not (row.is_private or row.is_shared)
    if row is None or not row.has_bot or row.is_archived:
        return Place(channel, Answering.NOT_THERE, is_public)
    return Place(channel, Answering.OUTSIDERS if row.has_outsiders else Answering.IN_PLACE, is_public)


async def channel_faces_customers(session: AsyncSession, channel: str | None) -> bool:
    """Whether what is said in a channel is said in the words for customers: product operations set that."""
    asked = select(Channel.faces_customers).where(Channel.slack_id == (channel or ""))
    return bool(await session.scalar(asked))


async def has_outsiders(session: AsyncSession, channel: str | None) -> bool:
    """Whether people from outside the company, or guests, read there: then nothing is posted that nobody said yes to."""
    return (await place_of(session, channel)).answering is Answering.OUTSIDERS


def outsiders_in(channel: Any) -> Select[int]:
    """People from outside the company, and guests, in a channel; run it with `session.scalar`, None when there are none."""
    return (
        select(Person.id)
        .join(ChannelMember, and_(ChannelMember.workspace_id == Person.workspace_id, ChannelMember.person_slack_id == Person.slack_id))
        .where(ChannelMember.channel_slack_id == channel, or_(Person.is_guest, Person.is_outside))
        .limit(1)
    )


_OUTSIDERS = outsiders_in(Channel.slack_id).where(ChannelMember.workspace_id == Channel.workspace_id).correlate(Channel).exists()
_PLACE = prebuilt(
    select(
        Channel.is_private,
        Channel.is_shared,
        Channel.is_archived,
        Channel.has_bot,
        or_(Channel.is_shared, _OUTSIDERS).label("has_outsiders"),
    ).where(Channel.workspace_id == bindparam("workspace_id"), Channel.slack_id == bindparam("channel"))
)
