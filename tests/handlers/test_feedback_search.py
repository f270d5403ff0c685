"""Searching what customers said, on both databases."""

import pytest
from sqlalchemy import text, update

from bot import access
from domain.searching import MOST_ASKED
from handlers.feedback.alike import candidates
from models import Feedback, merging, searching
from models.finding import customer_named
from models.searching import MOST
from tests.handlers.feedback_said import ask, numbers, say
from tests.world import World

SAID = ("Invoices by region cannot be exported", "The C++ client crashes", "Zürich invoices are slow 🔥", "請求書の検索", "c# and go")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("invoices", [3, 1]),
        ("invoic", [3, 1]),
        ("INVOICES region", [1]),
        ("region invoices", [1]),
        ("zurich", [3]),
        ("C++", [2]),
        ("c#", [5]),
        ("🔥", [3]),
        ("請求", [4]),
        ("請", [4]),
        ('"invoices', [3, 1]),
        ("invoices)", [3, 1]),
        ("-invoices", [3, 1]),
        ("invoices * slow", [3]),
        ("“invoices” – slow", [3]),
        ("&lt;invoices&gt; &amp; slow", [3]),
    ],
)
async def test_every_word_must_be_there_and_its_beginning_will_do(world: World, words: str, found: list[int]) -> None:
    await say(world, *SAID)
    assert numbers(await ask(world, f"search {words}")) == found


ODD = [
    "zz AND",
    "NEAR(",
    "col:x",
    "x' OR 1=1 --",
    "\\",
    ":*",
    "zz & | !",
    "%_",
    "\u202e\u200b",
    "?!",
    "()",
    "null",
    "x" * 40_000,
    "é" * 9_000,
]


@pytest.mark.parametrize("typed", ODD, ids=range(len(ODD)))
async def test_any_text_is_a_valid_search(world: World, typed: str) -> None:
    await say(world, *SAID)
    said = await ask(world, f"search {typed}")
    assert "Nothing says" in said or "There is no word in" in said or "No one piece says all" in said


async def test_a_paste_is_searched_by_its_first_words(world: World) -> None:
    await say(world, " ".join(f"word{n}" for n in range(60)))
    said = await ask(world, "search " + " ".join(f"word{n}" for n in range(6_000)))
    assert f"first {MOST_ASKED} words" in said
    assert numbers(said) == [1]


async def test_nothing_typed_is_answered_with_how(world: World) -> None:
    assert "/customer-feedback search invoices" in await ask(world, "search")


async def test_where_nothing_says_it_the_nearest_word_is_shown_and_said(world: World) -> None:
    await say(world, *SAID)
    said = await ask(world, "search invoise")
    assert 'Nothing says "invoise". Close: invoices.' in said
    assert numbers(said) == [3, 1]
    said = await ask(world, "search regoin invoices")
    assert 'Nothing says "regoin invoices". Close: region invoices.' in said
    assert numbers(said) == [1]
    said = await ask(world, "search xyzzyx")
    assert 'Nothing says "xyzzyx", and nothing that is said is spelled like it.' in said
    assert numbers(said) == []


async def test_a_close_word_is_a_button(world: World) -> None:
    await say(world, *SAID)
    await ask(world, "search invoise")
    pia = world.as_("U_PM")
    await pia.press(pia.sees("C_PAY")[-1], "feedback:close:0")
    await world.settle()
    assert '2 pieces of feedback: "invoices"' in pia.sees("C_PAY")[-1].text


async def test_where_no_piece_says_all_words_those_that_say_most_are_shown(world: World) -> None:
    await say(world, *SAID)
    said = await ask(world, "search invoices region slow")
    assert 'No one piece says all of "invoices region slow"' in said
    assert sorted(numbers(said)) == [1, 3]


async def test_what_was_edited_is_found_by_its_new_words_and_what_was_removed_is_not(world: World) -> None:
    await say(world, *SAID)
    async with world.transaction() as session:
        row = await session.get_one(Feedback, 1)
        row.words, row.area = "Receipts are missing", "Billing"
        gone = await session.get_one(Feedback, 3)
        gone.removed_at = world.clock.now()
    assert numbers(await ask(world, "search receipts")) == [1]
    assert numbers(await ask(world, "search billing")) == [1]
    assert "Nothing says" in await ask(world, "search invoices")
    async with world.transaction() as session:
        await session.execute(text("DELETE FROM supporter WHERE workspace_id = :workspace_id"), {"workspace_id": world.workspace_id})
        await session.execute(text("DELETE FROM feedback WHERE workspace_id = :workspace_id"), {"workspace_id": world.workspace_id})
    await say(world, "Receipts again")
    assert numbers(await ask(world, "search receipts")) == [1]


async def test_the_index_holds_just_what_the_rows_say(world: World) -> None:
    """Whichever way a row was written, changed or deleted."""
    await say(world, *SAID)
    async with world.transaction() as session:
        await session.execute(update(Feedback).where(Feedback.number == 2).values(searched="moved elsewhere"))
    assert "Nothing says" in await ask(world, "search crashes")
    assert numbers(await ask(world, "search elsewhere")) == [2]


async def test_a_common_word_is_counted_up_to_a_thousand_and_paged(world: World) -> None:
    await say(world, *[f"export {n}" for n in range(MOST + 5)])
    said = await ask(world, "search export")
    assert 'More than 1,000 pieces of feedback: "export"' in said.replace('\\"', '"')
    assert numbers(said) == list(range(MOST + 5, MOST - 5, -1))
    pia = world.as_("U_PM")
    await pia.press(pia.sees("C_PAY")[-1], "feedback:next")
    await world.settle()
    page = pia.sees("C_PAY")[-1]
    assert "showing 11 to 20" in page.text
    assert f"F-{MOST - 5} " in page.text
    await pia.press(page, "feedback:next:0")
    await world.settle()
    assert f"F-{MOST + 5} " in pia.sees("C_PAY")[-1].text


@pytest.mark.parametrize("rows", [0, 1, 51])
async def test_totals_are_said(world: World, rows: int) -> None:
    await say(world, *[f"export {n}" for n in range(rows)])
    said = (await ask(world, "search export")).replace('\\"', '"')
    expected = {0: "Nothing says", 1: '1 piece of feedback: "export"', 51: '51 pieces of feedback: "export", showing 10 of 51'}
    assert expected[rows] in said


async def test_near_duplicates_are_found_by_their_rare_words(world: World) -> None:
    await say(
        world,
        {"words": "Invoices by region cannot be exported", "customer": "Acme"},
        "Login is slow on phones",
        {"words": "We need to export invoices by region", "customer": "Globex", "same_as_id": 1},
        "The invoice of a region is wrong in the export of Tuesday",
        *[f"something else {n} about export" for n in range(300)],
    )
    async with world.reading() as session:
        viewer = await access.actor_of(session, "U_PM")
        found = await candidates(session, world.app.deps, "export of invoices by region please", viewer)
        assert [card.number for card in found][:1] == [1]
        assert 3 not in [card.number for card in found]
        assert found[0].times == "2 customers, 2 times"
        assert len(found) <= 3
        for nothing in ("", "?!", "a", "completely unrelated gibberish"):
            assert await candidates(session, world.app.deps, nothing, viewer) == []


@pytest.mark.parametrize("typed", ["acme", "acme invoices", "ACM invo"])
async def test_the_customers_name_is_looked_at_too(world: World, typed: str) -> None:
    await say(world, {"words": "invoices are late", "customer": "Acme Corp"}, {"words": "invoices are late", "customer": "Globex"})
    assert numbers(await ask(world, f"search {typed}")) == [1]
    async with world.transaction() as session:
        (await session.get_one(Feedback, 1)).customer_id = (await customer_named(session, "Initech")).id
    assert numbers(await ask(world, f"search {typed}")) == []
    assert numbers(await ask(world, "search initech invoices")) == [1]


async def test_a_customer_that_was_merged_or_renamed_is_found_by_either_name(world: World) -> None:
    await say(world, {"words": "invoices are late", "customer": "Akme Ltd"}, {"words": "slow", "customer": "Globex"})
    async with world.transaction() as session:
        gone, stays = await customer_named(session, "Akme Ltd"), await customer_named(session, "Globex")
        made = await merging.merge(session, gone, stays, by="U_OPS", now=world.clock.now())
    assert numbers(await ask(world, "search globex")) == [2, 1]
    assert numbers(await ask(world, "search akme")) == [1]
    async with world.transaction() as session:
        pair = await merging.hold(session, gone.id, stays.id)
        await merging.separate(session, await session.merge(made), pair[gone.id], pair[stays.id], world.clock.now())
    assert numbers(await ask(world, "search globex")) == [2]
    assert numbers(await ask(world, "search akme")) == [1]
    async with world.transaction() as session:
        await merging.also_found_by(session, "Globex Germany", [2])
    assert numbers(await ask(world, "search germany")) == [2]
    assert numbers(await ask(world, "search globex")) == [2]


async def test_of_very_common_words_the_newest_pieces_are_looked_through_and_that_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may read few of them would have all of them read otherwise."""
    for bound, at in (("WALKED", 20), ("READ_THROUGH", 20), ("MOST", 20), ("FEW", 0)):
        monkeypatch.setattr(searching, bound, at)
    await say(world, "export of the first", *[{"words": f"export {n}", "channel": "C_PRIV"} for n in range(40)], "export of the last")
    said = await ask(world, "search export", "U_SALES", "C_WEEKLY")
    assert "I looked through the newest pieces only" in said
    assert numbers(said) == [42]
    monkeypatch.setattr(searching, "FEW", 1_000_000)  # as if PostgreSQL expected few
    assert numbers(await ask(world, "search export first", "U_SALES", "C_WEEKLY")) == [1]
