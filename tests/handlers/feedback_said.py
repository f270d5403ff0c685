"""What journeys with feedback share: pieces as they were logged, and what an answer says."""

import json
from typing import Any

from sqlalchemy import func, select

from models import Feedback, Supporter
from models.finding import customer_named
from tests.world import World


async def say(world: World, *pieces: str | dict[str, Any]) -> None:
    """Pieces in the order of their numbers, each a minute after the one before; one is words, or columns beside them."""
    async with world.transaction() as session:
        first = (await session.scalar(select(func.count(Feedback.id))) or 0) + 1
        rows = []
        for number, piece in enumerate(pieces, first):
            more = {"words": piece} if isinstance(piece, str) else dict(piece)
            if customer := more.pop("customer", None):
                more["customer_id"] = (await customer_named(session, customer)).id
            usual = {"type": "request", "reporter": "U_PM", "channel": "C_PAY", "logged_at": world.clock.now()}
            rows.append(Feedback(number=number, **usual | more))
        session.add_all(rows)
        await session.flush()
        session.add_all(Supporter(feedback_id=row.id, person=row.reporter, channel=row.channel, added_at=row.logged_at) for row in rows)


async def ask(world: World, typed: str, person: str = "U_PM", channel: str = "C_PAY") -> str:
    reply = await world.as_(person).command(channel, "/customer-feedback", typed)
    assert reply.status == 200
    return reply.text + json.dumps(list(reply.blocks or []), ensure_ascii=False)


def numbers(said: str) -> list[int]:
    """The pieces of a list, in its order."""
    blocks = json.loads(said[said.index("[{") :]) if "[{" in said else []
    return [int(block["accessory"]["accessibility_label"].rpartition("F-")[2]) for block in blocks if block.get("accessory")]


async def pieces(world: World) -> dict[int, Feedback]:
    async with world.reading() as session:
        return {row.number: row for row in await session.scalars(select(Feedback).order_by(Feedback.number))}
