"""Nothing that people type summons a channel: not in the blocks, and not in the text that phones and screen readers get."""

import json

from tests.world import World

LOUD = "<!channel> & <!here>"


async def test_what_people_type_is_never_live(world: World) -> None:
    """Names and words in every slice, then every way in which they are shown again."""
    await world.settle()
    payments = await world.team(f"Pay {LOUD}", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    await world.team("Mobile", lead="U_MOB", channel="C_MOB", zone="Europe/London")
    await world.release(f"Billing {LOUD}", "2026-08-05", team=payments, owner="U_PM")
    pia, paul, mona = world.as_("U_PM"), world.as_("U_LEAD"), world.as_("U_MOB")
    replies = [await mona.command("C_MOB", "/dependency", "ask")]
    asked = await mona.submit(
        {"Which team?": f"Pay {LOUD}", "What do you need?": LOUD, "By when?": "2026-11-30", "Why?": LOUD, "For which release?": "R-1"}
    )
    assert not asked.errors
    await world.settle()
    await paul.press(next(message for message in paul.sees("C_PAY") if "D-1" in message.text), "dependencies:offer")
    await paul.submit({"Which day can you promise?": "2026-12-04", "Why?": LOUD})
    await world.settle()
    await pia.command("C_PAY", "/escalate", LOUD)
    await pia.submit({"Severity": "High"})
    await pia.command("C_PAY", "/customer-feedback", LOUD)
    await pia.submit({"Customer": LOUD})
    for channel, command, text in (
        ("C_PAY", "/digest", "subscribe every Monday at 9"),
        ("C_PAY", "/digest", "list"),
        ("C_PAY", "/digest", "now"),
        ("C_PAY", "/dependency", ""),
        ("C_PAY", "/dependency", "D-1"),
        ("C_PAY", "/release", "status"),
        ("C_PAY", "/release", "R-1"),
        ("C_PAY", "/release", "history R-1"),
        ("C_PAY", "/release", "move R-1 to 30 November because <!channel> late"),
        ("C_PAY", "/release", "rollback R-1 because x"),
        ("C_PAY", "/team", "list"),
        ("C_PAY", "/team", "channel R-1"),
        ("C_PAY", "/team", f"show Pay {LOUD}"),
        ("C_PAY", "/escalate", "list"),
        ("C_PAY", "/customer-feedback", "list"),
    ):
        replies.append(await pia.command(channel, command, text))
    await world.advance(days=9)
    sent = [call.args for call in world.slack.calls if call.method in ("chat.postMessage", "chat.update", "chat.postEphemeral")]
    texts = [str(args.get("text")) for args in sent] + [reply.text or "" for reply in replies]
    texts += [found for args in sent for found in _mrkdwn(args.get("blocks"))] + [
        found for each in replies for found in _mrkdwn(each.blocks)
    ]
    assert len(texts) > 50
    assert [text for text in texts if "<!channel" in text or "<!here" in text] == []


def _mrkdwn(blocks: object) -> list[str]:
    """Every text in which Slack reads signs."""
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    if isinstance(blocks, list):
        return [found for each in blocks for found in _mrkdwn(each)]
    if not isinstance(blocks, dict):
        return []
    own = [blocks["text"]] if blocks.get("type") == "mrkdwn" else []
    return own + [found for value in blocks.values() if isinstance(value, dict | list) for found in _mrkdwn(value)]
