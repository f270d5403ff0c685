"""A small company in the local workspace, with the bot running beside it: what journeys are told in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import App
from bot.config import Settings
from bot.database import Database
from bot.manifest import read_manifest
from domain.nearest import fold
from models import Channel, ChannelMember, Person, Team, Workspace
from playground import Actor, LocalSlack
from tests.conftest import EPOCH

MANIFEST = read_manifest()
PEOPLE = (
    ("U_PM", "Pia Marsh", "Europe/Berlin", "payments product manager", {}),
    ("U_LEAD", "Paul Lind", "Europe/Berlin", "payments lead", {}),
    ("U_MOB", "Mona Lake", "Europe/London", "mobile lead", {}),
    ("U_PLAT", "Petra Oak", "America/New_York", "platform lead", {}),
    ("U_SALES", "Sam Hill", "America/New_York", "account manager", {}),
    ("U_OPS", "Olga Prod", "Europe/Berlin", "head of product operations", {"admin": True}),
    ("U_GUEST", "Gus Guest", "Europe/Berlin", "contractor", {"guest": True}),
    ("U_OUT", "Otto Acme", "Europe/Berlin", "customer at Acme", {"outside": True}),
)
INSIDE = ["U_PM", "U_LEAD", "U_MOB", "U_PLAT", "U_SALES", "U_OPS"]
CHANNELS: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    ("C_WEEKLY", "product-weekly", INSIDE, {}),
    ("C_PAY", "team-payments", ["U_PM", "U_LEAD", "U_OPS"], {}),
    ("C_MOB", "team-mobile", ["U_MOB", "U_PM"], {}),
    ("C_PLAT", "team-platform", ["U_PLAT"], {}),
    ("C_OPS", "product-ops", ["U_OPS"], {}),
    ("C_PRIV", "pricing-talks", ["U_PM", "U_LEAD"], {"private": True}),
    ("C_ACME", "acme-success", ["U_SALES", "U_PM", "U_OUT"], {"shared": True}),
    ("C_NOBOT", "random-no-bot", ["U_PM", "U_SALES", "U_GUEST"], {"bot": False}),
)


def company(now: datetime = EPOCH) -> LocalSlack:
    slack = LocalSlack(seed=7, now=now)
    slack.manifest = deepcopy(MANIFEST)
    for id, name, zone, title, more in PEOPLE:
        slack.member(id, name, zone=zone, title=title, **more)
    for id, name, members, more in CHANNELS:
        slack.channel(id, name, members=members, **more)
    return slack


class World:
    """The company, the bot and the time."""

    def __init__(self, slack: LocalSlack, app: App) -> None:
        self.slack = slack
        self.app = app

    @property
    def clock(self) -> Any:
        return self.slack.clock

    def as_(self, person: str) -> Actor:
        return self.slack.as_(person)

    async def settle(self) -> None:
        """No delivery in flight, and nothing left that could be sent now."""
        await self.slack.settled()
        await self.app.outbox.drain()
        await self.slack.settled()

    async def tick(self) -> None:
        await self.app.ticker.tick_all()
        await self.settle()

    async def advance(self, **by: float) -> None:
        """Move product time on; what is due happens."""
        self.slack.clock.advance(timedelta(**by))
        await self.app.clock_moved()
        await self.settle()

    async def move_to(self, at: datetime) -> None:
        self.slack.clock.move_to(at)
        await self.app.clock_moved()
        await self.settle()

    @property
    def workspace_id(self) -> int:
        return next(iter(self.app.workspaces._known.values())).id

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        async with self.app.database.reading(self.workspace_id, clock=self.clock.now) as session:
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        async with self.app.database.transaction(self.workspace_id, clock=self.clock.now, by="test") as session:
            yield session

    async def team(self, name: str, **more: Any) -> int:
        async with self.transaction() as session:
            team = Team(name=name, folded=fold(name), created_at=self.clock.now(), **more)
            session.add(team)
            await session.flush()
            return team.id

    async def release(self, name: str, target: str | None = None, *, team: int | None = None, owner: str | None = None, **more: Any) -> int:
        """A release with its history, as `/release new` would make it."""
        from models.history import create_release

        async with self.transaction() as session:
            made = await create_release(
                session,
                name,
                date.fromisoformat(target) if target else None,
                team_id=team,
                owner=owner,
                actor=owner,
                now=self.clock.now(),
                **more,
            )
            return made.id


async def introduce(slack: LocalSlack, database: Database) -> None:
    """Write down what a first look around would find, so that a journey need not wait for it."""
    now, mine = slack.clock.now(), {"workspace_id": 1}
    members, rooms = slack.state.members.values(), slack.state.channels.values()
    known = [room for room in rooms if slack.bot_user in room.members]
    async with database.plainly() as connection:
        about = {"team_slack_id": slack.team_id, "name": slack.name, "domain": slack.domain, "bot_slack_id": slack.bot_user}
        await connection.execute(insert(Workspace), {"id": 1, "installed_at": now, "synced_at": now, **about})
        if not database.is_sqlite:
            await connection.execute(text("SELECT setval('workspace_id_seq', 1)"))
        people = [
            {
                "slack_id": member.id, "name": member.name, "email": member.email, "zone": member.zone,
                "is_guest": member.guest, "is_outside": member.outside,
                "is_admin": member.admin, "is_bot": member.bot, **mine,
            }
            for member in members
        ]  # fmt: skip
        await connection.execute(insert(Person), people)
        channels = [
            {
                "slack_id": room.id, "name": room.name, "is_private": room.private, "is_shared": room.shared,
                "has_bot": room in known, "members_at": now if room in known else None, **mine,
            }
            for room in rooms
        ]  # fmt: skip
        await connection.execute(insert(Channel), channels)
        inside = [{"channel_slack_id": room.id, "person_slack_id": member, **mine} for room in known for member in room.members]
        await connection.execute(insert(ChannelMember), inside)


@asynccontextmanager
async def running(slack: LocalSlack, database_url: str, *, is_known: bool = False, **settings: Any) -> AsyncIterator[App]:
    """The bot beside a started workspace, over signed HTTP. `is_known`: it has looked around there before."""
    app = App(
        Settings(
            slack_bot_token=slack.bot_token,
            slack_signing_secret=slack.signing_secret,
            slack_api_url=slack.api_url,
            database_url=database_url,
            port=0,
            **settings,
        ),
        clock=slack.clock.now,
        channel_gap=0.0,
        breath=0.002,
    )
    jobs = app.ticker.jobs
    if is_known:
        await introduce(slack, app.database)
        app.ticker.jobs = ()  # its first look at what is due was then, too: nothing was
    await app.start()
    app.ticker.jobs = jobs
    slack.deliver_to(f"http://127.0.0.1:{app.port}/slack/events")
    try:
        yield app
    finally:
        await app.stop()


def be_patient(slack: LocalSlack, app: App) -> None:
    """A machine that is busy for three seconds fails no journey here; limits of time have tests of their own."""
    slack.sender.deadline = slack.triggers.life = 30.0
    app.dispatch.patience, app.dispatch.last_moment = 25.0, 28.0
