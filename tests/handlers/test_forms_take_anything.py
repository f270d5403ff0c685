"""Every form takes a shout, 40,000 characters and nothing, and calls nobody; so does every line about a release. Every list is drawn."""

import re
from typing import Any

import pytest

from handlers import SLICES
from playground.forms import options_of
from playground.people import Actor, Reply
from playground.plain import plain_text
from tests.handlers.every_form import WAYS, open_form, prepare
from tests.handlers.release_rows import many_releases, said
from tests.handlers.release_steps import billing
from tests.world import World

FORMS = [form for each in SLICES for form in getattr(each, "VIEWS", {})]
LINES = (
    *("new", "move R-1", "commit R-1", "say R-1", "stage R-1", "cancel R-1", "health R-1", "owner R-1", "restrict R-1", "rename R-1"),
    *("alias R-1", "duplicate R-1", "add R-1", "take R-1", "rollback R-1", "ship R-1 on", "import"),
)
SHOUT = "<!channel> & <@U_OPS> <!here>"
WORDS = (f"{SHOUT} {'x' * 40_000}", "")
CALLS = re.compile(r"<!(?:channel|here|everyone|subteam)|& <@|&amp; <@")
LISTS = ("status", "status late", "since yesterday", "as of today", "roadmap", "report", "confirmations", "mine late")
PICKED = {"users_select": "U_LEAD", "channels_select": "C_WEEKLY", "conversations_select": "C_WEEKLY", "datepicker": "2026-12-18"}

PEOPLE = ("U_PM", "U_OPS", "U_LEAD", "U_SALES", "U_MOB")
ROOMS = ("C_WEEKLY", "C_PAY", "C_MOB", "C_PRIV", "C_OPS")


def drawn(blocks: Any) -> str:
    """What Slack would read for mentions: mrkdwn, not what is plain or rich text."""
    if isinstance(blocks, dict):
        own = str(blocks["text"]) if blocks.get("type") == "mrkdwn" else ""
        return own + drawn(list(blocks.values()))
    return "".join(drawn(each) for each in blocks) if isinstance(blocks, list) else ""


async def filled(who: Actor, words: str) -> dict[str, Any]:
    """Words in every field for words, as long as the field lets them be; and whatever else must be chosen is chosen."""
    values: dict[str, Any] = {}
    for block in [block for block in who.view["blocks"] if block["type"] == "input"]:
        element, state = block["element"], who.view["state"]["values"][block["block_id"]]
        kind, chosen = element["type"], next((v for k, v in state[element["action_id"]].items() if k != "type"), None)
        if kind == "plain_text_input":
            values[block["block_id"]] = words[: element.get("max_length", 3000)]
        elif not chosen and not block.get("optional"):
            values[block["block_id"]] = await _any(who, block, element)
    return values


def typed_in(who: Actor) -> dict[str, str | None]:
    """What stands in the fields for words."""
    states = who.view["state"]["values"].items()
    return {block: field["value"] for block, fields in states for field in fields.values() if field["type"] == "plain_text_input"}


async def _any(who: Actor, block: Any, element: Any) -> Any:
    kind = element["type"]
    if "external" in kind:
        found = await who.options(element["action_id"], "a", block_id=block["block_id"])
        return found[-1]["value"] if found else None
    if "select" in kind and options_of(element):
        return options_of(element)[-1]["value"]
    return PICKED.get(kind.removeprefix("multi_"))


def loud(world: World) -> list[str]:
    """What the bot said with those words in it so that Slack would call somebody."""
    heard = [message for name in PEOPLE for room in (*ROOMS, name) for message in _seen(world.as_(name), room)]
    return [text for message in heard if message.bot and CALLS.search(text := message.text + drawn(message.blocks))]


def _seen(who: Actor, room: str) -> list[Any]:
    return who.dms() if room == who.id else [reply for first in who.sees(room) for reply in who.thread(room, first.ts) or [first]]


def test_every_form_has_a_way_to_it_here() -> None:
    assert set(WAYS) == set(FORMS)


@pytest.mark.parametrize("form", FORMS)
async def test_every_form_takes_a_shout_a_novel_and_nothing(world: World, form: str) -> None:
    await prepare(world)
    who = await open_form(world, form)
    for words in WORDS:
        if not is_open(who, form):
            break
        empty, full = typed_in(who), await filled(who, words)
        reply = await sent(world, who, full)
        if reply.errors:  # what it refused is as before, so that the other words get in
            await sent(world, who, full | {block: was for block, was in empty.items() if block in reply.errors})
    await world.advance(minutes=6)
    shown = [*(plain_text(view["blocks"]) for view in who.views), *(m.text for room in ROOMS for m in _seen(who, room) if m.bot)]
    assert [text for text in shown if "(ref " in text] == []
    assert loud(world) == []


async def sent(world: World, who: Actor, fields: dict[str, Any]) -> Reply:
    reply = await who.submit(fields)
    await world.settle()
    assert reply.status == 200 or reply.errors
    assert "(ref " not in f"{reply.text}{reply.errors}"
    return reply


def is_open(who: Actor, form: str) -> bool:
    return bool(who.view and who.view["callback_id"] == form and who.view["submit"])


@pytest.mark.parametrize("line", LINES)
async def test_every_line_about_a_release_takes_a_shout_a_novel_and_nothing(world: World, line: str) -> None:
    await billing(world)
    await world.release("Usage API", "2026-12-16", owner="U_PM")
    pia = world.as_("U_OPS" if line == "import" else "U_PM")
    for words in (*WORDS, SHOUT):
        reply = await pia.command("C_WEEKLY", "/release", f"{line} {words}"[:8000])
        await world.settle()
        assert reply.status == 200
        assert "(ref " not in reply.text
    assert loud(world) == []
    status = await pia.command("C_WEEKLY", "/release", "status R-1")
    assert "(R-1)" in status.text


@pytest.mark.parametrize("count", [0, 1, 51, 1000])
async def test_every_list_is_drawn_however_long_it_is(world: World, count: int) -> None:
    await many_releases(world, count, name="<!channel> {n} & co", owner="U_PM")
    pia = world.as_("U_PM")
    for line in LISTS:
        reply = await pia.command("C_WEEKLY", "/release", line)
        assert reply.status == 200
        assert reply.text
        assert len(reply.blocks) <= 50
        assert len(str(said(reply.blocks))) < 12_000
        assert "<!channel>" not in reply.text + drawn(reply.blocks), line
