"""What happened in the made-up company, whatever day it is today."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot.manifest import read_manifest
from bot.schema import migrate
from playground import LocalSlack, sample, story
from playground.days import Days
from tests.world import running


@asynccontextmanager
async def told(now: datetime, folder: str) -> AsyncIterator[LocalSlack]:
    slack = sample.company(now)
    slack.manifest = read_manifest()
    await slack.start()
    url = f"sqlite+aiosqlite:///{folder}/story.db"
    await migrate(url)
    async with running(slack, url) as app:
        assert "made-up company" in await story.tell(slack, app)
        async with app.database.reading((await app.workspaces.all())[0].id, clock=slack.clock.now) as session:
            health = await app.outbox.health(session)
        assert (health.waiting, health.dead) == (0, 0), health.rows
        assert not [each for room in slack.state.channels.values() for each in room.timeline if each.ephemeral_for]
        yield slack
    await slack.stop()


async def answer(slack: LocalSlack, line: str) -> str:
    name, _, text = line.partition(" ")
    reply = await slack.as_("U0PIA").command("C0WEEKLY", name, text)
    assert reply.message is not None
    return reply.message.plain


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 23, 7, 0, tzinfo=UTC),  # a Monday, before the digest
        datetime(2027, 1, 6, 15, 0, tzinfo=UTC),  # a Wednesday, after holidays
        datetime(2026, 8, 15, 12, 0, tzinfo=UTC),  # a Saturday in summer
    ],
    ids=["monday", "wednesday", "saturday"],
)
async def test_the_company_shows_each_state_once(now: datetime, tmp_path: object) -> None:
    async with told(now, str(tmp_path)) as slack:
        assert abs((slack.clock.now() - now).total_seconds()) < 120, "the story ends in the present"
        status = await answer(slack, "/release status")
        assert "12 open releases: 2 late, 3 at risk, 6 on track, 1 without a day." in status
        assert "past its date" in status
        assert "the rule says Green" in status
        assert "working days early" in status
        assert "20 pieces of feedback" in await answer(slack, "/customer-feedback list")
        promises = await answer(slack, "/dependency list")
        for state in ("4 open", "accepted", "another date offered", "asked, no answer yet", "late by"):
            assert state in promises
        digests = [message for message in slack.as_("U0PIA").sees("C0WEEKLY") if "All teams, week" in message.text]
        assert len(digests) == 1, "last Monday's, and no other"
        assert abs(float(digests[0].ts) - Days(now).last_monday().timestamp()) < 120
        whole = "\n".join(message.plain for message in slack.as_("U0PIA").thread("C0WEEKLY", digests[0].ts))
        for part in ("Moved since", "Next 14 days", "Waiting for", "Shipped", "Customers said", "has no owner"):
            assert part in whole
        unread = {room["name"] for room in slack.snapshot("U0PIA")["channels"] if room["unread"]}
        assert {"team-payments", "team-mobile"} <= unread
