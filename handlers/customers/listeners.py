"""Setting a customer down, and changing what is known of one."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.customers import LONGEST_NAME, NAME, OWNER, REGION, TIER, VALUE, read_customer
from domain.errors import BadInput
from domain.lifecycle import storable
from domain.money import Point, read_amount
from domain.nearest import fold
from domain.phrases import cut
from domain.words import plain
from handlers.customers import reading, views, views_card
from handlers.customers.views import Known
from models import Customer, Feedback, Person
from models.finding import find_customer, look_for_customer
from models.merging import also_found_by, give_up_name, keep_name, was_a_name

AGAIN = "There is a customer called {name} already. Edit that one, or make one of the two: `/customer merge`. Nothing was saved."


@reads
async def new_customer(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/customer new Acme`. A customer may be called New Something."""
    access.may_change(request.actor)
    typed = plain(request.text)
    known = await look_for_customer(session, f"new {typed}", reading.shown_customers(request.actor)) if typed else None
    if known is not None:
        return Say(views_card.card(await reading.card(session, known, request, deps)))
    return Open(views.form(Known(name=typed[:LONGEST_NAME]), request.origin))


@reads
async def open_new(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return Open(views.form(Known(), request.origin))


@reads
async def edit_customer(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/customer edit Acme`."""
    access.may_change(request.actor)
    if not request.text.strip():
        raise BadInput({"text": "Say which customer: `/customer edit Acme`. Nothing was changed."})
    found = await find_customer(session, plain(request.text), reading.shown_customers(request.actor))
    return Open(views.form(_known(found), request.origin))


@reads
async def open_edit(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return Open(views.form(_known(await reading.by_id(session, request.value, request.actor)), request.origin))


def _known(row: Customer) -> Known:
    return Known(row.id, row.name, row.tier, row.value, row.account_owner, row.region)


async def save_customer(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A form that was sent. What a name means already is not taken over in silence."""
    access.may_change(request.actor)
    name = read_customer(request.state.get(NAME) or "")
    value = _value(request.state.get(VALUE) or "")
    owner = await _owner(session, request.state.get(OWNER))
    key = request.metadata.get("customer")
    row = await reading.by_id(session, key, request.actor, lock=True) if key else None
    taken = (await session.scalars(select(Customer).where(Customer.folded == fold(name)[:200]))).one_or_none()
    note = ""
    if taken is not None and (row is None or taken.id != row.id) and await was_a_name(session, taken):
        note = await _given_up(session, taken, row, request)
    elif taken is not None and (row is None or taken.id != row.id):
        # One that was only ever named where this person does not read is no news to them, and now it is set down.
        if row is not None or taken.merged_into_id or taken.listed_at or await _is_seen(session, taken, request):
            raise BadInput({NAME: AGAIN.format(name=cut(name))})
        row = taken
    row = row or Customer(name=name, folded=fold(name)[:200])
    was_called = row.name
    row.name, row.folded, row.value, row.account_owner, row.listed_at = name, fold(name)[:200], value, owner, row.listed_at or deps.now()
    row.tier, row.region = cut(storable(request.state.get(TIER) or ""), 40), cut(storable(request.state.get(REGION) or ""))
    session.add(row)
    try:
        await session.flush()
    except IntegrityError:  # somebody set the same name down at this moment
        raise BadInput({NAME: AGAIN.format(name=cut(name))}) from None
    if row.name != was_called:
        if fold(was_called) != fold(row.name):
            await keep_name(session, row, was_called)
        await also_found_by(session, row.name, list(await session.scalars(select(Feedback.id).where(Feedback.customer_id == row.id))))
    return Say(views_card.card(await reading.card(session, row, request, deps), note))


async def _given_up(session: AsyncSession, name: Customer, row: Customer | None, request: Request) -> str:
    """A former name of a customer is another's from now on, or its own again; of another that is said, to who may see that one."""
    owner = (await session.scalars(select(Customer).where(Customer.id == name.merged_into_id))).one()
    is_said = (row is None or owner.id != row.id) and await _is_seen(session, owner, request)
    await give_up_name(session, name)
    return f"{cut(owner.name)} was called so before. The name finds this customer from now on." if is_said else ""


async def _is_seen(session: AsyncSession, row: Customer, request: Request) -> bool:
    shown = select(Customer.id).where(Customer.id == row.id, reading.shown_customers(request.actor))
    return await session.scalar(shown) is not None


def _value(text: str) -> int | None:
    """What is typed here is meant as a whole amount: 12.000 is twelve thousand."""
    try:
        return read_amount(text, Point.THOUSANDS).units if text.strip() else None
    except BadInput as wrong:
        raise BadInput({VALUE: f"{wrong.sentence} Write it as 120,000 or 1.2M."}) from None


async def _owner(session: AsyncSession, chosen: str | None) -> str | None:
    if not chosen:
        return None
    person = (await session.scalars(select(Person).where(Person.slack_id == chosen))).one_or_none()
    if person is None or person.is_bot or person.is_deleted or person.is_guest or person.is_outside:
        raise BadInput({OWNER: "Guests, bots and people of other companies cannot be account owner. Pick somebody else."})
    return chosen
