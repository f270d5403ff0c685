"""The steps of set-up as a whole, and those that are small: severities, who may change what, the note. Each opens its form filled with a
default that works, and saves it.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import blockkit as kit
from bot.answers import Answer, Message, Nothing, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput
from domain.escalations import Severity, read_scale, say_targets, write_scale
from domain.setup import Policy, Step
from handlers.setup import steps, views
from models import Person, Release
from models.finding import lock_workspace, this_workspace
from models.team import hours_of

NOTE = (
    "From now on release dates live in Tendon. Change one with `/release move NAME to DATE because REASON`, from any channel. "
    "On Thursdays it asks you in one message whether your dates are still right: one click answers it."
)


@reads
async def show_steps(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    return Say(views.all_steps(await steps.how_far(session)))


async def skip_step(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _mark(session, request, "skipped")


async def finish_step(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Of a step that only shows something: somebody looked at it, and it is right."""
    return await _mark(session, request, "done")


async def _mark(session: AsyncSession, request: Request, how: str) -> Answer:
    await steps.check(session, request)
    steps.mark(await lock_workspace(session), Step(request.value or ""), how)
    await session.flush()
    return Say(views.all_steps(await steps.how_far(session)))


@reads
async def open_severity(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    return Open(views.severity(read_scale((await this_workspace(session)).targets), request.origin))


async def save_severity(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Escalations raised from now on have these times; the words change everywhere at once."""
    await steps.check(session, request)
    kept = write_scale(request.state)
    space = await lock_workspace(session)
    space.targets = kept
    steps.mark(space, Step.SEVERITY)
    lines = "\n".join(say_targets(each, hours_of(space), read_scale(kept)) for each in Severity)
    return Say(Message(kit.safe(f"Escalations have these times from now on:\n{lines}")))


@reads
async def open_policy(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    return Open(views.policy((await this_workspace(session)).change_policy, request.origin))


async def save_policy(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    space = await lock_workspace(session)
    space.change_policy = Policy(request.state.get("policy") or Policy.OPEN).value
    steps.mark(space, Step.POLICY)
    label = next(label for label, value in views.POLICIES if value == space.change_policy)
    return Say(Message(f"Releases may be changed by: {label[0].lower()}{label[1:]}."))


@reads
async def open_note(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    return Open(views.note(len(await _owners(session)), NOTE, request.origin))


async def save_note(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """One message to each owner, once for ever: a second note needs a day of its own."""
    await steps.check(session, request)
    words = (request.state.get("words") or "").strip()
    if not words:
        raise BadInput({"words": "Write what they are to know. Nothing was sent."})
    owners, space = await _owners(session), await lock_workspace(session)
    day = deps.today(space.zone)
    for owner in owners:
        await deps.outbox.post(session, f"setup:note:{day}:{owner}", owner, views.to_owner(words, request.actor.name))
    steps.mark(space, Step.NOTE)
    return Say(Message(f"{len(owners)} {'owner gets' if len(owners) == 1 else 'owners get'} your note.")) if owners else Nothing()


async def _owners(session: AsyncSession) -> list[str]:
    """Everybody who owns an open release and is still here."""
    query = (
        select(Release.owner)
        .join(Person, (Person.workspace_id == Release.workspace_id) & (Person.slack_id == Release.owner))
        .where(Release.is_open, Person.is_deleted.is_(False))
        .distinct()
        .order_by(Release.owner)
    )
    return [owner for owner in await session.scalars(query) if owner]
