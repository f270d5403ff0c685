"""A Slack that is slow, work that hangs, a storm of it, and a commit that nobody knows the end of: the person is answered in time."""

import asyncio
import time
from typing import Any

import pytest
from sqlalchemy import event, text

from playground import Reply
from tests.bot.machine import Machine, a_machine, until
from tests.bot.notes import a_slice


async def test_a_form_that_cannot_open_in_time_is_a_sentence(machine: Machine) -> None:
    machine.slack.faults.add("views.open", delay=2.5)
    started = time.monotonic()
    reply: Reply = await machine.note("form")
    assert (reply.status, reply.error) == (200, "") and "could not open in time" in reply.text
    assert time.monotonic() - started < 3.0
    machine.slack.faults.add("views.open", error="expired_trigger_id")
    message = await machine.buttons()
    await machine.as_().press(message, "notes:open")
    await machine.settle()
    assert "could not open in time" in machine.whispers()[-1]


async def test_a_form_that_slack_refuses_is_a_mishap_of_ours(machine: Machine) -> None:
    machine.slack.faults.add("views.open", error="invalid_arguments")
    assert "something broke on our side" in (await machine.note("form")).text


async def test_a_slow_directory_does_not_hold_up_a_command(machine: Machine) -> None:
    machine.slack.member("U9", name="New Person")
    machine.slack.state.channels["C2"].members.append("U9")
    for method in ("users.info", "conversations.info", "conversations.members"):
        machine.slack.faults.add(method, delay=3.0)
    replies = await asyncio.gather(*(machine.note("say", person="U9", channel="C2") for _ in range(20)))
    assert {(reply.status, reply.text) for reply in replies} == {(200, "Here you are.")}
    asked = [fault.target for fault in machine.slack.faults.waiting]
    assert not asked  # all were asked, and each only once
    await until(lambda: not machine.app.directory._asking)
    async with machine.app.database.reader.connect() as connection:
        names = (await connection.execute(text("SELECT name FROM person WHERE slack_id = 'U9'"))).scalars().all()
    assert names == ["New Person"]  # the late reply was kept
    assert len([call for call in machine.slack.calls if call.method == "users.info" and call.args.get("user") == "U9"]) == 1


async def test_what_hangs_is_given_up_in_time_and_leaves_nothing(machine: Machine) -> None:
    reply = await machine.note("hang")
    assert (reply.status, reply.error) == (200, "") and "Nothing was saved: the database did not answer" in reply.text
    await machine.settle()
    assert (await machine.notes(), machine.posted()) == ([], [])


async def test_a_storm_is_answered_in_time_though_much_of_it_hangs(machine: Machine) -> None:
    machine.slack.sender.deadline, machine.app.dispatch.last_moment = 8.0, 7.0  # a busy machine may be slow, but not three times over
    replies = await asyncio.gather(*(machine.note("hang") for _ in range(150)))
    assert {reply.status for reply in replies} == {200}
    assert all(reply.text.startswith("Nothing was saved") for reply in replies)
    await machine.settle()
    assert (await machine.note("keep after")).text == "after is kept."
    assert await machine.notes() == ["after"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_lost_commit_is_not_called_unsaved(database_url: str) -> None:
    async def cut_off(session: Any, request: Any, deps: Any) -> Any:
        from tests.bot.notes import keep as keep_note

        answer = await keep_note(session, request, deps)
        await session.flush()
        pid = (await (await session.connection()).execute(text("SELECT pg_backend_pid()"))).scalar_one()

        def cut(sync_session: Any) -> None:
            with _plain(database_url) as connection:
                connection.execute(f"SELECT pg_terminate_backend({pid}, 2000)")

        event.listen(session.sync_session, "before_commit", cut, once=True)
        return answer

    from bot.slices import Command, Verb

    async with a_machine(database_url, a_slice(COMMANDS=(Command("/note", says="", verbs=(Verb("cut", cut_off, says=""),)),))) as machine:
        reply = await machine.note("cut words")
        assert "it is not known whether it was saved" in reply.text and "Nothing was saved" not in reply.text


def _plain(url: str) -> Any:
    import psycopg

    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
