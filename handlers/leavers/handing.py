"""Finding what leavers were responsible for, and giving it to whoever comes next: the lead, the deputy, else product operations."""

from collections import defaultdict

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.hearers import may_hear
from handlers.leavers import records, views
from handlers.leavers.records import Held
from models import Dependency, Escalation, Handover, Person, Release, Team
from models.workspace import runs_operations

MOST_LEAVERS = 20  # a tick


async def hand_over(session: AsyncSession, deps: Deps) -> None:
    """Once for each thing, whatever ticks: what was handed over is nobody's any more who left."""
    for leaver in await _leavers(session):
        await _hand(session, deps, leaver)


async def _leavers(session: AsyncSession) -> list[Person]:
    """Those who left and are responsible for something still. One replica at a time works on one."""
    things = (
        (Release, Release.owner, Release.is_open.is_(True)),
        (Escalation, Escalation.owner, Escalation.state != "resolved"),
        (Dependency, Dependency.asked_by, Dependency.state.not_in(records.SETTLED)),
    )
    responsible = [
        select(table.id).where(table.workspace_id == Person.workspace_id, whose == Person.slack_id, is_open).exists()
        for table, whose, is_open in things
    ]
    query = select(Person).where(Person.is_deleted, or_(*responsible)).order_by(Person.id).limit(MOST_LEAVERS)
    return list(await session.scalars(query.with_for_update(skip_locked=True, key_share=True)))


async def _hand(session: AsyncSession, deps: Deps, leaver: Person) -> None:
    theirs: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for held in await records.held_by(session, leaver.slack_id):
        if found := await _heir(session, held):
            theirs[found].append(held)
    for (heir, why), things in theirs.items():
        await records.give(session, deps, [(held.kind, held.id) for held in things], leaver.slack_id, heir, f"{leaver.name} left", None)
        await _remember(session, deps, leaver.slack_id, heir, things)
        notice = views.told(leaver.name, leaver.slack_id, [held.called for held in things], why)
        key = f"leaver:{leaver.slack_id}:{heir}:{things[0].kind}:{things[0].id}:{deps.today('UTC')}"
        await deps.outbox.post(session, key, heir, notice)


async def _heir(session: AsyncSession, held: Held) -> tuple[str, str] | None:
    """Who has it now, and as whom. None where nobody can: it stays until somebody can."""
    team = await session.get(Team, held.team_id) if held.team_id else None
    release = await session.get(Release, held.id) if held.kind == "release" else None
    for person, why in ((team.lead, f"as you lead {team.name}"), (team.deputy, f"as {team.name} has no lead here")) if team else ():
        if person and await _is_here(session, person) and (release is None or await may_hear(session, release, [person])):
            return person, why
    operations = await session.scalar(select(Person.slack_id).where(runs_operations()).order_by(Person.id).limit(1))
    return (operations, "as you are product operations") if operations else None


async def _is_here(session: AsyncSession, person: str) -> bool:
    able = (Person.is_deleted, Person.is_bot, Person.is_guest, Person.is_outside)
    return await session.scalar(select(Person.id).where(Person.slack_id == person, *(flag.is_(False) for flag in able))) is not None


async def _remember(session: AsyncSession, deps: Deps, leaver: str, heir: str, things: list[Held]) -> None:
    """What somebody had before, left with and has again is one row that is true now."""
    known = {(row.kind, row.record_id): row for row in await session.scalars(select(Handover).where(Handover.leaver == leaver))}
    for held in things:
        row = known.get((held.kind, held.id))
        if row is None:
            row = Handover(kind=held.kind, record_id=held.id, leaver=leaver)
            session.add(row)
        row.heir, row.handed_at, row.reassigned_to = heir, deps.now(), None
