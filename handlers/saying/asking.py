"""Asking whoever answers for a release what customers may be told: when somebody wants to know, and when its date moved."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answerable import who_answers
from bot.answers import Answer, Say
from bot.behind import release_behind
from bot.deps import Deps
from bot.requests import Request
from domain.facts import ReleaseCorrected, ReleaseMoved
from domain.phrases import say_day
from domain.releases import Field
from domain.sayings import may_ask
from domain.spans import is_same, read_written
from handlers.saying import views
from handlers.saying.loading import about, full, name_of, saying_of
from handlers.saying.saying import carried
from models import Awaited, Change, Release, Saying
from models.adding import add_missing
from models.base import prebuilt
from models.history import still_stands
from models.saying import WORDS

YOU_HEAR = "You hear when there is an answer."


async def ask_owner(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """However many ask, the owner is asked once a week; all of them hear the answer."""
    access.may_change(request.actor)
    release = await release_behind(session, request.value, request.actor, lock=True)
    saying = await saying_of(session, release.id)
    who = await who_answers(session, release)
    if who is None:
        said = f"Nobody answers for {release.name}: it has no owner, its team no lead, and nobody is in product operations yet."
        return Say(views.asked(said))
    row = {"release_id": release.id, "person": request.person, "what": WORDS, "since": deps.now()}
    await add_missing(session, Awaited, [row])
    name = await name_of(session, who[0])
    if not may_ask(saying.asked_at, deps.now()) and saying.asked_at:
        day = say_day(saying.asked_at.astimezone(request.actor.tz).date())
        return Say(views.asked(f"{name} was asked on {day}, and is asked at most once a week. {YOU_HEAR}"))
    await _ask(session, deps, release, saying, who, f"{await name_of(session, request.person)} asks what customers may be told.")
    return Say(views.asked(f"{name} is asked. {YOU_HEAR}"))


HAS_WORDS = prebuilt(
    select(Saying.id).where(Saying.workspace_id == bindparam("workspace_id"), Saying.release_id == bindparam("release_id")).limit(1)
)


async def doubt_after_a_move(session: AsyncSession, fact: ReleaseMoved, deps: Deps) -> None:
    """What is said may be true no more: it is marked, and whoever answers for it is asked once, until they did."""
    change, release = await still_stands(session, fact.change_id)
    before, after = read_written(fact.before), read_written(fact.after)
    if change is None or release is None or before is None or is_same(before, after):
        return
    known = select(Saying).where(Saying.release_id == release.id, Saying.words != "", Saying.doubted_at.is_(None))
    saying = (await session.scalars(known.with_for_update())).one_or_none()
    if saying is None or (saying.checked_at and saying.checked_at > change.recorded_at):
        return
    saying.doubted_at = deps.now()
    who = await who_answers(session, release)
    if who:
        await _ask(session, deps, release, saying, who, f"It moved from {say_day(before)} to {say_day(after)}.")


async def trust_after_an_undo(session: AsyncSession, fact: ReleaseCorrected, deps: Deps) -> None:
    """A move was taken back after it was told. Where no other stands, what is said is as true as when it was checked."""
    saying = (await session.scalars(select(Saying).where(Saying.release_id == fact.release_id).with_for_update())).one_or_none()
    if saying is None or saying.doubted_at is None or saying.checked_at is None:
        return
    moves = select(Change.id).where(
        Change.release_id == fact.release_id,
        Change.field == Field.DATE.value,
        Change.before.is_not(None),
        Change.voided_at.is_(None),
        Change.recorded_at > saying.checked_at,
    )
    if await session.scalar(moves.limit(1)) is None:
        saying.doubted_at = None


async def _ask(session: AsyncSession, deps: Deps, release: Release, saying: Saying, who: tuple[str, str], why: str) -> None:
    saying.asked_at = deps.now()
    await session.flush()
    message = views.check(about(release), full(saying), why, carried(release, saying), who[1])
    await deps.outbox.post(session, f"saying:ask:{saying.id}:{saying.asked_at.timestamp()}", who[0], message)
