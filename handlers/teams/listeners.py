"""What people do with teams."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say, Update
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.asks import TeamLine, read_hours, read_team
from domain.errors import BadInput, NotFound
from domain.facts import WorkingTimeChanged
from domain.nearest import fold
from domain.words import one_line
from domain.working import read_countries, read_weekdays
from domain.zones import read_zone
from handlers.teams import views
from handlers.teams.views import TeamCard
from models import Release, Team, TeamMember
from models.finding import find_team, look_for_team, this_workspace
from models.team import working_of

LONGEST_NAME = 80


async def new_team(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    line, note = _read(request.text)
    if note:
        return Open(views.form(_as_card(line, await _blank(session)), request.origin, note))
    if not line.name:
        return Open(views.form(await _blank(session), request.origin))
    return await _saved_or_form(session, request, deps, _as_card(line, await _blank(session)))


async def _blank(session: AsyncSession) -> TeamCard:
    """A new team: it works as the company does."""
    return TeamCard(company=working_of(await this_workspace(session)))


def _read(text: str) -> tuple[TeamLine, str]:
    """What was understood, and a sentence about what was not. A lead whom nobody knows never takes the place of the one there is."""
    try:
        line, note = read_team(text), ""
    except BadInput as unread:
        line, note = unread.partial if isinstance(unread.partial, TeamLine) else TeamLine(), unread.sentence
    if line.lead and not line.lead.id:
        unknown = f'I do not know "@{(line.lead.name or "")[:60]}". Pick the lead here.'
        return replace(line, lead=None), f"{note} {unknown}".strip()
    return line, note


async def _saved_or_form(session: AsyncSession, request: Request, deps: Deps, card: TeamCard) -> Answer:
    """Saved; or, where something in it cannot be, the form with all that was typed and what is wrong."""
    try:
        return await _save(session, request, deps, card)
    except BadInput as wrong:
        return Open(views.form(card, request.origin, wrong.sentence))


async def edit_team(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    line, note = _read(request.text)
    if not line.name:
        return Open(views.choose_to_edit(await _cards(session), request.origin))
    team = await find_team(session, line.name)
    known = await _card(session, team)
    if note or line == TeamLine(name=line.name):
        return Open(views.form(_as_card(line, known), request.origin, note))
    return await _save(session, request, deps, _as_card(line, known))


@reads
async def edit_chosen(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The form of the team that was chosen takes the place of the one that asked which."""
    access.may_change(request.actor)
    return Update(views.form(await _card(session, await _by_id(session, int(request.state["team"]))), request.origin))


async def save_team(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A submitted form. Every fault stands under its field."""
    access.may_change(request.actor)
    state = request.state
    wrong: dict[str, str] = {}
    read: dict[str, Any] = {}
    for field, reader in (("zone", read_zone), ("holidays", read_countries), ("hours", read_hours)):
        try:
            read[field] = reader(state[field]) if (state.get(field) or "").strip() else None
        except BadInput as error:
            wrong |= error.fields
    if wrong:
        raise BadInput(wrong)
    starts_at, ends_at = read["hours"] or (None, None)
    card = replace(
        await _blank(session),
        id=request.metadata.get("team"),
        name=state.get("name") or "",
        lead=state.get("lead"),
        deputy=state.get("deputy"),
        zone=read["zone"],
        holidays=read["holidays"],
        weekdays=read_weekdays(ticked) if (ticked := state.get("weekdays")) else None,
        starts_at=starts_at,
        ends_at=ends_at,
        members=state.get("members") or (),
    )
    return await _save(session, request, deps, card)


async def _save(session: AsyncSession, request: Request, deps: Deps, card: TeamCard) -> Answer:
    name = one_line(card.name)
    if not name or len(name) > LONGEST_NAME:
        raise BadInput({"name": f"A team needs a name of at most {LONGEST_NAME} characters. Nothing was saved."})
    taken = await look_for_team(session, name) if not name.startswith(("<", "@", "#")) else None
    if taken is not None and taken.id != card.id:
        raise BadInput({"name": f"There is a team {taken.name} already. Choose another name, or say `/team edit {taken.name}`."})
    space = await this_workspace(session)
    if card.id:
        team = (await session.scalars(select(Team).where(Team.id == card.id).with_for_update())).one()
    else:
        team = Team(created_at=deps.now())
        session.add(team)
    before = working_of(space, team)
    team.name, team.folded = name, fold(name)[:200]
    team.lead, team.deputy, team.zone, team.holidays = card.lead, card.deputy, card.zone, card.holidays
    team.weekdays, team.starts_at, team.ends_at = card.weekdays, card.starts_at, card.ends_at
    await session.flush()
    if card.id and working_of(space, team) != before:
        await deps.tell(session, WorkingTimeChanged(key=request.key, actor=request.person, team_id=team.id))
    await _set_members(session, team, card.members)
    return Say(views.card(await _card(session, team), f"{name} is saved."))


async def _set_members(session: AsyncSession, team: Team, people: Sequence[str]) -> None:
    known = {row.person: row for row in await session.scalars(select(TeamMember).where(TeamMember.team_id == team.id))}
    session.add_all(TeamMember(team_id=team.id, person=person) for person in dict.fromkeys(people) if person not in known)
    for person, row in known.items():
        if person not in people:
            await session.delete(row)
    await session.flush()


async def bind_channel(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/team channel NAME`, said in a channel."""
    access.may_change(request.actor)
    if not request.text:
        return Open(views.choose_channel(await _cards(session), request.channel or "", request.origin))
    return await _bind(session, request, (await find_team(session, request.text)).id, request.channel)


async def save_channel(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return await _bind(session, request, int(request.state["team"]), request.metadata.get("bind"))


async def use_channel(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return await _bind(session, request, int(request.value or 0), request.channel)


async def _bind(session: AsyncSession, request: Request, team_id: int, channel: str | None) -> Answer:
    if not channel or channel[0] not in "CG":
        raise BadInput({"team": "Say this in the channel that is to be the team's: a direct message cannot be one. Nothing was changed."})
    team = await _by_id(session, team_id, lock=True)
    before = await session.scalar(select(Team).where(Team.channel == channel, Team.id != team.id))
    if before is not None:
        before.channel = None
    team.channel = channel
    await session.flush()
    moved = f" It was the channel of {before.name} until now." if before is not None else ""
    said = f"This is the channel of {team.name} now.{moved}{views.NOTES.get((await access.place_of(session, channel)).answering, '')}"
    return Say(views.card(await _card(session, team), said))


@reads
async def list_teams(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    total = await session.scalar(select(func.count()).select_from(Team)) or 0
    return Say(views.listing(await _cards(session, limit=views.PAGE), total))


@reads
async def open_list(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await list_teams(session, request, deps)


@reads
async def show_team(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if not request.text:
        return await list_teams(session, request, deps)
    return Say(views.card(await _card(session, await find_team(session, request.text))))


@reads
async def open_team(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Say(views.card(await _card(session, await _by_id(session, int(request.value or 0)))))


@reads
async def open_new(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Open(views.form(await _blank(session), request.origin))


@reads
async def open_edit(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Open(views.form(await _card(session, await _by_id(session, int(request.value or 0))), request.origin))


async def _by_id(session: AsyncSession, team_id: int, *, lock: bool = False) -> Team:
    query = select(Team).where(Team.id == team_id)
    team = (await session.scalars(query.with_for_update() if lock else query)).one_or_none()
    if team is None:
        raise NotFound("That team is gone. `/team list` shows the teams there are.")
    return team


async def _card(session: AsyncSession, team: Team) -> TeamCard:
    (card,) = await _cards(session, Team.id == team.id)
    members = await session.scalars(select(TeamMember.person).where(TeamMember.team_id == team.id).order_by(TeamMember.id))
    return replace(card, members=tuple(members))


async def _cards(session: AsyncSession, only: ColumnElement[bool] | None = None, limit: int = 100) -> list[TeamCard]:
    open_count = (
        select(func.count(Release.id))
        .where(Release.team_id == Team.id, Release.workspace_id == Team.workspace_id, Release.is_open, access.open_releases())
        .scalar_subquery()
    )
    query = select(Team, open_count).order_by(Team.folded).limit(limit)
    rows = await session.execute(query if only is None else query.where(only))
    company = working_of(await this_workspace(session))
    return [
        TeamCard(
            id=team.id, name=team.name, lead=team.lead, deputy=team.deputy, zone=team.zone, holidays=team.holidays,
            weekdays=team.weekdays, starts_at=team.starts_at, ends_at=team.ends_at, company=company, channel=team.channel,
            open_releases=count,
        )
        for team, count in rows
    ]  # fmt: skip


def _as_card(line: TeamLine, card: TeamCard) -> TeamCard:
    """What was typed, over what was known."""
    return replace(
        card,
        name=card.name or line.name or "",
        lead=line.lead.id if line.lead else card.lead,
        zone=line.zone or card.zone,
        holidays=card.holidays if line.holidays is None else line.holidays,
        starts_at=line.start or card.starts_at,
        ends_at=line.end or card.ends_at,
    )
