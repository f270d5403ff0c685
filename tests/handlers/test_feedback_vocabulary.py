"""The words that are said: close ones are offered however long ago they were said, and only to those who may read what says them."""

import asyncio

import pytest
from sqlalchemy import insert, update

from models import Feedback, Workspace, searching, vocabulary
from tests.handlers.feedback_said import ask, numbers, say
from tests.world import World

LONG_AGO = ["Invoices cannot be exported", *[f"something else {n}" for n in range(60)]]


@pytest.mark.parametrize(
    "typed", ["imvoices", "nvoices", "inoices", "nivoices", "jnvoices", "iinvoices", "invoixes", "invoces", "invocies"]
)
async def test_a_word_that_was_mistyped_anywhere_finds_its_nearest_however_old(world: World, typed: str) -> None:
    await say(world, *LONG_AGO)
    said = await ask(world, f"search {typed}")
    assert f'Nothing says "{typed}". Close: invoices.' in said
    assert numbers(said) == [1]


async def test_a_word_of_a_private_channel_is_offered_only_to_its_members(world: World) -> None:
    private = {"channel": "C_PRIV", "reporter": "U_OPS"}
    await say(world, {"words": "Layoffs worry them", **private}, {"words": "A layoff is near", **private}, "Invoices are late")
    await say(world, {"words": "What invoiceable means", **private}, "Invoiceableness is odd")
    assert "Close: layoffs" in await ask(world, "search layofs", "U_OPS")
    for typed in ("search layofs", "search layofs invoices", "search layoff"):
        said = await ask(world, typed, "U_SALES", "C_WEEKLY")
        assert "layoffs" not in said.lower()
        assert numbers(said) == []
    assert "Close: invoiceableness." in await ask(world, "search invoicableness", "U_SALES", "C_WEEKLY")
    assert "Close: invoiceable," not in await ask(world, "search invoicable", "U_SALES", "C_WEEKLY")


async def test_a_word_that_nothing_says_any_more_is_not_offered(world: World) -> None:
    await say(world, "Invoices are late", "Receipts are missing")
    async with world.transaction() as session:
        await session.execute(update(Feedback).where(Feedback.number == 1).values(searched="receipts"))
        (await session.get_one(Feedback, 2)).removed_at = world.clock.now()
    assert "invoices" not in (await ask(world, "search invoises")).replace("invoises", "")
    assert "missing" not in (await ask(world, "search misssing")).replace("misssing", "")


async def test_however_many_words_begin_alike_all_are_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await say(world, *[f"export{n} of it" for n in range(9)], "nothing of it")
    for most in (searching.NAMED, 9, 8, 0):
        monkeypatch.setattr(searching, "NAMED", most)
        assert numbers(await ask(world, "search export")) == list(range(9, 0, -1))
        assert numbers(await ask(world, "search expo it")) == list(range(9, 0, -1))
        assert numbers(await ask(world, "search export3 it")) == [4]


async def test_another_workspace_adds_no_words(world: World) -> None:
    await say(world, "Invoices are late")
    async with world.transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            add = "INSERT INTO feedback_search (rowid, searched) VALUES (900, '99·imvoices 99·invoicing')"
        else:
            other = insert(Workspace).values(
                id=99, team_slack_id="T99", enterprise_slack_id="", name="", domain="", bot_slack_id="", zone="UTC"
            )
            await (await session.connection()).execute(other.values(installed_at=world.clock.now()))
            add = "INSERT INTO feedback_search_word VALUES (99, 'imvoices'), (99, 'invoicing')"
        await (await session.connection()).exec_driver_sql(add)
    async with world.reading() as session:
        assert set(await vocabulary.alike(session, "invoices")) == {"invoices"}
        if session.get_bind().dialect.name != "sqlite":
            assert await vocabulary.beginning(session, ["invoi", "imvo"], 9) == {"invoi": ["invoices"]}


async def test_two_who_say_a_new_word_at_once_both_get_through(world: World) -> None:
    """Each piece in a transaction of its own, the new words of each in another order."""
    words = [f"brandnew{n} word{n}" for n in range(12)]

    async def log(number: int) -> None:
        said = " ".join(words[number:] + words[:number])
        async with world.transaction() as session:
            for part in (said, f"{said} again"):
                number += 100
                piece = Feedback(number=number, words=part, type="request", reporter="U_PM", channel="C_PAY", logged_at=world.clock.now())
                session.add(piece)
            await session.flush()
            await asyncio.sleep(0.02)

    await asyncio.gather(*(log(n) for n in range(8)))
    assert len(numbers(await ask(world, "search brandnew0 brandnew11"))) == 10
