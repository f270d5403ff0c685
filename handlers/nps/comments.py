"""What people wrote beside their score. Whose it is only those may read who answer for the customer, until it is feedback."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.behind import row_id
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.errors import NotAllowed, NotFound
from domain.facts import FeedbackLogged
from domain.feedback import fold_customer
from domain.nps import band, without_name
from handlers.nps import asked, views
from handlers.nps.asked import Asked
from handlers.nps.views import COMMENTS_A_PAGE, Comment
from models import Customer, Feedback, NpsAnswer, Supporter
from models.finding import the_one_that_stays
from models.nps_reading import OF_CUSTOMER, between
from models.numbers import next_number


@reads
async def show_comments(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/nps comments Q3`."""
    access.reads_inside(request.actor)
    wanted = asked.read_asked(request.text, deps.today(request.actor.zone))
    return await _page(session, request, wanted, replace=False)


@reads
async def turn_page(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.reads_inside(request.actor)
    wanted = asked.read_value(request.value, deps.today(request.actor.zone))
    is_private = bool((request.body.get("container") or {}).get("is_ephemeral"))
    return await _page(session, request, wanted, replace=is_private and '"at"' in (request.value or ""))


async def _page(session: AsyncSession, request: Request, wanted: Asked, *, replace: bool) -> Answer:
    these = and_(between(wanted.period.first, wanted.period.last), NpsAnswer.comment != "")
    total = await session.scalar(select(func.count()).select_from(NpsAnswer).where(these)) or 0
    logged = and_(Feedback.workspace_id == NpsAnswer.workspace_id, Feedback.id == NpsAnswer.feedback_id, Feedback.removed_at.is_(None))
    query = (
        select(NpsAnswer, Customer, Feedback.number)
        .outerjoin(Customer, OF_CUSTOMER)
        .outerjoin(Feedback, logged)
        .where(these)
        .order_by(NpsAnswer.answered_on.desc(), NpsAnswer.id.desc())
        .offset(wanted.at)
        .limit(COMMENTS_A_PAGE)
    )
    rows = (await session.execute(query)).all()
    also = await _other_names(session, [customer.id for _, customer, _ in rows if customer])
    shown = [_comment(request.actor, answer, customer, number, also) for answer, customer, number in rows]
    return Say(views.comments(wanted, shown, total), replace=replace)


async def _other_names(session: AsyncSession, customers: Sequence[int]) -> dict[int, list[str]]:
    """What customers were called that are one with these now."""
    found: dict[int, list[str]] = {}
    query = select(Customer.merged_into_id, Customer.name).where(Customer.merged_into_id.in_(customers))
    for key, name in await session.execute(query):
        found.setdefault(key or 0, []).append(name)
    return found


def _comment(viewer: Actor, answer: NpsAnswer, customer: Customer | None, number: int | None, also: dict[int, list[str]]) -> Comment:
    may_know = knows(viewer, customer)
    words = answer.comment
    if customer and not may_know and not number:
        names = [customer.name, *also.get(customer.id, ())]
        words = without_name(words, *names, *map(fold_customer, names))
    name = customer.name if customer and (may_know or number) else ""
    may_log = may_know and not (viewer.is_guest or viewer.is_outside)
    return Comment(answer.id, answer.score, answer.answered_on, words, name, number, may_log)


def knows(viewer: Actor, customer: Customer | None) -> bool:
    """Whether somebody may read a customer's name beside what was written: those who answer for it. Of nobody there is none to read."""
    return customer is None or viewer.is_product_operations or customer.account_owner == viewer.slack_id


async def log_comment(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*Log as feedback*: once, however often it is pressed."""
    access.may_change(request.actor)
    answer = await _answer(session, request.value)
    # The customer before the answer, as a merge holds them in this order.
    customer = await the_one_that_stays(session, answer.customer_id) if answer.customer_id else None
    answer = await _answer(session, request.value, lock=True)
    if not knows(request.actor, customer):
        raise NotAllowed("Only product operations and the account owner can log what a customer wrote here. Nothing was changed.")
    whose = customer.name if customer else ""
    known = await session.get(Feedback, answer.feedback_id) if answer.feedback_id else None
    if known is not None and known.removed_at is None:
        return Say(views.logged(known.number, whose, is_new=False))
    if known is not None:
        known.removed_at, known.logged_at, known.reporter = None, deps.now(), request.person
    made = known or Feedback(
        number=await next_number(session, "F"), words=answer.comment, customer_id=customer.id if customer else None, area=answer.area,
        type=views.BAND_IS[band(answer.score)], reporter=request.person, source=f"NPS, scored {answer.score}", logged_at=deps.now(),
    )  # fmt: skip
    session.add(made)
    await session.flush()
    answer.feedback_id = made.id
    await _support(session, request, deps, made)
    return Say(views.logged(made.number, whose, is_new=True))


async def _answer(session: AsyncSession, value: Any, *, lock: bool = False) -> NpsAnswer:
    wanted = row_id(value)
    query = select(NpsAnswer).where(NpsAnswer.id == wanted, NpsAnswer.removed_at.is_(None), NpsAnswer.comment != "")
    query = query.with_for_update().execution_options(populate_existing=True) if lock else query
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        raise NotFound("That comment is gone: its import was taken back. Nothing was changed.")
    return found


async def _support(session: AsyncSession, request: Request, deps: Deps, made: Feedback) -> None:
    """Whoever pressed brought it, and hears what becomes of it."""
    mine = select(Supporter.id).where(Supporter.feedback_id == made.id, Supporter.person == request.person)
    if await session.scalar(mine) is not None:
        return
    support = Supporter(feedback_id=made.id, person=request.person, added_at=deps.now())
    session.add(support)
    await session.flush()
    fact = FeedbackLogged(key=f"feedback:{made.id}:by:{support.id}", actor=request.person, feedback_id=made.id)
    await deps.tell(session, fact)
