"""The form that shows a calendar's address, once. Pure: values in, views out."""

from datetime import datetime

from bot import blockkit as kit
from bot.answers import Block, View
from domain.phrases import cut, say_time
from handlers.reports import ids

TITLE = "Release calendar"
HOW = (
    "In Google Calendar: *Other calendars*, *From URL*. In Outlook: *Add calendar*, *Subscribe from web*. "
    "In Apple Calendar: *File*, *New Calendar Subscription*."
)


def _of(team: str) -> str:
    return f"the releases of {kit.name(team)}" if team else "all releases"


def _buttons(value: str) -> Block:
    ask = ("The address that you have now shows nothing any more. Go on?", "Yes", "Keep it")
    return kit.actions(
        kit.button("New address", ids.RENEW, value, about="of the calendar", confirm=ask),
        kit.button("Stop it", ids.STOP, value, about="calendar address", style="danger", confirm=ask),
    )


def address(team: str, url: str, value: str) -> View:
    blocks = [
        kit.section(f"*This address shows {_of(team)} in your calendar, always up to date.*\n{HOW}"),
        kit.context("Copy it now: it is shown only this once."),
        kit.copyable(url),
        kit.section("Whoever has it can read the dates without logging in, so keep it to yourself. Restricted releases are never in it."),
        _buttons(value),
    ]
    return kit.modal(TITLE, blocks, callback_id=ids.RENEW)


def known(team: str, made_at: datetime, zone: str, value: str) -> View:
    when = cut(say_time(made_at, zone))
    said = f"*You have an address for {_of(team)}, made on {when}.*\nIt cannot be shown again. A new one takes its place."
    return kit.modal(TITLE, [kit.section(said), _buttons(value)], callback_id=ids.RENEW)


def stopped(team: str) -> View:
    said = f"*Stopped.* The address for {_of(team)} shows nothing any more. /release calendar makes a new one."
    return kit.modal(TITLE, [kit.section(said)], callback_id=ids.RENEW)
