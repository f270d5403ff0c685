"""A slice for the machine room's tests: it keeps notes, asks forms, refuses and breaks on demand, on every surface there is."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import blockkit as kit
from bot.answers import Answer, Errors, Message, Nothing, Open, Options, Say, Update, View
from bot.deps import Deps
from bot.requests import Request
from bot.slices import Command, Verb, reads
from domain.errors import BadInput, NotAllowed, NotFound, TendonError, Upstream
from models import Change

REFUSALS: dict[str, Callable[[], TendonError]] = {
    "plain": lambda: TendonError("That is not how it goes."),
    "missing": lambda: NotFound("There is no such note."),
    "forbidden": lambda: NotAllowed("Only its owner may do that."),
    "wrong": lambda: BadInput({"words": "These words cannot be kept."}),
    "elsewhere": lambda: Upstream("The tracker did not answer."),
}


async def keep(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Write a note down and post it to C1."""
    return await _keep(session, request, deps, request.text)


async def _keep(session: AsyncSession, request: Request, deps: Deps, words: str) -> Answer:
    at = deps.now()
    session.add(Change(field="note", after=words, actor=request.person, happened_at=at, recorded_at=at))
    await session.flush()
    await deps.outbox.post(session, f"note:{words}:{request.key}"[:200], "C1", Message(f"note {words}"))
    return Say(Message(f"{words} is kept."))


async def keep_slowly(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    answer = await keep(session, request, deps)
    await asyncio.sleep(0.3)
    return answer


async def keep_then_fail(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Everything but the last step: what it wrote must be gone."""
    await keep(session, request, deps)
    return await fail(session, request, deps)


async def fail(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    raise RuntimeError("a wheel came off")


async def refuse(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """With the error that the text, the button's value or the first field names."""
    kind = request.text or request.value or str(request.state.get("words") or "plain")
    await _keep(session, request, deps, "refused")
    raise REFUSALS.get(kind, REFUSALS["plain"])()


async def hang(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await keep(session, request, deps)
    await asyncio.sleep(30)
    return Nothing()


def form(title: str = "A note", callback_id: str = "notes:save", **metadata: Any) -> View:
    blocks = [
        kit.ask_words("words", "Words"),
        kit.ask_words("about", "About", optional=True),
        kit.actions(*(kit.button(label, f"notes:{label}", "plain") for label in ("redraw", "push", "refuse", "break", "say"))),
    ]
    return kit.modal(title, blocks, callback_id=callback_id, submit="Save", metadata=metadata)


def question() -> View:
    """A form without a field."""
    return kit.modal("Sure?", [kit.section("Throw it away?")], callback_id="notes:refuse", submit="Yes")


def buttons() -> Message:
    names = ("say", "replace", "open", "refuse", "break", "keep", "nothing")
    return Message("Choose", [kit.section("Choose"), kit.actions(*(kit.button(name, f"notes:{name}", "plain") for name in names))])


@reads
async def open_form(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Open(form(callback_id=request.text or "notes:save", **request.origin))


async def open_writing(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _keep(session, request, deps, "opened")
    return Open(form(**request.origin))


@reads
async def ask(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Open(question())


@reads
async def show_buttons(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Say(buttons())


async def post_buttons(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await deps.outbox.post(session, f"buttons:{request.key}"[:200], request.channel or "C1", buttons())
    return Nothing()


async def save(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if request.state["words"] == "bad":
        return Errors({"words": "Other words, please.", "elsewhere": "Nor that."})
    if request.state["words"] == "wrong":
        raise BadInput({"about": "About what?", "nowhere": "And where?"})
    return await _keep(session, request, deps, str(request.state["words"]))


async def say(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Say(Message("Here you are."))


async def replace(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Say(Message("Chosen."), replace=True)


async def redraw(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Update(form("Redrawn"))


async def push(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Open(form("On top"))


async def nothing(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Nothing()


async def keep_pressed(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _keep(session, request, deps, "pressed")


async def keep_reaction(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _keep(session, request, deps, f"first of {request.event['reaction']}")


async def keep_reaction_too(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _keep(session, request, deps, f"second of {request.event['reaction']}")


@reads
async def offer(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if request.text in REFUSALS:
        raise REFUSALS[request.text]()
    if request.text == "break":
        raise RuntimeError("a wheel came off")
    return Options([(f"{request.text} {number}", str(number)) for number in range(3)])


@reads
async def open_search(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Open(kit.modal("Search", [kit.ask_typeahead("note", "Note", "notes:offer")], callback_id="notes:save", submit="Save"))


VERBS = {
    "keep": keep, "slowly": keep_slowly, "fail": fail, "half": keep_then_fail, "refuse": refuse, "hang": hang, "form": open_form,
    "written": open_writing, "ask": ask, "buttons": show_buttons, "post": post_buttons, "search": open_search, "say": say,
    "nothing": nothing,
}  # fmt: skip


def a_slice(**more: Any) -> Any:
    """The slice, as a module would be. `more` replaces what it declares."""
    declared = {
        "__name__": "notes",
        "COMMANDS": (Command("/note", says="Notes.", verbs=tuple(Verb(name, run, says=name) for name, run in VERBS.items())),),
        "SHORTCUTS": {"notes:keep": keep_pressed, "notes:form": open_form, "notes:refuse": refuse, "notes:break": fail, "notes:say": say},
        "ACTIONS": {
            "notes:say": say, "notes:replace": replace, "notes:open": open_form, "notes:refuse": refuse, "notes:break": fail,
            "notes:keep": keep_pressed, "notes:nothing": nothing, "notes:redraw": redraw, "notes:push": push,
        },
        "VIEWS": {"notes:save": save, "notes:refuse": refuse, "notes:break": fail, "notes:push": push, "notes:redraw": redraw},
        "OPTIONS": {"notes:offer": offer},
        "EVENTS": {"reaction_added": [keep_reaction, keep_reaction_too], "app_mention": say},
    }  # fmt: skip
    return SimpleNamespace(**{**declared, **more})
