"""What a release is called: renaming, further names, and two that turn out to be the same one."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.answers import Answer, Say
from bot.behind import release_behind
from bot.deps import Deps
from bot.requests import Request
from domain import deeds, lifecycle
from domain.errors import BadInput, NotAllowed
from domain.facts import ReleaseJoined, ReleaseRenamed
from domain.nearest import fold
from domain.phrases import cut, say_count, say_list
from domain.releases import Field
from handlers.releases import news, views, views_seldom
from handlers.releases.affected import affected_by
from handlers.releases.asking import done_or_asked
from handlers.releases.named import locked, meant, named, shown
from handlers.releases.recording import about, tell, undo_of, write
from handlers.releases.views_seldom import Seldom
from models import Feedback, Release, ReleaseName
from models.history import hold_names, record, refuse_a_taken_name
from models.joining import WentOver, bring_over


async def rename_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`rename NAME to NEW`."""
    access.may_change(request.actor)
    release, said, note = await meant(session, deeds.read_rename(request.text), request.actor, line=request.text)
    draft = Seldom(shown(release) if release else None, name=said.other or "")
    deed = rename(session, request, deps, release, said.other) if release and said.other else None
    return await done_or_asked(lambda wrong: views_seldom.rename(draft.with_note(wrong), request.origin), deed, note)


async def alias_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`alias NAME as OTHER`."""
    access.may_change(request.actor)
    release, said, note = await meant(session, deeds.read_alias(request.text), request.actor, line=request.text)
    draft = Seldom(shown(release) if release else None, name=said.other or "")
    deed = also_call(session, request, deps, release, said.other) if release and said.other else None
    return await done_or_asked(lambda wrong: views_seldom.alias(draft.with_note(wrong), request.origin), deed, note)


async def join_releases(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`duplicate NAME of NAME`: both names must be known, and no other pair is taken for them."""
    access.may_change(request.actor)
    release, said, note = await meant(session, deeds.read_duplicate(request.text), request.actor, line=request.text)
    other = None
    if release and said.other:
        other, _, note = await named(session, (deeds.Pair(said.other),), request.actor)
    chosen = (f"{other.name[:60]} (R-{other.number})", str(other.id)) if other else None
    draft = Seldom(shown(release) if release else None, other=chosen)
    deed = join(session, request, deps, release, other.id) if release and other else None
    return await done_or_asked(lambda wrong: views_seldom.duplicate(draft.with_note(wrong), request.origin), deed, note)


async def rename(session: AsyncSession, request: Request, deps: Deps, release: Release, new: str) -> Answer:
    name, was = lifecycle.read_name(new), release.name
    if name == was:
        raise BadInput({"name": f"It is called {was} already. Nothing was changed."})
    await hold_names(session)
    await refuse_a_taken_name(session, name, access.seen_releases(request.actor), release.id)
    change = await write(session, request, deps, release, Field.NAME, was, name)
    await tell(session, deps, change, ReleaseRenamed(**about(change), before=was))
    affected = await affected_by(session, release, None, request.person)
    details = f"It was {cut(was)}. That name goes on answering."
    return Say(views.changed(shown(release), "is its name now.", details, affected=affected, undo=undo_of(change, request.actor)))


async def also_call(session: AsyncSession, request: Request, deps: Deps, release: Release, other: str) -> Answer:
    name = lifecycle.read_name(other)
    await hold_names(session)
    await _refuse_an_answering_name(session, request, release, name)
    change = await write(session, request, deps, release, Field.ALIAS, None, name)
    details = f"It answers to {cut(name)} as well."
    await news.tell_owner_that(session, deps, release, change, "has another name.", f"lets it answer to {cut(name)} as well.")
    return Say(views.changed(shown(release), "has another name.", details, undo=undo_of(change, request.actor)))


async def unalias_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`unalias OTHER`, with or without the release that answers to it."""
    access.may_change(request.actor)
    release, said, note = await meant(session, deeds.read_unalias(request.text), request.actor, line=request.text)
    draft = Seldom(shown(release) if release else None, name=said.other or (said.name if release else "") or "")
    deed = call_no_longer(session, request, deps, release, said.other or said.name or "") if release else None
    return await done_or_asked(lambda wrong: views_seldom.unalias(draft.with_note(wrong), request.origin), deed, note)


async def call_no_longer(session: AsyncSession, request: Request, deps: Deps, release: Release, other: str) -> Answer:
    query = select(ReleaseName).where(ReleaseName.release_id == release.id, ReleaseName.folded == fold(other)[:200])
    known = (await session.scalars(query)).one_or_none()
    if known is None:
        raise BadInput({"name": f'{cut(release.name)} does not answer to "{cut(other)}". Nothing was changed.'})
    if known.is_current:
        raise BadInput({"name": f"{cut(known.name)} is its name. Rename it instead. Nothing was changed."})
    name = known.name
    change = await write(session, request, deps, release, Field.ALIAS, name, None)
    says = f"answers to {kit.safe(cut(name))} no longer."
    await news.tell_owner_that(session, deps, release, change, f"answers to {cut(name)} no longer.", "took that name away.")
    return Say(views.changed(shown(release), says, "Another release may be called so now.", undo=undo_of(change, request.actor)))


async def _refuse_an_answering_name(session: AsyncSession, request: Request, release: Release, name: str) -> None:
    """Nobody else may answer to a further name: not by a former one either, or two would fit it."""
    query = (
        select(Release.id, Release.number)
        .join(ReleaseName, (ReleaseName.workspace_id == Release.workspace_id) & (ReleaseName.release_id == Release.id))
        .where(ReleaseName.folded == fold(name)[:200], access.seen_releases(request.actor))
    )
    for row in await session.execute(query):
        whose = "This one" if row.id == release.id else f"R-{row.number}"
        raise BadInput({"name": f"{whose} answers to that name already. Choose another name. Nothing was changed."})


async def join(session: AsyncSession, request: Request, deps: Deps, release: Release, other_id: int) -> Answer:
    """Close one as a duplicate of the other, which answers to its names from then on."""
    if release.id == other_id:
        raise BadInput({"other": f"That is the same one: R-{release.number}. Pick the other. Nothing was changed."})
    release, other = await locked(session, request.actor, release.id, other_id)
    lifecycle.check_open(release.name, release.shipped_on, release.is_cancelled)
    if other.is_cancelled:
        raise NotAllowed(f"{other.name} was cancelled, so nothing is joined to it. Nothing was changed.")
    if hidden := next((each for each in (release, other) if each.restricted), None):
        raise NotAllowed(f"{hidden.name} is restricted, and joining would show its name. Show it to everybody first. Nothing was changed.")
    now = deps.now()
    owned = select(ReleaseName).where(ReleaseName.release_id.in_([release.id, other.id]))
    names = list(await session.scalars(owned.order_by(ReleaseName.id)))
    answering = {name.folded for name in names if name.release_id == other.id}
    given = [name.name for name in names if name.release_id == release.id and name.folded not in answering]
    change = await record(session, release, Field.DUPLICATE, None, str(other.id), now=now, actor=request.person)
    for name in given:
        await record(session, other, Field.ALIAS, None, name, now=now, actor=request.person)
    await tell(session, deps, change, ReleaseJoined(**about(change), other_id=other.id))
    went = await bring_over(session, release, other, change)
    affected = await affected_by(session, release, None, request.person)
    details = [f"{cut(other.name)} (R-{other.number}) answers to its names from now on.", await _with_it(session, request, went)]
    undo = undo_of(change, request.actor)
    return Say(views.changed(shown(release), "is closed as a duplicate.", *filter(None, details), affected=affected, undo=undo))


async def _with_it(session: AsyncSession, request: Request, went: WentOver) -> str:
    """What went over with it, as far as whoever joined them may read it."""
    seen = access.seen_words(Feedback, request.actor, inside=request.channel)
    words = (
        await session.scalar(select(func.count()).select_from(Feedback).where(Feedback.id.in_(went.feedback), seen)) if went.feedback else 0
    )
    counted = (
        (went.work, "piece of work", "pieces of work"),
        (went.asks, "ask", "asks"),
        (went.escalations, "escalation", "escalations"),
        (words or 0, "piece of feedback", "pieces of feedback"),
        (went.people, "person who follows it", "people who follow it"),
    )
    said = [say_count(n, one, many) for n, one, many in counted if n]
    return f"With it {'goes' if sum(n for n, *_ in counted) == 1 else 'go'} {say_list(said)}." if said else ""


async def save_rename(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await rename(session, request, deps, release, request.state.get("name") or "")


async def save_alias(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await also_call(session, request, deps, release, request.state.get("name") or "")


async def save_unalias(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await call_no_longer(session, request, deps, release, request.state.get("name") or "")


async def save_duplicate(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    other = await release_behind(session, request.state.get("other"), request.actor)
    return await join(session, request, deps, release, other.id)
