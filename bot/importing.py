"""The listeners and effects of one kind of import: give it, look at how it was understood, answer, import it, take it back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import given, imports
from bot import imports_views as views
from bot.answers import Answer, Errors, Message, Nothing, Open, Update, View
from bot.deps import Deps
from bot.effects import Effect
from bot.imports import IMPORTED, IMPORTING, OPEN, READ, READING, UNDOING, UNDONE, Kind
from bot.requests import Request
from bot.slack import SlackRefused
from bot.slices import Listener, reads
from domain.errors import BadInput, NotAllowed, NotFound
from domain.intake import Lot
from domain.money import read_amount
from domain.phrases import say_list
from domain.records import Question
from domain.sheets import joined
from models import SheetDraft
from models.finding import lock_workspace, someones

VERBS = (
    "open",
    "more",
    "read",
    "show",
    "columns",
    "save_columns",
    "answer",
    "save_answers",
    "bring",
    "undo",
    "fetch",
    "write",
    "take_back",
)
WITHOUT = "-"


class Importing:
    """What a slice adds to its ACTIONS, VIEWS and EFFECTS."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        ids = {verb: kind.id(verb) for verb in VERBS}
        self.frame = views.Frame(kind.title, kind.intro, kind.labels, ids)
        pressed = {"open": self.open_form, "more": self.add_rows, "show": self.show_draft, "columns": self.open_columns}
        pressed |= {"answer": self.open_questions, "undo": self.undo_import}
        sent = {"read": self.read_given, "save_columns": self.save_columns, "save_answers": self.save_answers, "bring": self.bring_in}
        self.actions: dict[str, Listener] = {ids[verb]: run for verb, run in pressed.items()}
        self.views: dict[str, Listener] = {ids[verb]: run for verb, run in sent.items()}
        carried = {"fetch": self.fetch, "write": self.write, "take_back": self.take_back}
        self.effects = {ids[verb]: Effect(run) for verb, run in carried.items()}

    @reads
    async def open_form(self, session: AsyncSession, request: Request, deps: Deps) -> Answer:
        await self.kind.may(session, request.actor)
        return Open(views.form(self.frame, request.origin))

    async def add_rows(self, session: AsyncSession, request: Request, deps: Deps) -> Answer:
        """*Add more rows*: what is in the box is kept, and the box is empty again."""
        await self.kind.may(session, request.actor)
        cells = given.typed(request.state)
        draft = await self._draft(session, request, deps) if cells.strip() or request.metadata.get("draft") else None
        note = "" if cells.strip() else "The box is empty: paste the next rows into it."
        if draft and cells.strip():
            draft.pasted = given.with_cells(draft.pasted, cells)
            draft.trouble = ""
        return Update(self._asking(draft, request.origin, note))

    def _asking(self, draft: SheetDraft | None, origin: Mapping[str, Any], note: str = "") -> View:
        if draft is None:
            return views.form(self.frame, origin, note=note)
        return views.form(self.frame, origin, draft.id, draft.pasted, " ".join(filter(None, (draft.trouble, note))))

    async def read_given(self, session: AsyncSession, request: Request, deps: Deps) -> Answer:
        """Files are fetched after the answer; pasted cells alone are read at once."""
        await self.kind.may(session, request.actor)
        files: list[Mapping[str, Any]] = request.state.get("files") or []
        draft = await self._draft(session, request, deps)
        if (cells := given.typed(request.state)).strip():
            draft.pasted = given.with_cells(draft.pasted, cells)
        if not files and not draft.pasted:
            return Errors({"files": "Give a file here, or paste cells below."})
        if wrong := given.wrong_files(files):
            return Errors({"files": wrong})
        draft.files = [{"id": file["id"], "name": str(file.get("name") or file["id"])[:120]} for file in files]
        draft.view, draft.trouble = str((request.view or {}).get("id", "")), ""
        if files:
            draft.state = READING
            await self._effect(session, deps, "fetch", f"{draft.id}:{request.key}", draft)
            return Update(await self._shown(session, draft, deps))
        try:
            imports.keep_tables(self.kind, draft, [joined(draft.pasted, given.PASTED)])
        except BadInput as unread:
            return Errors({given.box_of(request.state): unread.sentence})
        return Update(await self._shown(session, draft, deps))

    async def _draft(self, session: AsyncSession, request: Request, deps: Deps) -> SheetDraft:
        """The draft that the form goes on with, or a new one."""
        if key := request.metadata.get("draft"):
            found = await imports.one_draft(session, self.kind, key, request.person, lock=True)
            imports.must_be(self.kind, found, OPEN, READ, READING)
            return found
        draft = SheetDraft(kind=self.kind.slice, person=request.person, pasted=[], created_at=deps.now())
        session.add(draft)
        await session.flush()
        return draft

    async def _effect(self, session: AsyncSession, deps: Deps, verb: str, key: str, draft: SheetDraft, **more: Any) -> None:
        await session.flush()
        name, lane = self.kind.id(verb), f"imports:{draft.person}"
        await deps.outbox.effect(session, name, f"{name}:{key}"[:200], {"draft": draft.id, **more}, lane=lane, rank=10)

    async def _shown(self, session: AsyncSession, draft: SheetDraft, deps: Deps) -> View:
        """The form as it stands: asking, reading, or what was understood."""
        if draft.state == READING:
            return views.reading(self.frame, draft.id, [file["name"] for file in draft.files])
        if draft.state == READ:
            found = await imports.look_at(session, self.kind, draft, await imports.viewer_of(session, draft), deps)
            return views.preview(self.frame, draft.id, found, self._sheets(draft))
        if draft.state == OPEN:
            return self._asking(draft, {})
        return views.under_way(self.frame, draft.id, 0)

    def _sheets(self, draft: SheetDraft) -> list[views.Sheet]:
        needed = set(self.kind.needed)
        tables = ((each["name"], each["rows"], each["heading"], each["columns"]) for each in draft.tables)
        return [views.Sheet(name, views.offered(rows, heading), found, needed <= {*found}) for name, rows, heading, found in tables]

    async def show_draft(self, session: AsyncSession, request: Request, deps: Deps) -> Answer:
        """*Show what was read*, *Back*, *Give something else*, and *Go on* from a message."""
        await self.kind.may(session, request.actor)
        key, _, again = (request.value or "").partition(":")
        draft = await imports.one_draft(session, self.kind, key, request.person, lock=True)
        if again and draft.state == READ:
            draft.state, draft.pasted, draft.tables = OPEN, [], []
        view = await self._shown(session, draft, deps)
        return Update(view) if request.view else Open(view)

    async def _being_read(self, session: AsyncSession, request: Request, key: object) -> SheetDraft:
        await self.kind.may(session, request.actor)
        draft = await imports.one_draft(session, self.kind, key, request.person, lock=True)
        imports.must_be(self.kind, draft, READ)
        return draft

    async def open_columns(self, session: AsyncSession, request: Request, deps: Deps) -> Answer:
        key, _, number = (request.value or "").partition(":")
        draft = await self._being_read(session, request, key)
        sheets = self._sheets(draft)
        index = min(imports.as_key(number), len(sheets) - 1)
        return Update(views.columns(self.frame, draft.id, index, sheets[index]))

    async def save_columns(self, session: AsyncSession, request: Request, deps: Deps) -> Answer:
        draft = await self._being_read(session, request, request.metadata.get("draft"))
        index, labels = int(request.metadata.get("sheet", 0)), self.kind.labels
        chosen = {column: int(place) for column in labels if (place := request.state.get(column)) not in (None, views.NO_COLUMN)}
        twice = [column for column, place in chosen.items() if list(chosen.values()).count(place) > 1]
        if twice:
            return Errors({twice[-1]: f"{say_list(labels[column] for column in twice)} cannot be the same column."})
        tables = list(draft.tables)
        tables[index] = {**tables[index], "columns": chosen}
        draft.tables = tables
        return Update(await self._shown(session, draft, deps))

    async def open_questions(self, session: AsyncSession, request: Request, deps: Deps) -> Answer:
        draft = await self._being_read(session, request, request.value)
        found = await imports.look_at(session, self.kind, draft, request.actor, deps)
        if not found.questions:
            return Update(await self._shown(session, draft, deps))
        return Update(views.questions(self.frame, draft.id, found.questions))

    async def save_answers(self, session: AsyncSession, request: Request, deps: Deps) -> Answer:
        """What was answered counts for its question alone. People and numbers that are not known may stay away."""
        draft = await self._being_read(session, request, request.metadata.get("draft"))
        found = await imports.look_at(session, self.kind, draft, request.actor, deps)
        answers, wrong = dict(draft.answers), dict[str, str]()
        for question in found.questions[: views.QUESTIONS]:
            block = views.block_of(question)
            if answer := request.state.get(block):
                try:
                    answers[question.key] = await _answered(session, question, answer)
                except BadInput as unread:
                    wrong[block] = unread.sentence
            elif request.state.get(views.REST) and (question.is_person or question.is_number):
                answers[question.key] = WITHOUT
        if wrong:
            return Errors(wrong)
        draft.answers = answers
        return Update(await self._shown(session, draft, deps))

    async def bring_in(self, session: AsyncSession, request: Request, deps: Deps) -> Answer:
        """*Import 38*. Pressed twice it is done once."""
        await self.kind.may(session, request.actor)
        draft = await imports.one_draft(session, self.kind, request.metadata.get("draft"), request.person, lock=True)
        if draft.state == READ:
            draft.state = IMPORTING
            await self._effect(session, deps, "write", str(draft.id), draft)
        else:
            imports.must_be(self.kind, draft, IMPORTING, IMPORTED)
        return Update(views.under_way(self.frame, draft.id, int(request.metadata.get("ready", 0))))

    async def undo_import(self, session: AsyncSession, request: Request, deps: Deps) -> Answer:
        """Within 24 hours, by whoever imported, or product operations."""
        query = select(SheetDraft).where(SheetDraft.id == imports.as_key(request.value), SheetDraft.kind == self.kind.slice)
        draft = (await session.scalars(query.with_for_update())).one_or_none()
        if draft is None or draft.imported_at is None or deps.now() >= draft.imported_at + imports.KEPT:
            raise NotFound("That import was more than 24 hours ago, so it stays.")
        if request.person != draft.person and not request.actor.is_product_operations:
            raise NotAllowed("Only whoever imported it, or product operations, can take it back. Nothing was changed.")
        if draft.state == IMPORTED:
            draft.state = UNDOING
            await self._effect(session, deps, "take_back", str(draft.id), draft, by=request.person)
        return Nothing()

    async def fetch(self, payload: Mapping[str, Any], deps: Deps) -> None:
        """Read the files, and show them in the form that waits; if that was closed, say so directly. May be repeated."""
        workspace, key = payload["workspace_id"], payload["draft"]
        async with deps.database.reading(workspace, clock=deps.clock) as session:
            draft = await _in_state(session, key, READING, READ, OPEN)
        if draft is None:
            return
        tables, trouble = await given.read_all(deps.slack, draft.files, draft.pasted) if draft.state == READING else ([], "")
        async with deps.database.transaction(workspace, clock=deps.clock, actor=draft.person, by=f"{self.kind.slice} fetch") as session:
            draft = await _in_state(session, key, READING, READ, OPEN, lock=True)
            if draft is None:
                return
            if draft.state == READING and tables:
                imports.keep_tables(self.kind, draft, tables)
            elif draft.state == READING:
                draft.state, draft.files = OPEN, []
                draft.trouble = f"{trouble or 'There are no rows in it.'} Give the files again."
            view = await self._shown(session, draft, deps)
        try:
            await deps.slack.call("views.update", view_id=draft.view, view=view)
        except SlackRefused as refused:
            if refused.code not in given.CLOSED:
                raise
            await self._post(deps, workspace, f"waits:{draft.id}:{draft.view}", draft, views.waits(self.frame, draft.id, draft.trouble))

    async def _post(self, deps: Deps, workspace: int, key: str, draft: SheetDraft, message: Message) -> None:
        async with deps.database.transaction(workspace, clock=deps.clock, by=self.kind.slice) as session:
            await deps.outbox.post(session, self.kind.id(key), draft.person, message, rank=10)

    async def write(self, payload: Mapping[str, Any], deps: Deps) -> None:
        """Write what is ready now, and say what came in. The draft's state, changed in the same transaction, makes it once."""
        kind = self.kind
        async with deps.database.transaction(payload["workspace_id"], clock=deps.clock, by=kind.command) as session:
            draft = await _in_state(session, payload["draft"], IMPORTING, lock=True)
            if draft is None:
                return
            session.info["actor"] = draft.person
            await lock_workspace(session)  # one import at a time, so that what is known now stays so
            viewer = await imports.viewer_of(session, draft)
            found = await imports.look_at(session, kind, draft, viewer, deps)
            brought = await kind.write(session, draft, found.of(Lot.READY), deps.now())
            draft.state, draft.imported_at, draft.brought = IMPORTED, deps.now(), dict(brought.undo)
            draft.tables, draft.pasted, draft.answers = [], [], {}
            left = len(found.of(Lot.ASK)) + len(found.of(Lot.LEFT))
            message = views.done(self.frame, draft.id, brought.says, left, deps.now() + imports.KEPT, viewer.zone)
            await deps.outbox.post(session, kind.id(f"done:{draft.id}"), draft.person, message, rank=10)

    async def take_back(self, payload: Mapping[str, Any], deps: Deps) -> None:
        """Take an import back, and rewrite the message that said what came in."""
        by = payload["by"]
        async with deps.database.transaction(payload["workspace_id"], clock=deps.clock, actor=by, by="undo import") as session:
            draft = await _in_state(session, payload["draft"], UNDOING, lock=True)
            if draft is None:
                return
            says = await self.kind.take_back(session, draft, deps.now())
            draft.state = UNDONE
            await deps.outbox.rewrite(session, self.kind.id(f"done:{draft.id}"), Message(says), channel=draft.person)


async def _in_state(session: AsyncSession, key: int, *states: str, lock: bool = False) -> SheetDraft | None:
    query = select(SheetDraft).where(SheetDraft.id == key, SheetDraft.state.in_(states))
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def _answered(session: AsyncSession, question: Question, answer: str) -> str:
    """An answer as the rules read it. Raises BadInput."""
    if question.is_number:
        return str(read_amount(answer).units)
    if question.is_person and not any(each.id == answer and not each.cannot for each in await someones(session)):
        raise BadInput({"": "Guests, bots and whoever left cannot be it. Pick somebody else."})
    return answer
