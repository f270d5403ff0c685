"""The HTTP side: who may come in, what of it is read, and what health and readiness say."""

import io
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import psycopg
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.app import App
from tests.bot.machine import Machine, a_machine, claims, company, notes, serving

SIGNED = "application/x-www-form-urlencoded"
COMMAND = {"command": "/note", "text": "keep this", "user_id": "U1", "team_id": "T1", "channel_id": "C1", "trigger_id": "1.2.3"}


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def headers(secret: str, body: bytes, at: float = 0.0, form: str = SIGNED) -> dict[str, str]:
    stamp = str(int(time.time() + at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body.decode("utf-8", "replace"))
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature), "Content-Type": form}


async def post(web: aiohttp.ClientSession, app: App, body: bytes, with_headers: dict[str, str]) -> tuple[int, str]:
    async with web.post(f"http://127.0.0.1:{app.port}/slack/events", data=io.BytesIO(body), headers=with_headers) as response:
        return response.status, await response.text()


async def get(web: aiohttp.ClientSession, app: App, path: str) -> tuple[int, str]:
    async with web.get(f"http://127.0.0.1:{app.port}{path}") as response:
        return response.status, await response.text()


async def test_only_what_slack_signed_within_five_minutes_comes_in(machine: Machine, web: aiohttp.ClientSession) -> None:
    secret, body = machine.slack.signing_secret, urlencode(COMMAND).encode()
    good = headers(secret, body)
    wrong = {
        "unsigned": {"Content-Type": SIGNED},
        "no signature": {name: value for name, value in good.items() if name != "X-Slack-Signature"},
        "no time": {name: value for name, value in good.items() if name != "X-Slack-Request-Timestamp"},
        "another secret": headers("f" * 32, body),
        "the secret of Socket Mode": headers("unsigned", body),
        "another body": headers(secret, body + b"x"),
        "stale": headers(secret, body, at=-301),
        "future": headers(secret, body, at=330),
        "a time that is none": good | {"X-Slack-Request-Timestamp": "soon"},
        "a signature of other letters": good | {"X-Slack-Signature": "v0=ä"},
        "an empty signature": good | {"X-Slack-Signature": ""},
        "its own ssl check": {"Content-Type": SIGNED},
    }
    for name, given in wrong.items():
        sent = body if name != "its own ssl check" else b"ssl_check=1&token=x"
        assert (await post(web, machine.app, sent, given))[0] == 401, name
    assert (await notes(machine.app), await claims(machine.app)) == ([], [])
    status, said = await post(web, machine.app, body, good)
    assert (status, json.loads(said)["text"]) == (200, "this is kept.")
    assert (await post(web, machine.app, body, headers(secret, body, at=-290)))[0] == 200
    assert await notes(machine.app) == ["this"]


async def test_without_a_signing_secret_nothing_comes_in_by_http(database_url: str, web: aiohttp.ClientSession) -> None:
    slack = company()
    await slack.start()
    try:
        async with serving(slack, database_url, socket=True) as app:
            body = urlencode(COMMAND).encode()
            for secret in ("unsigned", "checked by bot.web", " "):
                given = headers(secret, body) if secret.strip() else {"Content-Type": SIGNED}
                assert (await post(web, app, body, given))[0] == 401
            assert await notes(app) == []
    finally:
        await slack.stop()


SHAPES: list[tuple[bytes, str]] = [
    (b"", SIGNED),
    (b"{", "application/json"),
    (b"[1, 2]", "application/json"),
    (b"null", "application/json"),
    (b"{}", "application/json"),
    (b'{"type": "weird"}', "application/json"),
    (b'{"type": ["list"], "1": 2}', "application/json"),
    (b'{"type": "event_callback"}', "application/json"),
    (b'{"type": "event_callback", "event_id": "Ev1", "event": 7}', "application/json"),
    (b'{"type": "event_callback", "event_id": "Ev1", "event": {"type": "unheard_of"}}', "application/json"),
    (b'{"command": "/note"}', "application/json"),
    (b"command=/note&text=keep+this", SIGNED),
    (b"payload=%5B1%5D", SIGNED),
    (b"payload=nonsense", SIGNED),
    (b"payload=" + b"%7B%22type%22%3A%22block_actions%22%7D", SIGNED),
    (urlencode({"payload": json.dumps({"type": "view_submission", "user": {"id": "U1"}, "view": {"id": "V1"}})}).encode(), SIGNED),
    (
        urlencode({"payload": json.dumps({"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": "x:y"}]})}).encode(),
        SIGNED,
    ),
    (urlencode({"payload": json.dumps({"type": "function_executed", "user": {"id": "U1"}})}).encode(), SIGNED),
    (b"\xff\xfe", SIGNED),
    (b"a=b", "text/plain; charset=nowhere"),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_body_of_unknown_shape_is_acked_and_changes_nothing(machine: Machine, web: aiohttp.ClientSession) -> None:
    for body, form in SHAPES:
        status, _ = await post(web, machine.app, body, headers(machine.slack.signing_secret, body, form=form))
        assert status == (401 if body.startswith(b"\xff") else 200), body  # what is no text was signed by nobody
    assert (await notes(machine.app), await claims(machine.app)) == ([], [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_slack_s_question_whether_we_are_there_is_answered(machine: Machine, web: aiohttp.ClientSession) -> None:
    body = b'{"type": "url_verification", "challenge": "abc"}'
    status, said = await post(web, machine.app, body, headers(machine.slack.signing_secret, body, form="application/json"))
    assert (status, json.loads(said)) == (200, {"challenge": "abc"})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_body_of_more_than_two_megabytes_is_refused(machine: Machine, web: aiohttp.ClientSession) -> None:
    body = urlencode(COMMAND | {"text": "keep " + "x" * 2 * 1024 * 1024}).encode()
    assert (await post(web, machine.app, body, headers(machine.slack.signing_secret, body)))[0] == 413
    assert await notes(machine.app) == []
    assert (await get(web, machine.app, "/slack/events"))[0] == 405


async def test_health_readiness_and_metrics(machine: Machine, web: aiohttp.ClientSession) -> None:
    await machine.note("keep this")
    assert (await get(web, machine.app, "/healthz"))[0] == 200
    assert await get(web, machine.app, "/readyz") == (200, '{"ready": true, "problems": []}')
    status, page = await get(web, machine.app, "/metrics")
    assert status == 200 and 'tendon_requests_total{kind="command"}' in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_while_another_process_holds_the_file_nothing_is_called_saved(
    database_url: str, web: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    monkeypatch.setattr("bot.database.POOL_PATIENCE", 0.6)  # how long people wait has tests of its own
    async with a_machine(database_url) as machine:
        machine.app.dispatch.patience, machine.app.dispatch.last_moment = 0.5, 1.0
        message = await machine.buttons()
        await machine.settle()
        holder = sqlite3.connect(database_url.partition("///")[2], isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            await nothing_is_saved(machine, message, web)
        finally:
            holder.execute("ROLLBACK")
            holder.close()
        await all_is_well_again(machine, web)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_while_postgresql_turns_us_away_nothing_is_called_saved(database_url: str, web: aiohttp.ClientSession) -> None:
    async with a_machine(database_url) as machine:
        message = await machine.buttons()
        await machine.settle()
        name = database_url.rpartition("/")[2]
        with psycopg.connect(f"{database_url.rpartition('/')[0]}/postgres".replace("+psycopg", ""), autocommit=True) as server:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            try:
                await nothing_is_saved(machine, message, web)
            finally:
                server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await all_is_well_again(machine, web)


async def nothing_is_saved(machine: Machine, message: Any, web: aiohttp.ClientSession) -> None:
    person = machine.as_()
    reply = await machine.note("keep this")
    assert reply.status == 200 and reply.text.startswith("Nothing was saved: the database did not answer.")
    press = await person.press(message, "notes:keep")
    shortcut = await person.shortcut("notes:keep", "C1", message.ts)
    await machine.app.surfaces.stop(5)
    said = machine.whispers()
    assert (press.status, shortcut.status) == (200, 200)
    assert sum("Nothing was saved: the database did not answer." in words for words in said) == 3
    event = await machine.slack.event({"type": "reaction_added", "reaction": "memo", "user": "U1", "item": {"channel": "C1"}})
    assert event.status != 200
    status, problems = await get(web, machine.app, "/readyz")
    assert (status, json.loads(problems)["problems"]) == (503, ["the database does not answer"])
    assert (await get(web, machine.app, "/healthz"))[0] == 200
    assert (await get(web, machine.app, "/metrics"))[0] == 200


async def all_is_well_again(machine: Machine, web: aiohttp.ClientSession) -> None:
    await machine.slack.settled()
    for _ in range(50):
        if (await get(web, machine.app, "/readyz"))[0] == 200:
            break
    replies = [await machine.note("keep this") for _ in range(3)]
    assert replies[-1].text == "this is kept."
    await machine.settle()
    assert machine.posted()[-1] == "note this"
    assert "pressed" not in await notes(machine.app)
