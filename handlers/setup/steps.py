"""How far set-up is: what the data shows as done, what was skipped, and what Home says of it."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Block
from bot.deps import Deps
from bot.requests import Actor, Request
from domain.errors import NotAllowed
from domain.facts import Installed
from domain.setup import Progress, Step, progress
from handlers.setup import views
from models import Digest, Person, Release, Team, Workspace
from models.adding import find_or_add
from models.finding import lock_workspace, this_workspace
from models.workspace import runs_operations


def may_set_up(actor: Actor, is_run: bool) -> bool:
    """Product operations; while there is nobody of them, the workspace's administrators."""
    return actor.is_product_operations or (actor.is_admin and not actor.is_outside and not is_run)


async def check(session: AsyncSession, request: Request) -> None:
    if not may_set_up(request.actor, await is_run(session)):
        raise NotAllowed("Only product operations can set that up. While nobody is, an administrator of the workspace can.")


async def is_run(session: AsyncSession) -> bool:
    """Whether anybody is product operations."""
    return await session.scalar(select(Person.id).where(runs_operations()).limit(1)) is not None


async def how_far(session: AsyncSession) -> Progress:
    workspace = await this_workspace(session)
    shown = {
        Step.OPERATIONS: await is_run(session),
        Step.HOME: workspace.home_channel is not None,
        Step.TEAMS: bool(await session.scalar(select(exists(select(Team.id).where(Team.lead.is_not(None)))))),
        Step.RELEASES: bool(await session.scalar(select(exists(select(Release.id))))),
        Step.DIGEST: bool(await session.scalar(select(exists(select(Digest.id))))),
    }
    return progress(workspace.setup, [step for step, is_done in shown.items() if is_done])


def mark(workspace: Workspace, step: Step, how: str = "done") -> None:
    """Remember a step as "done" or "skipped"."""
    workspace.setup = {**workspace.setup, how: sorted({*workspace.setup.get(how, ()), step.value})}


async def at_home(session: AsyncSession, viewer: Actor, deps: Deps) -> Sequence[Block]:
    """What is left, for those who may do it. The first time, they are told so in a message as well."""
    if not may_set_up(viewer, await is_run(session)):
        return []
    far = await how_far(session)
    return views.next_step(await _greeted(session, viewer, far, deps)) if far.left else []


async def at_menu(session: AsyncSession, viewer: Actor, deps: Deps) -> Sequence[Block]:
    """The same in a line, above the menu of `/tendon`."""
    if not may_set_up(viewer, await is_run(session)):
        return []
    far = await how_far(session)
    return views.above_menu(await _greeted(session, viewer, far, deps)) if far.left else []


async def greet_installer(session: AsyncSession, fact: Installed, deps: Deps) -> None:
    """Whoever let Tendon in looks after it, unless somebody does already, and is told so once."""
    await lock_workspace(session)  # two who install it at once
    if fact.actor is None or await is_run(session):
        return
    known = select(Person).where(Person.slack_id == fact.actor)
    installer = await find_or_add(session, known, lambda: Person(slack_id=str(fact.actor)))
    installer.is_product_operations = True
    await deps.outbox.post(session, "setup:hello", fact.actor, views.hello(deps.settings.command_prefix))


async def _greeted(session: AsyncSession, viewer: Actor, far: Progress, deps: Deps) -> Progress:
    """Once, whoever comes first."""
    await deps.outbox.post(session, "setup:hello", viewer.slack_id, views.hello(deps.settings.command_prefix))
    return far
