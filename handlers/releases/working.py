"""Work that comes into a release and leaves it, each with its reason. A piece that nobody knew is made."""

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from domain import deeds, lifecycle
from domain.errors import BadInput
from domain.facts import WorkMoved
from domain.grammar import read_new
from domain.nearest import fold, nearest
from domain.phrases import cut, say_list
from domain.releases import Field
from handlers.releases import news, views, views_seldom, writing
from handlers.releases.asking import done_or_asked
from handlers.releases.named import locked, meant, shown
from handlers.releases.recording import undo_of
from handlers.releases.views_seldom import Seldom
from models import Change, Dependency, Item, Release
from models.history import settle

WHY = "Say why: whoever planned with it will ask. Your other words are kept."
_MOST = 20


async def add_work(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`add WORK to NAME because REASON`. Many say `add` for `new`: a line that names no release, or has a day, is one of theirs."""
    access.may_change(request.actor)
    release, said, note = await meant(session, deeds.read_put_in(request.text), request.actor, line=request.text, lock=False)
    if release is None and _says_a_day(request, deps):
        return await writing.new_release(session, request, deps)
    if release is None and not said.name:
        return Say(views.add_what(said.other or ""))
    draft = Seldom(shown(release) if release else None, work=said.other or "", reason=said.reason or "")
    deed = put_in(session, request, deps, release, said.other, said.reason) if release and said.other and said.reason else None
    return await done_or_asked(lambda wrong: views_seldom.put_in(draft.with_note(wrong), request.origin), deed, note)


def _says_a_day(request: Request, deps: Deps) -> bool:
    try:
        return read_new(request.text, deps.today(request.actor.zone)).day is not None
    except BadInput:
        return True


async def take_work(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`take WORK out of NAME because REASON`."""
    access.may_change(request.actor)
    release, said, note = await meant(session, deeds.read_taken_out(request.text), request.actor, line=request.text, lock=False)
    draft = Seldom(shown(release) if release else None, work=said.other or "", reason=said.reason or "")
    deed = take_out(session, request, deps, release, said.other, said.reason) if release and said.other and said.reason else None
    return await done_or_asked(lambda wrong: views_seldom.take_out(draft.with_note(wrong), request.origin), deed, note)


async def put_in(session: AsyncSession, request: Request, deps: Deps, release: Release, words: str, reason: str) -> Answer:
    reason, title = lifecycle.read_reason(reason, WHY), _title(words)
    found = [item for item in await _pieces(session, request, title) if item.release_id != release.id]
    if not found and await _inside(session, release, title):
        raise BadInput({"work": f"{cut(title)} is in it already. Nothing was changed."})
    if len(found) > 1:
        where = [f"{item.source_key or item.title} in {await _name(session, item.release_id)}" for item in found[:3]]
        raise BadInput({"work": f"Several pieces of work are called so: {say_list(where)}. Say one by its key. Nothing was changed."})
    source_id = found[0].release_id if found else None
    release, *rest = await locked(session, request.actor, release.id, *filter(None, [source_id]))
    lifecycle.check_open(release.name, release.shipped_on, release.is_cancelled)
    item = found[0] if found else Item(title=title, team_id=release.team_id, state="open", source="slack")
    source = rest[0] if rest else None
    is_new = not found
    if is_new:
        session.add(item)
        await session.flush()
    change = await _write(session, request, deps, item, source, release, reason)
    origin = f"from {source.name} (R-{source.number})" if source else "new" if is_new else "so far in no release"
    details, undo = f"{cut(item.title)}, {origin}.", undo_of(change, request.actor)
    return Say(views.changed(shown(release), "takes in a piece of work.", details, reason=reason, undo=undo))


async def take_out(session: AsyncSession, request: Request, deps: Deps, release: Release, words: str, reason: str) -> Answer:
    reason, title = lifecycle.read_reason(reason, WHY), _title(words)
    (release,) = await locked(session, request.actor, release.id)
    lifecycle.check_open(release.name, release.shipped_on, release.is_cancelled)
    found = await _inside(session, release, title)
    if len(found) != 1:
        raise BadInput({"work": await _not_one(session, release, title, found)})
    change = await _write(session, request, deps, found[0], release, None, reason)
    details = f"{cut(found[0].title)}. It is in no release now."
    return Say(views.changed(shown(release), "gives a piece of work away.", details, reason=reason, undo=undo_of(change, request.actor)))


async def _not_one(session: AsyncSession, release: Release, title: str, found: list[Item]) -> str:
    if found:
        keys = say_list([item.source_key or str(item.title) for item in found[:3]])
        return f"Several pieces of work in {release.name} are called so: {keys}. Say one by its key. Nothing was changed."
    titles = list(await session.scalars(select(Item.title).where(Item.release_id == release.id, Item.state != "dropped").limit(2000)))
    close = nearest(title, titles, 2)
    offer = f" Did you mean {say_list([cut(one) for one in close], 'or')}?" if close else ""
    return f'There is no work "{cut(title)}" in {release.name}.{offer} Nothing was changed.'


def _title(words: str) -> str:
    title = " ".join(words.split())
    if not title or len(title) > lifecycle.LONGEST_NAME:
        raise BadInput({"work": f"A piece of work has a title of at most {lifecycle.LONGEST_NAME} characters. Nothing was changed."})
    return title


async def _pieces(session: AsyncSession, request: Request, title: str) -> list[Item]:
    """Pieces of work with that title or key, as far as their release is seen; open ones, or done."""
    is_seen = or_(
        Item.release_id.is_(None),
        exists().where(Release.workspace_id == Item.workspace_id, Release.id == Item.release_id, access.seen_releases(request.actor)),
    )
    so_called = or_(Item.title == title, func.lower(Item.title) == title.lower(), func.lower(Item.source_key) == title.lower())
    query = select(Item).where(so_called, is_seen, Item.state != "dropped").order_by(Item.id).limit(_MOST)
    return list(await session.scalars(query))


async def _inside(session: AsyncSession, release: Release, title: str) -> list[Item]:
    pieces = await session.scalars(select(Item).where(Item.release_id == release.id, Item.state != "dropped"))
    return [item for item in pieces if fold(title) in (fold(item.title), fold(item.source_key or ""))]


async def _name(session: AsyncSession, release_id: int | None) -> str:
    found = await session.scalar(select(Release.name).where(Release.id == release_id)) if release_id else None
    return cut(found) if found else "no release"


async def _write(
    session: AsyncSession, request: Request, deps: Deps, item: Item, source: Release | None, target: Release | None, reason: str
) -> Change:
    """A row on either side. What is restricted is not named on the other; the row that is returned can be undone."""
    now = deps.now()
    rows = []
    for side, other in ((target, source), (source, target)):
        if side is None:
            continue
        called = other.name if other and not other.restricted else ""
        before, after = (called, side.name) if side is target else (side.name, called or None)
        about = {"release_id": side.id, "item_id": item.id, "field": Field.WORK.value, "before": before, "after": after}
        rows.append(Change(**about, is_in=side is target, reason=reason, actor=request.person, happened_at=now, recorded_at=now))
    session.add_all(rows)
    await _place(session, item, target.id if target else None)
    await deps.tell(session, WorkMoved(key=f"work:{rows[0].id}", actor=request.person, item_id=item.id))
    for row, side in zip(rows, filter(None, (target, source)), strict=True):
        await settle(session, side)
        says, did = ("takes in", "moved it in") if side is target else ("gives away", "moved it out")
        await news.tell_owner_that(session, deps, side, row, f"{says} a piece of work: {cut(item.title)}.", f"{did}.")
    return rows[0]


async def _place(session: AsyncSession, item: Item, release_id: int | None) -> None:
    """What was only noted for the piece goes with it."""
    item.release_id = release_id
    noted = update(Dependency).where(Dependency.item_id == item.id, Dependency.state == "noted")
    await session.execute(noted.values(release_id=release_id))
    await session.flush()


async def history_of_piece(session: AsyncSession, item_id: int) -> list[Change]:
    """Its rows of both sides, voided ones too."""
    return list(await session.scalars(select(Change).where(Change.item_id == item_id).order_by(Change.happened_at, Change.id)))


async def put_back(session: AsyncSession, deps: Deps, together: list[Change]) -> None:
    """A move of work is undone, and both its rows are voided: the piece goes to where it came from."""
    item = (await session.scalars(select(Item).where(Item.id == together[0].item_id).with_for_update())).one()
    sides = {row.release_id for row in together if row.release_id}
    came_from = next(iter(sides - {item.release_id}), None)
    first = await session.scalar(select(func.min(Change.id)).where(Change.item_id == item.id))
    if item.source == "slack" and first == together[0].id:
        item.state = "dropped"  # what is undone made it
    await _place(session, item, came_from)
    await deps.tell(session, WorkMoved(key=f"work:{together[0].id}:undone", item_id=item.id))
    for side in await session.scalars(select(Release).where(Release.id.in_(sides)).order_by(Release.id).with_for_update()):
        await settle(session, side)


async def save_put_in(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await put_in(session, request, deps, release, request.state.get("work") or "", request.state.get("reason") or "")


async def save_take_out(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await take_out(session, request, deps, release, request.state.get("work") or "", request.state.get("reason") or "")
