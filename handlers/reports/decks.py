"""`/release deck`: seven slides of what everybody may see, read at one moment, sent as a file with its summary in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.answers import Answer
from bot.deps import Deps
from bot.files import File
from bot.requests import Request
from bot.seeing import EVERYBODY
from domain import decks
from domain.decks import Ask, Told, Wanted
from domain.happenings import headline
from domain.phrases import say_day, say_time, say_zone
from domain.reports import say_moves, say_shipped
from domain.spans import due
from handlers.reports import asking, reading, sending
from handlers.reports.asked import Asked
from models import Feedback
from models import reports as stored


async def make_deck(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release deck [PERIOD] [of TEAM]`."""
    asked = await asking.read_asked(session, "deck", request.text, deps.today(request.actor.zone))
    return await sending.enqueue(session, request, deps, "deck", asked.value(), "The deck")


async def press_deck(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The button under a report."""
    asked = await asking.read_value(session, request.value)
    return await sending.enqueue(session, request, deps, "deck", asked.value(), "The deck")


async def deck_of(session: AsyncSession, asked: Asked, deps: Deps, zone: str, now: datetime) -> File:
    told = await tell(session, asked, deps, zone, now)
    whose = asked.team_name or "All teams"
    title = f"{whose}, {asked.period.words}"
    footer = f"As of {_moment(now, zone)} · {whose} · restricted releases are left out"
    name = f"releases-{asked.period.first}-{asked.period.last}.pptx"
    from handlers.reports import slides  # what draws them fills a fifth of the memory, and many never ask for it

    return File(name, f"Releases: {title}", slides.draw(decks.deck(told), footer, title), _summary(told, zone, now))


def _moment(now: datetime, zone: str) -> str:
    """Says "Sun 22 Nov 2026, 09:11 Berlin": slides are looked at years later."""
    local = now.astimezone(ZoneInfo(zone))
    return f"{say_day(local.date())}, {local:%H:%M} {say_zone(zone)}"


async def tell(session: AsyncSession, asked: Asked, deps: Deps, zone: str, now: datetime) -> Told:
    """Everything that the slides say."""
    seen = access.open_releases()
    report = await reading.report(session, asked, deps, zone, now)
    since, until = asking.instants(asked.period, zone, now)
    return Told(
        title=report.title,
        before=asked.period.before.words,
        today=deps.today(zone),
        rows=await reading.open_rows(session, EVERYBODY, asked.team, now),
        news=await reading.what_changed(session, seen, since, until, asked.team),
        total=report.total,
        total_before=report.before,
        asks=[
            Ask(row.asking or "Somebody", row.asked, row.what, row.needed_on, row.state in stored.PROMISED, row.release)
            for row in await stored.open_asks(session, seen, team=asked.team)
        ],
        wanted=await _wanted(session, asked.team),
    )


async def _wanted(session: AsyncSession, team: int | None) -> list[Wanted]:
    """Only what was said where everybody reads: a file goes anywhere."""
    found = await stored.wanted_by_customers(session, access.open_releases(), access.shown_words(Feedback, ""), team=team)
    named: dict[int, list[str]] = {}
    rows = {}
    for row in found:
        rows[row.id] = row
        named.setdefault(row.id, []).append(row.customer)
    return [Wanted(row.name, due(row), row.is_committed, tuple(named[key])) for key, row in rows.items()]


def _summary(told: Told, zone: str, now: datetime) -> str:
    """The same in four lines, for those who do not open it."""
    lines = [
        f"*{decks.verdict(told)}*",
        f"{told.title}: {say_shipped(told.total)}; {say_moves(told.total.moves)}.",
        f"What changed: {headline(told.news)}.",
        f"Seven slides, as of {say_time(now, zone)}, of what everybody may see.",
    ]
    return kit.safe("\n".join(lines))
