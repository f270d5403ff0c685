"""Small pure builders of blocks, and the one place that makes a person's words safe to show.

Only blocks from before 2025, as an answer to a command could not report that Slack refused a newer one.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.answers import Block, View
from domain.phrases import cut as cut


def safe(text: str) -> str:
    """A person's words inside mrkdwn: no mention, link or date of theirs is live. Cut before: an entity is longer than its sign."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def name(text: str) -> str:
    """A name, cut and made safe."""
    return safe(cut(text))


def person(slack_id: str | None, nobody: str = "nobody") -> str:
    """A mention: it shows the profile in private, and summons in a channel."""
    return f"<@{slack_id}>" if slack_id else nobody


def channel(slack_id: str) -> str:
    return f"<#{slack_id}>"


def instant(at: datetime, zone: str, form: str = "{date_short_pretty} {time}") -> str:
    """A point in time in the reader's own zone; the fallback names the zone that it is written in."""
    local = at.astimezone(ZoneInfo(zone))
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return f"<!date^{int(at.timestamp())}^{form}|{local:%a %-d %b %Y, %H:%M} {city}>"


def link(url: str, label: str) -> str:
    """A link, or only its label where the address is not plain http(s)."""
    if not url.startswith(("https://", "http://")) or any(sign in url for sign in "|<> \n"):
        return safe(label)
    return f"<{url}|{safe(label).replace('|', '/')}>"


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str, most: int = 3000) -> dict[str, Any]:
    return {"type": "plain_text", "text": text if len(text) <= most else f"{text[: most - 1]}…", "emoji": False}


def section(text: str, *, accessory: Block | None = None, block_id: str | None = None) -> Block:
    made = {"type": "section", "text": mrkdwn(text[:3000])}
    return _with(made, accessory=accessory, block_id=block_id) if accessory or block_id else made


def fields(*texts: str) -> Block:
    """Two columns on a desk, one on a phone: each must make sense alone."""
    return {"type": "section", "fields": [mrkdwn(text[:2000]) for text in texts[:10]]}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def divider() -> Block:
    return {"type": "divider"}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text[:3000]) for text in texts[:10]]}


def actions(*elements: Block, block_id: str | None = None) -> Block:
    return _with({"type": "actions", "elements": list(elements)}, block_id=block_id)


def button(
    label: str, action_id: str, value: str = "", *, about: str = "", style: str | None = None, confirm: tuple[str, str, str] | None = None
) -> Block:
    """`about` names the object for a screen reader; `confirm` is (question, yes, no)."""
    asked = None
    if confirm:
        question, yes, no = confirm
        asked = {"title": plain(label, 100), "text": plain(question, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}
    made: Block = {"type": "button", "text": plain(_short(label)), "action_id": action_id}
    if value:
        made["value"] = value[:2000]
    if about:
        made["accessibility_label"] = _short(f"{label} {about}")
    return _with(made, style=style, confirm=asked) if style or asked else made


def _short(label: str) -> str:
    return label if len(label) <= 75 else cut(label, 75)


def quote(words: str, most: int = 280) -> Block:
    """Somebody's words, shown as they were typed and parsed by nobody."""
    shown = words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": shown or " "}]}]}


def copyable(words: str) -> Block:
    """Somebody's words in a block of their own, which copies cleanly."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": words or " "}]}]}


def _with(block: Block, **optional: Any) -> Block:
    for key, value in optional.items():
        if value is not None:
            block[key] = value
    return block


def modal(
    title: str, blocks: Iterable[Block], *, callback_id: str, submit: str | None = None, metadata: Mapping[str, Any] | None = None
) -> View:
    """A form. `metadata` comes back with it as `request.metadata`; put `request.origin` in, so that the answer finds its way."""
    return _with(
        {
            "type": "modal",
            "callback_id": callback_id,
            "title": plain(cut(title, 24), 24),
            "close": plain("Cancel" if submit else "Close"),
            "blocks": list(blocks)[:100],
            "private_metadata": json.dumps(dict(metadata or {}), separators=(",", ":")),
        },
        submit=plain(submit, 24) if submit else None,
    )


def home(blocks: Iterable[Block]) -> View:
    return {"type": "home", "blocks": list(blocks)[:100]}


def options(entries: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"text": plain(cut(label, 75), 75), "value": value[:150]} for label, value in entries[:100]]


def with_new(known: Sequence[str | tuple[str, str]], typed: str, last: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """What a menu offers for typed words: what is known (a name, or how it is shown and the name), the words as something new, and what
    always stands last."""
    said = " ".join(typed.split())[:75]
    pairs = [(each, each) if isinstance(each, str) else each for each in known]
    taken = {each.casefold() for each in (*(each for pair in pairs for each in pair), *(label for label, _ in last))}
    new = [(f"Add “{cut(said)}”", said)] if said and said.casefold() not in taken else []
    return [*pairs, *new, *last]


def ask(block_id: str, label: str, element: Block, *, optional: bool = False, hint: str = "", live: bool = False) -> Block:
    """A labelled field. `live` sends a press when it changes."""
    return _with(
        {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element, "optional": optional},
        hint=plain(hint, 2000) if hint else None,
        dispatch_action=True if live else None,
    )


def ask_words(
    block_id: str, label: str, initial: str = "", *, lines: bool = False, optional: bool = False, hint: str = "", most: int = 3000
) -> Block:
    element = _with(
        {"type": "plain_text_input", "action_id": block_id, "multiline": lines, "max_length": most}, initial_value=initial[:most] or None
    )
    return ask(block_id, label, element, optional=optional, hint=hint)


def ask_one(
    block_id: str,
    label: str,
    entries: Sequence[tuple[str, str]],
    chosen: str | None = None,
    *,
    optional: bool = False,
    hint: str = "",
    about: Mapping[str, str] | None = None,
    live: str | None = None,
) -> Block:
    """A menu of known entries `(label, value)`; `about` says in some words more what a value means."""
    listed = [
        entry | ({"description": plain(about[entry["value"]], 75)} if about and entry["value"] in about else {})
        for entry in options(entries)
    ]
    initial = next((entry for entry in listed if entry["value"] == chosen), None)
    element = _with({"type": "static_select", "action_id": live or block_id, "options": listed}, initial_option=initial)
    return ask(block_id, label, element, optional=optional, hint=hint, live=live is not None)


def ask_typeahead(
    block_id: str, label: str, action_id: str, chosen: tuple[str, str] | None = None, *, optional: bool = False, hint: str = ""
) -> Block:
    """A menu that is filled while somebody types, by the listener in OPTIONS under `action_id`."""
    initial = options([chosen])[0] if chosen else None
    element = _with({"type": "external_select", "action_id": action_id, "min_query_length": 0}, initial_option=initial)
    return ask(block_id, label, element, optional=optional, hint=hint)


def ask_day(
    block_id: str, label: str, initial: str | None = None, *, optional: bool = False, hint: str = "", live: str | None = None
) -> Block:
    element = _with({"type": "datepicker", "action_id": live or block_id}, initial_date=initial)
    return ask(block_id, label, element, optional=optional, hint=hint, live=live is not None)


def ask_person(block_id: str, label: str, initial: str | None = None, *, optional: bool = False, hint: str = "") -> Block:
    element = _with({"type": "users_select", "action_id": block_id}, initial_user=initial)
    return ask(block_id, label, element, optional=optional, hint=hint)


def ask_channel(block_id: str, label: str, initial: str | None = None, *, optional: bool = False, hint: str = "") -> Block:
    """A channel of the company's own, public or private."""
    ours = {"include": ["public", "private"], "exclude_external_shared_channels": True, "exclude_bot_users": True}
    element = _with({"type": "conversations_select", "action_id": block_id, "filter": ours}, initial_conversation=initial)
    return ask(block_id, label, element, optional=optional, hint=hint)


def ask_ticks(block_id: str, label: str, entries: Sequence[tuple[str, str]], chosen: Sequence[str] = (), *, optional: bool = True) -> Block:
    listed = options(entries)
    ticked = [entry for entry in listed if entry["value"] in chosen]
    element = _with({"type": "checkboxes", "action_id": block_id, "options": listed}, initial_options=ticked or None)
    return ask(block_id, label, element, optional=optional)


def ask_some(
    block_id: str, label: str, entries: Sequence[tuple[str, str]], chosen: Sequence[str] = (), *, optional: bool = True, hint: str = ""
) -> Block:
    """Any number of known entries `(label, value)`."""
    listed = options(entries)
    picked = [entry for entry in listed if entry["value"] in chosen]
    element = _with({"type": "multi_static_select", "action_id": block_id, "options": listed}, initial_options=picked or None)
    return ask(block_id, label, element, optional=optional, hint=hint)


def ask_channels(block_id: str, label: str, initial: Sequence[str] = (), *, hint: str = "") -> Block:
    """Channels, public or private, shared ones too."""
    kinds = {"include": ["public", "private"], "exclude_bot_users": True}
    element = _with(
        {"type": "multi_conversations_select", "action_id": block_id, "filter": kinds}, initial_conversations=list(initial) or None
    )
    return ask(block_id, label, element, optional=True, hint=hint)


def ask_people(block_id: str, label: str, initial: Sequence[str] = (), *, optional: bool = False, hint: str = "") -> Block:
    element = _with({"type": "multi_users_select", "action_id": block_id}, initial_users=list(initial) or None)
    return ask(block_id, label, element, optional=optional, hint=hint)
