"""Fetching the files that somebody gave, and reading them: slow, so it is done after the answer, from a row that survives a restart."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import View
from bot.deps import Deps
from bot.slack import SlackRefused
from domain.errors import BadInput
from domain.sheets import Table, decode, joined, read_text
from handlers.plans import drafts, preview, views
from handlers.plans.workbooks import read_workbook
from models import PlanDraft

MOST_BYTES = 10_000_000
LONGEST = 15.0  # seconds to fetch and read everything: less than an effect may take, or it would be tried for ever
PASTED = "Pasted cells"
_CLOSED = ("not_found", "view_not_found", "expired_trigger_id")
_AGAIN = "Give the files again."
GIVE_THAT = "What could be read is kept: give that one again, or press Read to go on without it."


async def fetch(payload: Mapping[str, Any], deps: Deps) -> None:
    """Read what the draft names, and show it in the form that waits; if that was closed, say so directly. May be repeated."""
    workspace, key = payload["workspace_id"], payload["draft"]
    async with deps.database.reading(workspace, clock=deps.clock) as session:
        draft = await _waiting(session, key)
    if draft is None:
        return
    tables: list[Table] = []
    refused: list[str] = []
    if draft.state == drafts.READING:
        try:
            async with asyncio.timeout(LONGEST):
                await _read(deps, draft, tables, refused)
        except TimeoutError:
            refused.append("This takes too long to read. Give fewer files at once, or save the sheets as CSV.")
            tables = drafts.tables_of(draft)
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
    return [table for table in [joined(draft.pasted, PASTED)] if table.rows] if draft.pasted else []


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
        if refused.code not in _CLOSED:
            raise
        async with deps.database.transaction(workspace, clock=deps.clock, by="plans fetch") as session:
            key = f"plans:waits:{draft.id}:{draft.view}"
            await deps.outbox.post(session, key, draft.person, views.waits(draft.id, draft.trouble), rank=10)


async def _read(deps: Deps, draft: PlanDraft, tables: list[Table], refused: list[str]) -> None:
    """The tables of what was kept and what is given now, and a sentence for each file that cannot be read."""
    try:
        _pasted(draft)
    except BadInput as wrong:
        refused.append(wrong.sentence)
    new: list[Table] = []
    for file in draft.files:
        try:
            raw = await _download(deps, file["id"], file["name"])
            new += [table for table in await asyncio.to_thread(read_file, raw, file["name"]) if table.rows]
        except BadInput as wrong:
            refused.append(wrong.sentence)
    given = {table.name for table in new}
    tables += [*(table for table in drafts.tables_of(draft) if table.name not in given), *new]


async def _download(deps: Deps, key: str, name: str) -> bytes:
    try:
        about = (await deps.slack.call("files.info", file=key))["file"]
        return await deps.slack.download(about.get("url_private_download") or about["url_private"], MOST_BYTES)
    except SlackRefused as refused:
        raise BadInput({name: _why(refused, name)}) from refused


def _why(refused: SlackRefused, name: str) -> str:
    match refused.code:
        case "missing_scope":
            return "Tendon may not read files here yet. Whoever runs it installs it again from the manifest; paste cells until then."
        case "file_too_large":
            return f"{name} is larger than 10 MB."
        case _:
            return f"{name} could not be fetched from Slack: it was deleted, or Tendon may not see it."


def read_file(raw: bytes, name: str) -> list[Table]:
    """The tables in a file. Raises BadInput."""
    if raw.startswith(b"PK"):
        return read_workbook(raw, name)
    return [read_text(decode(raw, name), name)]
