"""What it costs to log what a customer said: so many statements, and no more."""

import pytest

from tests.handlers.feedback_steps import kept, log, opened
from tests.world import World


@pytest.fixture
async def statements(world: World) -> list[str]:
    """Every statement that SQLite is given from now on; what its triggers do is not among them."""
    if not world.app.database.is_sqlite:
        pytest.skip("both databases are given the same statements")
    given: list[str] = []

    def note(sql: str) -> None:
        if not sql.startswith("--") and given[-1:] != [sql]:  # a trigger's work is told as a comment, or as what fired it
            given.append(sql)

    async with world.app.database.plainly() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        driver.plain.set_trace_callback(note)
    return given


def of_the_form(given: list[str]) -> list[str]:
    """From the claim of the request to the answer that is kept, both included."""
    begins = max(n for n, sql in enumerate(given) if sql.startswith("INSERT INTO inbox"))
    ends = max(n for n, sql in enumerate(given) if sql.startswith("UPDATE inbox"))
    return [sql for sql in given[begins : ends + 1] if not sql.startswith("INSERT INTO lane")]  # made once for all


async def test_a_form_typed_by_command_is_logged_in_fifteen_statements(world: World, statements: list[str]) -> None:
    await log(world, "U_PM", "C_PAY", "so that the customer is known")
    await world.as_("U_PM").command("C_PAY", "/customer-feedback", "new invoices by region")
    await world.settle()
    statements.clear()
    await world.as_("U_PM").submit({"Customer": "Acme"})
    await world.settle()
    assert (await kept(world))[-1].words == "invoices by region"
    assert len(of_the_form(statements)) <= 15, "\n".join(of_the_form(statements))


async def test_a_message_is_logged_in_eighteen_statements(world: World, statements: list[str]) -> None:
    await log(world, "U_PM", "C_PAY", "so that the customer is known")
    await opened(world, "U_PM", "C_PAY", "invoices by region")
    statements.clear()
    await world.as_("U_PM").submit({"Customer": "Acme"})
    await world.settle()
    assert (await kept(world))[-1].words == "invoices by region"
    assert len(of_the_form(statements)) <= 18, "\n".join(of_the_form(statements))
