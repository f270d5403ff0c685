"""What the fields of a form offer while somebody types: customers, areas, releases, pieces of work, as far as they may see them."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.answers import Answer, Options
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.nearest import fold
from handlers.feedback import reading, views
from models import Feedback, Item, Team
from models.finding import OFFERED, customers_like, releases_like


@reads
async def offer_customers(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Known customers, the typed name as a new one, and nobody in particular."""
    known = await customers_like(session, request.text, access.seen_customers(request.actor)) if is_insider(request.actor) else []
    return Options(kit.with_new(known, request.text, [views.SEVERAL]))


@reads
async def offer_areas(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Teams, areas that were named before, and the typed words as a new one."""
    if not is_insider(request.actor):
        return Options(kit.with_new([], request.text))
    typed = fold(request.text)
    teams = await session.scalars(
        select(Team.name).where(Team.folded.contains(typed, autoescape=True)).order_by(Team.folded).limit(OFFERED)
    )
    named = await session.scalars(
        select(Feedback.area)
        .where(reading.seen(request.actor), Feedback.area != "", func.lower(Feedback.area).contains(typed, autoescape=True))
        .group_by(Feedback.area)
        .order_by(func.count().desc(), Feedback.area)
        .limit(OFFERED)
    )
    return Options(kit.with_new(list(dict.fromkeys([*teams, *named])), request.text))


@reads
async def offer_releases(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if not is_insider(request.actor):
        return Options()
    return Options(await releases_like(session, request.text, access.seen_releases(request.actor)))


@reads
async def offer_items(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Pieces of work by their titles, those of open ones first."""
    if not is_insider(request.actor):
        return Options()
    named = func.lower(Item.title).contains(request.text.casefold().strip(), autoescape=True)
    query = select(Item.title, Item.id).where(named, Item.state != "dropped", reading.seen_items(request.actor))
    rows = await session.execute(query.order_by(Item.title, Item.id).limit(OFFERED))
    return Options([(title, str(key)) for title, key in rows])


def is_insider(actor: Actor) -> bool:
    """Whether somebody is offered what the company knows: guests and people of other companies type what they mean."""
    return actor.is_known and not (actor.is_guest or actor.is_outside)
