"""What is looked for once a form is open: the first message of its thread, and what says the same. The form waits for neither."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from bot.slack import SlackBusy, SlackError, SlackRefused
from handlers.feedback import nearby, opening
from models import FeedbackDraft
from models.finding import readable

log = logging.getLogger(__name__)

PAUSES = (0.0, 0.15, 0.3, 0.6)  # seconds: the form opens beside this, and may not be there yet


async def look(payload: Mapping[str, Any], deps: Deps) -> None:
    """Find them, and draw the form anew if there is anything to show. May be repeated; a form that is gone needs nothing."""
    workspace, key = payload["workspace_id"], payload["draft"]
    async with deps.database.reading(workspace, clock=deps.clock) as session:
        row = await _row(session, key)
    if row is None:
        return
    first = await _first_message(row, deps)
    async with deps.database.reading(workspace, clock=deps.clock) as session:
        found = [each.id for each in await nearby.candidates(session, row.words, await access.actor_of(session, row.person))]
    if not first and not found:
        return
    async with deps.database.transaction(workspace, clock=deps.clock, by="feedback look") as session:
        row = await _row(session, key, lock=True)
        if row is None:
            return
        row.nearby = row.nearby or found
        if first:
            row.first_words, row.first_author = await readable(session, first.get("text") or ""), first.get("user")
    await _show(deps, workspace, key)


async def _row(session: AsyncSession, key: int, *, lock: bool = False) -> FeedbackDraft | None:
    query = select(FeedbackDraft).where(FeedbackDraft.id == key)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def _first_message(row: FeedbackDraft, deps: Deps) -> dict[str, Any] | None:
    """The message that the thread is about. Without it the form does all that it did before."""
    if not row.thread_ts or row.thread_ts == row.message_ts or row.first_words:
        return None
    try:
        page = await deps.slack.call("conversations.replies", channel=row.channel, ts=row.thread_ts, limit=1)
    except SlackError as problem:
        log.info("the first message of a thread was not read: %s", problem)
        return None
    return next((message for message in page.get("messages") or () if message.get("ts") == row.thread_ts and message.get("text")), None)


async def _show(deps: Deps, workspace: int, key: int) -> None:
    """Draw it anew. Where the person pressed something meanwhile, once more with that."""
    drawn_as: Any = None
    for pause in PAUSES:
        await asyncio.sleep(pause)
        async with deps.database.reading(workspace, clock=deps.clock) as session:
            row = await _row(session, key)
            if row is None or row.shown == drawn_as:
                return
            view = await opening.drawn(session, deps, row, await access.actor_of(session, row.person))
        try:
            await deps.slack.call("views.update", external_id=view["external_id"], view=view)
            drawn_as = row.shown
        except (SlackRefused, SlackBusy) as refused:
            if getattr(refused, "code", "") != "not_found":
                log.info("a form was not drawn anew: %s", refused)
                return
