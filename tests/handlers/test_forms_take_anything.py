"""Every form about releases takes a shout, 40,000 characters and nothing, and calls nobody. Every list of any length is drawn."""

from typing import Any

import pytest

from tests.handlers.release_rows import many_releases, said
from tests.handlers.release_steps import billing
from tests.world import World

FORMS = (
    *("new", "move R-1", "commit R-2", "say R-1", "stage R-1", "cancel R-1", "health R-1", "owner R-1", "restrict R-1", "rename R-1"),
    *("alias R-1", "duplicate R-1", "add R-1", "take R-1", "rollback R-1", "ship R-1 on", "import"),
)
WORDS = {"shout": "<!channel> & <@U_OPS> <!here>", "long": "x" * 40_000, "nothing": ""}
LISTS = ("status", "status late", "since yesterday", "as of today", "roadmap", "report", "confirmations", "mine late")


def text_fields(view: dict[str, Any]) -> list[str]:
    elements = ((block, block.get("element", {})) for block in view["blocks"] if block["type"] == "input")
    return [block["block_id"] for block, element in elements if element.get("type") == "plain_text_input"]


def drawn(blocks: Any) -> str:
    """What Slack would read for mentions: mrkdwn, not what is plain or rich text."""
    if isinstance(blocks, dict):
        own = str(blocks["text"]) if blocks.get("type") == "mrkdwn" else ""
        return own + drawn(list(blocks.values()))
    return "".join(drawn(each) for each in blocks) if isinstance(blocks, list) else ""


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("line", FORMS)
async def test_every_form_takes_a_shout_a_novel_and_nothing(world: World, line: str, kind: str) -> None:
    await billing(world)
    await world.release("Usage API", "2026-12-16", owner="U_PM")
    pia = world.as_("U_OPS" if line == "import" else "U_PM")
    replies = [await pia.command("C_WEEKLY", "/release", line)]
    if pia.view:
        replies.append(await pia.submit(dict.fromkeys(text_fields(pia.view), WORDS[kind])))
    replies.append(await pia.command("C_WEEKLY", "/release", f"{line} {WORDS[kind]}"[:8000]))
    await world.settle()
    for reply in replies:
        assert reply.status in (0, 200)
        assert "could not be done" not in reply.text and "(ref " not in reply.text
    heard = [message for name in ("U_PM", "U_OPS", "U_LEAD") for message in (*world.as_(name).dms(), *world.as_(name).sees("C_WEEKLY"))]
    loud = [message.text + drawn(message.blocks) for message in heard if message.bot]
    assert [words for words in loud if "<!channel>" in words] == []
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
