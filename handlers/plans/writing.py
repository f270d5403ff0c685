"""Bringing the rows in, and taking them back: each as one transaction, from a row that survives a restart, and once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from domain.errors import BadInput
from domain.intake import Intake, Lot
from handlers.plans import drafts, views
from handlers.plans.views import Brought
from models import PlanDraft, PlanImport
from models.numbers import next_number
from models.plan_undo import take_back
from models.planning import write_plan


async def write(payload: Mapping[str, Any], deps: Deps) -> None:
    """Write what is ready now, and say what came in. The draft's state, changed in the same transaction, makes it once."""
    async with deps.database.transaction(payload["workspace_id"], clock=deps.clock, by="/release import") as session:
        draft = await _locked(session, payload["draft"], drafts.IMPORTING)
        if draft is None:
            return
        session.info["actor"] = draft.person
        await next_number(session, "R", 0)  # whoever makes a release waits here, so what is known now stays so
        viewer = await access.actor_of(session, draft.person)
        try:
            look = await drafts.look_at(session, draft, viewer, deps)
        except BadInput as wrong:
            draft.state, draft.trouble, draft.tables = drafts.OPEN, wrong.sentence, []
            await deps.outbox.post(session, f"plans:failed:{draft.id}", draft.person, views.waits(draft.id, wrong.sentence), rank=10)
            return
        written = await write_plan(session, look.plan, deps.now(), by=draft.person, seen=access.seen_releases(viewer))
        draft.state, draft.import_id, draft.imported_at = drafts.IMPORTED, written.import_id, deps.now()
        draft.tables, draft.layouts, draft.pasted = [], [], []
        if written.import_id:
            made = (await session.scalars(select(PlanImport).where(PlanImport.id == written.import_id))).one()
            made.taken, made.skipped = look.ready, _left(look.intake)
        until = deps.now() + drafts.KEPT
        brought = Brought(draft.id, dict(written.counts), tuple(written.kept), _left(look.intake), until, viewer.zone)
        await deps.outbox.post(session, done_key(draft), draft.person, views.done(brought), rank=10)


def done_key(draft: PlanDraft) -> str:
    return f"plans:done:{draft.id}"


def _left(intake: Intake | None) -> int:
    return sum(line.lot in (Lot.ASK, Lot.LEFT) for line in intake.lines) if intake else 0


async def undo(payload: Mapping[str, Any], deps: Deps) -> None:
    """Take an import back, and rewrite the message that said what came in."""
    by = payload["by"]
    async with deps.database.transaction(payload["workspace_id"], clock=deps.clock, actor=by, by="undo import") as session:
        draft = await _locked(session, payload["draft"], drafts.UNDOING)
        if draft is None or draft.import_id is None:
            return
        told = await take_back(session, draft.import_id, by=by, now=deps.now())
        draft.state = drafts.UNDONE
        await deps.outbox.rewrite(
            session, done_key(draft), views.undone(told.releases, told.stay, told.pieces, told.teams), channel=draft.person
        )


async def _locked(session: AsyncSession, key: int, state: str) -> PlanDraft | None:
    query = select(PlanDraft).where(PlanDraft.id == key, PlanDraft.state == state).with_for_update()
    return (await session.scalars(query)).one_or_none()
