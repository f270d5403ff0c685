"""Many made-up pieces of feedback: words as often as words are in English, channels public and private, drawn from a seed."""

import bisect
import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text

from bot.database import Database
from domain.feedback import Type
from domain.nearest import fold
from models import Channel, ChannelMember, Customer, Feedback, Person, Release, Supporter, Workspace

VOCABULARY, CUSTOMERS, CHANNELS, RELEASES = 60_000, 3_000, 60, 400
BATCH = 10_000
START = datetime(2024, 1, 1, 9, tzinfo=UTC)
AREAS = tuple(f"Area {n}" for n in range(40))
READER = "U1"
_SYLLABLES = [first + second for first in "bcdfghklmnprstvw" for second in ("a", "e", "i", "o", "u", "an", "er", "in", "or", "al")]


class Voices:
    """Words by Zipf's law: the n-th is said about 1/n as often as the first."""

    def __init__(self, seed: int = 7) -> None:
        self.draw = random.Random(seed)
        self.words = list(dict.fromkeys("".join(self.draw.choices(_SYLLABLES, k=2 + n // 20_000)) for n in range(VOCABULARY * 2)))
        self.words = self.words[:VOCABULARY]
        self.weights = list(itertools.accumulate(1 / (n + 2.7) for n in range(VOCABULARY)))

    def word(self) -> str:
        return self.words[bisect.bisect_left(self.weights, self.draw.random() * self.weights[-1])]

    def said(self) -> str:
        return " ".join(self.draw.choices(self.words, cum_weights=self.weights, k=self.draw.randrange(6, 36)))


async def found_company(database: Database) -> None:
    """A workspace, its people and channels, customers and releases."""
    now, mine = datetime.now(UTC), {"workspace_id": 1}
    about = {"team_slack_id": "T1", "name": "Bench", "domain": "bench", "bot_slack_id": "UBOT", "zone": "UTC", "installed_at": START}
    channels = [{"slack_id": f"C{n}", "name": f"channel-{n}", "is_private": n % 4 == 3, "has_bot": True} for n in range(CHANNELS)]
    members = [{"channel_slack_id": f"C{n}", "person_slack_id": READER} for n in range(0, CHANNELS, 2)]
    releases = (
        {"number": n + 1, "name": f"Release {n}", "created_at": START, "changed_at": START, "is_open": n % 3 > 0} for n in range(RELEASES)
    )
    rows: tuple[tuple[Any, Any], ...] = (
        (Person, ({"slack_id": f"U{n}", "name": f"Person {n}"} for n in range(200))),
        (Channel, channels),
        (ChannelMember, members),
        (Customer, ({"name": f"Customer {n}", "folded": fold(f"Customer {n}")} for n in range(CUSTOMERS))),
        (Release, releases),
    )
    async with database.plainly() as connection:
        await connection.execute(text("DELETE FROM workspace"))
        await connection.execute(insert(Workspace), {"id": 1, "synced_at": now, **about})
        for table, made in rows:
            await connection.execute(insert(table), [mine | row for row in made])


async def say(database: Database, voices: Voices, first: int, last: int) -> None:
    """Pieces with these numbers, each with its reporter."""
    made = pieces(voices, first, last)
    while batch := list(islice(made, BATCH)):
        async with database.plainly() as connection:
            await connection.execute(insert(Feedback), batch)
            brought = ({"feedback_id": row["id"], "person": row["reporter"], "added_at": row["logged_at"]} for row in batch)
            await connection.execute(insert(Supporter), [{"workspace_id": 1, "channel": None, "thread_ts": None, **row} for row in brought])
    async with database.plainly() as connection:
        await connection.execute(text("ANALYZE"))


def pieces(voices: Voices, first: int, last: int) -> Iterator[dict[str, Any]]:
    draw, types = voices.draw, list(Type)
    for n in range(first, last + 1):
        yield {
            "workspace_id": 1, "id": n, "number": n, "words": voices.said(), "customer_id": draw.randrange(CUSTOMERS) + 1,
            "area": draw.choice(AREAS), "type": draw.choice(types).value, "reporter": f"U{draw.randrange(200)}",
            "release_id": draw.randrange(RELEASES) + 1 if n % 5 == 0 else None, "channel": f"C{draw.randrange(CHANNELS)}",
            "logged_at": START + timedelta(minutes=n),
        }  # fmt: skip
