"""The trend as a picture, with all of its figures in words: above it, and as its alternative text."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access, charts, files
from bot import blockkit as kit
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.files import File
from bot.requests import Request
from domain.nps import FEWEST, Stretch
from handlers.nps import asked, views
from handlers.nps.reading import trend_until

FEWEST_PLACES = 4  # less is no trend to look at


async def ask_for_chart(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/nps chart`, and the button under a report."""
    access.reads_inside(request.actor)
    today = deps.today(request.actor.zone)
    wanted = asked.read_asked(request.text, today) if request.kind == "command" else asked.read_value(request.value, today)
    key = f"nps:chart:{request.key}"[:190]
    payload = {"key": key, "person": request.person, "asked": wanted.value(), "zone": request.actor.zone}
    await deps.outbox.effect(session, views.DRAW, key, payload, lane=f"files:{request.person}", rank=20)
    return Say(views.on_its_way())


async def deliver(payload: Mapping[str, Any], deps: Deps) -> None:
    """Draw it from the answers as they are now, beside the loop, and send it."""
    wanted = asked.read_value(payload["asked"], deps.today(payload["zone"]))
    async with deps.database.reading(payload["workspace_id"], clock=deps.clock, actor=payload["person"]) as session:
        trend = await trend_until(session, wanted.period, deps.today(payload["zone"]))
    await files.send(payload, deps, await asyncio.to_thread(picture, trend))


def picture(trend: list[Stretch]) -> File:
    first = next((place for place, each in enumerate(trend) if each.tally.n), 0)
    trend = trend[min(first, len(trend) - FEWEST_PLACES) :]
    points = [
        charts.Point(each.label, each.tally.score, each.tally.margin, f"n {each.tally.n:,}")
        if each.tally.is_enough
        else charts.Point(each.label, None, note=f"n {each.tally.n:,}")
        for each in trend
    ]
    span = f"{trend[0].label} to {trend[-1].label}"
    subtitle = f"{span} · thin bars are the 95 % margin of error · no score under {FEWEST} answers (n)"
    content = charts.trend("NPS", subtitle, points, bounds=(-100, 100))
    lines = views.trend_lines(trend) or ["no answers"]
    alt = f"NPS from {span}. {'; '.join(lines)}."
    words = kit.safe("\n".join([f"*NPS, {span}*", *(f"• {line}" for line in lines)]))
    return File("nps.png", f"NPS, {span}", content, words, alt)
