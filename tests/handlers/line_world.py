"""Releases with names that are easily taken for one another, and what a typed line did to them."""

from typing import Any

from sqlalchemy import delete, func, select, update

from models import Change, Item, Release, ReleaseReader
from models.history import settle, void
from playground import Actor
from tests.world import World

NAMES = (
    *("Billing revamp", "Billing", "Usage API", "SSO for enterprise", "SSO", "SSO - phase 2", "1.37", "Search as a service"),
    *("Search", "Move to cloud", "Move", "Black Friday", "Open beta", "Open", "Green energy", "Regional hosting"),
)
WITHOUT_A_DAY = "Regional hosting"


async def lines_world(world: World) -> None:
    """R-1 to R-16, all of Payments and owned by Petra but the first, which is Pia's. "Invoices" was a name of R-3."""
    team = await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    world.slack.user_group("S_DESIGN", "design", "Design", ["U_MOB"])
    await world.slack.change_group("S_DESIGN", ["U_MOB"])
    await world.settle()
    for n, name in enumerate(NAMES):
        await world.release(name, None if name == WITHOUT_A_DAY else "2027-03-05", team=team, owner="U_PLAT" if n else "U_PM")
    await world.as_("U_PM").command("C_PAY", "/release", "rename Usage API to Invoices")
    await world.as_("U_PM").command("C_PAY", "/release", "rename Invoices to Usage API")


async def last_row(world: World) -> int:
    async with world.reading() as session:
        return (await session.scalars(select(func.max(Change.id)))).one()


async def written(world: World, since: int) -> list[tuple[int, Change]]:
    """The rows of history that a line wrote, each with the number of its release."""
    async with world.reading() as session:
        query = select(Release.number, Change).join(Release, Release.id == Change.release_id).where(Change.id > since).order_by(Change.id)
        return [(row[0], row[1]) for row in await session.execute(query)]


async def as_before(world: World, since: int) -> None:
    """Take back what a line did, so that the next one finds everything as it was."""
    async with world.transaction() as session:
        rows = list(await session.scalars(select(Change).where(Change.id > since)))
        for row in rows:
            void(row, by=None, now=world.clock.now(), reason="test")
        await session.flush()
        for release in await session.scalars(select(Release).where(Release.id.in_({row.release_id for row in rows}))):
            release.restricted = False
            await settle(session, release)
        await session.execute(update(Item).values(release_id=None, state="dropped"))
        await session.execute(delete(ReleaseReader).where(ReleaseReader.release_id > 0))


async def outcome(world: World, person: Actor, line: str) -> str:
    """In short what a line led to: what was written, which form it opened, what was asked back, or the first words of the answer."""
    since = await last_row(world)
    reply: Any = await person.command("C_WEEKLY", "/release", line)
    rows = await written(world, since)
    if rows:
        await as_before(world, since)
        return "; ".join(_row(number, row) for number, row in rows)
    if person.view:
        view = person.view
        await person.close()
        return f"form {view['title']['text']}"
    return f"says {' '.join(reply.text.split())[:60]}"


def _row(number: int, row: Change) -> str:
    said = f" because {row.reason}" if row.reason else ""
    return f"R-{number} {row.field} {row.after}{said}"
