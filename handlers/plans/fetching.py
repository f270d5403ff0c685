"""Fetching the files that somebody gave, and reading them: slow, so it is done after the answer, from a row that survives a restart."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access, given
from bot.answers import View
from bot.deps import Deps
from bot.slack import SlackRefused
from domain.sheets import Table
from handlers.plans import drafts, preview, views
from models import PlanDraft

_AGAIN = "Give the files again."


async def fetch(payload: Mapping[str, Any], deps: Deps) -> None:
    """Read what the draft names, and show it in the form that waits; if that was closed, say so directly. May be repeated."""
    workspace, key = payload["workspace_id"], payload["draft"]
    async with deps.database.reading(workspace, clock=deps.clock) as session:
        draft = await _waiting(session, key)
    if draft is None:
        return
    tables, trouble = await given.read_all(deps.slack, draft.files, draft.pasted) if draft.state == drafts.READING else ([], "")
    async with deps.database.transaction(workspace, clock=deps.clock, actor=draft.person, by="plans fetch") as session:
        draft = await _waiting(session, key, lock=True)
        if draft is None:
            return
        if draft.state == drafts.READING:
            _keep(draft, tables, trouble)
        view = await shown(session, draft, deps)
    await _show(deps, workspace, draft, view)


async def _waiting(session: AsyncSession, key: int, *, lock: bool = False) -> PlanDraft | None:
    """The draft, unless it was gone on with meanwhile."""
    query = select(PlanDraft).where(PlanDraft.id == key, PlanDraft.state.in_((drafts.READING, drafts.READ, drafts.OPEN)))
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


def _keep(draft: PlanDraft, tables: list[Table], trouble: str) -> None:
    if trouble or not tables:
        draft.state, draft.files = drafts.OPEN, []
        draft.trouble = f"{trouble or 'There are no rows in it.'} {_AGAIN}"
    else:
        drafts.keep_tables(draft, tables)


async def shown(session: AsyncSession, draft: PlanDraft, deps: Deps) -> View:
    """The form as it stands: asking, reading, or what was understood."""
    if draft.state == drafts.READING:
        return views.reading(draft.id, [file["name"] for file in draft.files])
    if draft.state == drafts.READ:
        return await preview.of(session, draft, await access.actor_of(session, draft.person), deps)
    if draft.state == drafts.OPEN:
        return views.form(preview.pasted(draft), {})
    return views.under_way(draft.id, 0)


async def _show(deps: Deps, workspace: int, draft: PlanDraft, view: View) -> None:
    try:
        await deps.slack.call("views.update", view_id=draft.view, view=view)
    except SlackRefused as refused:
        if refused.code not in given.CLOSED:
            raise
        async with deps.database.transaction(workspace, clock=deps.clock, by="plans fetch") as session:
            key = f"plans:waits:{draft.id}:{draft.view}"
            await deps.outbox.post(session, key, draft.person, views.waits(draft.id, draft.trouble), rank=10)
