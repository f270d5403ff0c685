"""Each workspace is called under its own token, wherever the token comes from, and under no other."""

import logging
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete, update

from bot.answers import Message
from bot.database import Database
from bot.links import Links
from bot.outbox import Outbox
from bot.slack import SlackRefused
from bot.workspaces import Workspaces
from models import Installation, Workspace
from playground import LocalSlack
from tests.bot.outbox_world import NOW
from tests.conftest import Clock


@pytest.fixture
async def spaces() -> AsyncIterator[tuple[LocalSlack, LocalSlack]]:
    """Two workspaces of one app, at one address."""
    first, second = LocalSlack(seed=1, name="First"), LocalSlack(seed=2, name="Second")
    second.beside(first)
    for slack in (first, second):
        slack.instant = True
        slack.member("U1", name="One")
        slack.channel("C1", name="general", members=["U1"])  # the same ids in both
        await slack.start()
    yield first, second
    for slack in (first, second):
        await slack.stop()


async def install(database: Database, clock: Clock, *spaces: LocalSlack) -> None:
    for n, slack in enumerate(spaces, 1):
        async with database.unbound() as session:
            session.info["workspace_id"] = 0
            session.add(Workspace(id=n, team_slack_id=slack.team_id, name=slack.name, installed_at=NOW))
        async with database.transaction(n, clock=clock) as session:
            session.add(Installation(token=slack.bot_token, scopes="", installer="U1", installed_at=NOW))


@pytest.fixture
async def links(database: Database, spaces: tuple[LocalSlack, LocalSlack]) -> AsyncIterator[Links]:
    links = Links(database, spaces[0].api_url, timeout=2)
    yield links
    await links.close()


async def test_messages_of_two_workspaces_go_out_under_their_own_tokens(
    database: Database, clock: Clock, links: Links, spaces: tuple[LocalSlack, LocalSlack]
) -> None:
    await install(database, clock, *spaces)
    outbox = Outbox(database, links, clock=clock, subscribers={}, effects={}, channel_gap=0.0)
    for n in (1, 2):
        async with database.transaction(n, clock=clock) as session:
            for word in ("a", "b", "c"):
                await outbox.post(session, f"word:{word}", "C1", Message(f"{word} of {n}"))
    await outbox.drain()
    await outbox.stop(1)
    for n, slack in enumerate(spaces, 1):
        assert [message.text for message in slack.as_("U1").sees("C1")] == [f"{word} of {n}" for word in "abc"]
        assert {call.token for call in slack.calls} == {slack.bot_token}


async def test_who_gave_no_token_is_not_called_under_anybody_elses(
    database: Database, clock: Clock, links: Links, spaces: tuple[LocalSlack, LocalSlack]
) -> None:
    await install(database, clock, spaces[0])
    assert (await links.of(1)).token == spaces[0].bot_token
    with pytest.raises(SlackRefused, match="not_installed"):
        await (await links.of(2)).call("chat.postMessage", channel="C1", text="whose?")
    with pytest.raises(SlackRefused, match="not_installed"):
        await links.own.call("auth.test")
    assert [slack.calls for slack in spaces] == [[], []]


async def test_a_token_that_slack_refuses_is_read_anew(
    database: Database, clock: Clock, links: Links, spaces: tuple[LocalSlack, LocalSlack]
) -> None:
    first, _ = spaces
    await install(database, clock, first)
    first.tokens.revoke(first.bot_token)
    with pytest.raises(SlackRefused, match="token_revoked"):
        await (await links.of(1)).call("auth.test")
    first.install()  # through another replica
    async with database.transaction(1, clock=clock) as session:
        await session.execute(update(Installation).values(token=first.bot_token))
    assert (await (await links.of(1)).call("auth.test"))["team_id"] == first.team_id
    async with database.transaction(1, clock=clock) as session:
        await session.execute(delete(Installation))
    first.tokens.revoke(first.bot_token)
    with pytest.raises(SlackRefused, match="token_revoked"):
        await (await links.of(1)).call("auth.test")
    assert await links.of(1) is links.own


async def test_the_environments_token_is_its_own_workspaces_alone(
    database: Database, clock: Clock, links: Links, spaces: tuple[LocalSlack, LocalSlack]
) -> None:
    first, second = spaces
    workspaces = Workspaces(database, links, clock)
    other = await workspaces.remember({"team_id": second.team_id}, {})  # as an earlier token of another workspace left it
    mine = await workspaces.install(first.bot_token)
    assert (await links.of(mine.id)).token == first.bot_token
    assert await links.of(other.id) is links.own


async def test_whose_request_it_is_is_never_guessed_among_several(
    database: Database, clock: Clock, links: Links, spaces: tuple[LocalSlack, LocalSlack]
) -> None:
    first, second = spaces
    await install(database, clock, first)
    workspaces = Workspaces(database, links, clock, are_installed=True)
    assert [found.name for found in await workspaces.all()] == ["First"]
    connected = await workspaces.of("TCONNECTED")
    assert connected is not None and connected.id == 1  # somebody from a connected company acts in the only one there is
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add(Workspace(id=2, team_slack_id=second.team_id, name="Second", installed_at=NOW))
    assert await workspaces.of(second.team_id) is None  # it has not consented, and is not mistaken for the other
    async with database.transaction(2, clock=clock) as session:
        session.add(Installation(token=second.bot_token, scopes="", installer="U1", installed_at=NOW))
    found = await workspaces.of(second.team_id)  # installed through another replica
    assert found is not None and found.id == 2
    assert await workspaces.of("TCONNECTED") is None
    async with database.transaction(2, clock=clock) as session:
        await session.execute(delete(Installation))
    assert [known.name for known in await workspaces.all()] == ["First"]
    assert await workspaces.of(second.team_id) is None


async def test_no_token_gets_into_the_log(
    database: Database, clock: Clock, links: Links, spaces: tuple[LocalSlack, LocalSlack], caplog: pytest.LogCaptureFixture
) -> None:
    first, _ = spaces
    await install(database, clock, first)
    first.tokens.revoke(first.bot_token)
    outbox = Outbox(database, links, clock=clock, subscribers={}, effects={}, channel_gap=0.0)
    with caplog.at_level(logging.DEBUG, logger="bot"):
        async with database.transaction(1, clock=clock) as session:
            await outbox.post(session, "a", "C1", Message("a"))
        await outbox.courier._turn(8)
        await outbox.stop(2)
    assert "token_revoked" in caplog.text
    assert first.bot_token not in caplog.text
