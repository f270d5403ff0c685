"""Finding what somebody named: by name, former name or short number. The nearest names are offered when nothing fits."""

from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from domain.calendar import WorkCalendar
from domain.dates import Today
from domain.errors import NotFound
from domain.nearest import fold, nearest
from domain.people import Someone
from domain.releases import Field
from domain.sources import as_read, people_in
from domain.words import is_mention, number_of, read_channel, read_user
from models.adding import find_or_add
from models.base import prebuilt, run, workspace_of
from models.customer import Customer
from models.dependency import Dependency
from models.escalation import Escalation
from models.feedback import Feedback
from models.release import Change, Release, ReleaseName
from models.rows import adopt, find, keep, written
from models.team import Team, hours_of
from models.workspace import Channel, Person, Workspace

OFFERED = 20
SHORT_NUMBERS = {
    "F": ("a piece of feedback", "/customer-feedback"),
    "E": ("an escalation", "/escalate"),
    "D": ("an ask between teams", "/dependency"),
}
MOST_MENTIONS = 50
Numbered = TypeVar("Numbered", Feedback, Escalation, Dependency)

_TEAM_OF_CHANNEL = prebuilt(
    select(func.min(Team.id)).where(Team.workspace_id == bindparam("workspace_id"), Team.channel == bindparam("channel"))
)


class TwoFit(NotFound):
    """Two releases fit a name equally well: `fits` are their ids and numbers."""

    def __init__(self, text: str, fits: list[tuple[int, int]]) -> None:
        self.fits = fits
        numbers = " and ".join(f"R-{number}" for _, number in sorted(fits, key=lambda fit: fit[1]))
        super().__init__(f'Two releases are called "{text.strip()[:60]}": {numbers}. Say which by its number. Nothing was changed.')


def was_made() -> ColumnElement[bool]:
    """Not one whose making was taken back: its rows stay for the history, and it is nothing that anybody can name. A duplicate, which gave
    its names away, was made."""
    mine = (Change.workspace_id == Release.workspace_id, Change.release_id == Release.id)
    is_called = exists().where(ReleaseName.workspace_id == Release.workspace_id, ReleaseName.release_id == Release.id)
    return or_(is_called, exists().where(*mine, Change.field == Field.NAME.value, Change.voided_at.is_(None)))


async def look_for_release(session: AsyncSession, text: str, seen: ColumnElement[bool], *, lock: bool = False) -> Release | None:
    """The release with this name, former name or number, among those that `seen` lets through. `lock` reads it for a change.

    A name it has now goes before one it had, an open one before a closed one. Raises TwoFit where that settles nothing.
    """
    rows = (await run(session, _by_name(seen, lock), folded=fold(text)[:200])).all()
    if rows:
        found = [row._asdict() for row in rows]
        ranks = [(row.pop("is_called"), row["is_open"]) for row in found]
        if len(found) > 1 and ranks[0] == ranks[1]:
            raise TwoFit(text, [(row["id"], row["number"]) for row in found])
        return adopt(session, Release, found[0])
    number = number_of(text, "R")
    if number is None:
        return None
    numbered = select(Release).where(Release.number == number, was_made(), seen)
    return (await session.scalars(_locked(numbered) if lock else numbered)).one_or_none()


@lru_cache(maxsize=1024)
def _by_name(seen: ColumnElement[bool], lock: bool) -> Select[Release, bool]:
    """Made once for each reader, as making it takes longer than running it."""
    named = (
        select(Release, ReleaseName.is_current.label("is_called"))
        .join(ReleaseName, (ReleaseName.workspace_id == Release.workspace_id) & (ReleaseName.release_id == Release.id))
        .where(Release.workspace_id == bindparam("workspace_id"), ReleaseName.folded == bindparam("folded"), seen)
        .order_by(ReleaseName.is_current.desc(), Release.is_open.desc(), Release.id.desc())
        .limit(2)
    )
    return prebuilt(named.with_for_update(of=Release) if lock else named)


def _locked(query: Select[Release]) -> Select[Release]:
    return query.with_for_update(of=Release).execution_options(populate_existing=True)


async def find_release(session: AsyncSession, text: str, seen: ColumnElement[bool], *, lock: bool = False) -> Release:
    """Like `look_for_release`; raises NotFound with the nearest names. `lock` reads it for a change."""
    found = await look_for_release(session, text, seen, lock=lock)
    if found is None:
        raise NotFound(no_such("release", text, await release_names(session, seen)))
    return found


async def release_names(session: AsyncSession, seen: ColumnElement[bool]) -> list[str]:
    named = select(Release.name).where(was_made(), seen)
    return list(await session.scalars(named.order_by(Release.is_open.desc(), Release.target_on.desc()).limit(2000)))


async def look_for_team(session: AsyncSession, text: str) -> Team | None:
    """A team by name, by its #channel or by its @lead: as Slack writes them, or as they were typed."""
    if not is_mention(text):
        wanted = Team.folded == fold(text)[:200]
    else:
        is_channel = text.strip().startswith(("<#", "#"))
        said = read_channel(text) if is_channel else read_user(text)
        wanted = (Team.channel if is_channel else Team.lead) == said.id if said.id else _is_called((said.name or "").casefold())
    return (await session.scalars(select(Team).where(wanted).order_by(Team.id).limit(1))).one_or_none()


def _is_called(typed: str) -> ColumnElement[bool]:
    """Teams whose channel or lead has that name, which Slack did not make a mention of."""
    channels = select(Channel.slack_id).where(Channel.name == typed)
    leads = select(Person.slack_id).where(func.lower(Person.name) == typed.replace(".", " "))
    return or_(Team.channel.in_(channels), Team.lead.in_(leads))


async def find_team(session: AsyncSession, text: str) -> Team:
    """Like `look_for_team`; raises NotFound with the nearest names."""
    found = await look_for_team(session, text)
    if found is None:
        raise NotFound(no_such("team", text, await team_names(session)))
    return found


async def team_names(session: AsyncSession) -> list[str]:
    return list(await session.scalars(select(Team.name).order_by(Team.name).limit(2000)))


async def team_of_channel(session: AsyncSession, channel: str | None) -> Team | None:
    team = (await run(session, _TEAM_OF_CHANNEL, channel=channel)).scalar_one() if channel else None
    return await keep(session, Team, team) if team else None


async def name_of(session: AsyncSession, slack_id: str | None, nobody: str = "Somebody") -> str:
    """What a person is called in text that must not mention them."""
    if not slack_id:
        return nobody
    return await session.scalar(select(Person.name).where(Person.slack_id == slack_id)) or nobody


async def someones(session: AsyncSession) -> list[Someone]:
    """Everybody as a sheet may name them."""
    columns = (Person.slack_id, Person.name, Person.email, Person.is_deleted, Person.is_bot, Person.is_guest, Person.is_outside)
    return [_someone(row) for row in await session.execute(select(*columns).order_by(Person.id))]


def _someone(row: Any) -> Someone:
    cannot = "has left" if row.is_deleted else "is a bot" if row.is_bot else "is a guest" if row.is_guest or row.is_outside else ""
    return Someone(row.slack_id, row.name, row.email, cannot)


async def at_work(session: AsyncSession, today: date) -> Today:
    """Today, to read a typed line with: "in 3 working days" counts those of the company."""
    return Today.at_work(today, hours_of(await this_workspace(session)).calendar)


async def calendar_of(session: AsyncSession, release: Release) -> WorkCalendar:
    """The working days of the release's team, or the company's."""
    team = await keep(session, Team, release.team_id) if release.team_id else None
    return hours_of(await this_workspace(session), team).calendar


async def customer_named(session: AsyncSession, name: str) -> Customer:
    """The customer of this name, made when there is none; of one that was merged, the one that stays.

    Two people may name a new one at the same moment. It is held until the transaction ends, so that nobody merges it away meanwhile.
    """
    folded = fold(name)[:200]
    found = await find(session, Customer, _CALLED, folded=folded)
    if found is None:
        known = _held(Customer.folded == folded)
        found = await find_or_add(session, known, lambda: Customer(name=" ".join(name.split())[:200], folded=folded))
    return await the_one_that_stays(session, found)


async def customer_id_named(session: AsyncSession, name: str) -> int:
    """The id alone: one statement where the customer is known."""
    await written(session)
    known = (await run(session, _CALLED_ID, folded=fold(name)[:200])).one_or_none()
    return known.id if known and known.merged_into_id is None else (await customer_named(session, name)).id


async def the_one_that_stays(session: AsyncSession, customer: Customer | int) -> Customer:
    """The customer itself, or the one that it was merged into; held until the transaction ends, so that it stays so."""
    found = (await session.scalars(_held(Customer.id == customer))).one() if isinstance(customer, int) else customer
    while found.merged_into_id is not None:
        found = (await session.scalars(_held(Customer.id == found.merged_into_id))).one()
    return found


def _held(only: ColumnElement[bool]) -> Select[Customer]:
    return select(Customer).where(only).with_for_update(read=True, key_share=True).execution_options(populate_existing=True)


_CALLED = prebuilt(_held((Customer.workspace_id == bindparam("workspace_id")) & (Customer.folded == bindparam("folded"))))
_CALLED_ID = prebuilt(_CALLED.with_only_columns(Customer.id, Customer.merged_into_id))


async def look_for_customer(session: AsyncSession, text: str, seen: ColumnElement[bool]) -> Customer | None:
    """The customer whom this name finds, its own or that of one merged into it, among those that `seen` lets through."""
    named = aliased(Customer)
    stays = select(func.coalesce(named.merged_into_id, named.id)).where(named.folded == fold(text)[:200])
    return (await session.scalars(select(Customer).where(Customer.id.in_(stays), seen))).one_or_none()


async def find_customer(session: AsyncSession, text: str, seen: ColumnElement[bool]) -> Customer:
    """Like `look_for_customer`; the only one that begins so or has it in its name will do. Raises NotFound with the nearest names."""
    found = await look_for_customer(session, text, seen)
    if found is not None:
        return found
    like = await customers_like(session, text, seen) if fold(text) else []
    if len(like) == 1:
        return (await session.scalars(select(Customer).where(Customer.folded == fold(like[0][1])[:200]))).one()
    names = select(Customer.name).where(seen, Customer.merged_into_id.is_(None)).order_by(Customer.id.desc()).limit(2000)
    raise NotFound(no_such("customer", text, [name for _, name in like] or list(await session.scalars(names))))


async def customers_like(session: AsyncSession, typed: str, seen: ColumnElement[bool]) -> list[tuple[str, str]]:
    """Known customers for what somebody types, as ("Acme, enterprise", "Acme"), those that begin with it first."""
    folded = fold(typed)
    other = aliased(Customer)
    whole = fold(typed.rpartition(",")[0])  # "Acme, enterprise" as it was shown
    fits = or_(other.folded.contains(folded, autoescape=True), other.folded == whole)
    named = select(func.coalesce(other.merged_into_id, other.id)).where(fits)
    begins = Customer.folded.startswith(folded, autoescape=True)
    query = (
        select(Customer.name, Customer.tier)
        .where(seen, Customer.merged_into_id.is_(None), Customer.id.in_(named))
        .order_by(begins.desc(), Customer.folded)
    )
    return [(f"{name}, {tier}" if tier else name, name) for name, tier in await session.execute(query.limit(OFFERED))]


async def releases_like(session: AsyncSession, typed: str, seen: ColumnElement[bool]) -> list[tuple[str, str]]:
    """Names and ids of releases for what somebody types, open ones first."""
    named = func.lower(Release.name).contains(typed.casefold().strip(), autoescape=True)
    query = select(Release.name, Release.id).where(was_made(), seen, named).order_by(Release.is_open.desc(), Release.name).limit(OFFERED)
    return [(name, str(key)) for name, key in await session.execute(query)]


async def readable(session: AsyncSession, text: str) -> str:
    """A message's text as its readers see it, with the names of those it mentions."""
    named = await session.execute(select(Person.slack_id, Person.name).where(Person.slack_id.in_(people_in(text)[:MOST_MENTIONS])))
    return as_read(text, {row.slack_id: row.name for row in named})


async def this_workspace(session: AsyncSession) -> Workspace:
    """The workspace that the session is bound to."""
    space = await keep(session, Workspace, workspace_of(session))
    assert space is not None
    return space


async def lock_workspace(session: AsyncSession) -> Workspace:
    """The workspace, held until the transaction ends; its key stays free, as every other one holds that by a row that refers to it."""
    mine = select(Workspace).where(Workspace.id == workspace_of(session)).with_for_update(key_share=True)
    return (await session.scalars(mine, execution_options={"populate_existing": True})).one()


async def find_numbered(
    session: AsyncSession, kind: type[Numbered], text: str, seen: ColumnElement[bool] | None = None, *, lock: bool = False
) -> Numbered:
    """A record by its short number: F-12, e3, 7. Raises NotFound, in the same words when `seen` does not let it through."""
    letter, word = {"feedback": ("F", "feedback"), "escalation": ("E", "escalation"), "dependency": ("D", "dependency")}[kind.__tablename__]
    number = number_of(text, letter)
    query = select(kind).where(kind.number == number, true() if seen is None else seen)
    found = (await session.scalars(query.with_for_update(of=kind) if lock else query)).one_or_none() if number is not None else None
    if found is None:
        raise NotFound(f'There is no {word} "{text.strip()[:40]}". Numbers look like {letter}-12.')
    return found


def numbered_elsewhere(text: str) -> str:
    """What a short number is that counts no releases, and where it is shown; empty for anything else."""
    for letter, (kind, command) in SHORT_NUMBERS.items():
        number = number_of(text, letter)
        if number is not None and fold(text).startswith(letter.casefold()):
            return f"{letter}-{number} is {kind}, and no release: {command} show {letter}-{number}."
    return ""


def no_such(what: str, text: str, names: list[str]) -> str:
    """The sentence for a name that fits nothing."""
    if what == "release" and (elsewhere := numbered_elsewhere(text)):
        return f"{elsewhere} Nothing was changed."
    close = nearest(text, names)
    offer = f" Did you mean {' or '.join(close)}?" if close else ""
    return f'There is no {what} "{text.strip()[:60]}".{offer} Nothing was changed.'
