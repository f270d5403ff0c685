"""Work that comes into a release and leaves it, with its reason."""

import pytest
from sqlalchemy import select

from models import Item, Release
from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, of, press
from tests.world import World


async def _work(world: World, *pieces: tuple[str, int | None, str | None]) -> None:
    async with world.transaction() as session:
        session.add_all(Item(title=title, release_id=release, source="plan", source_key=key) for title, release, key in pieces)


async def _where(world: World, title: str) -> list[tuple[int | None, str]]:
    async with world.reading() as session:
        found = await session.scalars(select(Item).where(Item.title == title).order_by(Item.id))
        return [(item.release_id, item.state) for item in found]


async def _card(world: World, words: str, person: str = "U_PM") -> str:
    return "\n".join(said((await world.as_(person).command("C_WEEKLY", "/release", words)).blocks))


async def test_a_known_piece_moves_over_and_both_cards_say_why(world: World) -> None:
    billed, usage = await billing(world), await world.release("Usage API", "2027-01-29")
    await _work(world, ("Refunds by region", usage, "PAY-12"))
    reply = await world.as_("U_PM").command("C_PAY", "/release", "add refunds by region to Billing revamp because sales promised it")
    assert reply.text.startswith(
        "Billing revamp takes in a piece of work.\nRefunds by region, from Usage API (R-2).\nWhy: sales promised it"
    )
    assert await _where(world, "Refunds by region") == [(billed, "open")]
    assert '*Moved in*  Refunds by region (from Usage API): "sales promised it"' in await _card(world, "Billing revamp")
    assert '*Moved out*  Refunds by region (to Billing revamp): "sales promised it"' in await _card(world, "Usage API")
    await press(world.as_("U_PM"), reply, "Undo")
    await world.settle()
    assert await _where(world, "Refunds by region") == [(usage, "open")]
    assert "Moved" not in await _card(world, "Billing revamp") + await _card(world, "Usage API")


async def test_an_unknown_piece_is_made_and_undoing_drops_it(world: World) -> None:
    release = await billing(world)
    reply = await world.as_("U_PM").command("C_PAY", "/release", "add Tax ids to R-1 - legal asks")
    assert "Tax ids, new." in reply.text
    assert await _where(world, "Tax ids") == [(release, "open")]
    await press(world.as_("U_PM"), reply, "Undo")
    await world.settle()
    assert await _where(world, "Tax ids") == [(None, "dropped")]


async def test_work_is_taken_out_and_comes_back_by_undo(world: World) -> None:
    release = await billing(world)
    await _work(world, ("Refunds", release, "PAY-12"), ("Invoices", release, "PAY-13"))
    reply = await world.as_("U_PM").command("C_PAY", "/release", "take pay-12 out of Billing revamp because vendor late")
    assert "Refunds. It is in no release now." in reply.text
    assert await _where(world, "Refunds") == [(None, "open")]
    assert '*Moved out*  Refunds: "vendor late"' in await _card(world, "Billing revamp")
    await press(world.as_("U_PM"), reply, "Undo")
    await world.settle()
    assert await _where(world, "Refunds") == [(release, "open")]


async def test_undo_is_refused_once_the_piece_moved_on(world: World) -> None:
    release = await billing(world)
    other = await world.release("Usage API", "2027-01-29")
    await _work(world, ("Refunds", release, "PAY-12"))
    first = await world.as_("U_PM").command("C_PAY", "/release", "take Refunds out of Billing revamp because vendor late")
    await world.as_("U_MOB").command("C_WEEKLY", "/release", "add Refunds to Usage API because it fits there")
    await press(world.as_("U_PM"), first, "Undo")
    await world.settle()
    assert await _where(world, "Refunds") == [(other, "open")]


async def test_a_restricted_release_is_named_on_no_card_of_another(world: World) -> None:
    release = await billing(world)
    secret = await world.release("Project Nightjar", "2027-01-29", owner="U_PM", restricted=True)
    await _work(world, ("Refunds", release, "PAY-12"), ("Vault", secret, "PAY-13"))
    await world.as_("U_PM").command("C_PAY", "/release", "add Refunds to Project Nightjar because needed there")
    assert "Nightjar" not in await _card(world, "Billing revamp") + await _card(world, "Billing revamp", "U_SALES")
    made = await world.as_("U_SALES").command("C_WEEKLY", "/release", "add Vault to Billing revamp because ours")
    assert "Vault, new." in made.text
    assert [place for place, _ in await _where(world, "Vault")] == [secret, release]


async def test_a_release_that_is_restricted_later_is_named_no_more_either(world: World) -> None:
    release = await billing(world)
    other = await world.release("Usage API", "2027-01-29", owner="U_PM")
    await _work(world, ("Refunds", release, "PAY-12"))
    await world.as_("U_PM").command("C_PAY", "/release", "add Refunds to Usage API because needed there")
    assert "(to Usage API)" in await _card(world, "Billing revamp", "U_SALES")
    await world.as_("U_PM").command("C_PAY", "/release", "restrict Usage API to <@U_MOB>")
    assert (await of(world, other)).restricted
    assert "Usage API" not in await _card(world, "Billing revamp", "U_SALES")
    assert "(to Usage API)" in await _card(world, "Billing revamp", "U_MOB")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("add Refunds to Billing revamp", "Why?"),
        ("add Refunds to Biling revamp because x", 'There is no release "Biling revamp". Did you mean Billing revamp?'),
        ("add Invoices to Billing revamp because x", "Invoices is in it already"),
        ("take Refnds out of Billing revamp because x", 'There is no work "Refnds" in Billing revamp.'),
        ("take Invoces out of Billing revamp because x", "Did you mean Invoices?"),
        ("take Invoices out of Billing revamp", "Why?"),
        ("take", "Piece of work"),
    ],
)
async def test_what_is_missing_or_wrong_opens_the_form(world: World, words: str, sentence: str) -> None:
    release = await billing(world)
    await _work(world, ("Invoices", release, "PAY-13"))
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", words)
    assert pia.view is not None
    assert sentence in str(pia.view)
    assert await _where(world, "Invoices") == [(release, "open")]


async def test_add_with_a_day_is_a_new_release_and_add_alone_asks(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "add Regional hosting 12 March 2027")
    assert reply.text.startswith("Regional hosting is planned for Fri 12 Mar 2027, its baseline.")
    reply = await pia.command("C_PAY", "/release", "add Refunds")
    assert reply.text.startswith('Add "Refunds": is it a release, or a piece of work?')
    await press(pia, reply, "A release")
    assert "Refunds" in str(pia.view)
    await pia.close()
    await press(pia, reply, "A piece of work")
    await pia.submit({"Release": "Billing revamp (R-1)", "Piece of work": "Refunds", "Why?": "asked for"})
    assert len(await _where(world, "Refunds")) == 1
    async with world.reading() as session:
        assert len((await session.scalars(select(Release))).all()) == 2
