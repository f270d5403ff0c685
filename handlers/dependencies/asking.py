"""Asking another team, taking an ask back, and seeing what is open."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.asks import Ask, read_ask
from domain.dates import Unclear
from domain.dependencies import State, Verb, answer
from domain.errors import BadInput, NotFound
from domain.phrases import say_day
from domain.words import Mention
from handlers.dependencies import loading, views
from models import Dependency, Release, Team
from models.finding import at_work, find_numbered, find_release, find_team, look_for_release, look_for_team, no_such, team_names
from models.numbers import next_number

LONGEST_WHAT = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked, of whom, for what, once everything is understood."""

    team: Team
    what: str
    by: date
    why: str = ""
    release: Release | None = None
    asking: Team | None = None


async def ask_team(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/dependency ask TEAM for WHAT by DATE [for RELEASE]`; what is missing or unclear is asked for in a form."""
    access.may_change(request.actor)
    said, unread = await _read(session, request, deps)
    if isinstance(unread, Unclear) and (lines := [(day, unread.settled(request.text, day)) for day in unread.choices]) and lines[0][1]:
        return Say(views.which_day(unread.sentence, [(day, line) for day, line in lines if line]))
    note = unread.sentence if unread else ""
    asking = await loading.team_of(session, request.actor, request.channel)
    team = await look_for_team(session, _as_text(said.team)) if said.team else None
    if said.team and team is None:
        note = no_such("team", _shown(said.team), await team_names(session))
    release = await look_for_release(session, said.maybe_release, access.seen_releases(request.actor)) if said.maybe_release else None
    what = said.what_if_release if release and said.what_if_release else said.what or ""

    async def form(wrong: str) -> Answer:
        of, by = team.id if team else None, asking.id if asking else None
        draft = views.Draft(of, by, what, said.day, said.reason or "", f"R-{release.number}" if release else "", wrong)
        return await _form(session, request, draft)

    if note or not (team and what and said.day):
        return await form(note)
    try:
        return await _ask(session, request, deps, Wanted(team, what, said.day, said.reason or "", release, asking))
    except BadInput as wrong:
        return await form(wrong.sentence)


async def _read(session: AsyncSession, request: Request, deps: Deps) -> tuple[Ask, BadInput | None]:
    """What the line says; where its day cannot be read, all the rest and why."""
    try:
        return read_ask(request.text, await at_work(session, deps.today(request.actor.zone))), None
    except BadInput as unread:
        return unread.partial if isinstance(unread.partial, Ask) else Ask(), unread


async def pick_day(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """One of the two days that a line could mean: its button carries the line with that day in it."""
    return await ask_team(session, replace(request, text=request.value or ""), deps)


async def save_ask(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    state = request.state
    by = date.fromisoformat(state["date"])
    release = None
    if state.get("release"):
        try:
            release = await find_release(session, state["release"], access.seen_releases(request.actor))
        except NotFound as missing:
            raise BadInput({"release": missing.sentence}) from missing
    team = (await session.scalars(select(Team).where(Team.id == int(state["team"])))).one()
    asking_id = state.get("asking")
    asking = (await session.scalars(select(Team).where(Team.id == int(asking_id)))).one() if asking_id else None
    return await _ask(session, request, deps, Wanted(team, state["what"], by, state.get("why") or "", release, asking))


async def _ask(session: AsyncSession, request: Request, deps: Deps, wanted: Wanted) -> Answer:
    if wanted.asking is not None and wanted.asking.id == wanted.team.id:
        raise BadInput({"team": f"{wanted.team.name} would be asking itself. Name the other team."})
    if wanted.by < deps.today(request.actor.zone):
        raise BadInput({"date": f"{say_day(wanted.by)} is over. Pick a day that is still to come."})
    if len(wanted.what) > LONGEST_WHAT:
        raise BadInput({"what": f"Say in at most {LONGEST_WHAT} characters what you need; the rest belongs under Why. Nothing was sent."})
    place = await _their_place(session, wanted.team)
    row = Dependency(
        number=await next_number(session, "D"), state=State.ASKED.value,
        asking_team_id=wanted.asking.id if wanted.asking else None,
        asked_team_id=wanted.team.id, release_id=wanted.release.id if wanted.release else None,
        what=wanted.what, why=wanted.why, needed_on=wanted.by,
        asked_by=request.person, asked_at=deps.now(), card_channel=place, asked_channel=await _own_place(session, request, wanted.asking),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await loading.remind_next(session, row, deps.now())
    ask = await loading.one(session, deps, row.id)
    await deps.outbox.post(session, f"dependency:{row.id}:card", place, views.card(ask))
    if row.asked_channel != place:
        await deps.outbox.post(session, f"dependency:{row.id}:ask", row.asked_channel or request.person, views.announced(ask))
    return Say(views.asked(ask, place))


async def _their_place(session: AsyncSession, team: Team) -> str:
    """The asked team's channel, else the home channel: never one where people from outside read."""
    for place in (team.channel, await loading.home_channel(session)):
        if place and (await access.place_of(session, place)).may_answer:
            return place
    name = team.name
    said = f"{name} has no channel that I may write to, so nobody would see it. Say `/team channel {name}` in theirs. Nothing was sent."
    raise BadInput({"team": said})


async def _own_place(session: AsyncSession, request: Request, asking: Team | None) -> str:
    """Where the asking side hears the answer: its channel, else where it asked if the bot may write there, else privately."""
    for place in (asking.channel if asking else None, request.channel or request.metadata.get("channel")):
        if place and (await access.place_of(session, place)).may_answer:
            return str(place)
    return request.person


async def _form(session: AsyncSession, request: Request, draft: views.Draft) -> Answer:
    teams = [(each.name, each.id) for each in await loading.all_teams(session)]
    return Open(views.ask_form(teams, draft, request.origin))


def _shown(team: str | Mention) -> str:
    return team if isinstance(team, str) else team.name or team.id or ""


def _as_text(team: str | Mention) -> str:
    if isinstance(team, str):
        return team
    sign = "#" if (team.id or "").startswith(("C", "G")) else "@"
    return f"<{sign}{team.id}>" if team.id else f"{sign}{team.name}"


@reads
async def open_ask(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    asking = await loading.team_of(session, request.actor, request.channel)
    return await _form(session, request, views.Draft(asking=asking.id if asking else None))


@reads
async def list_asks(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The channel's team's asks and promises, or one's own team's, or everybody's."""
    team = await find_team(session, request.text) if request.text else await loading.team_of(session, request.actor, request.channel)
    mine: ColumnElement[bool] = Dependency.state.in_(loading.OPEN_STATES)
    if team is not None:
        mine = mine & or_(Dependency.asked_team_id == team.id, Dependency.asking_team_id == team.id)
    total = await session.scalar(select(func.count()).select_from(Dependency).where(mine, Dependency.number.is_not(None))) or 0
    rows = await loading.load(session, deps, mine, views.PAGE)
    return Say(views.listing(rows, total, f"with {team.name}" if team else "between teams"))


@reads
async def show_ask(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if not request.text:
        return await list_asks(session, request, deps)
    found = await find_numbered(session, Dependency, request.text)
    return Say(views.card(await loading.one(session, deps, found.id), is_private=True))


@reads
async def open_card(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Say(views.card(await loading.one(session, deps, int(request.value or 0)), is_private=True))


async def cancel_ask(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    row = await loading.locked(session, int((request.value or "0").split()[0]))
    await loading.must_be_asking_side(session, row, request.actor)
    row.state = answer(row.state, Verb.CANCEL).value
    await loading.remind_next(session, row, deps.now())
    await session.flush()
    ask = await loading.one(session, deps, row.id)
    await deps.outbox.rewrite(session, f"dependency:{row.id}:card", views.card(ask), channel=row.card_channel or "")
    return Say(views.told(ask), replace=True)


def by_actor(actor: Actor) -> ColumnElement[bool]:
    """Asks that wait for this person's word: they lead the asked team, or are its deputy."""
    led = select(Team.id).where(or_(Team.lead == actor.slack_id, Team.deputy == actor.slack_id))
    return Dependency.asked_team_id.in_(led) & Dependency.state.in_([State.ASKED.value, State.RECONFIRM.value])
