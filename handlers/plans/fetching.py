"""Fetching the files that somebody gave, and reading them: slow, so it is done after the answer, from a row that survives a restart."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access, given
from bot.answers import View
from bot.deps import Deps
from bot.slack import SlackRefused
from domain.errors import BadInput
from domain.sheets import Table, joined
from handlers.plans import drafts, preview, views
from models import PlanDraft

_AGAIN = "Give the files again."
GIVE_THAT = "What could be read is kept: give that one again, or press Read to go on without it."


async def fetch(payload: Mapping[str, Any], deps: Deps) -> None:
    """Read what the draft names, and show it in the form that waits; if that was closed, say so directly. May be repeated."""
    workspace, key = payload["workspace_id"], payload["draft"]
    async with deps.database.reading(workspace, clock=deps.clock) as session:
        draft = await _waiting(session, key)
    if draft is None:
        return
    tables, refused = await _read(deps, draft) if draft.state == drafts.READING else ([], [])
    async with deps.database.transaction(workspace, clock=deps.clock, actor=draft.person, by="plans fetch") as session:
        draft = await _waiting(session, key, lock=True)
        if draft is None:
            return
        if draft.state == drafts.READING:
            _keep(draft, tables, refused)
        view = await shown(session, draft, deps)
    await _show(deps, workspace, draft, view)


async def _waiting(session: AsyncSession, key: int, *, lock: bool = False) -> PlanDraft | None:
    """The draft, unless it was gone on with meanwhile."""
    query = select(PlanDraft).where(PlanDraft.id == key, PlanDraft.state.in_((drafts.READING, drafts.READ, drafts.OPEN)))
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


def _keep(draft: PlanDraft, tables: list[Table], refused: list[str]) -> None:
    """What could be read is kept where something else could not: only that has to be given again."""
    if not refused and (tables or draft.pasted):
        drafts.keep_tables(draft, [*_pasted(draft), *tables])
        return
    draft.state, draft.files, draft.tables = drafts.OPEN, [], drafts.as_rows(tables)
    why = " ".join(refused) or "There are no rows in it."
    draft.trouble = f"{why} {GIVE_THAT if tables else _AGAIN}"


def _pasted(draft: PlanDraft) -> list[Table]:
    return [table for table in [joined(draft.pasted, given.PASTED)] if table.rows] if draft.pasted else []


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


async def _read(deps: Deps, draft: PlanDraft) -> tuple[list[Table], list[str]]:
    """The tables of what was kept and what is given now, and a sentence for each file that cannot be read."""
    new, refused = await given.read_each(deps.slack, draft.files)
    try:
        _pasted(draft)
    except BadInput as wrong:
        refused.append(wrong.sentence)
    names = {table.name for table in new}
    return [*(table for table in drafts.tables_of(draft) if table.name not in names), *new], refused
