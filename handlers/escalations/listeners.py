"""What people do with escalations: raise, acknowledge, add an update, resolve."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Message, Nothing, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain import escalations
from domain.errors import BadInput
from domain.escalations import State, leading_severity, read_severity
from domain.sources import Source
from domain.words import number_of, plain
from handlers.escalations import jobs, reading, views
from handlers.escalations.views import Draft
from models import Channel, Escalation, EscalationUpdate, Person, Release, Team
from models.finding import customer_named, look_for_team, readable, team_of_channel, this_workspace
from models.numbers import next_number
from models.workspace import runs_operations


@reads
async def open_raise(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """From a message's menu: the form, filled with the message."""
    access.may_change(request.actor)
    message = request.body.get("message") or {}
    return await _open_form(
        session, request, await readable(session, message.get("text") or ""), Source.of_message(request.channel, message)
    )


@reads
async def open_new(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Typed, or pressed: what was typed is the summary."""
    access.may_change(request.actor)
    words = plain(request.text) if request.kind == "command" else ""
    return await _open_form(session, request, words, Source.typed_in(request.channel))


@reads
async def show_or_raise(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`show E-3` or `E-3` shows it; `show stopper for Acme` is the summary of a new one."""
    if not request.text or number_of(request.text, "E") is not None:
        return await reading.show_escalation(session, request, deps)
    return await open_new(session, replace(request, text=request.body.get("text") or request.text), deps)


@reads
async def list_or_raise(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if not request.text:
        return await reading.list_open(session, request, deps)
    return await open_new(session, replace(request, text=request.body.get("text") or request.text), deps)


async def _open_form(session: AsyncSession, request: Request, words: str, source: Source) -> Answer:
    workspace, team = await this_workspace(session), await team_of_channel(session, source.channel)
    place = await access.place_of(session, source.channel)
    named = await session.execute(select(Channel.name, Channel.is_private).where(Channel.slack_id == (team.channel if team else "")))
    label = reading.label_of(team.name, *(named.one_or_none() or (None, None))) if team else ""
    scale = await reading.scale_of(session)
    severity, summary = (None, words) if source.ts else leading_severity(words, scale)
    draft = Draft(
        summary=summary,
        team=(label, team.name) if team else None,
        source=source,
        stays=source.channel is not None and not place.is_public,
        home=workspace.home_channel,
        hours=await reading.hours_of(session, team),
        scale=scale,
        severity=severity,
        before=await _raised_before(session, request, source),
    )
    return Open(views.form(draft, request.origin))


async def _raised_before(session: AsyncSession, request: Request, source: Source) -> str:
    if not source.ts:
        return ""
    same = select(Escalation.number).where(
        Escalation.channel == source.channel,
        Escalation.message_ts == source.ts,
        reading.IS_OPEN,
        access.seen_escalations(request.actor, inside=source.channel),
    )
    number = (await session.scalars(same.order_by(Escalation.id.desc()).limit(1))).one_or_none()
    return f"Escalated already as E-{number}. `/escalate show E-{number}` says how it stands." if number else ""


async def raise_escalation(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A submitted form: a row with its owner and targets, and a card where somebody will take it."""
    access.may_change(request.actor)
    source = Source.of_kept(request.metadata)
    summary = " ".join((request.state.get("summary") or "").split(" ")).strip()
    if not summary:
        raise BadInput({"summary": "Say what is wrong, and for whom."})
    scale = await reading.scale_of(session)
    severity = read_severity(request.state.get("severity") or "")  # the form sends the key, whatever it is called here
    team = await _team(session, request)
    desk = await _desk(session, team, request.person)
    hours, now = await reading.hours_of(session, team), deps.now()
    due = escalations.targets(severity, now, hours, scale.goals)
    row = Escalation(
        number=await next_number(session, "E"), summary=summary, severity=severity.value, state=State.RAISED.value,
        team_id=team.id if team else None, release_id=await _release(session, request), customer_id=await _customer(session, request),
        owner=team.lead if team else None, raised_by=request.person, raised_at=now, acknowledge_by=due.acknowledge_by,
        resolve_by=due.resolve_by, channel=source.channel, message_ts=source.ts, thread_ts=source.thread_ts,
        permalink=source.permalink((await this_workspace(session)).domain), card_channel=desk.place,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await jobs.plan_notices(session, row, deps, is_new=True)
    await session.flush()
    return await _announce(session, request, deps, row, desk)


async def _team(session: AsyncSession, request: Request) -> Team | None:
    name = request.state.get("team")
    if not name:
        return None
    found = await look_for_team(session, name)
    if found is None:
        raise BadInput({"team": "That team is gone. Pick another one, or none; the rest of the form is kept."})
    return found


async def _customer(session: AsyncSession, request: Request) -> int | None:
    name = " ".join((request.state.get("customer") or "").split())
    return (await customer_named(session, name)).id if name else None


async def _release(session: AsyncSession, request: Request) -> int | None:
    chosen = request.state.get("release")
    if not chosen:
        return None
    found = await session.scalar(select(Release.id).where(Release.id == int(chosen), access.seen_releases(request.actor)))
    if found is None:
        raise BadInput({"release": "That release is gone. Pick another one, or none; the rest of the form is kept."})
    return found


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where the card goes, a channel or a person, and why there if that is not where it belongs."""

    place: str
    note: str = ""


async def _desk(session: AsyncSession, team: Team | None, raiser: str) -> _Desk:
    """The team's channel; else the home channel; else somebody of product operations; else whoever raised it."""
    note = ""
    if team and team.channel and (await access.place_of(session, team.channel)).may_answer:
        return _Desk(team.channel)
    if team:
        note = f"{team.name} has no channel that I may write to: `/team channel {team.name}`, said in it, sets one."
    home = (await this_workspace(session)).home_channel
    if home and (await access.place_of(session, home)).may_answer:
        return _Desk(home, note)
    note = " ".join(filter(None, (note, "There is no home channel that I may write to: `/tendon home #channel` sets one.")))
    operations = select(Person.slack_id).where(runs_operations()).order_by(Person.id).limit(1)
    return _Desk(await session.scalar(operations) or raiser, note)


async def _announce(session: AsyncSession, request: Request, deps: Deps, row: Escalation, desk: _Desk) -> Answer:
    """The card for those who act; for the raiser a line in the thread, or privately."""
    shown = await reading.card(session, deps, row.id)
    drawn = views.card(replace(shown, note=desk.note))
    await deps.outbox.post(session, jobs.card_key(row.id), desk.place, drawn, rank=jobs.rank_of(row.severity))
    place = await access.place_of(session, row.channel)
    if not (row.message_ts and place.may_answer):
        return Say(views.raised_privately(shown, desk.place, desk.note))
    thread = row.thread_ts or row.message_ts
    await deps.outbox.post(session, f"escalation:{row.id}:raised", row.channel or "", views.raised(shown), thread=thread)
    return Nothing()


async def acknowledge(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    row = await reading.by_id(session, request, lock=True)
    row.state = escalations.acknowledge(row.state).value
    row.acknowledged_at, row.acknowledged_by = deps.now(), request.person
    row.owner = row.owner or request.person
    return await _step(session, request, deps, row, "taken", views.taken)


@reads
async def open_update(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    row = await reading.by_id(session, request)
    return Open(views.update_form(await reading.card(session, deps, row.id, request.actor), request.origin))


async def add_update(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    row = await reading.by_id(session, request, lock=True)
    words = (request.state.get("words") or "").strip()
    if not words:
        raise BadInput({"words": "Say what is new."})
    row.customer_words = " ".join((request.state.get("customer_words") or "").split())
    update = EscalationUpdate(escalation_id=row.id, words=words, person=request.person, said_at=deps.now())
    session.add(update)
    await session.flush()
    who = await session.scalar(select(Person.name).where(Person.slack_id == request.person)) or "Somebody"
    return await _step(session, request, deps, row, f"update:{update.id}", lambda shown: views.updated(shown, who, words), in_thread=True)


@reads
async def open_resolve(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    row = await reading.by_id(session, request)
    if row.state == State.RESOLVED:
        escalations.resolve(row.state, "", "")
    return Open(views.resolve_form(await reading.card(session, deps, row.id, request.actor), request.origin))


async def resolve(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    row = await reading.by_id(session, request, lock=True)
    cause, action = ((request.state.get(field) or "").strip() for field in ("cause", "action"))
    row.state = escalations.resolve(row.state, cause, action).value
    row.cause, row.action, row.resolved_at, row.resolved_by = cause, action, deps.now(), request.person
    return await _step(session, request, deps, row, "resolved", views.resolved, in_thread=True)


async def _step(
    session: AsyncSession,
    request: Request,
    deps: Deps,
    row: Escalation,
    step: str,
    says: Callable[[views.EscalationCard], Message],
    *,
    in_thread: bool = False,
) -> Answer:
    """What every step does: plan the notices anew, redraw the card, tell its thread and the raiser."""
    await jobs.plan_notices(session, row, deps)
    await session.flush()
    await jobs.redraw(session, deps, row)
    shown = await reading.card(session, deps, row.id)
    if in_thread:
        card = jobs.card_key(row.id)
        await deps.outbox.post(session, f"escalation:{row.id}:{step}:card", row.card_channel or "", says(shown), thread_of=card)
    await _tell_raiser(session, request, deps, row, step, says(shown))
    if not (request.body.get("container") or {}).get("is_ephemeral"):
        return Nothing()
    return Say(views.card(shown), replace=True)


async def _tell_raiser(session: AsyncSession, request: Request, deps: Deps, row: Escalation, step: str, message: Message) -> None:
    """In the thread it came from; privately where nothing may stand there, but nobody is told what they did themselves."""
    key = f"escalation:{row.id}:{step}:raiser"
    if row.message_ts and (await access.place_of(session, row.channel)).may_answer:
        await deps.outbox.post(session, key, row.channel or "", message, thread=row.thread_ts or row.message_ts)
    elif row.raised_by != request.person:
        await deps.outbox.post(session, key, row.raised_by, message)
