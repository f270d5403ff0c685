"""The forms of what is done seldom: other names, stages, who sees it, what is in it. And their buttons, which stand in *More*."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, View
from domain.lifecycle import LONGEST_NAME
from domain.releases import Stage
from handlers.releases import ids
from handlers.releases.views_forms import Draft, about_one, why

STAGES = (("Internal: our own people", "internal"), ("Beta: invited customers", "beta"), ("Limited: some customers", "limited"))
EVERYONE = ("Everyone: shipped", "everyone")


@dataclass(frozen=True, slots=True)
class Seldom(Draft):
    """`other` is a second release, `(name, id)`; `work` a piece of work by its title or key; `people` Slack ids of readers,
    user groups among them; `groups` those to choose from, `(label, id)`."""

    other: tuple[str, str] | None = None
    stage: str | None = None
    people: Sequence[str] = ()
    groups: Sequence[tuple[str, str]] = ()
    work: str = ""

    def with_note(self, note: str) -> Seldom:
        return replace(self, note=note)


def rename(draft: Seldom, origin: Mapping[str, Any]) -> View:
    ask = kit.ask_words("name", "New name", draft.name, hint="The old name goes on answering.", most=LONGEST_NAME)
    return about_one("Rename", draft, [ask], ids.RENAME_FORM, "Rename", origin)


def alias(draft: Seldom, origin: Mapping[str, Any]) -> View:
    ask = kit.ask_words("name", "Another name", draft.name, hint="It answers to both from then on.", most=LONGEST_NAME)
    return about_one("Also call", draft, [ask], ids.ALIAS_FORM, "Save", origin)


def unalias(draft: Seldom, origin: Mapping[str, Any]) -> View:
    ask = kit.ask_words("name", "Another name", draft.name, hint="Another may be called so then.", most=LONGEST_NAME)
    return about_one("Take a name of", draft, [ask], ids.UNALIAS_FORM, "Take away", origin)


def duplicate(draft: Seldom, origin: Mapping[str, Any]) -> View:
    ask = kit.ask_typeahead("other", "The same as", ids.FIND, draft.other, hint="That one stays, and answers to both names.")
    return about_one("Close", draft, [ask], ids.DUPLICATE_FORM, "Close", origin, "Keep both")


def stage(draft: Seldom, origin: Mapping[str, Any]) -> View:
    blocks = [
        kit.ask_one("stage", "Who has it?", (*STAGES, EVERYONE), draft.stage),
        kit.ask_day("date", "Since", draft.on.isoformat() if draft.on else None),
        kit.ask_words("reason", "Anything to add?", draft.reason, lines=True, optional=True),
    ]
    return about_one("Stage of", draft, blocks, ids.STAGE_FORM, "Save", origin)


def restrict(draft: Seldom, origin: Mapping[str, Any]) -> View:
    hint = "They, its owner and product operations see it; nobody else learns that it is there."
    named = [each for each in draft.people if not each.startswith("S")]
    ask = [kit.ask_people("people", "Who may see it", named, optional=bool(draft.groups), hint=hint)]
    if draft.groups:
        ask.append(kit.ask_some("groups", "User groups", draft.groups, draft.people, hint="Whoever is in them when they look."))
    return about_one("Restrict", draft, ask, ids.RESTRICT_FORM, "Save", origin)


def lift(draft: Seldom, origin: Mapping[str, Any]) -> View:
    told = kit.section("The whole workspace will see it, with its history.", block_id="told")
    return about_one("Show", draft, [told], ids.LIFT_FORM, "Show to everybody", origin)


def put_in(draft: Seldom, origin: Mapping[str, Any]) -> View:
    ask = kit.ask_words("work", "Piece of work", draft.work, hint="Its title or key. What is not known yet is added.", most=LONGEST_NAME)
    return about_one("Add work to", draft, [ask, why(draft)], ids.PUT_IN_FORM, "Add", origin)


def take_out(draft: Seldom, origin: Mapping[str, Any]) -> View:
    ask = kit.ask_words("work", "Piece of work", draft.work, hint="Its title or key.", most=LONGEST_NAME)
    return about_one("Take out of", draft, [ask, why(draft)], ids.TAKE_OUT_FORM, "Take out", origin)


def buttons(facts: Any) -> list[Block]:
    """For *More*: `facts` is the row of a card."""
    value, about = str(facts.id), kit.cut(facts.name)
    shown = [("Rename", ids.RENAME), ("Another name", ids.ALIAS)]
    if facts.is_open:
        shown += [("Stage", ids.STAGE), ("Add work", ids.PUT_IN), ("Take work out", ids.TAKE_OUT)]
        shown += [] if facts.restricted else [("It is a duplicate", ids.DUPLICATE)]
    shown.append(("Tell reporters", ids.REPORTERS))
    shown.append(("Change its readers", ids.RESTRICT) if facts.restricted else ("Restrict", ids.RESTRICT))
    shown += [("Show to everybody", ids.LIFT)] if facts.restricted else []
    return [kit.actions(*(kit.button(label, action, value, about=about) for label, action in shown))]


def stage_words(reached: Stage | str) -> str:
    """Who has it, such as "beta: invited customers"."""
    label = next(label for label, value in (*STAGES, EVERYONE) if value == str(reached))
    return label[0].lower() + label[1:]
