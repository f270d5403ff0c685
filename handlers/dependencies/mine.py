"""What Home shows of asks: the ones that wait for the reader's word."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot import blockkit as kit
from bot.answers import Block
from bot.deps import Deps
from bot.requests import Actor
from domain.phrases import say_day
from handlers.dependencies import asking, loading, views


async def asks_for_me(session: AsyncSession, viewer: Actor, deps: Deps) -> Sequence[Block]:
    asks = await loading.load(session, deps, asking.by_actor(viewer), limit=5)
    return [
        kit.section(
            f"*{kit.name(ask.asking)} asks you for {kit.name(ask.what)}*\nby {say_day(ask.needed_on)}",
            accessory=kit.button("Answer", f"{views.OPEN}:{ask.id}", str(ask.id), about=ask.name),
        )
        for ask in asks
    ]
