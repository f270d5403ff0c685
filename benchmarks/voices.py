"""Many made-up pieces of feedback: words as often as words are in English, channels public and private, drawn from a seed."""

import itertools
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from benchmarks.filling import batches, filling
from bot.database import Database
from domain.feedback import Type
from domain.nearest import fold
from models import Channel, ChannelMember, Customer, Person, Release, Workspace
from models.feedback import searched

VOCABULARY, CUSTOMERS, CHANNELS, RELEASES, HALVES = 60_000, 3_000, 60, 400, 30_000
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
        self.halves = [self.some(3, 18) for _ in range(HALVES)]

    def some(self, least: int, most: int) -> str:
        return " ".join(self.draw.choices(self.words, cum_weights=self.weights, k=self.draw.randrange(least, most)))

    def said(self) -> str:
        """Two halves, each out of many: a sentence that is drawn word by word takes ten times as long."""
        return f"{self.draw.choice(self.halves)} {self.draw.choice(self.halves)}"


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


FEEDBACK = (
    "workspace_id", "id", "number", "words", "searched", "customer_id", "area", "type", "reporter", "release_id", "channel", "logged_at",
)  # fmt: skip
SUPPORTER = ("workspace_id", "feedback_id", "person", "added_at")


def say(urls: Sequence[str], voices: Voices, first: int, last: int) -> None:
    """Pieces with these numbers, each with its reporter, the same in each database."""
    with ExitStack() as stack:
        fillers = [stack.enter_context(filling(url, "feedback", "supporter")) for url in urls]
        for batch in batches(pieces(voices, first, last)):
            for filler in fillers:
                filler.add("feedback", FEEDBACK, batch)
                filler.add("supporter", SUPPORTER, ((1, row[1], row[8], row[11]) for row in batch))


def pieces(voices: Voices, first: int, last: int) -> Iterator[tuple[Any, ...]]:
    draw, types = voices.draw, [each.value for each in Type]
    sample = voices.said()
    if _terms(sample, AREAS[0], "Customer 7") != searched(sample, AREAS[0], customer="Customer 7"):
        raise RuntimeError("what these pieces are found by is not what the bot would write")
    for n in range(first, last + 1):
        customer, area, words = draw.randrange(CUSTOMERS) + 1, draw.choice(AREAS), voices.said()
        release = draw.randrange(RELEASES) + 1 if n % 5 == 0 else None
        logged = f"{START + timedelta(minutes=n // 2):%Y-%m-%d %H:%M:%S.%f}"
        yield (
            1, n, n, words, _terms(words, area, f"Customer {customer - 1}"), customer, area, draw.choice(types),
            f"U{draw.randrange(200)}", release, f"C{draw.randrange(CHANNELS)}", logged,
        )  # fmt: skip


def _terms(words: str, area: str, customer: str) -> str:
    """`searched` for what is plain letters, in a tenth of the time."""
    return " ".join(dict.fromkeys(f"{words} {area} {customer}".lower().split()))
