"""The weeks as a picture, with all of its figures in words: above it, and as its alternative text."""

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
from domain.phrases import say_short_day
from domain.trends import by_month, read_value
from handlers.trends import listeners, views
from handlers.trends.views import Trends


async def ask_for_chart(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.reads_inside(request.actor)
    wanted = read_value(request.value, deps.today(request.actor.zone))
    key = f"trends:chart:{request.key}"[:190]
    payload = {"key": key, "person": request.person, "asked": wanted.value(), "channel": request.channel}
    await deps.outbox.effect(session, views.DRAW, key, payload, lane=f"files:{request.person}", rank=20)
    return Say(views.on_its_way())


async def deliver(payload: Mapping[str, Any], deps: Deps) -> None:
    """Count as things are now and as the person may read now, draw it beside the loop, and send it."""
    async with deps.database.reading(payload["workspace_id"], clock=deps.clock, actor=payload["person"]) as session:
        reader = await access.actor_of(session, payload["person"])
        access.reads_inside(reader)
        wanted = read_value(payload["asked"], deps.today(reader.zone))
        shown = await listeners.counted(session, deps, wanted, reader.zone, access.counted_feedback(reader))
    await files.send(payload, deps, await asyncio.to_thread(picture, shown))


def picture(shown: Trends) -> File:
    points = [charts.Point(say_short_day(begins), count) for begins, count in shown.weeks]
    subtitle = f"{shown.asked.period.words} · pieces by week, each by the day that it begins"
    content = charts.bars("What customers said", subtitle, points)
    months, by = by_month(shown.weeks), f"By {shown.asked.by}"
    alt = f"{shown.says}, by week. {'; '.join(months)}."
    lines = [f"*{kit.safe(shown.says)}*", views.before(shown), *(f"• {kit.safe(line)}" for line in months), f"*{by}*"]
    words = "\n".join([*lines, *(f"• {line}" for line in views.group_lines(shown))])
    return File("feedback.png", shown.says, content, words, alt)
