"""How journeys set Tendon up."""

from typing import Any

from tests.world import World


async def form(world: World, step: str, person: str = "U_OPS") -> Any:
    """Somebody opens the form of a step from the list of all; gives who does."""
    actor = world.as_(person)
    reply = await actor.command("C_OPS", "/tendon", "setup")
    await actor.press(reply.message, f"setup:{step}")
    return actor


async def saved(world: World, step: str, fields: dict[str, Any], person: str = "U_OPS") -> str:
    """The same, filled in and saved; gives the answer."""
    actor = await form(world, step, person)
    reply = await actor.submit(fields)
    assert not reply.errors, reply.errors
    await world.settle()
    answers: list[str] = [message.text for message in actor.sees("C_OPS")]
    return answers[-1]
