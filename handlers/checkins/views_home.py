"""The dates that wait for their owner's word, as Home counts them, and the same list as in the weekly question."""

from collections.abc import Sequence
from datetime import date

from bot import blockkit as kit
from bot.answers import Block, View
from domain.checkins import may_confirm
from domain.phrases import say_count
from handlers.checkins.views import PAGE, Asked, one

OPEN = "checkins:open"
RIGHT = "checkins:right"
TURN = "checkins:turn"
LISTED = "checkins:listed"


def at_home(count: int) -> list[Block]:
    if not count:
        return []
    says = f"*Confirm {say_count(count, 'release date')}*\nNothing changed there for 7 days."
    return [kit.section(says, accessory=kit.button("Confirm", OPEN, about=say_count(count, "release date")))]


def listed(rows: Sequence[tuple[Asked, str]], today: date, first: int, refused: Sequence[str] = ()) -> View:
    """At most eight, each with its date as history writes it. `refused` says what was not confirmed, and why."""
    start = first if first < len(rows) else 0
    page = rows[start : start + PAGE]
    blocks = [kit.section(f"Note: {kit.safe(' '.join(refused))}")] if refused else []
    if not rows:
        blocks.append(kit.section("*All answered. Thank you.*"))
        return kit.modal("Confirm dates", blocks, callback_id=OPEN, metadata={"home": f"{OPEN} {start}"})
    needs = "needs" if len(rows) == 1 else "need"
    blocks.append(kit.section(f"*{say_count(len(rows), 'date')} {needs} your word*\nNothing changed there for 7 days."))
    for row, on in page:
        blocks += one(row, today, RIGHT, _value(start, [(row, on)]))
    blocks += _last(page, today, start, len(rows))
    return kit.modal("Confirm dates", blocks, callback_id=OPEN, metadata={"home": f"{OPEN} {start}"})


def _last(page: Sequence[tuple[Asked, str]], today: date, start: int, total: int) -> list[Block]:
    right = [(row, on) for row, on in page if may_confirm(row.on, today)]
    buttons = []
    if len(right) > 1:
        about = say_count(len(right), "release")
        buttons.append(kit.button("All still right", f"{RIGHT}:all", _value(start, right), about=about, style="primary"))
    if total > PAGE:
        left = min(PAGE, total - start - PAGE)
        buttons.append(kit.button(f"Next {left}" if left > 0 else f"First {PAGE}", TURN, str(start + PAGE if left > 0 else 0)))
    shown = [kit.context(f"{start + 1} to {start + len(page)} of {total}")] if total > PAGE else []
    return [*([kit.divider(), kit.actions(*buttons)] if buttons else []), *shown]


def _value(start: int, rows: Sequence[tuple[Asked, str]]) -> str:
    return " ".join([str(start), *(f"{row.id}={on}" for row, on in rows)])
