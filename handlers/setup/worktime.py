"""When the company works: zone, days, hours, holidays, days off. Teams have it live, but for what they set themselves."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Message, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.asks import read_hours
from domain.errors import BadInput
from domain.facts import WorkingTimeChanged
from domain.setup import Step
from domain.working import keep, read_countries, read_days_off, read_weekdays
from domain.zones import read_zone
from handlers.setup import steps, views
from models.finding import lock_workspace, this_workspace
from models.team import working_of


@reads
async def open_time(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    space = await this_workspace(session)
    zone = space.zone if space.zone != "UTC" else request.actor.zone
    return Open(views.time(working_of(space), zone, request.origin))


async def save_time(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    state = request.state
    readers: dict[str, Callable[[], Any]] = {
        "zone": lambda: read_zone(state.get("zone") or ""),
        "weekdays": lambda: read_weekdays(state.get("weekdays") or ()),
        "hours": lambda: read_hours(state.get("hours") or ""),
        "holidays": lambda: read_countries(state.get("holidays") or ""),
        "days_off": lambda: keep(read_days_off(state.get("days_off") or "", deps.today(request.actor.zone))),
    }
    read: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field, reader in readers.items():
        try:
            read[field] = reader()
        except BadInput as error:
            wrong[field] = error.sentence
    if wrong:
        raise BadInput(wrong)
    space = await lock_workspace(session)
    before = working_of(space)
    space.zone, space.weekdays, space.holidays, space.days_off = read["zone"], read["weekdays"], read["holidays"], read["days_off"]
    space.starts_at, space.ends_at = read["hours"]
    steps.mark(space, Step.TIME)
    if working_of(space) != before:
        await deps.tell(session, WorkingTimeChanged(key=request.key, actor=request.person))
    return Say(Message(f"Working time: {working_of(space).words}. Teams have it too, but for what they set themselves."))
