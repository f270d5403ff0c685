"""What stands behind feedback: how many customers, and what they pay. Both are always said beside each other, never as one figure."""

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.customers import Weights
from domain.feedback import Kind
from models.customer import Customer
from models.feedback import Feedback


def customers_of(*only: ColumnElement[bool]) -> Select[int | None]:
    """Ids of the customers behind the feedback that `only` lets through; what slows us and what the market does has none."""
    counts = (Feedback.removed_at.is_(None), Feedback.kind == Kind.CUSTOMER.value, Feedback.customer_id.is_not(None))
    return select(Feedback.customer_id).where(*counts, *only).distinct()


async def weights(session: AsyncSession, *only: ColumnElement[bool]) -> Weights:
    """Each customer counts once, however often they said it. `only` holds what the reader may read, too."""
    return await weigh(session, Customer.id.in_(customers_of(*only)))


async def weigh(session: AsyncSession, these: ColumnElement[bool]) -> Weights:
    """The same of any customers."""
    query = select(func.count(Customer.id), func.coalesce(func.sum(Customer.value), 0), func.count(Customer.value)).where(these)
    count, value, valued = (await session.execute(query)).one()
    return Weights(count, int(value or 0), count - valued)
