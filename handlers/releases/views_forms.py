"""The forms of the writing half: one for each change, opened with all that is known already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, View
from domain.lifecycle import LONGEST_NAME, LONGEST_REASON
from domain.releases import Health
from domain.spans import Precision, precision_of
from handlers.releases import ids
from handlers.releases.views import Shown, bullets

KINDS = ("scope", "dependency", "quality", "people", "vendor", "decision", "other")


@dataclass(frozen=True, slots=True)
class Draft:
    """A change as far as it is known. `teams` are the entries to choose from, `(name, id)`."""

    release: Shown | None = None
    name: str = ""
    on: date | None = None
    reason: str = ""
    kind: str | None = None
    health: str | None = None
    owner: str | None = None
    team: str | None = None
    teams: Sequence[tuple[str, str]] = ()
    note: str = ""
    preview: Sequence[str] = ()
    is_planned: bool = False
    sure: str | None = None
    commits: bool = False
    may_mistype: bool = False  # whoever opens it gave the date that stands, within a day


def move(draft: Draft, origin: Mapping[str, Any]) -> View:
    """The preview is redrawn when a day is picked; saving does not wait for it."""
    missing = "a day" if draft.release else "a release and a day"
    new = [line for line in draft.preview if line != draft.note]  # what stands above already is not said twice
    shown = bullets(new) if new else f"Pick {missing} to see who is affected."
    blocks = [
        kit.ask_day("date", "New date", _iso(draft.on), live=ids.PREVIEW),
        *([] if draft.commits else [_how_sure(draft, live=ids.PREVIEW_SURE)]),
        why(draft),
        kit.ask_one("kind", "Kind", [(kind.capitalize(), kind) for kind in KINDS], draft.kind, optional=True),
        kit.section(f"*This changes* (updates as you pick)\n{shown}", block_id="preview"),
        *([kit.ask_ticks("mistyped", "The date before", [(MISTYPED, "yes")])] if draft.may_mistype else []),
    ]
    if draft.commits:
        return about_one("Commit", draft, blocks, ids.COMMIT_FORM, "Commit", origin)
    return about_one("Move", draft, blocks, ids.MOVE_FORM, "Move", origin)


def ship(draft: Draft, origin: Mapping[str, Any]) -> View:
    blocks = [kit.ask_day("date", "Shipped on", _iso(draft.on), hint="Available to everyone since that day.")]
    return about_one("Ship", draft, blocks, ids.SHIP_FORM, "Mark shipped", origin)


def roll_back(draft: Draft, origin: Mapping[str, Any]) -> View:
    return about_one("Take back", draft, [why(draft)], ids.ROLLBACK_FORM, "Take back", origin)


def cancel(draft: Draft, origin: Mapping[str, Any]) -> View:
    return about_one("Cancel", draft, [why(draft)], ids.CANCEL_FORM, "Cancel release", origin, "Keep it")


def judge(draft: Draft, origin: Mapping[str, Any]) -> View:
    entries = [(health.words, health.value) for health in Health]
    why = kit.ask_words("reason", "Why?", draft.reason, lines=True, optional=True, hint="Needed for red and amber.", most=LONGEST_REASON)
    return about_one("Health of", draft, [kit.ask_one("health", "Health", entries, draft.health), why], ids.HEALTH_FORM, "Set", origin)


def own(draft: Draft, origin: Mapping[str, Any]) -> View:
    blocks = [kit.ask_person("user", "Owner", draft.owner, hint="Keeps date and health true, and confirms them.")]
    return about_one("Owner of", draft, blocks, ids.OWNER_FORM, "Save", origin)


def follow(draft: Draft, origin: Mapping[str, Any]) -> View:
    return about_one("Follow", draft, [], ids.FOLLOW_FORM, "Follow", origin)


def unfollow(draft: Draft, origin: Mapping[str, Any]) -> View:
    return about_one("Unfollow", draft, [], ids.UNFOLLOW_FORM, "Unfollow", origin)


def new(draft: Draft, origin: Mapping[str, Any]) -> View:
    blocks = [
        kit.ask_words("name", "Name", draft.name, most=LONGEST_NAME),
        kit.ask_day("date", "Date", _iso(draft.on), optional=True, hint="The first day that is committed is its baseline."),
        _how_sure(draft),
        kit.ask_person("user", "Owner", draft.owner, optional=True),
    ]
    if draft.teams:
        blocks.insert(3, kit.ask_one("team", "Team", draft.teams, draft.team, optional=True))
    return kit.modal("New release", [*noted(draft), *blocks], callback_id=ids.NEW_FORM, submit="Add", metadata=origin)


def about_one(
    verb: str, draft: Draft, blocks: Sequence[Block], callback_id: str, submit: str, origin: Mapping[str, Any], close: str = "Cancel"
) -> View:
    """A form about one release: named in its title, or asked for first."""
    if draft.release is None:
        found = kit.ask_typeahead("release", "Release", ids.FIND, hint="Its name or number.")
        view = kit.modal(f"{verb} a release", [*noted(draft), found, *blocks], callback_id=callback_id, submit=submit, metadata=origin)
    else:
        told = kit.context(f"{kit.name(draft.release.name)} · R-{draft.release.number}")
        metadata = {**origin, "release": draft.release.id}
        title = f"{verb} {draft.release.name}"
        view = kit.modal(title, [told, *noted(draft), *blocks], callback_id=callback_id, submit=submit, metadata=metadata)
    return view | {"close": kit.plain(close)}


MISTYPED = "I mistyped it: it does not count as a move"
SURE = (
    ("That day, committed", "day"),
    ("That day, planned", "planned"),
    ("Some time in its week", "week"),
    ("Some time in its month", "month"),
    ("Some time in its quarter", "quarter"),
)


def _how_sure(draft: Draft, live: str | None = None) -> Block:
    """How sure the date is. What was committed stays so while it is a day, so a move asks for less."""
    chosen = precision_of(draft.on) if draft.on else Precision.DAY
    value = "planned" if chosen is Precision.DAY and draft.is_planned else chosen.value
    return kit.ask_one("sure", "How sure is it?", SURE, draft.sure or value, optional=True, live=live)


def why(draft: Draft) -> Block:
    return kit.ask_words("reason", "Why?", draft.reason, lines=True, most=LONGEST_REASON)


def noted(draft: Draft) -> list[Block]:
    return [kit.section(f"Note: {kit.safe(draft.note)}", block_id="note")] if draft.note else []


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
