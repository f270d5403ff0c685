"""Journeys in threads: somebody names the bot and asks, and it answers there, for what the channel may see."""

from typing import Any

import pytest
from sqlalchemy import select

from models import Channel
from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, of
from tests.world import World


async def ask(world: World, person: str, words: str, channel: str = "C_WEEKLY") -> list[Any]:
    """What stands in the thread after it, as the person sees it: the bot's messages."""
    who = world.as_(person)
    first = await who.say(channel, "a question")
    await who.say(channel, f"<@{world.slack.bot_user}> {words}", thread=first.ts)
    await world.settle()
    return [message for message in who.thread(channel, first.ts) if message.bot]


async def test_when_is_answered_in_one_sentence_in_the_thread_for_everybody(world: World) -> None:
    await billing(world)
    (answer,) = await ask(world, "U_SALES", "when does Billing revamp ship?")
    assert answer.ephemeral_for is None
    first, second = answer.text.splitlines()
    assert first == "Billing revamp: Fri 5 Mar 2027. Green: on track. As first planned."
    assert second.startswith("R-1 · confirmed today · as of Sat 21 Nov")
    await world.as_("U_PM").command("C_PAY", "/release", "move Billing revamp to mid Q2 because vendor late")
    (answer,) = await ask(world, "U_SALES", "when billing revamp")
    assert "Billing revamp: Q2 2027" in answer.text


async def test_several_filters_at_once_around_a_team_or_alone(world: World) -> None:
    await billing(world)
    await world.release("Usage API", "2026-11-02", owner="U_SALES")
    for words, says in (
        ("late mine", "Sam Hill: 1 late open release"),
        ("status mine late", "Sam Hill: 1 late open release"),
        ("Payments green", "Payments: 1 green open release"),
        ("is Payments late?", "Payments: 1 open release"),
        ("status Payments late", "No late open releases in Payments."),
        ("list red mine", "Sam Hill: 1 red open release"),
    ):
        (answer,) = await ask(world, "U_SALES", words)
        assert answer.text.startswith(says), words
    (answer,) = await ask(world, "U_SALES", "what changed late Payments")
    assert answer.ephemeral_for == "U_SALES"


async def test_status_of_one_and_of_all(world: World) -> None:
    await billing(world)
    await world.release("Usage API", "2026-11-02")
    (card,) = await ask(world, "U_SALES", "status Billing revamp")
    assert card.text.startswith("Billing revamp (R-1): Green: on track.")
    assert "asked by Sam Hill" in "\n".join(said(card.blocks))
    assert [element for block in card.blocks if block["type"] == "actions" for element in block["elements"]] == []
    (listed,) = await ask(world, "U_SALES", "status")
    assert listed.text.startswith("2 open releases")
    (late,) = await ask(world, "U_SALES", "late")
    assert "Usage API" in late.text
    assert "Billing revamp" not in late.text


async def test_mine_is_of_who_asked(world: World) -> None:
    await billing(world)
    await world.release("Usage API", "2027-01-29", owner="U_PLAT")
    (answer,) = await ask(world, "U_PM", "mine")
    assert answer.text.startswith("Pia Marsh: 1 open release")
    assert "Usage API" not in answer.text


async def test_what_changed(world: World) -> None:
    await billing(world)
    await world.as_("U_PM").command("C_PAY", "/release", "move Billing revamp to 12 March because vendor late")
    (answer,) = await ask(world, "U_SALES", "what changed?")
    assert answer.text.splitlines()[0] == "2 changes since Sat 14 Nov 2026."
    assert 'Billing revamp: 5 Mar → 12 Mar 2027, "vendor late" (Pia Marsh, 21 Nov)' in answer.text
    (history,) = await ask(world, "U_SALES", "what changed in Billing revamp")
    assert history.text.startswith("Billing revamp: +5 working days in all, 1 move.")
    await world.advance(days=9)
    (quiet,) = await ask(world, "U_SALES", "what changed")
    assert quiet.text.startswith("Nothing changed since Mon 23 Nov 2026.")
    (since,) = await ask(world, "U_SALES", "what changed since 20 November")
    assert since.text.startswith("2 changes since Fri 20 Nov 2026.")
    (of_team,) = await ask(world, "U_SALES", "what changed in Payments")
    assert of_team.text.startswith("Nothing changed since Mon 23 Nov 2026 in Payments.")


async def test_help_and_a_mention_without_a_thread(world: World) -> None:
    sam = world.as_("U_SALES")
    asked = await sam.say("C_WEEKLY", f"<@{world.slack.bot_user}> help")
    await world.settle()
    answers = [message for message in sam.thread("C_WEEKLY", asked.ts) if message.bot]
    assert [message.text.splitlines()[0] for message in answers] == ["In threads, name me and ask:"]


async def test_what_is_not_understood_is_told_to_who_asked_alone(world: World) -> None:
    await billing(world)
    (answer,) = await ask(world, "U_SALES", "when Biling revamp")
    assert answer.ephemeral_for == "U_SALES"
    assert answer.text == 'I do not know "Biling revamp". Did you mean Billing revamp?'


@pytest.mark.parametrize(("person", "answered"), [("U_SALES", True), ("U_OUT", False)])
async def test_where_outsiders_read_only_who_asked_sees_the_answer_and_they_get_none(world: World, person: str, answered: bool) -> None:
    await billing(world)
    (answer,) = await ask(world, person, "when Billing revamp", "C_ACME")
    assert answer.ephemeral_for == person
    assert ("5 Mar 2027" in answer.text) is answered
    assert ("Only people of this company can ask me." in answer.text) is not answered


@pytest.mark.parametrize("words", ["when Billing revamp", "status Billing revamp", "late", "what changed"])
async def test_a_channel_that_faces_customers_reads_what_they_may_be_told(world: World, words: str) -> None:
    await billing(world)
    await world.as_("U_PM").command("C_PAY", "/release", 'say Billing revamp "Planned for spring."')
    async with world.transaction() as session:
        channel = (await session.scalars(select(Channel).where(Channel.slack_id == "C_WEEKLY"))).one()
        channel.faces_customers = True
    (answer,) = await ask(world, "U_PM", words)
    read = f"{answer.text} {answer.blocks}"
    assert ("Planned for spring." in read) is (words != "what changed")
    assert [word for word in ("5 Mar", "on track", "working day") if word in read] == []


async def test_an_edited_mention_is_not_answered_again(world: World) -> None:
    await billing(world)
    sam = world.as_("U_SALES")
    asked = await sam.say("C_WEEKLY", f"<@{world.slack.bot_user}> when Billing revamp")
    await world.settle()
    await sam.edit("C_WEEKLY", asked.ts, f"<@{world.slack.bot_user}> when Billing revamp please")
    await world.settle()
    mentions = [each for each in world.slack.deliveries if '"app_mention"' in str(each.body) or "'app_mention'" in str(each.body)]
    assert len(mentions) == 2  # Slack sends it again
    assert len([message for message in sam.thread("C_WEEKLY", asked.ts) if message.bot]) == 1


async def test_slack_sending_it_twice_answers_once(world: World) -> None:
    await billing(world)
    (answer,) = await ask(world, "U_SALES", "when Billing revamp")
    for delivery in [each for each in world.slack.deliveries if "app_mention" in str(each.body)]:
        await world.slack.deliver_again(delivery)
    await world.settle()
    sam = world.as_("U_SALES")
    assert len([message for message in sam.thread("C_WEEKLY", answer.thread_ts) if message.bot]) == 1


async def test_a_channel_of_a_team_is_asked_of_its_own(world: World) -> None:
    await billing(world)
    await world.release("Usage API", "2027-01-29")
    (answer,) = await ask(world, "U_PM", "status", "C_PAY")
    assert "Billing revamp" in answer.text
    assert "Usage API" not in answer.text


@pytest.mark.parametrize("words", ["thanks!", "Thank you.", "ok, thanks", "🙏"])
async def test_thanks_are_not_answered_with_what_was_not_understood(world: World, words: str) -> None:
    await billing(world)
    assert await ask(world, "U_SALES", words) == []
    await world.release("Thanks", "2027-04-01")
    answers = await ask(world, "U_SALES", "thanks")
    assert [answer.text.split(" (")[0] for answer in answers] == ["Thanks"]


async def test_a_change_that_is_asked_for_in_a_thread_is_told_where_to_say_it(world: World) -> None:
    release = await billing(world)
    (answer,) = await ask(world, "U_PM", "please move Billing revamp to tomorrow, thanks")
    assert answer.ephemeral_for == "U_PM"
    assert answer.text.startswith("In threads I only answer what you ask. For that, type `/release move NAME to DATE because REASON`")
    assert answer.text.endswith("Nothing was changed.")
    assert str((await of(world, release)).target_on) == "2027-03-05"
    (answer,) = await ask(world, "U_PM", "when is Billing revamp, please?")
    assert answer.text.startswith("Billing revamp: Fri 5 Mar 2027.")
