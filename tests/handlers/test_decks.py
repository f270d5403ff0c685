"""`/release deck`: seven slides, opened again by the library that other programs' files are read with, and the words that come with it."""

import io
from typing import Any

import pytest
from pptx import Presentation

from models import Feedback
from tests.handlers.release_rows import many_releases, press
from tests.handlers.release_steps import billing
from tests.world import World


async def deck(world: World, words: str = "deck", person: str = "U_PM") -> tuple[list[str], Any]:
    """The words of each slide, and the message that brought them."""
    await world.as_(person).command("C_WEEKLY", "/release", words)
    await world.settle()
    return newest(world, person)


def newest(world: World, person: str = "U_PM") -> tuple[list[str], Any]:
    message = world.as_(person).dms()[-1]
    (sent,) = [world.slack.state.files[id] for id in message.files]
    assert sent.name.endswith(".pptx")
    book = Presentation(io.BytesIO(sent.content))
    return ["\n".join(words(slide)) for slide in book.slides], message


def words(slide: Any) -> list[str]:
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
        assert shape.left >= 0 and shape.left + shape.width <= 12192000 + 2000, "beyond the slide"
    return found


async def a_quarter(world: World) -> None:
    await billing(world)
    mobile = await world.team("Mobile", lead="U_MOB", channel="C_MOB")
    await world.release("Usage API", "2026-11-20", team=mobile)
    await world.advance(days=3)
    for line in ("move Billing revamp to 2027-03-12 because vendor is late", "ship Usage API"):
        await world.as_("U_PM").command("C_WEEKLY", "/release", line)
    await world.release("Soon", "2026-12-01", team=mobile)
    await world.as_("U_PM").command("C_WEEKLY", "/dependency", "ask Mobile for refund screens by 2026-12-10 for Billing revamp")
    await world.settle()


async def test_seven_slides_say_what_the_ledger_says(world: World) -> None:
    await a_quarter(world)
    slides, message = await deck(world)
    assert len(slides) == 7
    verdict, changed, dates, slips, asks, customers, ahead = slides
    assert "2 open releases: 1 late, 1 on track." in verdict
    assert "1 shipped, 0 by its baseline, median slip +2 working days; 1 move" in verdict
    assert "Shipped on Tue 24 Nov 2026" in changed and "5 Mar → Fri 12 Mar 2027" in changed
    assert "Tue 1 Dec 2026, committed" in dates and "Fri 12 Mar 2027, committed" in dates
    assert "+5 working days" in slips
    assert "1 ask is open between teams: 1 not promised." in asks and "refund screens" in asks
    assert "No feedback that everybody may read" in customers
    assert "1 release is due in 30 days" in ahead and "Needs an owner" in ahead
    assert all("As of Tue 24 Nov 2026, 09:00 Berlin" in slide for slide in slides)
    assert message.text.startswith("*2 open releases: 1 late, 1 on track.*")


async def test_of_a_team_and_a_period(world: World) -> None:
    await a_quarter(world)
    slides, _ = await deck(world, "deck Q3 of Payments")
    assert "1 open release" in slides[0] and "Payments, Q3 2026: nothing shipped" in slides[0]
    assert "Usage API" not in "".join(slides)


async def test_from_the_button_under_a_report(world: World) -> None:
    await a_quarter(world)
    await world.as_("U_PM").command("C_WEEKLY", "/release", "report last month")
    await press(world, "U_PM", "C_WEEKLY", "As slides")
    slides, _ = newest(world)
    assert "October 2026: nothing shipped" in slides[0]


async def test_an_empty_ledger_makes_a_deck_that_says_so(world: World) -> None:
    slides, message = await deck(world)
    assert "No open releases." in slides[0] and "Nothing changed in this period." in slides[1]
    assert message.text.startswith("*No open releases.*")


async def test_what_was_said_in_private_is_not_carried_out(world: World) -> None:
    key = await billing(world)
    async with world.transaction() as session:
        from models.finding import customer_named

        for number, (name, channel) in enumerate((("Acme", "C_WEEKLY"), ("Globex", "C_PRIV"), ("Initech", "C_ACME")), 1):
            customer = await customer_named(session, name)
            session.add(
                Feedback(
                    number=number, words="we want it", customer_id=customer.id, type="feature", release_id=key, reporter="U_PM",
                    channel=channel, logged_at=world.clock.now(),
                )
            )  # fmt: skip
    slides, _ = await deck(world)
    assert "1 customer waits for 1 open release." in slides[5] and "Acme" in slides[5]
    assert "Globex" not in "".join(slides) and "Initech" not in "".join(slides)


@pytest.mark.parametrize("count", [1, 51, 1000])
async def test_any_number_of_releases_with_any_name(world: World, count: int) -> None:
    await many_releases(world, count, name="=HYPERLINK(1) {n} 🚀 عربى <!channel> \x07" + "x" * 150)
    slides, message = await deck(world)
    assert len(slides) == 7 and f"{count:,} open release" in slides[0]
    assert "<!channel>" not in message.text
    assert (f"{count - 8:,} more in Tendon." in slides[2]) == (count > 8)


async def test_a_restricted_release_is_in_no_file_not_even_its_owners(world: World) -> None:
    await world.release("Nightjar", "2026-12-01", owner="U_PM", restricted=True)
    await world.as_("U_PM").command("C_WEEKLY", "/dependency", "ask Nobody for x by 2026-12-10")
    slides, message = await deck(world)
    assert "Nightjar" not in "".join([*slides, message.text]) and "No open releases." in slides[0]
