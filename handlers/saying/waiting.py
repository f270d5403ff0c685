"""*Tell me when it ships*: one message when it is out, and nothing about dates on the way. It was asked for, so it is never held."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Message, Say
from bot.behind import release_behind
from bot.deps import Deps
from bot.hearers import may_hear, who_waits
from bot.requests import Request
from domain.facts import ReleaseCancelled, ReleaseCorrected, ReleaseReached, ReleaseRolledBack
from domain.phrases import say_day
from domain.releases import Stage
from handlers.saying import views
from handlers.saying.loading import about
from models import Awaited, Release
from models.adding import add_missing
from models.history import still_stands
from models.saying import SHIPS


async def wait_for_it(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release = await release_behind(session, request.value, request.actor)
    row = {"release_id": release.id, "person": request.person, "what": SHIPS, "since": deps.now()}
    await add_missing(session, Awaited, [row])
    return Say(views.waits(about(release), True))


async def wait_no_more(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release = await release_behind(session, request.value, request.actor)
    mine = delete(Awaited).where(Awaited.release_id == release.id, Awaited.person == request.person, Awaited.what == SHIPS)
    await session.execute(mine, execution_options={"synchronize_session": False})
    return Say(views.waits(about(release), False))


async def tell_it_is_out(session: AsyncSession, fact: ReleaseReached, deps: Deps) -> None:
    change, release = await still_stands(session, fact.change_id)
    if change is None or release is None or fact.stage != Stage.EVERYONE:
        return
    notice = views.news(about(release), "It is out:", f"is available to everyone since {say_day(fact.on)}.")
    await _tell(session, deps, fact.change_id, release, notice)


async def correct(session: AsyncSession, fact: ReleaseRolledBack, deps: Deps) -> None:
    change, release = await still_stands(session, fact.change_id)
    if change is None or release is None:
        return
    await _tell(
        session, deps, fact.change_id, release, views.news(about(release), "Correction:", "was taken back. You hear when it is out again.")
    )


async def tell_it_will_not_come(session: AsyncSession, fact: ReleaseCancelled, deps: Deps) -> None:
    change, release = await still_stands(session, fact.change_id)
    if change is None or release is None:
        return
    says = "is cancelled, so it will not ship. Ask its owner what customers may be told."
    await _tell(session, deps, fact.change_id, release, views.news(about(release), "Not coming:", says, ask=True))


async def correct_undone(session: AsyncSession, fact: ReleaseCorrected, deps: Deps) -> None:
    """What was taken back after people were told of it is corrected with each of them."""
    release = (await session.scalars(select(Release).where(Release.id == fact.release_id))).one_or_none()
    if release is None:
        return
    opening = f"awaited:{fact.change_id}:"
    keys = [row.key or "" for row in await deps.outbox.caused(session, fact.change_id)]
    told = [key.removeprefix(opening) for key in keys if key.startswith(opening)]
    for person in sorted(await may_hear(session, release, told)):
        notice = views.news(about(release), "Correction:", f"{fact.reads}.")
        await deps.outbox.post(session, f"corrected:{opening}{person}", person, notice)


async def _tell(session: AsyncSession, deps: Deps, change: int, release: Release, notice: Message) -> None:
    for person in sorted(await may_hear(session, release, await who_waits(session, release.id))):
        await deps.outbox.post(session, f"awaited:{change}:{person}", person, notice, change=change)
