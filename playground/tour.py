"""Three things that run by themselves in front of the reader, and what comes after them. The page acts them out step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from playground.state import Json


@dataclass(frozen=True, slots=True)
class Guide:
    """Where things are in the company that is shown. `you` and `other` are members' ids, channels go by name."""

    you: str
    home: str
    channel: str
    message: str  # words of the one that is logged
    customer: str
    release: str
    move_to: date
    other: str
    other_title: str
    note: str = "Each one does it in front of you."
    why: Sequence[str] = ()


def tour(guide: Guide) -> Json:
    return {
        "title": "Three things to try",
        "note": guide.note,
        "why": list(guide.why),
        "tries": [_status(guide), _feedback(guide), _slip(guide)],
        "after": [_other_side(guide), _monday(guide)],
        "closing": [_own_plan(guide), {"title": "Put it in your Slack", "says": "Ten steps, in the README"}],
    }


def _status(guide: Guide) -> Json:
    return {
        "id": "status",
        "title": "Ask what ships",
        "says": "Late, at risk, on track: all teams in one answer.",
        "steps": [
            {"do": "person", "id": guide.you},
            {"do": "open", "channel": guide.home},
            {"do": "type", "text": "/release status"},
            {"do": "enter"},
            {"do": "wait", "text": "open release"},
            {"do": "look", "message": "open release"},
        ],
    }


def _feedback(guide: Guide) -> Json:
    return {
        "id": "feedback",
        "title": "Log what a customer said",
        "says": "From the menu of a message, without leaving the channel.",
        "steps": [
            {"do": "person", "id": guide.you},
            {"do": "open", "channel": guide.channel},
            {"do": "menu", "message": guide.message, "item": "Log customer feedback"},
            {"do": "wait", "text": "Product area"},
            {"do": "fill", "label": "Customer", "value": guide.customer},
            {"do": "press", "label": "More details"},
            {"do": "fill", "label": "Release", "value": guide.release},
            {"do": "tick", "label": "Tell me when its date moves"},
            {"do": "submit"},
            {"do": "thread", "message": guide.message},
            {"do": "wait", "text": "Logged as"},
        ],
    }


def _slip(guide: Guide) -> Json:
    return {
        "id": "slip",
        "title": "See who a slip hurts",
        "says": "Before you press Move, not after.",
        "steps": [
            {"do": "person", "id": guide.you},
            {"do": "open", "channel": guide.home},
            {"do": "type", "text": f"/release move {guide.release}"},
            {"do": "enter"},
            {"do": "wait", "text": "New date"},
            {"do": "fill", "label": "New date", "value": guide.move_to.isoformat()},
            {"do": "wait", "text": "will be told"},
            {"do": "wait", "millis": 1500},
            {"do": "fill", "label": "Why?", "value": "One more round of tests"},
            {"do": "submit"},
            {"do": "wait", "text": "moves to"},
        ],
    }


def _other_side(guide: Guide) -> Json:
    return {
        "id": "other-side",
        "title": f"Become the {guide.other_title}",
        "says": "Now be the other side: somebody waits for you.",
        "steps": [{"do": "person", "id": guide.other}, {"do": "home"}, {"do": "wait", "text": "asks you for"}],
    }


def _monday(guide: Guide) -> Json:
    return {
        "id": "monday",
        "title": "Jump to Monday 09:00",
        "says": "The weekly digest lands with the slip in it, and the customer's thread says who hears of it.",
        "steps": [
            {"do": "person", "id": guide.you},
            {"do": "open", "channel": guide.home},
            {"do": "clock", "to": "monday 09:00"},
            {"do": "wait", "millis": 2500},
            {"do": "look", "message": ", week "},
            {"do": "wait", "millis": 2500},
            {"do": "open", "channel": guide.channel},
            {"do": "thread", "message": guide.message},
            {"do": "wait", "text": "Hear of it:"},
        ],
    }


def _own_plan(guide: Guide) -> Json:
    return {
        "id": "own-plan",
        "title": "Use your own plan",
        "says": "Paste a spreadsheet, or give a file. Whole folders: make run PLAN=folder",
        "steps": [
            {"do": "person", "id": guide.you},
            {"do": "open", "channel": guide.home},
            {"do": "type", "text": "/release import"},
            {"do": "enter"},
            {"do": "wait", "text": "Import releases"},
        ],
    }
