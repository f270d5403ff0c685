"""Journeys with escalations."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.digests import Scope
from handlers.escalations import reading
from models import Audit, Escalation, Person, Workspace
from tests.world import World, running

RAISE = "escalations:raise"
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # 09:30 in Berlin


async def payments(world: World, **more: Any) -> int:
    await world.settle()  # who is where is known
    return await world.team("Payments", **{"lead": "U_LEAD", "channel": "C_PAY", "zone": "Europe/Berlin"} | more)


async def escalate(world: World, person: str = "U_SALES", channel: str = "C_WEEKLY", words: str = "login is down", **fields: Any) -> Any:
    """Somebody escalates a message of theirs; gives the message."""
    actor = world.as_(person)
    said = await actor.say(channel, words)
    await actor.shortcut(RAISE, channel=channel, ts=said.ts)
    reply = await actor.submit({"Severity": "High", "Team": "Payments"} | fields)
    assert not reply.errors, reply.errors
    await world.settle()
    return said


async def rows(world: World) -> list[Escalation]:
    async with world.reading() as session:
        return list(await session.scalars(select(Escalation).order_by(Escalation.number)))


def card_in(world: World, channel: str = "C_PAY", person: str = "U_LEAD") -> Any:
    return next(message for message in world.as_(person).sees(channel) if "E-1" in message.text)


def thread_of(world: World, message: Any, person: str = "U_LEAD") -> list[str]:
    return [reply.text for reply in world.as_(person).thread(message.channel, message.ts)[1:]]


async def test_a_message_becomes_a_card_in_the_team_s_channel(world: World) -> None:
    await payments(world)
    await world.move_to(MONDAY)
    sam = world.as_("U_SALES")
    said = await sam.say("C_WEEKLY", "Acme cannot export invoices")
    await sam.shortcut(RAISE, channel="C_WEEKLY", ts=said.ts)
    form = str(sam.view)
    assert "Target for High: acknowledge in 1 working hour, solve in 1 working day" in form
    assert "The card with your words goes to the team’s channel" in form
    assert [option["text"]["text"] for option in await sam.options("escalations:team", "pay")] == ["Payments · #team-payments"]
    await sam.submit({"Severity": "High", "Team": "Payments", "Customer": "Acme"})
    await world.settle()
    (row,) = await rows(world)
    assert (row.number, row.owner, row.state, row.severity, row.raised_by) == (1, "U_LEAD", "raised", "high", "U_SALES")
    due = [f"{at:%a %H:%M}" for at in (row.acknowledge_by, row.resolve_by)]
    assert due == ["Mon 09:30", "Tue 08:30"]
    card = card_in(world)
    assert card.text.startswith("E-1 High: Acme cannot export invoices\nWith: <@U_LEAD> · *not acknowledged")
    assert [block["type"] for block in card.blocks] == ["section", "rich_text", "section", "section", "actions", "context"]
    assert [element["text"]["text"] for element in card.blocks[4]["elements"]] == ["Acknowledge", "Add update", "Resolve"]
    assert "raised by Sam Hill" in card.plain
    assert f"/archives/C_WEEKLY/p{said.ts.replace('.', '')}" in str(card.blocks)
    (told,) = thread_of(world, said, "U_SALES")
    assert told == "Escalated as E-1 to Payments. You will hear here when somebody takes it."
    async with world.reading() as session:
        assert (await session.scalars(select(Audit).where(Audit.subject == "escalation"))).first() is not None


async def test_from_raised_to_resolved_the_card_tells_how_it_stands(world: World) -> None:
    await payments(world)
    await world.move_to(MONDAY)
    said = await escalate(world)
    lead = world.as_("U_LEAD")
    await world.advance(minutes=12)
    await lead.press(card_in(world), "escalations:acknowledge")
    await world.settle()
    card = card_in(world)
    assert "With: <@U_LEAD>, acknowledged in 12 working minutes" in card.text
    assert [element["text"]["text"] for element in card.blocks[4]["elements"]] == ["Add update", "Resolve"]
    assert thread_of(world, said)[1].startswith("Paul Lind has E-1. Next update by Tue 24 Nov, 09:30 Berlin. You may say: “We are looking")
    await lead.press(card, "escalations:update")
    await lead.submit({"Update": "Found it: a <!channel> certificate", "What to tell the customer": "It works again by noon."})
    await world.settle()
    assert "It works again by noon." in card_in(world).plain
    assert thread_of(world, card) == ["Paul Lind on E-1: Found it: a &lt;!channel&gt; certificate"]
    assert thread_of(world, said)[2] == thread_of(world, card)[0]
    await world.advance(hours=3)
    await lead.press(card_in(world), "escalations:resolve")
    reply = await lead.submit({"Root cause": " ", "Corrective action": "none, because it was a typo"})
    assert "cause" in reply.errors
    await lead.submit({"Root cause": "An expired certificate", "Corrective action": "Renewal is automatic now"})
    await world.settle()
    card = card_in(world)
    assert card.text == ("E-1 resolved in 3 working hours: login is down\nCause: An expired certificate. Action: Renewal is automatic now.")
    assert len(card.blocks) == 1
    assert thread_of(world, said)[3].startswith("E-1 is resolved. Cause: An expired certificate.")
    assert "No open escalations" in (await lead.command("C_PAY", "/escalate", "list")).text
    shown = await lead.command("C_PAY", "/escalate", "show E-1")
    assert "resolved in 3 working hours" in shown.text
    assert "Found it" in shown.text


async def test_two_presses_of_acknowledge_make_one_change(world: World) -> None:
    await payments(world)
    await world.move_to(MONDAY)
    said = await escalate(world)
    card = card_in(world)
    await asyncio.gather(*(world.as_(person).press(card, "escalations:acknowledge") for person in ("U_LEAD", "U_PM", "U_OPS")))
    await world.settle()
    assert len([line for line in thread_of(world, said) if "has E-1" in line]) == 1
    (row,) = await rows(world)
    refused = [
        person
        for person in ("U_LEAD", "U_PM", "U_OPS")
        if any("was acknowledged already" in message.text for message in world.as_(person).sees("C_PAY"))
    ]
    assert sorted([*refused, row.acknowledged_by]) == ["U_LEAD", "U_OPS", "U_PM"]


async def test_guests_and_outsiders_change_nothing(world: World) -> None:
    await payments(world)
    await escalate(world)
    card = card_in(world)
    for person, sentence in (("U_GUEST", "Guests cannot change that"), ("U_OUT", "Only people of this company")):
        await world.slack.join("C_PAY", person)
        await world.settle()
        await world.as_(person).press(card, "escalations:acknowledge")
        await world.settle()
        assert sentence in world.as_(person).sees("C_PAY")[-1].text
    assert (await rows(world))[0].state == "raised"
    assert "Guests cannot" in (await world.as_("U_GUEST").command("C_PAY", "/escalate", "login is down")).text


@pytest.mark.parametrize("severity", ["Critical", "High", "Normal", "Low"])
async def test_one_warning_before_and_one_notice_at_each_missed_target(world: World, severity: str) -> None:
    await payments(world)
    await world.move_to(MONDAY)
    await escalate(world, Severity=severity)
    card, (row,) = card_in(world), await rows(world)
    seen = []
    while (row := (await rows(world))[0]).next_notice_at is not None:
        await world.move_to(row.next_notice_at)
        await world.tick()
        seen.append((await rows(world))[0].next_notice)
    said = thread_of(world, card)
    assert len(said) == 4
    assert [("is to be" in line, "past its time" in line) for line in said] == [(True, False), (False, True)] * 2
    assert all(line.startswith("<@U_LEAD> E-1 (login is down)") for line in said)
    await world.advance(days=60)
    assert len(thread_of(world, card)) == 4
    assert "was due" in card_in(world).text


async def test_a_late_tick_says_only_the_worse_thing(world: World) -> None:
    await payments(world)
    await world.move_to(MONDAY)
    await escalate(world)
    await world.advance(hours=2)
    (line,) = thread_of(world, card_in(world))
    assert "past its time to acknowledge (Mon 23 Nov, 10:30 Berlin)" in line
    await world.tick()
    await world.tick()
    assert len(thread_of(world, card_in(world))) == 1


async def test_what_is_acknowledged_or_resolved_sends_no_notice(world: World) -> None:
    await payments(world)
    await world.move_to(MONDAY)
    await escalate(world)
    lead = world.as_("U_LEAD")
    await lead.press(card_in(world), "escalations:acknowledge")
    await world.settle()
    await world.advance(hours=2)
    assert thread_of(world, card_in(world)) == []
    await lead.press(card_in(world), "escalations:resolve")
    await lead.submit({"Root cause": "cable", "Corrective action": "tape"})
    await world.settle()
    await world.advance(days=3)
    assert len(thread_of(world, card_in(world))) == 1  # the resolution itself
    assert (await rows(world))[0].next_notice_at is None


async def test_two_replicas_send_each_notice_once(world: World, database_url: str) -> None:
    await payments(world)
    await world.move_to(MONDAY)
    for number in range(6):
        await escalate(world, words=f"problem {number}")
    async with running(world.slack, database_url) as other:
        world.slack.clock.move_to(MONDAY + timedelta(minutes=65))
        await asyncio.gather(*(app.ticker.tick_all() for app in (world.app, other, world.app, other)))
        await asyncio.gather(world.app.clock_moved(), other.clock_moved())
        await world.settle()
    cards = [message for message in world.as_("U_LEAD").sees("C_PAY") if message.text.startswith("E-")]
    assert len(cards) == 6
    for card in cards:
        assert len([line for line in thread_of(world, card) if "past its time to acknowledge" in line]) == 1


async def test_without_a_team_it_waits_in_the_home_channel_to_be_routed(world: World) -> None:
    await world.settle()
    async with world.transaction() as session:
        (await session.scalars(select(Workspace))).one().home_channel = "C_OPS"
    await escalate(world, Team=None)
    card = card_in(world, "C_OPS", "U_OPS")
    assert "to be routed" in card.text
    assert (await rows(world))[0].owner is None
    await world.as_("U_OPS").press(card, "escalations:acknowledge")
    await world.settle()
    assert (await rows(world))[0].owner == "U_OPS"


@pytest.mark.parametrize("has_operations", [True, False])
async def test_without_a_home_channel_somebody_gets_it_privately_and_is_told_why(world: World, has_operations: bool) -> None:
    await world.settle()  # who works here is known
    async with world.transaction() as session:
        (await session.scalars(select(Person).where(Person.slack_id == "U_OPS"))).one().is_product_operations = has_operations
    await escalate(world, Team=None)
    who = world.as_("U_OPS" if has_operations else "U_SALES")
    card = next(message for message in who.dms() if "E-1" in message.text)
    assert "There is no home channel that I may write to" in card.plain
    await who.press(card, "escalations:acknowledge")
    await world.settle()
    assert (await rows(world))[0].state == "acknowledged"


async def test_words_after_the_command_open_the_form_with_them(world: World) -> None:
    await payments(world)
    sam = world.as_("U_SALES")
    typed = ("the login is down for Acme", "show stopper for Acme", "list of users is empty", "new slow", "")
    for text in typed:
        await sam.command("C_WEEKLY", "/escalate", text)
        assert sam.view is not None
        field = next(block for block in sam.view["blocks"] if block.get("block_id") == "summary")
        assert field["element"].get("initial_value", "") == text.removeprefix("new ")
        await sam.close()
    await sam.command("C_WEEKLY", "/escalate", "the login is down for Acme")
    await sam.submit({"Severity": "Critical", "Team": "Payments"})
    await world.settle()
    answer = sam.sees("C_WEEKLY")[-1]
    assert answer.ephemeral_for == "U_SALES"
    assert "E-1 is with <@U_LEAD>. The card is in <#C_PAY>." in answer.text
    assert "E-1 Critical" in (await sam.command("C_WEEKLY", "/escalate", "e-1")).text
    assert 'no escalation "E-9"' in (await sam.command("C_WEEKLY", "/escalate", "E-9")).text
    assert sam.view is None
    await world.as_("U_LEAD").press(card_in(world), "escalations:acknowledge")
    await world.settle()
    assert any("Paul Lind has E-1" in message.text for message in sam.dms())


async def test_where_outsiders_read_the_raiser_hears_privately(world: World) -> None:
    await payments(world)
    said = await escalate(world, channel="C_ACME")
    await world.as_("U_LEAD").press(card_in(world), "escalations:acknowledge")
    await world.settle()
    outsider = world.as_("U_OUT")
    assert [message.text for message in outsider.thread("C_ACME", said.ts)] == [said.text]
    assert [message.text for message in outsider.sees("C_ACME")] == [said.text]
    assert any("Paul Lind has E-1" in message.text for message in world.as_("U_SALES").dms())


async def test_a_team_whose_channel_outsiders_read_gets_its_card_elsewhere(world: World) -> None:
    await payments(world, channel="C_ACME")
    async with world.transaction() as session:
        (await session.scalars(select(Workspace))).one().home_channel = "C_OPS"
    await escalate(world)
    assert "Payments has no channel that I may write to" in card_in(world, "C_OPS", "U_OPS").plain
    assert world.as_("U_OUT").sees("C_ACME") == []


@pytest.mark.parametrize("words", ["<!channel> look", "x" * 40_000, "a & b <b>*bold*</b>"])
async def test_any_words_can_be_escalated_and_summon_nobody(world: World, words: str) -> None:
    await payments(world)
    await escalate(world, words=words)
    card = card_in(world)
    assert "<!channel>" not in card.text
    assert len(str(card.blocks)) < 9000
    listed = await world.as_("U_LEAD").command("C_PAY", "/escalate", "list")
    assert "<!channel>" not in listed.text


async def test_a_form_without_words_or_severity_is_refused(world: World) -> None:
    sam = world.as_("U_SALES")
    await sam.command("C_WEEKLY", "/escalate", "")
    reply = await sam.submit({"Summary": "   ", "Severity": "Low"})
    assert "summary" in reply.errors
    assert await rows(world) == []


@pytest.mark.parametrize("count", [0, 1, 51, 1000])
async def test_the_list_shows_the_most_urgent_twelve(world: World, count: int) -> None:
    team = await payments(world)
    now = world.clock.now()
    async with world.transaction() as session:
        session.add_all(
            Escalation(
                number=n,
                summary=f"problem {n}",
                severity="critical" if n == count else "low",
                state="raised",
                team_id=team,
                raised_by="U_SALES",
                raised_at=now,
                acknowledge_by=now,
                resolve_by=now,
                channel="C_WEEKLY",
            )
            for n in range(1, count + 1)
        )
    reply = await world.as_("U_PM").command("C_PAY", "/escalate", "list")
    assert reply.status == 200
    first = {0: "No open escalations", 1: "1 open escalation.", 51: "51 open escalations, showing the 12 most urgent"}
    assert reply.text.startswith(first.get(count, "1,000 open escalations, showing the 12 most urgent"))
    assert len(reply.blocks) <= 26
    if count:
        assert f"E-{count} Critical" in reply.text.splitlines()[1]


async def test_a_lost_reply_of_slack_posts_one_card_and_one_notice(world: World) -> None:
    await payments(world)
    await world.move_to(MONDAY)
    world.slack.faults.add("chat.postMessage", times=2, reset="after")
    await escalate(world)
    world.slack.faults.add("chat.postMessage", times=1, reset="after")
    await world.advance(hours=2)
    assert len([message for message in world.as_("U_LEAD").sees("C_PAY") if "E-1" in message.text]) == 1
    assert len(thread_of(world, card_in(world))) == 1


async def test_the_digest_names_what_is_past_its_time(world: World) -> None:
    team = await payments(world)
    await world.move_to(MONDAY)
    await escalate(world)
    await escalate(world, words="secret trouble", person="U_PM", channel="C_PRIV")
    await world.advance(hours=2)
    now = world.clock.now()
    for channel, team_id, names in (("C_WEEKLY", None, ["E-1"]), ("C_PAY", team, ["E-1", "E-2"]), ("C_ACME", None, []), ("C_MOB", 99, [])):
        scope = Scope(channel, team_id, now, now, now.date(), "Europe/Berlin")
        async with world.reading() as session:
            sections = await reading.digest(session, scope, world.app.deps)
        lines = [line for section in sections for line in section.lines]
        assert [line.text.split()[0] for line in lines] == names
        assert all(line.mention == "U_LEAD" for line in lines)
