"""The steps of set-up: each opens its form filled with a default that works, and saves it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import blockkit as kit
from bot.answers import Answer, Message, Nothing, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.asks import read_hours
from domain.calendar import WorkHours, calendar_for, country_code
from domain.errors import BadInput, NotAllowed
from domain.escalations import Severity, read_goal, read_goals, say_targets, write_goal
from domain.nearest import fold
from domain.setup import PastedTeam, Policy, Step, read_teams
from domain.zones import read_zone
from handlers.setup import steps, views
from models import Channel, Person, Release, Team
from models.finding import lock_workspace, someones, this_workspace

NOTE = (
    "From now on release dates live in Tendon. Change one with `/release move NAME to DATE because REASON`, from any channel. "
    "On Thursdays it asks you in one message whether your dates are still right: one click answers it."
)


async def _check(session: AsyncSession, request: Request) -> None:
    if not steps.may_set_up(request.actor, await steps.is_run(session)):
        raise NotAllowed("Only product operations can set that up. While nobody is, an administrator of the workspace can.")


@reads
async def show_steps(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _check(session, request)
    return Say(views.all_steps(await steps.how_far(session)))


async def skip_step(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _check(session, request)
    steps.mark(await lock_workspace(session), Step(request.value or ""), "skipped")
    await session.flush()
    return Say(views.all_steps(await steps.how_far(session)))


@reads
async def open_operations(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _check(session, request)
    now = await session.scalars(select(Person.slack_id).where(Person.is_product_operations).order_by(Person.id))
    return Open(views.operations(list(now) or [request.person], request.origin))


async def save_operations(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _check(session, request)
    chosen = set(request.state.get("people") or ())
    people = list(await session.scalars(select(Person).where(Person.slack_id.in_(chosen) | Person.is_product_operations).with_for_update()))
    unable = [one.name for one in people if one.slack_id in chosen and (one.is_guest or one.is_outside or one.is_bot or one.is_deleted)]
    known = {one.slack_id for one in people} & chosen
    if not known or unable or known != chosen:
        why = f"{unable[0]} is no full member of this workspace." if unable else "Choose at least one person of this workspace."
        raise BadInput({"people": f"{why} Nothing was changed."})
    for one in people:
        one.is_product_operations = one.slack_id in chosen
    steps.mark(await lock_workspace(session), Step.OPERATIONS)
    names = ", ".join(sorted(one.name for one in people if one.is_product_operations))
    return Say(Message(f"Product operations: {kit.safe(names)}."))


@reads
async def open_time(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _check(session, request)
    space = await this_workspace(session)
    hours = f"{space.starts_at:%H:%M}-{space.ends_at:%H:%M}"
    return Open(views.time(space.zone if space.zone != "UTC" else request.actor.zone, hours, space.holidays or "", request.origin))


async def save_time(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Teams that have what was set here before change along; those with times of their own keep them."""
    await _check(session, request)
    state, wrong = request.state, {}
    zone, hours, holidays = "UTC", read_hours("09:00-17:00"), None
    for field in ("zone", "hours", "holidays"):
        try:
            match field:
                case "zone":
                    zone = read_zone(state.get("zone") or "")
                case "hours":
                    hours = read_hours(state.get("hours") or "")
                case _:
                    holidays = country_code(state["holidays"]) if state.get("holidays") else None
        except BadInput as error:
            wrong[field] = error.sentence
    if wrong:
        raise BadInput(wrong)
    space = await lock_workspace(session)
    before = (space.holidays, space.starts_at, space.ends_at)
    for team in await session.scalars(select(Team).with_for_update()):
        if (team.holidays, team.starts_at, team.ends_at) == before:
            team.holidays, team.starts_at, team.ends_at = holidays, *hours
        team.zone = None if team.zone == space.zone else team.zone
    space.zone, space.holidays, space.starts_at, space.ends_at = zone, holidays, *hours
    steps.mark(space, Step.TIME)
    off = f", holidays of {holidays}" if holidays else ", no public holidays"
    return Say(Message(f"Working time: {zone}, {hours[0]:%H:%M} to {hours[1]:%H:%M}, Monday to Friday{off}."))


@reads
async def open_teams(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Channels such as #team-payments propose a team each."""
    await _check(session, request)
    names = await session.scalars(
        select(Channel.name)
        .where(Channel.name.like("team-%"), Channel.is_private.is_(False), Channel.is_archived.is_(False))
        .order_by(Channel.name)
        .limit(40)
    )
    taken = set(await session.scalars(select(Team.folded)))
    lines = [(name.removeprefix("team-").replace("-", " ").capitalize(), name) for name in names]
    return Open(views.teams("\n".join(f"{team}, , #{name}" for team, name in lines if fold(team) not in taken), request.origin))


async def save_teams(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _check(session, request)
    rooms = {row.name.casefold(): row.slack_id for row in await session.scalars(select(Channel).where(Channel.is_private.is_(False)))}
    pasted = read_teams(request.state.get("teams") or "", await someones(session), rooms)
    space = await lock_workspace(session)  # whoever else pastes waits here
    known = {team.folded: team for team in await session.scalars(select(Team).with_for_update())}
    made: list[PastedTeam] = []
    completed: list[PastedTeam] = []
    for one in pasted:
        key = fold(one.name)[:200]
        team = known.get(key)
        (completed if team else made).append(one)
        if team is None:
            team = known[key] = Team(
                name=one.name, folded=key, created_at=deps.now(),
                holidays=space.holidays, starts_at=space.starts_at, ends_at=space.ends_at,
            )  # fmt: skip
            session.add(team)
        team.lead, team.channel = one.lead or team.lead, one.channel or team.channel
    steps.mark(space, Step.TEAMS)
    await session.flush()
    return Say(views.saved_teams(made, completed))


@reads
async def open_severity(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _check(session, request)
    return Open(views.severity(read_goals((await this_workspace(session)).targets), request.origin))


async def save_severity(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Escalations raised from now on have these times."""
    await _check(session, request)
    wrong: dict[str, str] = {}
    kept: dict[str, list[str]] = {}
    for each in Severity:
        for part in ("acknowledge", "resolve"):
            field = f"{each}:{part}"
            try:
                kept.setdefault(each.value, []).append(write_goal(read_goal(request.state.get(field) or "")))
            except BadInput as error:
                wrong[field] = error.sentence
    if wrong:
        raise BadInput(wrong)
    space = await lock_workspace(session)
    space.targets = kept
    steps.mark(space, Step.SEVERITY)
    hours = WorkHours(space.zone, space.starts_at, space.ends_at, calendar_for(space.holidays))
    lines = "\n".join(say_targets(each, hours, read_goals(kept)) for each in Severity)
    return Say(Message(f"Escalations have these times from now on:\n{lines}"))


@reads
async def open_policy(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _check(session, request)
    return Open(views.policy((await this_workspace(session)).change_policy, request.origin))


async def save_policy(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _check(session, request)
    space = await lock_workspace(session)
    space.change_policy = Policy(request.state.get("policy") or Policy.OPEN).value
    steps.mark(space, Step.POLICY)
    label = next(label for label, value in views.POLICIES if value == space.change_policy)
    return Say(Message(f"Releases may be changed by: {label[0].lower()}{label[1:]}."))


@reads
async def open_note(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _check(session, request)
    return Open(views.note(len(await _owners(session)), NOTE, request.origin))


async def save_note(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """One message to each owner, once for ever: a second note needs a day of its own."""
    await _check(session, request)
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
