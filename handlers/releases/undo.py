"""Taking a change back. Its rows are voided, never deleted; what nobody has heard yet is not sent, what people heard is corrected."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.answers import Answer, Message, Say
from bot.behind import release_behind, row_id
from bot.deps import Deps
from bot.hearers import outside, who_hears
from bot.requests import Request
from bot.slices import reads
from domain.errors import NotAllowed, NotFound
from domain.facts import ReleaseCorrected
from domain.phrases import say_day, say_on
from domain.releases import OWNERS_WINDOW, Field, Health, undo_until
from handlers.releases import undone, views
from handlers.releases.named import shown
from handlers.releases.worded import sees_inside
from models import Change, Release
from models.finding import name_of
from models.history import number_of_the_other, settle, void
from models.joining import is_linked

FIRST_FIELDS = {Field.NAME, Field.DATE, Field.TEAM, Field.OWNER}


WHERE = (
    "*Undo* is a button. It stands under the answer to what you changed, for 5 minutes; and for whoever owns the release, in the private "
    "message that tells of a change, for a day. After that, change it again instead. Nothing was changed."
)


@reads
async def say_where(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release undo`: which change is meant is sure only where its button stands."""
    return Say(Message(WHERE.replace("*", ""), [kit.section(WHERE)]))


async def undo_change(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """By whoever made it within five minutes, by the owner within a day; refused once the release was changed again.

    The time is read when the locks are held: whoever tells the followers takes the same lock, so either they hear, or it is undone.
    """
    access.may_change(request.actor)
    change = await _change(session, request.value)
    release = await release_behind(session, change.release_id, request.actor, lock=True, even_unmade=True)
    await session.refresh(change, with_for_update=True)
    now = deps.now()
    if change.voided_at:
        reads = await _reads_for(session, request, release, change)
        return Say(views.taken_back(shown(release), reads), replace=True)
    rows, told = await undone.rows_around(session, change, release), was_told(await deps.outbox.caused(session, change.id), now)
    _check(change, rows, release, request.person, now, told)
    together = _together(change, rows)
    if _is_birth(change) and await is_linked(session, release):
        raise NotAllowed(f"{release.name} has work, asks or words on it by now, so it stays. You can cancel it instead.")
    for row in together:
        void(row, by=request.person, now=now, reason="undone")
    await undone.undo_elsewhere(session, deps, release, change, together, request.person, now)
    await settle(session, release)
    await deps.outbox.withdraw(session, change=change.id)
    reads = await _reads_now(session, release, change)
    if told:
        await correct(session, deps, request.person, release, change, reads)
    await tell_the_other(session, request, deps, release, change, reads)
    reads = await _reads_for(session, request, release, change)
    return Say(
        views.taken_back(shown(release), reads, was_told=told, other=await _of_its_name(session, request, release, change)), replace=True
    )


async def _of_its_name(session: AsyncSession, request: Request, release: Release, change: Change) -> int | None:
    """The number of a release that took its name meanwhile: from now on that name alone says neither."""
    if change.field not in (Field.NAME, Field.READERS, Field.DUPLICATE) or _is_birth(change):
        return None
    return await number_of_the_other(session, release.name, access.seen_releases(request.actor), release.id)


def was_told(caused: Sequence[Any], now: datetime) -> bool:
    """Whether what a change lets others know has left already."""
    return any(row.kind == "told" and not (row.not_before and row.not_before > now) for row in caused)


async def correct(session: AsyncSession, deps: Deps, by: str, release: Release, change: Change, reads: str) -> None:
    """Everybody who was told of a change that is taken back hears so."""
    about: dict[str, Any] = {"key": f"undone:{change.id}", "actor": by, "release_id": release.id, "change_id": change.id}
    await deps.tell(session, ReleaseCorrected(**about, reads=reads, plainly=undone.reads_plainly(change)))


async def tell_the_other(session: AsyncSession, request: Request, deps: Deps, release: Release, change: Change, reads: str) -> None:
    """Owner and doer know what became of it: what the owner was told at once is rewritten, the doer hears what the owner took back."""
    for row in await deps.outbox.caused(session, change.id):
        told, _, person = (row.key or "").rpartition(":")
        if told == f"owner:{change.id}" and person != request.person:
            await deps.outbox.rewrite(session, row.key, views.taken_back(shown(release), reads), channel=person)
    if change.actor and change.actor != request.person:
        who = await name_of(session, request.person)
        if change.actor in await outside(session, release, [change.actor]):
            reads = undone.reads_plainly(change) or reads
        await deps.outbox.post(session, f"undone:{change.id}", change.actor, views.undone_by_owner(shown(release), reads, who))


async def tell_now(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Whoever made a change lets its notices go before the five minutes are over."""
    access.may_change(request.actor)
    change = await _change(session, request.value)
    release = await release_behind(session, change.release_id, request.actor, lock=True, even_unmade=True)
    await session.refresh(change, with_for_update=True)
    if change.actor != request.person:
        raise NotAllowed("Only the person who made that change can tell people before its time.")
    if change.voided_at:
        raise NotAllowed("That change was taken back, so there is nothing to tell. Nothing was changed.")
    people = len((await who_hears(session, release, change.actor)).keys() - {release.owner})
    if not await deps.outbox.hasten(session, change.id):
        raise NotAllowed("They were told already.")
    return Say(views.told_now(shown(release), people), replace=True)


async def _change(session: AsyncSession, value: str | None) -> Change:
    query = select(Change).where(Change.id == row_id(value))
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        raise NotFound("That change is gone. Nothing was changed.")
    return found


def _check(change: Change, rows: list[Change], release: Release, person: str, now: datetime, told: bool) -> None:
    """Raises NotAllowed with why it cannot be taken back."""
    owners = {release.owner, *([change.before] if change.field == Field.OWNER else [])} - {None, change.actor}
    if person in owners:
        if now >= change.recorded_at + OWNERS_WINDOW:
            raise NotAllowed("That was more than a day ago. Change it again instead.")
    elif change.actor != person:
        raise NotAllowed("Only the person who made that change, or the owner, can take it back. You can change it again instead.")
    elif now >= undo_until(change.recorded_at):
        raise NotAllowed("That was more than 5 minutes ago, so people may have been told. Change it again instead.")
    elif told:
        raise NotAllowed("People were told already. Change it again instead.")
    name = release.name
    last = max(row.id for row in _together(change, rows))
    if any(row.id > last and row.voided_at is None for row in rows):
        raise NotAllowed(f"{name} was changed again since, so that stays. Undo the later change first, or change it again.")


def _is_birth(change: Change) -> bool:
    return change.field == Field.NAME and change.before is None


def _together(change: Change, rows: list[Change]) -> list[Change]:
    """The rows that one act wrote: a single one, or all with which a release was made."""
    if not _is_birth(change):
        return [row for row in rows if row.id == change.id or undone.is_one_act(change, row)]
    return [row for row in rows if row.before is None and row.recorded_at == change.recorded_at and row.field in FIRST_FIELDS]


async def _reads_for(session: AsyncSession, request: Request, release: Release, change: Change) -> str:
    """The same as whoever asks may read it."""
    is_inside = await sees_inside(session, request.actor, release.id)
    return ("" if is_inside else undone.reads_plainly(change)) or await _reads_now(session, release, change)


async def _reads_now(session: AsyncSession, release: Release, change: Change) -> str:
    """What the release is again, after its name."""
    if said := undone.reads_now(release, change):
        return said
    match Field(change.field):
        case Field.NAME:
            return views.NOT_MADE
        case Field.DATE:
            return f"is {say_on(release.due)} again" if release.due else "has no day again"
        case Field.STAGE:
            return f"counts as shipped on {say_day(release.shipped_on)} again" if release.shipped_on else "has not shipped"
        case Field.STATE:
            return "is open again"
        case Field.HEALTH:
            return f"is {Health(release.health).words} again" if release.health else "has no health set again"
        case _:
            return f"is owned by {await name_of(session, release.owner)} again" if release.owner else "has no owner again"
