"""A repeat of any request has no second effect and gets the same answer, also when both come at once, to two replicas."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from playground import Delivery, LocalSlack
from tests.bot.machine import Machine, a_machine, claims, notes, serving
from tests.bot.notes import a_slice, fail, keep_reaction
from tests.world import be_patient

Kind = str
KINDS: dict[Kind, list[str]] = {
    "command": ["once"],
    "shortcut": ["pressed"],
    "action": ["pressed"],
    "submission": ["once"],
    "event": ["first of memo", "second of memo"],
}


async def ask(machine: Machine, kind: Kind) -> Delivery:
    """One request that keeps a note; how it was delivered."""
    person = machine.as_()
    if kind == "command":
        await machine.note("keep once")
    elif kind == "shortcut":
        await person.shortcut("notes:keep", "C1", (await person.say("C1", "words")).ts)
    elif kind == "action":
        await person.press(await machine.buttons(), "notes:keep")
    elif kind == "submission":
        await machine.note("form")
        await person.submit({"Words": "once"})
    else:
        await person.react("C1", (await person.say("C1", "words")).ts, "memo")
        await machine.slack.settled()
        return next(each for each in machine.slack.deliveries if each.payload.get("event", {}).get("type") == "reaction_added")
    return [each for each in machine.slack.deliveries if each.kind != "events_api"][-1]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_repeat_has_no_second_effect_and_gets_the_same_answer(machine: Machine, kind: Kind) -> None:
    first = await ask(machine, kind)
    await machine.settle()
    said, kept = machine.posted(), await machine.notes()
    assert (first.status, kept) == (200, KINDS[kind])
    again = [await machine.slack.deliver_again(first) for _ in range(2)]
    await machine.settle()
    assert [(each.status, each.answer) for each in again] == [(200, first.answer)] * 2
    assert (machine.posted(), await machine.notes()) == (said, kept)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_same_request_twice_at_once_to_two_replicas_has_one_effect(database_url: str, kind: Kind) -> None:
    async with a_machine(database_url) as machine:
        slack, address = machine.slack, machine.slack.sender.target
        be_patient(slack, machine.app)
        first = await ask(machine, kind)
        async with serving(slack, database_url) as second:
            be_patient(slack, second)
            addresses = [address, slack.sender.target]
            fresh = [renamed(slack, first, number) for number in range(6)]
            answers = await asyncio.gather(*(deliver(slack, each, at) for each in fresh for at in addresses * 2))
            await machine.settle()
            assert {each.status for each in answers} == {200}
            for each in fresh:
                assert len({str(answer.answer) for answer in answers if answer.body == each.body}) == 1
            assert sorted(await notes(second)) == sorted(KINDS[kind] * 7)
            said = [text for text in machine.posted() if text.startswith("note ")]
            assert sorted(said) == sorted(f"note {words}" for words in KINDS[kind] * 7)


def renamed(slack: LocalSlack, delivery: Delivery, number: int) -> Delivery:
    """The request as another one: with ids of its own."""
    payload: dict[str, Any] = {**delivery.payload}
    if "event_id" in payload:
        payload["event_id"] = f"Ev{number}"
    else:
        payload["trigger_id"] = f"{number}.{number}.abc"
    if payload.get("view"):
        payload["view"] = payload["view"] | {"hash": f"hash{number}"}
    copy = replace(delivery, payload=payload, body=b"")
    slack.sender._sign(copy, 0, "")
    return copy


async def deliver(slack: LocalSlack, delivery: Delivery, address: str | None) -> Delivery:
    copy = replace(delivery, status=0, answer=None)
    slack.deliver_to(address)  # read before the first await of the sending
    return await slack.sender._send(copy, copy.headers)


async def test_a_form_whose_first_submission_was_wrong_is_saved_when_it_is_right(machine: Machine) -> None:
    await machine.note("form")
    person = machine.as_()
    wrong = await person.submit({"Words": "bad"})
    assert wrong.errors and not await machine.notes()
    worse = await person.submit({"Words": "wrong"})
    assert worse.errors and not await machine.notes()
    before = machine.slack.deliveries[-1].payload["view"]
    right = await person.submit({"Words": "good"})
    after = machine.slack.deliveries[-1].payload["view"]
    assert (before["id"], before["hash"]) == (after["id"], after["hash"])
    assert (right.status, right.errors, person.view) == (200, {}, None)
    assert await machine.notes() == ["good"]


@pytest.mark.parametrize("verb", ["half", "refuse missing"])
async def test_a_listener_that_fails_leaves_no_claim_and_nothing_else(machine: Machine, verb: str) -> None:
    await machine.note(verb)
    await machine.settle()
    assert (await claims(machine.app), await machine.notes(), machine.posted()) == ([], [], [])


async def test_a_claim_is_left_by_what_succeeds(machine: Machine) -> None:
    await machine.note("keep this")
    assert len(await claims(machine.app)) == 1


async def test_one_event_reaches_two_listeners_though_the_first_fails(database_url: str) -> None:
    told: list[str] = []

    async def fail_once(session: Any, request: Any, deps: Any) -> Any:
        told.append(request.key)
        if len(told) == 1:
            await fail(session, request, deps)
        return await keep_reaction(session, request, deps)

    async def second(session: Any, request: Any, deps: Any) -> Any:
        from tests.bot.notes import keep_reaction_too

        return await keep_reaction_too(session, request, deps)

    async with a_machine(database_url, a_slice(EVENTS={"reaction_added": [fail_once, second]})) as machine:
        await ask(machine, "event")
        await machine.settle()
        assert len(told) == 2  # Slack sent it again
        assert await machine.notes() == ["second of memo", "first of memo"]


async def test_a_refusal_of_one_listener_keeps_no_event_from_the_next(database_url: str) -> None:
    from tests.bot.notes import refuse

    async with a_machine(database_url, a_slice(EVENTS={"reaction_added": [refuse, keep_reaction]})) as machine:
        delivery = await ask(machine, "event")
        assert (delivery.status, delivery.attempts) == (200, 1)
        assert await machine.notes() == ["first of memo"]


async def test_old_requests_are_forgotten_and_young_ones_are_not(machine: Machine) -> None:
    await machine.note("keep old")
    machine.slack.clock.advance(timedelta(hours=47))
    await machine.note("keep young")
    await machine.app.clock_moved()
    assert len(await claims(machine.app)) == 2
    machine.slack.clock.advance(timedelta(hours=2))
    await machine.app.clock_moved()
    assert len(await claims(machine.app)) == 1
