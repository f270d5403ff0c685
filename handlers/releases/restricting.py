"""Who sees a release: everybody, or named people with its owner and product operations. For all others a restricted one is not there."""

from collections.abc import Collection
from contextlib import suppress

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Request
from domain.deeds import Kept, read_kept
from domain.errors import BadInput, NotAllowed
from domain.phrases import cut, say_list
from domain.releases import Field
from handlers.releases import guessing, news, people, views, views_seldom
from handlers.releases.asking import done_or_asked
from handlers.releases.named import named, shown
from handlers.releases.recording import undo_of, write
from handlers.releases.views_seldom import Seldom
from models import Person, Release, ReleaseReader, UserGroup, standing
from models.finding import name_of
from models.history import hold_names, number_of_the_other
from models.rows import amend


async def restrict_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`restrict NAME to @people`, or to user groups; to *everyone* lifts it."""
    access.may_change(request.actor)
    said = read_kept(request.text)
    release, _, note = await named(session, (said,), request.actor, line=request.text)
    if said.everybody and release:
        return await _lift(session, request, deps, release)
    if release is None and not said.people and (found := await guessing.with_last_words(session, request, said.name)):
        release, note = found[0], f'I could not read "{cut(found[1])}" as a person. Pick them here.'
    known = await _ids(session, said)
    draft = Seldom(shown(release) if release else None, people=known, groups=await group_entries(session))
    is_whole = release and not said.unread and len(known) == len(said.people) > 0
    missing = "" if said.unread or len(known) == len(said.people) else "I do not know everybody you named. Pick them here."
    deed = restrict(session, request, deps, release, known) if release and is_whole else None
    wrong = " ".join(filter(None, (note, said.unread, missing)))
    return await done_or_asked(lambda why: views_seldom.restrict(draft.with_note(why), request.origin), deed, wrong)


async def _ids(session: AsyncSession, said: Kept) -> list[str]:
    """Slack ids of those who were named, as far as they are known."""
    found = []
    for mention in said.people:
        if mention.id is None and (group := await _group_called(session, mention.name or "")):
            found.append(group)
            continue
        with suppress(BadInput):
            found.append(await people.person_meant(session, mention))
    return found


async def _group_called(session: AsyncSession, handle: str) -> str | None:
    """A user group by its handle, which Slack keeps apart from the names of people."""
    known = select(UserGroup.slack_id).where(func.lower(UserGroup.handle) == handle.casefold(), UserGroup.is_disabled.is_(False))
    return await session.scalar(known.limit(1))


async def lift_restriction(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`unrestrict NAME`."""
    access.may_change(request.actor)
    release, _, note = await named(session, (Kept(read_kept(request.text).name),), request.actor)
    if release is None:
        return Open(views_seldom.lift(Seldom(note=note), request.origin))
    return await _lift(session, request, deps, release)


async def restrict(session: AsyncSession, request: Request, deps: Deps, release: Release, wanted: Collection[str]) -> Answer:
    """Whoever restricts goes on seeing it."""
    if not wanted:
        raise BadInput({"people": "Name at least one person who may see it. Nothing was changed."})
    for reader in dict.fromkeys(wanted):
        await (_check_group(session, reader) if _is_group(reader) else _check_reader(session, reader))
    keeps = {request.person} if release.owner != request.person and not request.actor.is_product_operations else set()
    readers = sorted({*wanted, *keeps} - {release.owner})
    before = await readers_of(session, release)
    if before == readers:
        raise BadInput({"people": "They are the ones who see it already. Nothing was changed."})
    change = await write(session, request, deps, release, Field.READERS, _text(before), _text(readers))
    await set_readers(session, release, readers)
    await news.tell_owner_that(session, deps, release, change, "is restricted.", "chose who sees it.")
    groups = await standing.group_names(session, [reader for reader in readers if _is_group(reader)])
    names = [groups.get(reader) or await name_of(session, reader) for reader in readers]
    owner = [f"{await name_of(session, release.owner)} (owner)"] if release.owner else []
    details = [
        f"It is seen by {say_list([*names, *owner, 'product operations'])}.",
        "Nobody else learns of it from here on: not in lists, digests, threads or shared cards. What was posted before stays.",
    ]
    return Say(views.changed(shown(release), "is restricted.", *details, undo=undo_of(change, request.actor)))


def _is_group(slack_id: str) -> bool:
    return slack_id.startswith("S")


async def _check_group(session: AsyncSession, slack_id: str) -> None:
    row = (await session.scalars(select(UserGroup).where(UserGroup.slack_id == slack_id))).one_or_none()
    if row is None:
        why = "I know no such user group. Slack has them on paid plans, and Tendon reads them with the permission `usergroups:read`."
        raise BadInput({"people": f"{why} Nothing was changed."})
    if row.is_disabled:
        raise BadInput({"people": f"@{row.handle or row.name} is switched off, so nobody is in it. Nothing was changed."})


async def group_entries(session: AsyncSession) -> list[tuple[str, str]]:
    """User groups to choose from, as `(label, id)`."""
    known = select(UserGroup.handle, UserGroup.name, UserGroup.slack_id).where(UserGroup.is_disabled.is_(False)).order_by(UserGroup.handle)
    return [(f"@{row.handle or row.name}", row.slack_id) for row in await session.execute(known.limit(100))]


async def _check_reader(session: AsyncSession, slack_id: str) -> None:
    row = (await session.execute(select(Person).where(Person.slack_id == slack_id))).scalar_one_or_none()
    if row is None:
        raise BadInput({"people": "I do not know one of these people yet. Try again in a minute. Nothing was changed."})
    if row.is_deleted or row.is_bot:
        raise BadInput({"people": f"{row.name} is no active member. Pick somebody else. Nothing was changed."})
    if row.is_guest or row.is_outside:
        raise BadInput({"people": f"{row.name} is a guest or from outside, so they see nothing restricted. Nothing was changed."})


async def _lift(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    if not release.restricted:
        raise NotAllowed(f"{release.name} is seen by everybody already. Nothing was changed.")
    await hold_names(session)
    if number := await number_of_the_other(session, release.name, own=release.id):
        raise NotAllowed(
            f"Another release is called {cut(release.name)} by now: R-{number}. Rename one of them first. Nothing was changed."
        )
    change = await write(session, request, deps, release, Field.READERS, _text(await readers_of(session, release)), None)
    await set_readers(session, release, None)
    await news.tell_owner_that(session, deps, release, change, "is seen by everybody.", "lifted its restriction.")
    details = "It stands in lists and digests again, with its history."
    return Say(views.changed(shown(release), "is seen by everybody.", details, undo=undo_of(change, request.actor)))


async def readers_of(session: AsyncSession, release: Release) -> list[str] | None:
    """Whom a restricted release names, by Slack id; None for one that everybody sees."""
    if not release.restricted:
        return None
    return sorted(await session.scalars(select(ReleaseReader.person).where(ReleaseReader.release_id == release.id)))


async def set_readers(session: AsyncSession, release: Release, readers: Collection[str] | None) -> None:
    await session.execute(delete(ReleaseReader).where(ReleaseReader.release_id == release.id))
    session.add_all(ReleaseReader(release_id=release.id, person=person) for person in readers or ())
    await session.flush()
    await amend(session, release, restricted=readers is not None)


def read_readers(written: str | None) -> list[str] | None:
    """Readers as history keeps them."""
    return None if written is None else written.split()


def _text(readers: Collection[str] | None) -> str | None:
    return None if readers is None else " ".join(readers)


async def save_restrict(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await restrict(session, request, deps, release, [*(request.state.get("people") or ()), *(request.state.get("groups") or ())])


async def save_lift(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await _lift(session, request, deps, release)
