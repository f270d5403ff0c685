"""Journeys: dates that are no single day, days that are only planned, and committing to one."""

import pytest

from models.history import history_of
from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, of, press
from tests.world import World


async def types(world: World, words: str, person: str = "U_PM") -> str:
    return (await world.as_(person).command("C_PAY", "/release", words)).text


async def test_a_coarse_date_is_planned_and_counts_by_its_last_working_day(world: World) -> None:
    await world.team("Payments", lead="U_LEAD", channel="C_PAY")
    answer = await types(world, "new Billing revamp Q2 2027")
    assert answer.splitlines()[0] == "Billing revamp is planned for Q2 2027. `commit` makes a day its baseline."
    release = await of(world, 1)
    assert (str(release.target_on), release.precision, release.is_committed, release.baseline_on) == ("2027-06-30", "quarter", False, None)
    listed = await types(world, "status")
    assert "Billing revamp: Green, on track, Q2 2027, planned" in listed
    card = await types(world, "status Billing revamp")
    assert "Q2 2027, planned" in card
    assert "slip" not in card.casefold()


async def test_a_coarse_date_is_late_after_its_last_working_day_only(world: World) -> None:
    await types(world, "new Billing revamp end of November")
    await world.move_to(world.clock.now().replace(month=11, day=30, hour=12))
    assert "0 late" not in await types(world, "status late")
    assert "Stalled" not in await types(world, "status")
    await world.advance(days=1)
    assert "1 late" in await types(world, "status late")


async def test_a_day_said_to_be_planned_has_no_baseline_until_it_is_committed(world: World) -> None:
    answer = await types(world, "new Billing revamp planned 5 March 2027")
    assert "is planned for Fri 5 Mar 2027. `commit` makes a day its baseline." in answer
    assert "moves to Fri 12 Mar 2027." in (await types(world, "move Billing revamp to 12 March 2027 because vendor late"))
    release = await of(world, 1)
    assert (release.is_committed, release.baseline_on) == (False, None)
    committed = await types(world, "commit Billing revamp")
    assert committed.splitlines()[:2] == [
        "Billing revamp is committed to Fri 12 Mar 2027.",
        "From now on this is its baseline.",
    ]
    release = await of(world, 1)
    assert (release.is_committed, str(release.baseline_on)) == (True, "2027-03-12")
    assert "already on Fri 12 Mar 2027" in str((await world.as_("U_PM").command("C_PAY", "/release", "commit Billing revamp")).text) + str(
        world.as_("U_PM").view
    )


async def test_commit_to_another_day_moves_it_and_needs_a_reason(world: World) -> None:
    await types(world, "new Billing revamp Q1 2027")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "commit Billing revamp")
    assert pia.view is not None
    assert "is no single day" in str(pia.view) or "Pick" in str(pia.view)
    await pia.submit({"New date": "2027-03-05", "Why?": "scope is known"})
    release = await of(world, 1)
    assert (release.is_committed, str(release.baseline_on), release.precision) == (True, "2027-03-05", "day")
    async with world.reading() as session:
        rows = [(row.before, row.after, row.is_committed) for row in await history_of(session, 1) if row.field == "date"]
    assert rows == [(None, "2027-Q1", False), ("2027-Q1", "2027-03-05", True)]


async def test_moving_a_committed_day_to_a_quarter_keeps_the_baseline(world: World) -> None:
    await billing(world)
    answer = await types(world, "move Billing revamp to Q2 2027 because vendor gone")
    assert answer.splitlines()[:2] == [
        "Billing revamp moves to Q2 2027 (+83 working days).",
        "It was Fri 5 Mar 2027: slip 0 → +83 working days. Baseline Fri 5 Mar 2027. It is planned: `commit` promises a day again.",
    ]
    release = await of(world, 1)
    assert (str(release.baseline_on), release.precision, release.is_committed) == ("2027-03-05", "quarter", False)
    assert "5 Mar → Q2 2027, planned" in await types(world, "history Billing revamp")
    assert "moves to Fri 11 Jun 2027 (+70 working days)." in await types(world, "move Billing revamp to 11 June 2027 because vendor found")
    assert (await of(world, 1)).is_committed


async def test_undo_gives_a_quarter_back(world: World) -> None:
    await types(world, "new Billing revamp Q2 2027")
    pia = world.as_("U_PM")
    moved = await pia.command("C_PAY", "/release", "move Billing revamp to March 2027 because good news")
    await press(pia, moved, "Undo")
    await world.settle()
    assert "Billing revamp is planned for Q2 2027 again" in pia.sees("C_PAY")[-1].text
    release = await of(world, 1)
    assert (release.precision, str(release.target_on)) == ("quarter", "2027-06-30")


async def test_followers_read_a_quarter_as_a_quarter(world: World) -> None:
    await billing(world)
    await world.as_("U_MOB").command("C_WEEKLY", "/release", "follow Billing revamp")
    await types(world, "move Billing revamp to Q2 2027 because vendor gone")
    await world.advance(minutes=6)
    (notice,) = world.as_("U_MOB").dms()
    assert notice.text.splitlines()[:2] == [
        "Billing revamp moves to Q2 2027 (+83 working days).",
        "Pia Marsh moved it from Fri 5 Mar 2027.",
    ]


@pytest.mark.parametrize(
    ("sure", "words"),
    [
        ("Some time in its week", "week of 8 Mar 2027"),
        ("Some time in its month", "March 2027"),
        ("Some time in its quarter", "Q1 2027"),
        ("That day, planned", "Fri 12 Mar 2027"),
    ],
)
async def test_the_forms_ask_how_sure_it_is(world: World, sure: str, words: str) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "new")
    await pia.submit({"Name": "Kite", "Date": "2027-03-12", "How sure is it?": sure})
    await world.settle()
    assert f"Kite is planned for {words}. `commit` makes a day its baseline." in pia.sees("C_PAY")[-1].text
    await billing(world)
    await pia.command("C_PAY", "/release", "move Billing revamp")
    await pia.submit({"New date": "2027-03-12", "How sure is it?": sure, "Why?": "vendor late"})
    await world.settle()
    assert f"Billing revamp moves to {words}" in pia.sees("C_PAY")[-1].text


async def test_the_preview_follows_how_sure_it_is(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "move Billing revamp")
    await pia.press(pia.view, "releases:preview", "2027-03-12")
    assert "Slip 0 → +5 working days" in "\n".join(said(pia.view["blocks"]))
    await pia.press(pia.view, "releases:preview_sure", "Some time in its quarter")
    assert "Slip 0 → +18 working days" in "\n".join(said(pia.view["blocks"]))


async def test_a_day_that_reads_in_two_ways_stays_planned_when_it_is_chosen(world: World) -> None:
    pia = world.as_("U_PM")
    asked = await pia.command("C_PAY", "/release", "new Billing revamp planned 3/4/2027")
    await press(pia, asked, "Sat 3 Apr 2027")
    await world.settle()
    assert not (await of(world, 1)).is_committed


async def test_the_form_shows_what_committing_to_its_day_means(world: World) -> None:
    await types(world, "new Kite March 2027")
    await types(world, "commit Kite")
    words = "\n".join(said(world.as_("U_PM").view["blocks"]))
    assert "Note: March 2027 is no single day" in words
    assert "• It becomes the baseline" in words
    assert "already" not in words


async def test_what_the_form_notes_is_not_said_again_below(world: World) -> None:
    await billing(world)
    await types(world, "move Billing revamp to 2027-03-05 because vendor late")
    assert str(world.as_("U_PM").view["blocks"]).count("is already on Fri 5 Mar 2027") == 1


async def test_a_week_across_the_turn_of_the_year_has_the_year_of_its_monday_everywhere(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    said = [(await pia.command("C_WEEKLY", "/release", "move R-1 to week 53 because vacations")).text]
    for line in ("status", "R-1", "history R-1", "since yesterday", "roadmap"):
        reply = await pia.command("C_WEEKLY", "/release", line)
        said.append(reply.text + str(reply.blocks))
    assert [text for text in said if "28 Dec 2027" in text] == []
    assert all("28 Dec 2026" in text for text in (said[0], said[2]))
