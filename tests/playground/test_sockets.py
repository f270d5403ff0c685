"""Socket Mode: hello, one payload to one connection, acks, redelivery, refresh, ten connections, links of one use."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from playground import Actor, LocalSlack


class Socket:
    """A bare client: what it is sent, and acks when it is told to."""

    def __init__(self, session: aiohttp.ClientSession, slack: LocalSlack) -> None:
        self._session, self._slack = session, slack
        self.got: list[dict[str, Any]] = []
        self.acks = True
        self.ws: Any = None
        self._task: Any = None

    async def open(self, extra: str = "") -> dict[str, Any]:
        self.ws = await self._session.ws_connect(self._slack.sockets.ticket() + extra)
        first = dict(await self.ws.receive_json())
        self._task = asyncio.create_task(self._read())
        return first

    async def _read(self) -> None:
        async for message in self.ws:
            envelope = message.json()
            self.got.append(envelope)
            if self.acks and "envelope_id" in envelope:
                await self.ws.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "from a socket"}})

    @property
    def payloads(self) -> list[dict[str, Any]]:
        return [envelope for envelope in self.got if "envelope_id" in envelope]


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def sockets(slack: LocalSlack, session: aiohttp.ClientSession) -> list[Socket]:
    return [Socket(session, slack) for _ in range(11)]


async def test_hello_says_how_many_connections_there_are(sockets: list[Socket]) -> None:
    hello = await sockets[0].open()
    assert (hello["type"], hello["num_connections"], hello["debug_info"]["approximate_connection_time"]) == ("hello", 1, 18_060)
    hello = await sockets[1].open("&debug_reconnects=true")
    assert (hello["num_connections"], hello["debug_info"]["approximate_connection_time"]) == (2, 360)


async def test_an_ack_carries_the_answer(pm: Actor, sockets: list[Socket]) -> None:
    await sockets[0].open()
    reply = await pm.command("C_PAY", "/hello")
    assert (reply.status, reply.text) == (200, "from a socket")
    envelope = sockets[0].payloads[0]
    assert (envelope["type"], envelope["accepts_response_payload"], envelope["retry_attempt"]) == ("slash_commands", True, 0)


async def test_each_payload_goes_to_one_connection(slack: LocalSlack, pm: Actor, sockets: list[Socket]) -> None:
    await sockets[0].open()
    await sockets[1].open()
    for _ in range(6):
        await pm.say("C_PAY", "x")
    await slack.settled()
    assert [len(s.payloads) for s in sockets[:2]] == [3, 3]


async def test_an_event_that_is_not_acked_comes_again(slack: LocalSlack, pm: Actor, sockets: list[Socket]) -> None:
    slack.sender.deadline = 0.05
    await sockets[0].open()
    sockets[0].acks = False
    await pm.say("C_PAY", "x")
    await slack.settled()
    got = sockets[0].payloads
    assert [(e["retry_attempt"], e["retry_reason"]) for e in got] == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")]
    assert len({e["envelope_id"] for e in got}) == 1


async def test_a_command_that_is_not_acked_comes_again_though_the_person_was_told(
    slack: LocalSlack, pm: Actor, sockets: list[Socket]
) -> None:
    slack.sender.deadline = 0.05
    await sockets[0].open()
    sockets[0].acks = False
    reply = await pm.command("C_PAY", "/hello")
    assert (reply.status, reply.text) == (0, "operation_timeout")
    sockets[0].acks = True
    await slack.settled()
    assert [e["retry_attempt"] for e in sockets[0].payloads] == [0, 1]


async def test_a_payload_in_hand_when_the_line_drops_comes_again_on_the_next(slack: LocalSlack, pm: Actor, sockets: list[Socket]) -> None:
    await sockets[0].open()
    sockets[0].acks = False
    asked = asyncio.create_task(pm.command("C_PAY", "/hello"))
    for _ in range(200):
        await asyncio.sleep(0 if sockets[0].payloads else 0.005)
    await slack.sockets.drop()
    await sockets[1].open()
    assert (await asked).text == "from a socket"
    assert sockets[1].payloads[0]["envelope_id"] == sockets[0].payloads[0]["envelope_id"]


async def test_a_bot_that_comes_back_in_time_gets_what_was_said_meanwhile(slack: LocalSlack, pm: Actor, sockets: list[Socket]) -> None:
    await sockets[0].open()
    await slack.sockets.drop()
    await asyncio.wait_for(sockets[0]._task, 1)  # the line is cut, not left hanging
    asked = asyncio.create_task(pm.command("C_PAY", "/hello"))
    await asyncio.sleep(0.1)
    await sockets[1].open()
    assert (await asked).text == "from a socket"


async def test_what_is_not_an_ack_in_text_acks_nothing(slack: LocalSlack, pm: Actor, sockets: list[Socket]) -> None:
    slack.sender.deadline = 0.2
    await sockets[0].open()
    sockets[0].acks = False
    asked = asyncio.create_task(pm.command("C_PAY", "/hello"))
    while not sockets[0].payloads:
        await asyncio.sleep(0.005)
    ack = json.dumps({"envelope_id": sockets[0].payloads[0]["envelope_id"]})
    await sockets[0].ws.send_bytes(ack.encode())
    await sockets[0].ws.send_str("{")
    await sockets[0].ws.send_str("[]")
    assert (await asked).text == "operation_timeout"
    await slack.settled()


async def test_a_refresh_says_goodbye_and_closes(slack: LocalSlack, sockets: list[Socket]) -> None:
    await sockets[0].open()
    await slack.sockets.refresh("warning")
    await slack.sockets.refresh()
    await asyncio.wait_for(sockets[0]._task, 1)
    assert [(e["type"], e["reason"]) for e in sockets[0].got] == [("disconnect", "warning"), ("disconnect", "refresh_requested")]
    assert sockets[0].ws.closed


async def test_an_eleventh_connection_is_turned_away(slack: LocalSlack, sockets: list[Socket]) -> None:
    for socket in sockets[:10]:
        assert (await socket.open())["type"] == "hello"
    goodbye = await sockets[10].open()
    assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "too_many_websockets")
    assert len(slack.sockets.open) == 10


async def test_a_link_is_good_once(slack: LocalSlack, session: aiohttp.ClientSession) -> None:
    link = slack.sockets.ticket()
    await session.ws_connect(link)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(link)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(link.partition("ticket=")[0] + "ticket=guessed")
