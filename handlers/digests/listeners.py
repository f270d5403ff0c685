"""What people do with digests: subscribe, look ahead, pause, stop."""

from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.asks import Subscription, read_subscription
from domain.calendar import next_weekly
from domain.errors import BadInput, NotFound
from domain.words import read_time
from domain.zones import read_zone
from handlers.digests import editions, views
from models import Channel, ChannelMember, Digest, Team
from models.adding import find_or_add
from models.finding import look_for_team, no_such, team_names, team_of_channel, this_workspace


async def subscribe(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/digest subscribe every DAY at TIME [in ZONE]`, in the channel that is to have it."""
    access.may_change(request.actor)
    channel = _here(request)
    try:
        said = read_subscription(request.text)
    except BadInput as unread:
        said = unread.partial if isinstance(unread.partial, Subscription) else Subscription()
        return await _form(session, request, channel, said, note=unread.sentence)
    if said.weekday is None or said.at is None:
        return await _form(session, request, channel, said)
    team = await look_for_team(session, said.team) if said.team else await team_of_channel(session, channel)
    if said.team and team is None:
        return await _form(session, request, channel, said, note=no_such("team", said.team, await team_names(session)))
    if await access.has_outsiders(session, channel):
        return await _form(session, request, channel, said)
    zone = said.zone or (team.zone if team else None) or request.actor.zone
    return await _save(session, request, deps, channel, (said.weekday, said.at, zone), team)


async def save(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    state = request.state
    wrong: dict[str, str] = {}
    at, zone = time(9), request.actor.zone
    try:
        at = read_time(state["time"])
    except BadInput as error:
        wrong |= error.fields
    try:
        zone = read_zone(state["zone"]) if state.get("zone") else zone
    except BadInput as error:
        wrong |= error.fields
    channel = str(request.metadata["digest"])
    if await access.has_outsiders(session, channel) and "yes" not in (state.get(views.TICK) or ()):
        wrong[views.TICK] = "Tick this to send it where people from outside read, or cancel. Nothing was saved."
    if wrong:
        raise BadInput(wrong)
    team = None
    if state["team"] != "all":
        team = (await session.scalars(select(Team).where(Team.id == int(state["team"])))).one()
    return await _save(session, request, deps, channel, (int(state["weekday"]), at, zone), team)


async def _save(
    session: AsyncSession, request: Request, deps: Deps, channel: str, when: tuple[int, time, str], team: Team | None
) -> Answer:
    weekday, at, zone = when
    known = select(Digest).where(Digest.channel == channel).with_for_update()

    def make() -> Digest:
        return Digest(channel=channel, weekday=weekday, at=at, zone=zone, subscribed_by=request.person, subscribed_at=deps.now())

    row = await find_or_add(session, known, make)
    row.weekday, row.at, row.zone, row.team_id, row.state = weekday, at, zone, team.id if team else None, "active"
    row.next_due_at = next_weekly(deps.now(), weekday, at, zone)
    if await access.has_outsiders(session, channel):  # nobody comes here who has not said yes to it
        row.outsiders_agreed_by = row.outsiders_agreed_by or request.person
    await session.flush()
    return Say(views.saved(editions.subscribed(row, team.name if team else editions.EVERYBODY), await _is_here(session, channel)))


async def _form(session: AsyncSession, request: Request, channel: str, said: Subscription, *, note: str = "") -> Answer:
    """What is known of the channel's digest, with what was said laid over it."""
    named = await look_for_team(session, said.team) if said.team else None
    team = named or await team_of_channel(session, channel)
    teams = [(name, id) for name, id in await session.execute(select(Team.name, Team.id).order_by(Team.folded).limit(99))]
    chosen = {
        "weekday": str(said.weekday or 0),
        "time": f"{said.at or time(9):%H:%M}",
        "zone": said.zone or (team.zone if team else None) or request.actor.zone,
        "team": str(team.id) if team else "all",
    }
    return Open(views.form(request.origin, channel, teams, chosen, note, has_outsiders=await access.has_outsiders(session, channel)))


@reads
async def open_form(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    channel = await _looked_at_in(session, request) or _here(request)
    row = (await session.scalars(select(Digest).where(Digest.channel == channel))).one_or_none()
    known = Subscription(row.weekday, row.at, row.zone) if row else Subscription()
    return await _form(session, request, channel, known)


@reads
async def list_digests(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Channels that are private to others are left out, and not counted."""
    seen = access.seen_words(Digest, request.actor, inside=request.channel)
    total = await session.scalar(select(func.count()).select_from(Digest).where(seen, Digest.state != "stopped")) or 0
    query = (
        select(Digest, Team.name)
        .outerjoin(Team, (Team.workspace_id == Digest.workspace_id) & (Team.id == Digest.team_id))
        .where(seen, Digest.state != "stopped")
        .order_by(Digest.id)
        .limit(views.PAGE)
    )
    rows = [editions.subscribed(row, team or editions.EVERYBODY) for row, team in await session.execute(query)]
    return Say(views.listing(rows, total))


@reads
async def preview(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The digest as it would be now, privately; it uses up no week."""
    channel = await _looked_at_in(session, request)
    row = (await session.scalars(select(Digest).where(Digest.channel == channel))).one_or_none()
    is_first = row is None and request.value == views.SETUP
    if row is None:
        team = await team_of_channel(session, channel)
        zone = (team.zone if team else None) or request.actor.zone
        row = Digest(channel=channel, team_id=team.id if team else None, weekday=0, at=time(9), zone=zone, state="active")
    made = await editions.edition(session, row, deps)
    session.expunge_all()
    shown = views.digest(made, "more; in the channel they stand in its thread.")
    return Say(views.first(shown, channel) if is_first else shown)


async def pause(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _set(session, request, "paused", None, "is paused. *Resume*, or `/digest resume` there, goes on with it.")


async def resume(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Where people from outside have come to read, the form asks whether they may."""
    access.may_change(request.actor)
    channel = request.value or _here(request)
    row = (await session.scalars(select(Digest).where(Digest.channel == channel))).one_or_none()
    if row and not row.outsiders_agreed_by and await access.has_outsiders(session, channel):
        return await _form(session, request, channel, Subscription(row.weekday, row.at, row.zone))
    return await _set(session, request, "active", deps.now(), "goes on.")


async def stop(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _set(session, request, "stopped", None, "is stopped. `/digest subscribe` there starts it again.")


async def _set(session: AsyncSession, request: Request, state: str, after: datetime | None, words: str) -> Answer:
    access.may_change(request.actor)
    channel = request.value or _here(request)
    row = (await session.scalars(select(Digest).where(Digest.channel == channel).with_for_update())).one_or_none()
    if row is None or (row.state == "stopped" and state != "active"):
        raise NotFound("This channel has no digest. `/digest subscribe every Monday at 09:00` gives it one.")
    row.state = state
    row.next_due_at = next_weekly(after, row.weekday, row.at, row.zone) if after else None
    return Say(views.standing(channel, words, state))


def _here(request: Request) -> str:
    channel = request.channel or str(request.metadata.get("channel") or "")
    if channel[:1] not in ("C", "G"):
        raise BadInput({"channel": "Say this in the channel that is to have the digest; a direct message cannot. Nothing was changed."})
    return channel


async def _looked_at_in(session: AsyncSession, request: Request) -> str:
    """The channel that somebody is in; from Home and direct messages the home channel, where they may read it. Else "", as of none."""
    channel = request.channel or str(request.metadata.get("channel") or "")
    if channel[:1] in ("C", "G"):
        return channel
    home = (await this_workspace(session)).home_channel or ""
    member = select(ChannelMember.id).where(ChannelMember.channel_slack_id == home, ChannelMember.person_slack_id == request.person)
    may_read = (await access.place_of(session, home)).is_public or await session.scalar(member) is not None
    return home if may_read else ""


async def _is_here(session: AsyncSession, channel: str) -> bool:
    return bool((await session.scalars(select(Channel.has_bot).where(Channel.slack_id == channel))).one_or_none())
