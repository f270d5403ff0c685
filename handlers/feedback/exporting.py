"""A list as a CSV file, sent once by private message: made after the answer, of what its reader may see then."""

import asyncio
import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access, files
from bot import blockkit as kit
from bot.answers import Answer, Message, Say
from bot.cells import harmless
from bot.deps import Deps
from bot.effects import Effect
from bot.files import File
from bot.requests import Kind, Request
from domain.phrases import say_count, say_time
from handlers.feedback import listing, reading, views_list
from handlers.feedback.counting import with_others
from handlers.feedback.views import FeedbackCard
from models import Feedback, Person

MOST = 100_000  # rows of a file
_BATCH = 1_000
HEADINGS = (
    "number", "words", "customer", "area", "kind", "type", "importance", "requested by", "state", "release", "work", "same as",
    "people", "logged by", "logged at", "link",
)  # fmt: skip


async def export_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`export [filters]`, or the button under a list."""
    typed = request.text if request.kind is Kind.COMMAND else str(json.loads(request.value or "{}").get("asked", ""))
    await listing.understand(session, request.actor, typed, deps)
    payload = {"key": f"feedback:file:{request.key}"[:190], "asked": typed, "person": request.person}
    await deps.outbox.effect(session, views_list.EXPORT, payload["key"], payload, lane=f"files:{request.person}", rank=20)
    return Say(Message("The file comes to you by private message in a moment. It holds what you may read."))


async def deliver(payload: Mapping[str, Any], deps: Deps) -> None:
    async with deps.database.reading(payload["workspace_id"], clock=deps.clock, actor=payload["person"]) as session:
        viewer = await access.actor_of(session, payload["person"])
        filters, wanted = await listing.understand(session, viewer, payload["asked"], deps)
        rows = await _rows(session, deps, viewer, wanted)
    content = await asyncio.to_thread(_written, [HEADINGS, *rows[:MOST]])
    cut = f" There are more than {MOST:,}: these are the newest." if len(rows) > MOST else ""
    said = f": {filters.said}" if filters.said else ""
    what = kit.safe(f"{say_count(len(rows[:MOST]), 'piece')} of feedback{said}")
    words = f"{what}, as of {say_time(deps.now(), viewer.zone)}.{cut}"
    await files.send(payload, deps, File(f"feedback-{deps.today(viewer.zone)}.csv", "Feedback", content, words))


async def _rows(session: AsyncSession, deps: Deps, viewer: Any, wanted: Any) -> list[Sequence[Any]]:
    """The newest first, in batches that let others have their turn."""
    names = dict(iter(await session.execute(select(Person.slack_id, Person.name))))
    seen, rows = reading.seen(viewer), list[Sequence[Any]]()
    last: FeedbackCard | None = None
    while len(rows) <= MOST:
        older = [_before(last)] if last else []
        cards = await reading.cards(session, deps, and_(seen, wanted, *older), viewer, _BATCH)
        rows += [_row(card, names) for card in await with_others(session, cards, seen)]
        if len(cards) < _BATCH:
            break
        last = cards[-1]
        await asyncio.sleep(0)
    return rows


def _before(last: FeedbackCard) -> Any:
    at = Feedback.logged_at
    return and_(at <= last.logged_at, or_(at < last.logged_at, Feedback.id < last.id))


def _row(card: FeedbackCard, names: Mapping[str, str]) -> Sequence[Any]:
    at = card.logged_at.isoformat(timespec="minutes") if card.logged_at else ""
    same = f"F-{card.same_as}" if card.same_as else ""
    return (
        card.name, card.words, card.customer or "", card.area, card.kind, card.type, card.importance, card.requested_by, card.state,
        card.release or "", card.item or "", same, card.supporters, names.get(card.reporter or "", ""), at, card.permalink or "",
    )  # fmt: skip


def _written(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


SEND = Effect(deliver, files.has_arrived)
