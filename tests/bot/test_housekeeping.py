"""What is long over takes no room, and is never done a second time."""

from datetime import timedelta

from bot.answers import Message
from bot.housekeeping import LEGIBLE, empty_old_effects
from tests.bot.machine import Machine
from tests.bot.notes import a_slice  # noqa: F401


async def _post(machine: Machine, key: str, channel: str = "C1") -> None:
    app = machine.app
    async with app.database.transaction(1, clock=app.deps.clock) as session:
        await app.outbox.post(session, key, channel, Message(f"words of {key}"))
    await machine.settle()


async def _rows(machine: Machine) -> dict[str, tuple[str, bool]]:
    async with machine.app.database.reader.connect() as connection:
        found = await connection.exec_driver_sql(
            "SELECT key, state, payload FROM outbox WHERE workspace_id = 1 AND key IN ('old', 'new', 'dead')"
        )
        return {row.key: (row.state, "words" in str(row.payload)) for row in found}


async def test_of_what_was_sent_long_ago_only_the_key_is_kept(machine: Machine) -> None:
    await _post(machine, "old")
    await _post(machine, "dead", "C_NOWHERE")
    machine.slack.clock.advance(LEGIBLE + timedelta(hours=1))
    await _post(machine, "new")
    app = machine.app
    for _ in range(2):
        async with app.database.transaction(1, clock=app.deps.clock) as session:
            await empty_old_effects(session, app.deps)
    assert await _rows(machine) == {"old": ("past", False), "new": ("done", True), "dead": ("dead", True)}
    await _post(machine, "old")
    assert [text for text in machine.posted() if text == "words of old"] == ["words of old"]
