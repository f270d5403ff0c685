"""Closing the loop: when a release is out, everybody who brought words about it hears so, once, in the thread where they brought them.

Where that thread is not theirs any more, or people from outside read it, it comes privately. A rollback corrects it with the same people.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Message
from bot.deps import Deps
from bot.hearers import may_hear, who_hears
from domain.facts import ReleaseCorrected, ReleaseMoved, ReleaseReached, ReleaseRolledBack
from domain.phrases import say_day, say_days
from domain.releases import Stage, slip
from domain.spans import is_same, read_written
from handlers.feedback import views_loop
from handlers.feedback.views_loop import Asked
from models import OF_CUSTOMERS, ChannelMember, Feedback, Follow, Heard, Person, Release, Supporter
from models.base import prebuilt
from models.finding import calendar_of
from models.history import still_stands
from models.together import waits_for

SHIPPED, BACK = "shipped", "taken back"


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody hears: a thread, or nowhere but privately."""

    channel: str = ""
    thread: str = ""


PRIVATELY = Where()


@dataclass(frozen=True, slots=True)
class Brought:
    """One piece that somebody brought, and where."""

    person: str
    feedback: Feedback
    where: Where


IS_LINKED = prebuilt(
    select(Feedback.id).where(Feedback.workspace_id == bindparam("workspace_id"), Feedback.release_id == bindparam("release_id")).limit(1)
)


async def tell_it_is_out(session: AsyncSession, fact: ReleaseReached, deps: Deps) -> None:
    change, release = await still_stands(session, fact.change_id)
    if change is None or release is None or fact.stage != Stage.EVERYONE:
        return
    told = await _last_heard(session, release)
    brought = [one for one in await _brought(session, release) if getattr(told.get(one.person), "what", BACK) != SHIPPED]
    for where, group in await _places(session, release, brought):
        notice = views_loop.it_is_out(release.name, say_day(fact.on), await _asked(session, release, where, group))
        await _post(session, deps, fact, where, _people(group), notice, SHIPPED)


async def correct(session: AsyncSession, fact: ReleaseRolledBack, deps: Deps) -> None:
    """With those who were told that it is out, where they were told."""
    change, release = await still_stands(session, fact.change_id)
    if change is None or release is None:
        return
    told = {who: heard for who, heard in (await _last_heard(session, release)).items() if heard.what == SHIPPED}
    may = await may_hear(session, release, list(told))
    where = {who: _place_of(heard, release) for who, heard in told.items() if who in may}
    pieces = [one for one in await _brought(session, release) if where.get(one.person) in (PRIVATELY, one.where)]
    for place, group in _messages((where[one.person], one) for one in pieces):
        asked = await _asked(session, release, place, group)
        await _post(session, deps, fact, place, _people(group), views_loop.correction(release.name, fact.reason, asked), BACK)
    for who in sorted(where.keys() - {one.person for one in pieces}):  # what they brought is linked to something else by now
        await _post(session, deps, fact, PRIVATELY, [who], views_loop.correction(release.name, fact.reason, Asked((), "")), BACK)


def _place_of(heard: Heard, release: Release) -> Where:
    """Where somebody was told; of what was restricted since only privately."""
    return PRIVATELY if release.restricted else Where(heard.channel or "", heard.thread_ts or "")


def _people(group: Sequence[Brought]) -> list[str]:
    return list(dict.fromkeys(one.person for one in group))


async def tell_of_a_move(session: AsyncSession, fact: ReleaseMoved, deps: Deps) -> None:
    """Only where somebody who brought it follows the release: the thread says so too, and who was told."""
    change, release = await still_stands(session, fact.change_id)
    before, after = read_written(fact.before), read_written(fact.after)
    if change is None or release is None or release.restricted or after is None or is_same(before, after):
        return
    following = set(await session.scalars(select(Follow.person).where(Follow.release_id == release.id)))
    brought = [one for one in await _brought(session, release) if one.person in following]
    places: dict[Where, set[int]] = defaultdict(set)
    for one in await _in_threads(session, release, brought):
        places[one.where].add(one.feedback.number)
    if not places:
        return
    compared = f" ({say_days(slip(release.baseline_on, after, await calendar_of(session, release)))})" if release.baseline_on else ""
    says = f"moves to {say_day(after)}{compared}." if before else f"is planned for {say_day(after)}."
    told = await _told(session, release, fact.actor)
    for where, numbers in places.items():
        notice = views_loop.moved(release.name, sorted(numbers), says, told)
        await deps.outbox.post(session, _key(fact.change_id, where), where.channel, notice, thread=where.thread, change=fact.change_id)


async def correct_undone(session: AsyncSession, fact: ReleaseCorrected, deps: Deps) -> None:
    """A change was taken back after it was told: the same threads and people read so."""
    release = (await session.scalars(select(Release).where(Release.id == fact.release_id))).one_or_none()
    if release is None:
        return
    opening = f"loop:{fact.change_id}:"
    keys = [row.key or "" for row in await deps.outbox.caused(session, fact.change_id)]
    places = [key.removeprefix(opening) for key in keys if key.startswith(opening)]
    alone = await may_hear(session, release, [place for place in places if ":" not in place])
    for place in places:
        channel, _, thread = place.partition(":")
        if place in alone or (thread and not release.restricted):
            notice = views_loop.corrected(release.name, fact.reads)
            await deps.outbox.post(session, f"corrected:{opening}{place}", channel, notice, thread=thread or None)
    for heard in await session.scalars(select(Heard).where(Heard.change_id == fact.change_id, Heard.what == SHIPPED)):
        where = {"channel": heard.channel, "thread_ts": heard.thread_ts}
        effect = f"corrected:{heard.effect}"
        session.add(
            Heard(release_id=release.id, change_id=fact.change_id, person=heard.person, what=BACK, effect=effect, at=deps.now(), **where)
        )


async def _brought(session: AsyncSession, release: Release) -> list[Brought]:
    """Every piece that waits for the release, with each of those who brought it, the oldest first."""
    query = (
        select(Supporter, Feedback)
        .join(Feedback, and_(Feedback.workspace_id == Supporter.workspace_id, Feedback.id == Supporter.feedback_id))
        .where(waits_for(release.id), Feedback.removed_at.is_(None))
        .order_by(Supporter.added_at, Supporter.id)
    )
    return [Brought(row.person, feedback, Where(row.channel or "", row.thread_ts or "")) for row, feedback in await session.execute(query)]


async def _last_heard(session: AsyncSession, release: Release) -> dict[str, Heard]:
    rows = await session.scalars(select(Heard).where(Heard.release_id == release.id).order_by(Heard.id))
    return {row.person: row for row in rows}


async def _places(session: AsyncSession, release: Release, brought: Sequence[Brought]) -> list[tuple[Where, list[Brought]]]:
    """The messages to send: each person is in one of them, in the first thread that is still theirs, else alone in a private one."""
    homes: dict[str, Where] = {}
    for one in await _in_threads(session, release, brought):
        homes.setdefault(one.person, one.where)
    may = await may_hear(session, release, list(dict.fromkeys(one.person for one in brought)))
    theirs = [one for one in brought if one.person in may and homes.get(one.person, one.where) == one.where]
    return _messages([(homes.get(one.person, PRIVATELY), one) for one in theirs])


def _messages(pieces: Iterable[tuple[Where, Brought]]) -> list[tuple[Where, list[Brought]]]:
    """One for each thread, and one for each person who hears privately."""
    found: dict[tuple[Where, str], list[Brought]] = defaultdict(list)
    for where, one in pieces:
        found[where, "" if where.channel else one.person].append(one)
    return [(where, group) for (where, _), group in found.items()]


async def _in_threads(session: AsyncSession, release: Release, brought: Sequence[Brought]) -> list[Brought]:
    """Those whose thread may be answered in, as members of its channel. A restricted release is named in none."""
    if release.restricted:
        return []
    channels = {one.where.channel for one in brought if one.where.thread}
    speaks = [channel for channel in channels if (await access.place_of(session, channel)).may_answer]
    inside = select(ChannelMember.channel_slack_id, ChannelMember.person_slack_id).where(ChannelMember.channel_slack_id.in_(speaks))
    members = {(channel, person) for channel, person in await session.execute(inside)}
    return [one for one in brought if one.where.thread and (one.where.channel, one.person) in members]


async def _asked(session: AsyncSession, release: Release, where: Where, group: Sequence[Brought]) -> Asked:
    """What the message says of those whom it reaches. Others are counted as far as everybody there may read what they said."""
    people = _people(group)
    first = group[0].feedback
    zone = await session.scalar(select(Person.zone).where(Person.slack_id == people[0])) or "UTC"
    count = (
        select(func.count(Supporter.person.distinct()))
        .join(Feedback, and_(Feedback.workspace_id == Supporter.workspace_id, Feedback.id == Supporter.feedback_id))
        .where(waits_for(release.id), Feedback.removed_at.is_(None), Supporter.person.not_in(people))
        .where(OF_CUSTOMERS, access.shown_words(Feedback, where.channel))
    )
    return Asked(
        numbers=sorted({one.feedback.number for one in group}),
        on=say_day(first.logged_at.astimezone(ZoneInfo(zone)).date()),
        people=people if where.channel else (),
        others=await session.scalar(count) or 0,
        words="" if where.channel else first.words,
    )


async def _told(session: AsyncSession, release: Release, actor: str | None) -> str:
    hearers = list(await who_hears(session, release, actor))
    query = select(Person.slack_id, Person.name).where(Person.slack_id.in_(hearers))
    names = dict((await session.execute(query)).all()) if hearers else {}
    owner = names.get(release.owner or "", "")
    return views_loop.told_line(owner, [names.get(who, "somebody") for who in hearers if who != release.owner])


async def _post(
    session: AsyncSession,
    deps: Deps,
    fact: ReleaseReached | ReleaseRolledBack,
    where: Where,
    people: Sequence[str],
    notice: Message,
    what: str,
) -> None:
    key = _key(fact.change_id, where) if where.channel else f"loop:{fact.change_id}:{people[0]}"
    await deps.outbox.post(session, key, where.channel or people[0], notice, thread=where.thread or None, change=fact.change_id)
    session.add_all(
        Heard(
            release_id=fact.release_id,
            change_id=fact.change_id,
            person=person,
            what=what,
            channel=where.channel or None,
            thread_ts=where.thread or None,
            effect=key,
            at=deps.now(),
        )
        for person in people
    )


def _key(change_id: int, where: Where) -> str:
    return f"loop:{change_id}:{where.channel}:{where.thread}"
