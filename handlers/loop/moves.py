"""A release that was only moved: said in the threads of those who follow it, and corrected there when the move is taken back."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from bot.hearers import who_hears
from domain.facts import ReleaseCorrected, ReleaseMoved
from domain.phrases import say_day, say_days
from domain.releases import slip
from domain.spans import is_same, read_written
from handlers.loop import pieces, telling, views
from handlers.loop.pieces import Where
from models import Follow, Person, Release
from models.finding import calendar_of
from models.history import still_stands

PLAINLY = "has another date inside. Ask its owner what customers may be told."


async def tell_of_a_move(session: AsyncSession, fact: ReleaseMoved, deps: Deps) -> None:
    """Only where somebody who brought it follows the release: the thread says so too, and who was told."""
    change, release = await still_stands(session, fact.change_id)
    before, after = read_written(fact.before), read_written(fact.after)
    if change is None or release is None or release.restricted or after is None or is_same(before, after):
        return
    following = set(await session.scalars(select(Follow.person).where(Follow.release_id == release.id)))
    brought = [one for one in await pieces.brought(session, release.id) if one.person in following]
    places: dict[Where, set[int]] = defaultdict(set)
    for one in await pieces.in_threads(session, brought):
        places[one.where].add(one.number)
    if not places:
        return
    compared = f" ({say_days(slip(release.baseline_on, after, await calendar_of(session, release)))})" if release.baseline_on else ""
    says = f"moves to {say_day(after)}{compared}." if before else f"is planned for {say_day(after)}."
    told = await _told(session, release, fact.actor)
    for where, numbers in places.items():
        is_plain = await access.channel_faces_customers(session, where.channel)
        notice = views.moved(release.name, sorted(numbers), PLAINLY if is_plain else says, told)
        key = f"moved:{fact.change_id}:{where.channel}:{where.thread}"
        await deps.outbox.post(session, key, where.channel, notice, thread=where.thread, change=fact.change_id)


async def correct_undone(session: AsyncSession, fact: ReleaseCorrected, deps: Deps) -> None:
    """A change was taken back after it was told: the threads that said it moved say so, and what people believe is set right."""
    release = (await session.scalars(select(Release).where(Release.id == fact.release_id))).one_or_none()
    if release is None:
        return
    opening = f"moved:{fact.change_id}:"
    keys = [row.key or "" for row in await deps.outbox.caused(session, fact.change_id)]
    places = [key.removeprefix(opening) for key in keys if key.startswith(opening)]
    for place in places if not release.restricted else ():
        channel, _, thread = place.partition(":")
        is_plain = await access.channel_faces_customers(session, channel)
        notice = views.corrected(release.name, fact.plainly or "is as it was before" if is_plain else fact.reads)
        await deps.outbox.post(session, f"corrected:{opening}{place}", channel, notice, thread=thread or None)
    await telling.settle(session, deps, fact.release_id, reads=fact.reads)


async def _told(session: AsyncSession, release: Release, actor: str | None) -> str:
    hearers = list(await who_hears(session, release, actor))
    query = select(Person.slack_id, Person.name).where(Person.slack_id.in_(hearers))
    names = dict((await session.execute(query)).all()) if hearers else {}
    owner = names.get(release.owner or "", "")
    return views.told_line(owner, [names.get(who, "somebody") for who in hearers if who != release.owner])
