"""What the commands share: the change at once where all is said, else a form with what was understood and what is wrong."""

from collections.abc import Awaitable, Callable

from bot.answers import Answer, Open, View
from domain.errors import BadInput

Form = Callable[[str], View]


async def or_form(form: Callable[[str], Awaitable[Answer]], deed: Awaitable[Answer]) -> Answer:
    """The change; or, where something in it is wrong, the form with what was understood and what is wrong."""
    try:
        return await deed
    except BadInput as wrong:
        return await form(wrong.sentence)


async def done_or_asked(form: Form, deed: Awaitable[Answer] | None, note: str = "") -> Answer:
    """The same for a form that is drawn at once. Without a deed, as something is missing, it opens with the note."""
    if deed is None:
        return Open(form(note))
    try:
        return await deed
    except BadInput as wrong:
        return Open(form(wrong.sentence))
