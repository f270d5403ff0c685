"""Bringing a plan in, in Slack: give it, look at how it was understood, set right what was not, import it, take it back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access, given
from bot.answers import Answer, Errors, Nothing, Open, Update
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput, NotAllowed, NotFound
from domain.intake import NO_DAY, NOBODY, Question
from domain.phrases import say_list
from domain.sheet_days import Order
from domain.sheets import Column, joined
from handlers.plans import drafts, fetching, preview, views
from models import PlanDraft
from models.finding import someones


@reads
async def open_form(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release import`, and the button of the menu."""
    access.may_change(request.actor)
    return Open(views.form(preview.pasted(None), request.origin))


async def add_rows(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*Add more rows*: what is in the box is kept, and the box is empty again."""
    access.may_change(request.actor)
    cells = given.typed(request.state)
    if not cells.strip():
        draft = await _draft(session, request, deps) if request.metadata.get("draft") else None
        return Update(views.form(preview.pasted(draft, "The box is empty: paste the next rows into it."), request.origin))
    draft = await _draft(session, request, deps)
    draft.pasted = given.with_cells(draft.pasted, cells)
    draft.trouble = ""
    await session.flush()
    return Update(views.form(preview.pasted(draft), request.origin))


async def read_given(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Files are fetched after the answer; pasted cells alone are read at once."""
    access.may_change(request.actor)
    files: list[Mapping[str, Any]] = request.state.get("files") or []
    draft = await _draft(session, request, deps)
    cells = given.typed(request.state)
    if cells.strip():
        draft.pasted = given.with_cells(draft.pasted, cells)
    if not files and not draft.pasted and not draft.tables:
        return Errors({"files": "Give a file here, or paste cells below."})
    if wrong := given.wrong_files(files):
        return Errors({"files": wrong})
    draft.files = [{"id": file["id"], "name": str(file.get("name") or file["id"])[:120]} for file in files]
    draft.view, draft.trouble = str((request.view or {}).get("id", "")), ""
    if files:
        draft.state = drafts.READING
        await session.flush()
        key = f"plans:fetch:{draft.id}:{request.key}"[:200]
        await deps.outbox.effect(session, views.FETCH, key, {"draft": draft.id}, lane=f"plans:{request.person}", rank=10)
        return Update(views.reading(draft.id, [file["name"] for file in draft.files]))
    try:
        kept = [table for table in drafts.tables_of(draft) if table.name != given.PASTED]
        drafts.keep_tables(draft, [*([joined(draft.pasted, given.PASTED)] if draft.pasted else []), *kept])
    except BadInput as wrong_cells:
        return Errors({given.box_of(request.state): wrong_cells.sentence})
    await session.flush()
    return Update(await preview.of(session, draft, request.actor, deps))


async def _draft(session: AsyncSession, request: Request, deps: Deps) -> PlanDraft:
    """The draft that the form goes on with, or a new one."""
    if key := request.metadata.get("draft"):
        found = await drafts.one_draft(session, key, request.person, lock=True)
        drafts.must_be(found, drafts.OPEN, drafts.READ, drafts.READING)
        return found
    draft = PlanDraft(person=request.person, pasted=[], created_at=deps.now())
    session.add(draft)
    await session.flush()
    return draft


async def show_draft(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*Show what was read*, *Back*, *Give something else*, and *Go on* from a message."""
    access.may_change(request.actor)
    key, _, again = (request.value or "").partition(":")
    draft = await drafts.one_draft(session, key, request.person, lock=True)
    if again and draft.state == drafts.READ:
        draft.state, draft.pasted, draft.tables, draft.layouts = drafts.OPEN, [], [], []
    view = await fetching.shown(session, draft, deps)
    if request.view:
        return Update(view)
    return Open(view)


async def set_order(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Whether 3/4 is the 3 April or the 4 March, once for all cells."""
    access.may_change(request.actor)
    which, _, key = (request.value or "").partition(":")
    draft = await _being_read(session, request, key)
    draft.day_order = Order(which).value if which in set(Order) else ""
    return Update(await preview.of(session, draft, request.actor, deps))


async def open_columns(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    key, _, number = (request.value or "").partition(":")
    draft = await _being_read(session, request, key)
    sheets = preview.sheets(drafts.given(draft))
    index = min(int(number or 0), len(sheets) - 1)
    return Update(views.columns(draft.id, index, sheets[index]))


async def save_columns(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    draft = await _being_read(session, request, request.metadata.get("draft"))
    index = int(request.metadata.get("sheet", 0))
    chosen = {column: int(place) for column in Column if (place := request.state.get(column.value)) not in (None, views.NO_COLUMN)}
    twice = [column for column, place in chosen.items() if list(chosen.values()).count(place) > 1]
    if twice:
        return Errors({twice[-1].value: f"{say_list(column.label for column in twice)} cannot be the same column."})
    layouts = list(draft.layouts)
    layouts[index] = {**layouts[index], "columns": {column.value: place for column, place in chosen.items()}}
    draft.layouts = layouts
    return Update(await preview.of(session, draft, request.actor, deps))


async def open_questions(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    draft = await _being_read(session, request, request.value)
    look = await drafts.look_at(session, draft, request.actor, deps)
    questions = look.intake.questions if look.intake else ()
    if not questions:
        return Update(await preview.of(session, draft, request.actor, deps))
    return Update(views.questions(draft.id, questions))


async def save_answers(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """What was answered counts for its question alone. *Without them* lets the rest in with nothing where something is not known."""
    access.may_change(request.actor)
    draft = await _being_read(session, request, request.metadata.get("draft"))
    look = await drafts.look_at(session, draft, request.actor, deps)
    asked = look.intake.questions if look.intake else ()
    answers, wrong = dict(draft.answers), dict[str, str]()
    for question in asked:
        block = views.block_of(question)
        if block in request.state and (answer := request.state[block]):
            wrong |= {block: why} if (why := await _wrong_answer(session, request, deps, question, answer)) else {}
            answers[question.key] = answer
        elif request.state.get(views.REST):
            answers[question.key] = NOBODY if question.about == "owner" else NO_DAY
    if wrong:
        return Errors(wrong)
    draft.answers = answers
    return Update(await preview.of(session, draft, request.actor, deps))


async def _wrong_answer(session: AsyncSession, request: Request, deps: Deps, question: Question, answer: str) -> str:
    if question.about == "owner":
        people = await someones(session)
        if not any(each.id == answer and not each.cannot for each in people):
            return "They can own no release: guests, bots and whoever left cannot. Pick somebody else."
    elif question.key.endswith(f":{Column.SHIPPED}") and date.fromisoformat(answer) > deps.today(request.actor.zone):
        return "That day is ahead, so it has not shipped yet. Pick the day on which it shipped."
    return ""


async def _being_read(session: AsyncSession, request: Request, key: object) -> PlanDraft:
    draft = await drafts.one_draft(session, key, request.person, lock=True)
    drafts.must_be(draft, drafts.READ)
    return draft


async def bring_in(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*Import 38*. Pressed twice it is done once."""
    access.may_change(request.actor)
    draft = await drafts.one_draft(session, request.metadata.get("draft"), request.person, lock=True)
    if draft.state == drafts.READ:
        draft.state = drafts.IMPORTING
        key = f"plans:write:{draft.id}"
        await deps.outbox.effect(session, views.WRITE, key, {"draft": draft.id}, lane=f"plans:{request.person}", rank=10)
    else:
        drafts.must_be(draft, drafts.IMPORTING, drafts.IMPORTED)
    return Update(views.under_way(draft.id, int(request.metadata.get("ready", 0))))


async def undo_import(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Within 24 hours, by whoever imported, or product operations."""
    access.may_change(request.actor)
    key = request.value or ""
    query = select(PlanDraft).where(PlanDraft.id == (int(key) if key.isdecimal() and len(key) < 18 else 0)).with_for_update()
    draft = (await session.scalars(query)).one_or_none()
    if draft is None or draft.imported_at is None or deps.now() >= draft.imported_at + drafts.KEPT:
        raise NotFound("That import was more than 24 hours ago, so it stays. Change or cancel single releases instead.")
    if request.person != draft.person and not request.actor.is_product_operations:
        raise NotAllowed("Only whoever imported it, or product operations, can take it back. Nothing was changed.")
    if draft.state == drafts.IMPORTED and draft.import_id:
        draft.state = drafts.UNDOING
        payload = {"draft": draft.id, "by": request.person}
        await deps.outbox.effect(session, views.TAKE_BACK, f"plans:undo:{draft.id}", payload, lane=f"plans:{draft.person}", rank=10)
    return Nothing()


async def sweep(session: AsyncSession, deps: Deps) -> None:
    """Drafts of more than a day ago. What an import brought in stays; only its undo is over."""
    old = deps.now() - drafts.KEPT
    over = or_(PlanDraft.imported_at.is_(None), PlanDraft.imported_at < old)
    busy = PlanDraft.state.in_((drafts.IMPORTING, drafts.UNDOING))
    await session.execute(
        delete(PlanDraft).where(PlanDraft.created_at < old, over, ~busy), execution_options={"synchronize_session": False}
    )
