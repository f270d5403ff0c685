"""Files: asked for with a button or a verb, made after the answer from rows that survive a restart, sent once by private message.

Everything in a file is of one instant, which it names, and is what everybody may see.
"""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import blockkit as kit
from bot.answers import Answer, Say
from bot.cells import harmless
from bot.deps import Deps
from bot.files import File
from bot.requests import Request
from domain import reports
from domain.phrases import say_time
from handlers.reports import asking, ids, outside, reading, views
from handlers.reports.asked import Asked
from handlers.reports.views import Report


async def ask_for_csv(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The button under a report."""
    asked = await asking.read_value(session, request.value)
    return await enqueue(session, request, deps, "csv", asked.value(), "The file")


async def enqueue(session: AsyncSession, request: Request, deps: Deps, form: str, value: str, what: str) -> Answer:
    outside.refuse(request.actor)
    payload = {
        "key": f"reports:{form}:{request.key}"[:190],
        "form": form,
        "asked": value,
        "person": request.person,
        "zone": request.actor.zone,
    }
    await deps.outbox.effect(session, ids.FILE, payload["key"], payload, lane=f"files:{request.person}", rank=20)
    return Say(views.on_its_way(what))


async def csv_of(session: AsyncSession, asked: Asked, deps: Deps, zone: str, now: datetime) -> File:
    return _csv(await reading.report(session, asked, deps, zone, now))


def _csv(one: Report) -> File:
    name = f"report-{one.asked.period.first}-{one.asked.period.last}.csv"
    words = f"{kit.safe(one.title)}: the report as a table, as of {say_time(one.now, one.zone)}."
    return File(name, f"Report, {one.title}", written(rows_of(one)), words)


def rows_of(one: Report) -> list[list[Any]]:
    """A row for all teams and one for each, of the period and of the one before."""
    rows: list[list[Any]] = [list(reports.HEADINGS)]
    whose = one.asked.team_name or "All teams"
    periods = ((one.asked.period, one.total, one.teams), (one.asked.period.before, one.before, one.teams_before))
    for period, total, teams in periods:
        rows.append(reports.cells(period, whose, total))
        rows += [reports.cells(period, team, each) for team, each in teams.items()]
    return rows


def written(rows: Iterable[Iterable[Any]]) -> bytes:
    """A CSV file as spreadsheets open it without asking; what begins like a formula is text."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
