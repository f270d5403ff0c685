"""Following a release, and what followers and the owner are told: one notice a change, never of one's own, only of what they may see."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.hearers import who_hears
from bot.requests import Request
from domain.facts import ReleaseCancelled, ReleaseHealthSet, ReleaseJoined, ReleaseMoved, ReleaseReached, ReleaseRenamed, ReleaseRolledBack
from domain.grammar import read_named
from domain.phrases import say_day, say_days
from domain.releases import Health, Stage, slip
from domain.spans import is_same, read_written
from handlers.releases import views, views_forms
from handlers.releases.named import by_id, in_form, named, shown
from handlers.releases.people import name_of
from handlers.releases.views_forms import Draft
from models import Follow, Release
from models.finding import calendar_of
from models.history import still_stands

ReleaseFact = ReleaseMoved | ReleaseReached | ReleaseRolledBack | ReleaseCancelled | ReleaseHealthSet | ReleaseRenamed | ReleaseJoined


async def follow_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release, _, note = await named(session, read_named(request.text).readings(), request.actor)
    return await _follow(session, request, deps, release) if release else Open(views_forms.follow(Draft(note=note), request.origin))


async def unfollow_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release, _, note = await named(session, read_named(request.text).readings(), request.actor)
    return await _unfollow(session, request, release) if release else Open(views_forms.unfollow(Draft(note=note), request.origin))


async def press_follow(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return await _follow(session, request, deps, await by_id(session, request.value, request.actor, lock=True))


async def press_unfollow(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return await _unfollow(session, request, await by_id(session, request.value, request.actor, lock=True))


async def save_follow(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return await _follow(session, request, deps, await in_form(session, request, lock=True))


async def save_unfollow(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return await _unfollow(session, request, await in_form(session, request, lock=True))


async def _follow(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    is_new = await _mine(session, request, release) is None
    if is_new:
        session.add(Follow(release_id=release.id, person=request.person, followed_at=deps.now()))
    return Say(views.following(shown(release), is_new))


async def _unfollow(session: AsyncSession, request: Request, release: Release) -> Answer:
    mine = await _mine(session, request, release)
    if mine:
        await session.delete(mine)
    return Say(views.not_following(shown(release), mine is not None))


async def _mine(session: AsyncSession, request: Request, release: Release) -> Follow | None:
    query = select(Follow).where(Follow.release_id == release.id, Follow.person == request.person)
    return (await session.scalars(query)).one_or_none()


async def tell_followers(session: AsyncSession, fact: ReleaseFact, deps: Deps) -> None:
    """One private message each."""
    change, release = await still_stands(session, fact.change_id)
    if change is None or release is None:
        return
    who = await name_of(session, fact.actor)
    says, did, opening = await _told(session, fact, release, who)
    for person, follows in (await who_hears(session, release, fact.actor)).items():
        notice = views.notice(shown(release), says, did, reason=change.reason, follows=follows, opening=opening)
        await deps.outbox.post(session, f"follow:{change.id}:{person}", person, notice, change=change.id)


async def _told(session: AsyncSession, fact: ReleaseFact, release: Release, who: str) -> tuple[str, str, str]:
    """What is new, who did what, and the word that a correction opens with."""
    cal = await calendar_of(session, release)
    match fact:
        case ReleaseMoved():
            before, after = read_written(fact.before), read_written(fact.after)
            if before is None:
                return f"is planned for {say_day(after)}.", f"{who} gave it its first day.", ""
            if is_same(before, after):
                return f"is committed to {say_day(after)}.", f"{who} committed it.", ""
            compared = f" ({say_days(slip(release.baseline_on, after, cal))})" if release.baseline_on else ""
            return f"moves to {say_day(after)}{compared}.", f"{who} moved it from {say_day(before)}.", ""
        case ReleaseReached(stage=Stage.EVERYONE):
            late = slip(release.baseline_on, fact.on, cal)
            compared = f" ({say_days(late)})" if late is not None else ""
            return f"shipped on {say_day(fact.on)}{compared}.", f"{who} marked it available to everyone.", ""
        case ReleaseReached():
            return f"reached {fact.stage} on {say_day(fact.on)}.", f"{who} said so.", ""
        case ReleaseRolledBack():
            return "was taken back.", f"You were told that it shipped. {who} took it back.", "Correction: "
        case ReleaseCancelled():
            return "is cancelled.", f"{who} cancelled it.", ""
        case ReleaseRenamed():
            return "is its name now.", f"{who} renamed it from {kit.cut(fact.before)}.", ""
        case ReleaseJoined():
            seen = select(Release.name).where(Release.id == fact.other_id, access.open_releases())
            other = await session.scalar(seen) or "another release"
            return "is closed as a duplicate.", f"{who} found it to be the same as {kit.cut(other)}. Follow that one to hear more.", ""
        case ReleaseHealthSet():
            return f"is {Health(fact.health).words}.", f"{who} set its health.", ""
