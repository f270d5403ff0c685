"""What is said of one change: to followers when it can no longer be undone, to the owner at once, and again to both if it is taken back."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from bot.hearers import may_hear
from domain.facts import ReleaseCancelled, ReleaseHealthSet, ReleaseJoined, ReleaseMoved, ReleaseReached, ReleaseRenamed, ReleaseRolledBack
from domain.phrases import cut, say_day, say_days
from domain.releases import OWNERS_WINDOW, Health, Stage, slip
from domain.spans import is_same, read_written
from handlers.releases import views
from handlers.releases.named import shown
from handlers.releases.views import Undo
from models import Change, Person, Release
from models.finding import calendar_of, name_of

ReleaseFact = ReleaseMoved | ReleaseReached | ReleaseRolledBack | ReleaseCancelled | ReleaseHealthSet | ReleaseRenamed | ReleaseJoined


async def words_of(session: AsyncSession, fact: ReleaseFact, release: Release, who: str) -> tuple[str, str, str]:
    """What is new, who did what, and the word that a correction opens with."""
    match fact:
        case ReleaseMoved():
            before, after = read_written(fact.before), read_written(fact.after)
            if before is None:
                return f"is planned for {say_day(after)}.", f"{who} gave it its first day.", ""
            if is_same(before, after):
                return f"is committed to {say_day(after)}.", f"{who} committed it.", ""
            compared = await _compared(session, release, after) if release.baseline_on else ""
            return f"moves to {say_day(after)}{compared}.", f"{who} moved it from {say_day(before)}.", ""
        case ReleaseReached(stage=Stage.EVERYONE):
            compared = await _compared(session, release, fact.on) if release.baseline_on else ""
            return f"shipped on {say_day(fact.on)}{compared}.", f"{who} marked it available to everyone.", ""
        case ReleaseReached():
            return f"reached {fact.stage} on {say_day(fact.on)}.", f"{who} said so.", ""
        case ReleaseRolledBack():
            return "was taken back.", f"You were told that it shipped. {who} took it back.", "Correction: "
        case ReleaseCancelled():
            return "is cancelled.", f"{who} cancelled it.", ""
        case ReleaseRenamed():
            return "is its name now.", f"{who} renamed it from {cut(fact.before)}.", ""
        case ReleaseJoined():
            seen = select(Release.name).where(Release.id == fact.other_id, access.open_releases())
            other = await session.scalar(seen) or "another release"
            return "is closed as a duplicate.", f"{who} found it to be the same as {cut(other)}. You follow that one now.", ""
        case ReleaseHealthSet():
            return f"is {Health(fact.health).words}.", f"{who} set its health.", ""


def is_awaited(fact: ReleaseFact) -> bool:
    """Whether those who asked to hear when it ships are told of it."""
    return isinstance(fact, ReleaseRolledBack | ReleaseCancelled) or (isinstance(fact, ReleaseReached) and fact.stage == Stage.EVERYONE)


def plainly(fact: ReleaseFact, inside: tuple[str, str, str]) -> tuple[str, str, str] | None:
    """The same for those who face customers: no inner date, slip or health. None for what does not concern them."""
    match fact:
        case ReleaseMoved():
            before, after = read_written(fact.before), read_written(fact.after)
            is_first = before is None or is_same(before, after)
            return None if is_first else ("has another date.", "Open it to see what customers may be told, and whether to ask first.", "")
        case ReleaseReached(stage=Stage.EVERYONE):
            return f"shipped on {say_day(fact.on)}.", *inside[1:]
        case ReleaseHealthSet():
            return None
    return inside


async def _compared(session: AsyncSession, release: Release, on: object) -> str:
    return f" ({say_days(slip(release.baseline_on, on, await calendar_of(session, release)))})"  # type: ignore[arg-type]


def owners_key(change: Change, owner: str) -> str:
    return f"owner:{change.id}:{owner}"


async def tell_owner(session: AsyncSession, deps: Deps, release: Release, change: Change, fact: ReleaseFact) -> None:
    """Somebody else changed a release: its owner hears at once, and may undo it for a day."""
    says, did, opening = await words_of(session, fact, release, await name_of(session, change.actor))
    await _post(session, deps, release, change, release.owner, says, did, opening.replace("Correction: ", ""))


async def tell_owner_that(session: AsyncSession, deps: Deps, release: Release, change: Change, says: str, did: str) -> None:
    """The same of what is no news to followers: `did` follows the name of who did it."""
    if release.owner and release.owner != change.actor:
        await _post(session, deps, release, change, release.owner, says, f"{await name_of(session, change.actor)} {did}")


async def tell_of_owner(session: AsyncSession, deps: Deps, release: Release, change: Change) -> None:
    """Who owned a release, and who owns it now, hear of it at once when somebody else decided that."""
    who, new = await name_of(session, change.actor), await name_of(session, change.after)
    for person, says in ((change.before, f"is owned by {new} now."), (change.after, "is yours now.")):
        if person and person != change.actor:
            await _post(session, deps, release, change, person, says, f"{who} handed it over.")


async def _post(
    session: AsyncSession, deps: Deps, release: Release, change: Change, person: str | None, says: str, did: str, opening: str = ""
) -> None:
    if person is None or person not in await may_hear(session, release, [person]):
        return
    zone = await session.scalar(select(Person.zone).where(Person.slack_id == person)) or "UTC"
    undo = Undo(change.id, change.recorded_at + OWNERS_WINDOW, zone)
    was = person != release.owner
    notice = views.owners_notice(shown(release), says, did, reason=change.reason, opening=opening, was=was, undo=undo)
    await deps.outbox.post(session, owners_key(change, person), person, notice, change=change.id)
