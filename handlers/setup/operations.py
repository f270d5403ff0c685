"""Who is product operations: people by name, user groups, or both. Whoever gets it is told, and somebody always has it."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput
from handlers.setup import steps, views
from models import Person, UserGroup
from models.finding import lock_workspace
from models.groups import flag_groups, offered_groups, sizes
from models.workspace import runs_operations

MOST_TOLD = 50  # a group of hundreds is told by whoever chose it


@reads
async def open_operations(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    groups, chosen = await offered_groups(session, UserGroup.is_product_operations)
    named = await session.scalars(select(Person.slack_id).where(Person.is_product_operations).order_by(Person.id))
    people = list(named) or ([] if chosen else [request.person])
    return Open(views.operations(people, groups, chosen, request.origin))


async def save_operations(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    await lock_workspace(session)  # two who hand over at once do so one after the other
    people, groups = set(request.state.get("people") or ()), set(request.state.get("groups") or ())
    before = set(await _runners(session))
    await _name(session, people)
    await flag_groups(session, UserGroup.is_product_operations, groups)
    after = await _runners(session)
    if not after:
        where = "groups" if groups else "people"
        nobody = "Nobody of this workspace is in it." if groups else "Choose at least one person of this workspace, or a user group."
        raise BadInput({where: f"{nobody} Somebody must be in charge, so nothing was changed."})
    new = [person for person in after if person not in before and person != request.person]
    for person in new[:MOST_TOLD]:
        key = f"setup:operations:{person}:{request.key}"[:200]
        await deps.outbox.post(session, key, person, views.made_operations(request.actor.name, deps.settings.command_prefix))
    named = list(await session.scalars(select(Person.name).where(Person.slack_id.in_(people)).order_by(Person.name)))
    of_groups = await sizes(session, UserGroup.is_product_operations)
    return Say(views.operations_now(named, of_groups, min(len(new), MOST_TOLD), is_in=request.person in after))


async def _name(session: AsyncSession, chosen: Collection[str]) -> None:
    """Raises BadInput for whoever cannot be."""
    concerned = select(Person).where(Person.slack_id.in_(chosen) | Person.is_product_operations).order_by(Person.id)
    people = list(await session.scalars(concerned.with_for_update()))
    known = {one.slack_id: one for one in people}
    unable = [known[one].name for one in sorted(chosen) if one in known and _cannot(known[one])]
    if unable or chosen - known.keys():
        why = f"{unable[0]} is no full member of this workspace." if unable else "I do not know one of them yet. Try again in a minute."
        raise BadInput({"people": f"{why} Nothing was changed."})
    for one in people:
        one.is_product_operations = one.slack_id in chosen
    await session.flush()


def _cannot(one: Person) -> bool:
    return one.is_guest or one.is_outside or one.is_bot or one.is_deleted


async def _runners(session: AsyncSession) -> Sequence[str]:
    return list(await session.scalars(select(Person.slack_id).where(runs_operations()).order_by(Person.id)))
