"""Following a release, and what followers are told of a change: never of one's own, only of what they may see, as often as they chose."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.behind import release_behind
from bot.deps import Deps
from bot.hearers import may_hear, outside, who_hears, who_waits
from bot.requests import Request
from bot.unasked import at_once, told_together
from domain.facts import ReleaseCorrected, ReleaseMoved, ReleaseRolledBack
from domain.grammar import read_named
from handlers.releases import news, views, views_forms, worded
from handlers.releases.named import in_form, named, shown
from handlers.releases.views_forms import Draft
from models import Follow, Release
from models.finding import name_of
from models.history import still_stands


async def follow_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release, _, note = await named(session, read_named(request.text).readings(), request.actor, line=request.text)
    return await _follow(session, request, deps, release) if release else Open(views_forms.follow(Draft(note=note), request.origin))


async def unfollow_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release, _, note = await named(session, read_named(request.text).readings(), request.actor, line=request.text)
    return await _unfollow(session, request, release) if release else Open(views_forms.unfollow(Draft(note=note), request.origin))


async def press_follow(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return await _follow(session, request, deps, await release_behind(session, request.value, request.actor, lock=True))


async def press_unfollow(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return await _unfollow(session, request, await release_behind(session, request.value, request.actor, lock=True))


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
    is_inside = await worded.sees_inside(session, request.actor, release.id)
    return Say(views.following(shown(release), is_new, is_inside=is_inside))


async def _unfollow(session: AsyncSession, request: Request, release: Release) -> Answer:
    mine = await _mine(session, request, release)
    if mine:
        await session.delete(mine)
    return Say(views.not_following(shown(release), mine is not None))


async def _mine(session: AsyncSession, request: Request, release: Release) -> Follow | None:
    query = select(Follow).where(Follow.release_id == release.id, Follow.person == request.person)
    return (await session.scalars(query)).one_or_none()


async def tell_followers(session: AsyncSession, fact: news.ReleaseFact, deps: Deps) -> None:
    """One private message each: now, or together with others when they chose to hear. What corrects what they were told goes now."""
    change, release = await still_stands(session, fact.change_id)
    if change is None or release is None:
        return
    who = await name_of(session, fact.actor)
    hearers = await who_hears(session, release, fact.actor)
    facing = await outside(session, release, hearers)
    inside = await news.words_of(session, fact, release, who)
    says = {person: news.plainly(fact, inside) if person in facing else inside for person in hearers}
    direct = {release.owner, *(await who_waits(session, release.id) if news.is_awaited(fact) else ())}  # they hear it otherwise
    following = [person for person, words in says.items() if words and person not in direct]
    misled = await _told(session, deps, fact.corrects) if isinstance(fact, ReleaseMoved | ReleaseRolledBack) and fact.corrects else set()
    going = await at_once(session, fact, change.id, [person for person in following if person not in misled], deps.now())
    for person in following:
        if (words := says[person]) and person in going | misled:
            reason = "" if person in facing else change.reason
            notice = views.notice(shown(release), words[0], words[1], reason=reason, opening=words[2])
            await deps.outbox.post(session, f"follow:{change.id}:{person}", person, notice, change=change.id)


async def correct_followers(session: AsyncSession, fact: ReleaseCorrected, deps: Deps) -> None:
    """What was taken back after people were told of it is corrected with each of them; for whom it was held, it is not sent."""
    release = (await session.scalars(select(Release).where(Release.id == fact.release_id))).one_or_none()
    if release is None:
        return
    told = await _told(session, deps, fact.change_id)
    did = f"{await name_of(session, fact.actor)} took back the change that you were told of."
    facing = await outside(session, release, told)
    for person in sorted(await may_hear(session, release, told)):
        reads = (fact.plainly if person in facing else "") or fact.reads
        notice = views.notice(shown(release), f"{reads}.", did, opening="Correction: ")
        await deps.outbox.post(session, f"corrected:{fact.change_id}:{person}", person, notice)


async def _told(session: AsyncSession, deps: Deps, change_id: int) -> set[str]:
    """Who heard of a change as a follower."""
    opening = f"follow:{change_id}:"
    keys = [row.key or "" for row in await deps.outbox.caused(session, change_id)]
    return {key.removeprefix(opening) for key in keys if key.startswith(opening)} | await told_together(session, change_id)
