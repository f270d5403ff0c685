"""How feedback is listed and shown: pages of it, what was found, one piece with all that says the same."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import say_count, say_list
from handlers.feedback import views
from handlers.feedback.views import NEW, OPEN, FeedbackCard, since

NEXT = "feedback:next"
FILE = "feedback:file"
EXPORT = "feedback:export"
CLOSE = "feedback:close"
UNMERGE = "feedback:unmerge"

PAGE = 10
MEMBERS = 5  # of what says the same, shown with a piece


@dataclass(frozen=True, slots=True)
class Page:
    """A page of what was asked for. `by` is "list" or "search", `asked` what was typed; counting ends where `is_more`."""

    by: str
    asked: str
    cards: Sequence[FeedbackCard]
    total: int
    zone: str
    at: int = 0
    is_more: bool = False
    said: str = ""  # what was understood, in words


def value(by: str, asked: str, at: int = 0) -> str:
    """What a button carries to ask the same again."""
    return json.dumps({"by": by, "at": at, "asked": asked[:900]}, ensure_ascii=False, separators=(",", ":"))


def listing(page: Page, note: str = "", offers: Sequence[str] = ()) -> Message:
    """A page with its totals; the first lines say what was asked for. `offers` are words to search for instead."""
    heading = _heading(page)
    blocks: list[Block] = [kit.section(kit.safe(note))] if note else []
    if offers:
        buttons = [kit.button(word, f"{CLOSE}:{n}", value("search", word), about="search for it") for n, word in enumerate(offers)]
        blocks.append(kit.actions(*buttons))
    blocks.append(kit.section(f"*{kit.safe(heading)}*" if page.cards else kit.safe(heading)))
    for each in page.cards:
        line = f"*{each.name}  {kit.name(each.whose)}*\n{kit.name(each.words)}\n{_about(each, page.zone)}"
        blocks.append(kit.section(line, accessory=kit.button("Open", f"{OPEN}:{each.id}", str(each.id), about=each.name)))
    blocks.append(kit.actions(*_buttons(page)))
    if page.is_more:
        blocks.append(kit.context(kit.safe(_narrow(page))))
    lines = [f"{each.name} {kit.name(each.whose)}: {kit.name(each.words)}" for each in page.cards]
    return Message("\n".join([*([kit.safe(note)] if note else []), kit.safe(heading), *lines]), blocks)


def _heading(page: Page) -> str:
    what = f": {kit.cut(page.said, 160)}" if page.said else ""
    if not page.total:
        if page.said:
            return f"No feedback that you may read{what}."
        return "No feedback yet. Log what a customer said: from a message's menu, or here."
    count = f"More than {page.total:,} pieces of feedback" if page.is_more else f"{say_count(page.total, 'piece')} of feedback"
    last = page.at + len(page.cards)
    if page.at:
        return f"{count}{what}, showing {page.at + 1} to {last}"
    return f"{count}{what}" + (f", showing {last} of {page.total:,}" if last < page.total and not page.is_more else "")


def _narrow(page: Page) -> str:
    if page.by == "search":
        return f"Counted up to {page.total:,}, the newest first. One more word finds fewer."
    return f"Counted up to {page.total:,}, the newest first. Ask for less, such as `/customer-feedback list problems since March`."


def _buttons(page: Page) -> list[Block]:
    buttons, last = [], page.at + len(page.cards)
    if last < page.total:
        many = min(PAGE, page.total - last)
        buttons.append(kit.button(f"Next {many}", NEXT, value(page.by, page.asked, last), about="pieces of feedback"))
    if page.at:
        buttons.append(kit.button("First page", f"{NEXT}:0", value(page.by, page.asked), about="of feedback"))
    if page.by == "list" and page.cards:
        buttons.append(kit.button("As a CSV file", FILE, value(page.by, page.asked), about="all of these"))
    return [*buttons, kit.button("Log feedback", NEW, style=None if page.cards else "primary")]


def _about(each: FeedbackCard, zone: str) -> str:
    same = f"same as F-{each.same_as}" if each.same_as else ""
    return " · ".join(filter(None, (each.type.capitalize(), kit.name(each.area), each.state, each.times, same, since(each, zone))))


def card(shown: FeedbackCard, zone: str, saved: str = "", members: Sequence[FeedbackCard] = (), undo: int | None = None) -> Message:
    """Everything that is kept of it; of what says the same, what its reader may read."""
    plain = views.card(shown, zone, saved)
    buttons = [kit.actions(kit.button("Undo", UNMERGE, str(undo), about=shown.name))] if undo else []
    blocks = [*plain.blocks[:-1], *_same(shown, members), *buttons, plain.blocks[-1]]
    return Message(" ".join(filter(None, (plain.text, _counted(shown)))), blocks)


def _same(shown: FeedbackCard, members: Sequence[FeedbackCard]) -> list[Block]:
    if not _counted(shown):
        return []
    lines = [f"*{each.name}*  {kit.name(each.whose)}: {kit.name(each.words)}" for each in members[:MEMBERS]]
    left = shown.members - len(lines) if members else 0
    lines += [f"and {say_count(left, 'other')}: `/customer-feedback list same`"] if left > 0 else []
    return [kit.section("\n".join([_counted(shown), *lines]))]


def _counted(shown: FeedbackCard) -> str:
    if shown.first_id:
        return f"Counts with F-{shown.same_as}, which says the same." if shown.same_as else "Counts with another piece that says the same."
    return f"{shown.times}." if shown.members else ""


def undone(said: str) -> Message:
    return Message(kit.safe(said), [kit.section(kit.safe(said))])


def nothing_asked() -> Message:
    return Message("Say what to look for: `/customer-feedback search invoices`. Every word must be there; the beginning of one will do.")


def no_word(typed: str) -> Message:
    return Message(f'There is no word in "{kit.safe(kit.cut(typed, 40))}" that could be looked for. Letters, numbers and emoji are.')


def nothing_says(typed: str, close: Sequence[str] = ()) -> str:
    """`close` are words that are spelled alike, and said."""
    said = f'Nothing says "{kit.cut(typed, 60)}"'
    return f"{said}. Close: {say_list(close, 'or')}." if close else f"{said}, and nothing that is said is spelled like it."


def never_together(typed: str) -> str:
    return f'No one piece says all of "{kit.cut(typed, 60)}". Close, the nearest first:'
