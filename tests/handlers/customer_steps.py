"""What people do with customers, and what they see of them."""

from typing import Any

from sqlalchemy import select, update

from models import Customer, Feedback, Person
from playground.people import Actor
from playground.plain import plain_text
from tests.handlers.release_rows import said
from tests.world import World


async def make_operations(world: World, person: str = "U_OPS") -> None:
    """Olga runs product operations."""
    async with world.transaction() as session:
        await session.execute(update(Person).where(Person.slack_id == person).values(is_product_operations=True))


async def customer(world: World, name: str, **more: Any) -> int:
    async with world.transaction() as session:
        row = Customer(name=name, folded=name.casefold(), listed_at=world.clock.now(), **more)
        session.add(row)
        await session.flush()
        return row.id


async def feedback(world: World, number: int, customer: int | None, words: str = "slow export", **more: Any) -> int:
    async with world.transaction() as session:
        values = {"type": "request", "reporter": "U_PM", "channel": "C_PAY", "logged_at": world.clock.now(), **more}
        row = Feedback(number=number, customer_id=customer, words=words, **values)
        session.add(row)
        await session.flush()
        return row.id


async def ask(world: World, person: str, text: str, command: str = "/customer", channel: str = "C_WEEKLY") -> str:
    """All words of what a command answers with."""
    reply = await world.as_(person).command(channel, command, text)
    assert reply.status == 200
    return f"{reply.text}\n{plain_text(reply.blocks)}"


async def paste(world: World, person: str, command: str, *parts: str) -> Actor:
    """Opens the form of an import, pastes the parts one after the other, and has them read."""
    who = world.as_(person)
    await who.command("C_WEEKLY", command, "import")
    more = f"{'customers' if command == '/customer' else 'nps'}:import_more"
    for n, part in enumerate(parts[:-1]):
        view = who.view
        await who.press(view, more, state={f"cells:{n}": {f"cells:{n}": {"type": "plain_text_input", "value": part}}})
    await who.submit({f"cells:{len(parts) - 1}": parts[-1]})
    await world.settle()
    return who


async def import_it(world: World, who: Actor) -> str:
    """Presses *Import*; the words of the message that says what came in."""
    await who.submit()
    await world.settle()
    return who.dms()[-1].text


def shown(who: Actor) -> str:
    """All words of the form on the screen."""
    return "\n".join(said(who.view["blocks"])) if who.view else ""


async def customers(world: World) -> dict[str, Customer]:
    async with world.reading() as session:
        return {row.name: row for row in await session.scalars(select(Customer).order_by(Customer.id))}
