"""What each surface shows: answers, refusals, crashes, and a database or a Slack that does not answer."""

import logging
import re
from typing import Any

import pytest

from bot.answers import Errors, Message, Nothing, Open, Options, Say, Update
from bot.inbox import keep, recall
from tests.bot.machine import Machine, a_machine, until
from tests.bot.notes import REFUSALS, a_slice

SENTENCES = {name: make().sentence for name, make in REFUSALS.items()}


async def opened(machine: Machine, callback_id: str = "notes:save") -> Any:
    await machine.note(f"form {callback_id}")
    return machine.as_().view


# Answers


@pytest.mark.parametrize(
    "answer",
    [
        Say(Message("words", [{"type": "divider"}]), replace=True), Open({"type": "modal"}), Update({"a": [1]}), Errors({"b": "c"}),
        Options([("label", "1")]), Nothing(),
    ],
)  # fmt: skip
def test_an_answer_that_was_kept_is_the_answer(answer: Any) -> None:
    again = recall(keep(answer))
    assert (type(again), keep(again)) == (type(answer), keep(answer))


async def test_say_reaches_the_person_on_every_surface(machine: Machine) -> None:
    person = machine.as_()
    reply = await machine.note("say")
    assert (reply.text, reply.ephemeral) == ("Here you are.", True)
    message = await machine.buttons()
    before = machine.whispers()
    await person.press(message, "notes:say")
    await person.shortcut("notes:say", "C1", message.ts)
    await opened(machine)
    await person.press(person.view, "notes:say")
    await machine.settle()
    assert machine.whispers()[len(before) :] == ["Here you are."] * 3
    await person.submit({"Words": "by form"})
    await machine.settle()
    assert machine.whispers()[-1] == "by form is kept."
    await person.global_shortcut("notes:say")
    await machine.settle()
    assert [message.text for message in person.dms()] == ["Here you are."]


async def test_say_to_a_mention_is_a_private_word_in_its_thread(machine: Machine) -> None:
    person = machine.as_()
    first = await person.say("C1", "a matter")
    await person.say("C1", f"<@{machine.slack.bot_user}> hello", thread=first.ts)
    await machine.settle()
    said = [message for message in person.thread("C1", first.ts) if message.ephemeral_for]
    assert [message.text for message in said] == ["Here you are."]


async def test_say_can_replace_the_message_of_its_button(machine: Machine) -> None:
    person, message = machine.as_(), await machine.buttons()
    await person.press(message, "notes:replace")
    await machine.settle()
    assert machine.posted()[-1] == "Chosen."
    await machine.note("buttons")
    private = person.sees("C1")[-1]
    await person.press(private, "notes:replace")
    await machine.settle()
    assert machine.whispers() == ["Chosen."]


async def test_open_opens_a_form_and_on_a_form_another(machine: Machine) -> None:
    person, message = machine.as_(), await machine.buttons()
    await person.press(message, "notes:open")
    assert [view["title"]["text"] for view in person.views] == ["A note"]
    await person.press(person.view, "notes:push")
    assert [view["title"]["text"] for view in person.views] == ["A note", "On top"]
    await person.close(everything=True)
    await opened(machine, "notes:push")
    await person.submit({"Words": "x"})
    assert [view["title"]["text"] for view in person.views] == ["A note", "On top"]


async def test_update_redraws_the_form_and_a_stale_one_is_left_alone(machine: Machine) -> None:
    person, shown = machine.as_(), await opened(machine)
    await person.press(person.view, "notes:redraw")
    assert person.view and person.view["title"]["text"] == "Redrawn" and person.view["id"] == shown["id"]
    press = machine.slack.deliveries[-1]
    machine.slack.state.views[shown["id"]].content["title"]["text"] = "Newer"
    again = await machine.slack.deliver_again(press)  # with the hash of the form as it was
    assert (again.status, person.view["title"]["text"]) == (200, "Newer")
    await person.close()
    await opened(machine, "notes:redraw")
    await person.submit({"Words": "x"})
    assert person.view["title"]["text"] == "Redrawn"


async def test_errors_stand_under_their_fields_and_strays_under_the_first(machine: Machine) -> None:
    await opened(machine)
    reply = await machine.as_().submit({"Words": "bad"})
    assert reply.errors == {"words": "Other words, please. Nor that."}
    reply = await machine.as_().submit({"Words": "wrong"})
    assert reply.errors == {"about": "About what?", "words": "And where?"}
    assert machine.as_().view  # what was typed is still there


async def test_options_are_offered(machine: Machine) -> None:
    await machine.note("search")
    offered = await machine.as_().options("notes:offer", "ab")
    assert [option["text"]["text"] for option in offered] == ["ab 0", "ab 1", "ab 2"]


async def test_a_repeat_of_what_opened_a_form_says_nothing(machine: Machine) -> None:
    await opened(machine)
    again = await machine.slack.deliver_again(machine.slack.deliveries[-1])
    assert (again.status, again.answer, len(machine.as_().views)) == (200, None, 1)


@pytest.mark.parametrize("name", ["/unheard-of"])
async def test_what_nobody_answers_to_is_acked_and_changes_nothing(machine: Machine, name: str) -> None:
    person, message = machine.as_(), await machine.buttons()
    message.blocks[1]["elements"][0]["action_id"] = "gone:button"
    replies = [
        await person.command("C1", name, "keep this"),
        await person.press(message, "gone:button"),
        await person.shortcut("gone:shortcut", "C1", message.ts),
        await machine.note("form gone:form") and await person.submit({"Words": "x"}),
    ]
    assert [reply.status for reply in replies] == [200] * 4
    delivery = await machine.slack.event({"type": "unheard_of", "user": "U1", "channel": "C1"})
    assert (delivery.status, delivery.attempts, await machine.notes()) == (200, 1, [])


# Refusals


@pytest.mark.parametrize("kind", REFUSALS)
async def test_a_refusal_is_read_where_the_person_looks(machine: Machine, kind: str) -> None:
    person, sentence = machine.as_(), SENTENCES[kind]
    assert (await machine.note(f"refuse {kind}")).text == sentence
    message = await machine.buttons()
    for button in message.blocks[1]["elements"]:
        button["value"] = kind
    before = len(machine.whispers())
    await person.press(message, "notes:refuse")
    await machine.note("buttons")
    private = person.sees("C1")[-1]
    for button in private.blocks[1]["elements"]:
        button["value"] = kind
    await person.press(private, "notes:refuse")
    await machine.settle()
    said = [words for words in machine.whispers()[before:] if "Choose" not in words]
    assert said == [sentence] * 2
    await opened(machine, "notes:refuse")
    assert sentence in (await person.submit({"Words": kind})).errors.values()
    await person.close()
    await machine.note("search")
    assert await person.options("notes:offer", kind) == []
    assert (await machine.notes(), person.dms()) == ([], [])


async def test_a_refusal_in_a_form_or_from_nowhere_stands_on_the_screen(machine: Machine) -> None:
    person = machine.as_()
    await opened(machine)
    await person.press(person.view, "notes:refuse")
    await until(lambda: len(person.views) == 2)
    assert SENTENCES["plain"] in str(person.view)
    await person.close(everything=True)
    await person.global_shortcut("notes:refuse")
    await until(lambda: len(person.views) == 1)
    assert SENTENCES["plain"] in str(person.view)
    await person.close()
    message = await machine.buttons()
    await person.shortcut("notes:refuse", "C1", message.ts)
    await machine.settle()
    assert machine.whispers()[-1] == SENTENCES["plain"]


async def test_a_refusal_in_home_opens_over_it(machine: Machine) -> None:
    person = machine.as_()
    from tests.bot.notes import form

    async with machine.app.database.transaction(1, clock=machine.slack.clock.now) as session:
        await machine.app.outbox.home(session, "U1", {"type": "home", "blocks": form()["blocks"][2:]})
    await machine.settle()
    await person.press(person.home, "notes:refuse")
    await until(lambda: len(person.views) == 1)
    assert SENTENCES["plain"] in str(person.view)


async def test_a_form_without_fields_makes_room_for_the_refusal(machine: Machine) -> None:
    person = machine.as_()
    await machine.note("ask")
    reply = await person.submit()
    assert (reply.status, reply.error) == (200, "")
    assert SENTENCES["plain"] in str(person.view)


async def test_a_refused_mention_is_answered_and_another_refused_event_is_not(database_url: str) -> None:
    from tests.bot.notes import refuse

    async with a_machine(database_url, a_slice(EVENTS={"app_mention": refuse, "reaction_added": refuse})) as machine:
        person = machine.as_()
        message = await person.say("C1", f"<@{machine.slack.bot_user}> hello")
        await person.react("C1", message.ts, "memo")
        await machine.settle()
        assert machine.whispers() == [SENTENCES["plain"]]
        assert {each.status for each in machine.slack.deliveries if each.kind == "events_api"} == {200}


# Crashes


def reference(words: str) -> str:
    found = re.search(r"\(ref ([0-9A-F]{6})\)", words)
    assert found, words
    return found[1]


async def test_a_crash_is_owned_up_to_on_every_surface(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    person, said = machine.as_(), []
    said.append((await machine.note("fail")).text)
    message = await machine.buttons()
    await person.press(message, "notes:break")
    await person.shortcut("notes:break", "C1", message.ts)
    await machine.settle()
    said += machine.whispers()[-2:]
    await opened(machine, "notes:break")
    said += (await person.submit({"Words": "x"})).errors.values()
    await person.press(person.view, "notes:break")
    await until(lambda: len(person.views) == 2)
    said.append(str(person.view))
    assert len({reference(words) for words in said}) == 5
    assert all("aved: something broke on our side" in words for words in said)
    logged = {record.getMessage(): record for record in caplog.records if record.levelno == logging.ERROR}
    for words in said:
        record = next(record for message, record in logged.items() if reference(words) in message)
        assert record.exc_info and "a wheel came off" in str(record.exc_info[1])
    await machine.note("search")
    assert await person.options("notes:offer", "break") == []
    assert await machine.notes() == []


async def test_after_a_crash_of_an_event_slack_sends_it_again(database_url: str) -> None:
    tries: list[str] = []

    async def shaky(session: Any, request: Any, deps: Any) -> Any:
        from tests.bot.notes import keep_reaction

        tries.append(request.key)
        answer = await keep_reaction(session, request, deps)
        if len(tries) < 3:
            raise RuntimeError("not yet")
        return answer

    async with a_machine(database_url, a_slice(EVENTS={"reaction_added": shaky})) as machine:
        person = machine.as_()
        await person.react("C1", (await person.say("C1", "words")).ts, "memo")
        await machine.settle()
        assert (len(tries), await machine.notes()) == (3, ["first of memo"])


async def test_what_failed_first_and_worked_on_a_repeat_is_answered_twice(database_url: str) -> None:
    tries: list[str] = []

    async def shaky(session: Any, request: Any, deps: Any) -> Any:
        from tests.bot.notes import keep_pressed

        tries.append(request.key)
        if len(tries) < 2:
            raise RuntimeError("not yet")
        return await keep_pressed(session, request, deps)

    async with a_machine(database_url, a_slice(ACTIONS={"notes:keep": shaky})) as machine:
        message = await machine.buttons()
        await machine.as_().press(message, "notes:keep")
        await machine.slack.deliver_again([each for each in machine.slack.deliveries if each.kind == "interactive"][-1])
        await machine.settle()
        assert [words.partition(":")[0] for words in machine.whispers()[-2:]] == ["Nothing was saved", "pressed is kept."]
