"""What was brought for a release, and where each of those who brought it would hear of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.hearers import may_hear
from domain.feedback import Kind
from domain.phrases import say_day
from handlers.loop.views import Asked
from models import ChannelMember, Customer, Feedback, Person, Release, Supporter
from models.base import prebuilt
from models.together import waits_for as waits_for

IS_LINKED = prebuilt(
    select(Feedback.id).where(Feedback.workspace_id == bindparam("workspace_id"), Feedback.release_id == bindparam("release_id")).limit(1)
)


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody hears: a thread, or nowhere but privately."""

    channel: str = ""
    thread: str = ""


PRIVATELY = Where()


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece that somebody brought, and where."""

    person: str
    feedback_id: int
    number: int
    words: str
    customer: str
    account_owner: str | None
    logged_at: datetime
    where: Where


async def brought(session: AsyncSession, release_id: int) -> list[Piece]:
    """Every piece that waits for the release, with each of those who brought it, the oldest first."""
    return await pieces(session, waits_for(release_id))


async def pieces(session: AsyncSession, only: ColumnElement[bool]) -> list[Piece]:
    """Those of them that nobody took back, with each of those who brought them, the oldest first."""
    by, piece, of = Supporter, Feedback, Customer
    query = (
        select(by.person, piece.id, piece.number, piece.words, of.name, of.account_owner, piece.logged_at, by.channel, by.thread_ts)
        .join(piece, and_(piece.workspace_id == by.workspace_id, piece.id == by.feedback_id))
        .outerjoin(of, and_(of.workspace_id == piece.workspace_id, of.id == piece.customer_id))
        .where(piece.removed_at.is_(None), only)
        .order_by(by.added_at, by.id)
    )
    return [
        Piece(person, key, number, words, customer or "", owner, at, Where(channel or "", thread or ""))
        for person, key, number, words, customer, owner, at, channel, thread in await session.execute(query)
    ]


def people_of(group: Iterable[Piece]) -> list[str]:
    return list(dict.fromkeys(one.person for one in group))


async def in_threads(session: AsyncSession, pieces: Sequence[Piece]) -> list[Piece]:
    """Those whose thread may be answered in, as members of its channel."""
    channels = {one.where.channel for one in pieces if one.where.thread}
    speaks = [channel for channel in channels if (await access.place_of(session, channel)).may_answer]
    inside = select(ChannelMember.channel_slack_id, ChannelMember.person_slack_id).where(ChannelMember.channel_slack_id.in_(speaks))
    members = {(channel, person) for channel, person in await session.execute(inside)}
    return [one for one in pieces if one.where.thread and (one.where.channel, one.person) in members]


async def messages(session: AsyncSession, release: Release, pieces: Sequence[Piece]) -> list[tuple[Where, list[Piece]]]:
    """The messages to send to those of them who may hear of the release. One that is restricted is named in no thread."""
    may = await may_hear(session, release, people_of(pieces))
    theirs = [one for one in pieces if one.person in may]
    return await spread(session, theirs) if not release.restricted else grouped((PRIVATELY, one) for one in theirs)


async def spread(session: AsyncSession, pieces: Sequence[Piece]) -> list[tuple[Where, list[Piece]]]:
    """Each person is in one message: in the first thread that is still theirs, else alone in a private one."""
    homes: dict[str, Where] = {}
    for one in await in_threads(session, pieces):
        homes.setdefault(one.person, one.where)
    return grouped((homes.get(one.person, PRIVATELY), one) for one in pieces if homes.get(one.person, one.where) == one.where)


def grouped(pieces: Iterable[tuple[Where, Piece]]) -> list[tuple[Where, list[Piece]]]:
    """One message for each thread, and one for each person who hears privately."""
    found: dict[tuple[Where, str], list[Piece]] = defaultdict(list)
    for where, one in pieces:
        found[where, "" if where.channel else one.person].append(one)
    return [(where, group) for (where, _), group in found.items()]


class Everybody:
    """All who asked, in the order in which they did: what a message says of those whom it reaches, and how many others asked too."""

    def __init__(self, rows: Iterable[tuple[int, str, str, str | None, bool]]) -> None:
        """Rows of `Supporter` by id and person, whose words it is, the channel they are from, and whether everybody may read them."""
        self._everywhere: set[str] = set()
        self._inside: dict[str, set[str]] = defaultdict(set)
        self._rows: dict[str, list[int]] = defaultdict(list)
        self._zones: dict[str, str] = {}
        for key, person, kind, channel, is_public in rows:
            self._rows[person].append(key)
            if kind != Kind.CUSTOMER:
                continue  # told like the others, and never counted with customers
            self._everywhere.add(person) if is_public else self._inside[channel or ""].add(person)

    @property
    def people(self) -> list[str]:
        return list(self._rows)

    @classmethod
    async def of(cls, session: AsyncSession, only: ColumnElement[bool]) -> "Everybody":
        query: Any = (
            select(Supporter.id, Supporter.person, Feedback.kind, Feedback.channel, access.is_public_words(Feedback))
            .join(Feedback, and_(Feedback.workspace_id == Supporter.workspace_id, Feedback.id == Supporter.feedback_id))
            .where(Feedback.removed_at.is_(None), only)
            .order_by(Supporter.added_at, Supporter.id)
        )
        return cls((await session.execute(query)).all())

    async def brought_by(self, session: AsyncSession, people: Collection[str]) -> list[Piece]:
        """What these of them brought. Asked before `asked`, which says their days in their own zone."""
        found = await session.execute(select(Person.slack_id, Person.zone).where(Person.slack_id.in_(people)))
        self._zones |= {row.slack_id: row.zone or "UTC" for row in found}
        return await pieces(session, Supporter.id.in_([key for person in people for key in self._rows.get(person, ())]))

    def asked(self, where: Where, group: Sequence[Piece]) -> Asked:
        """Others are counted as far as everybody there may read what they said."""
        people, first = people_of(group), group[0]
        inside = self._inside[where.channel] - self._everywhere if where.channel else set()
        known = sum(one in self._everywhere or one in inside for one in people)
        return Asked(
            numbers=sorted({one.number for one in group}),
            on=say_day(first.logged_at.astimezone(ZoneInfo(self._zones.get(people[0], "UTC"))).date()),
            people=people if where.channel else (),
            others=len(self._everywhere) + len(inside) - known,
            words="" if where.channel else first.words,
            customers=customers_of(group),
        )


def customers_of(group: Collection[Piece]) -> list[str]:
    return list(dict.fromkeys(one.customer for one in group if one.customer))
