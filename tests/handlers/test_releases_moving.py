"""Journeys: the date of a release is moved, by a line, by a form, by two people at once."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models import Dependency, Follow, Release
from models.history import read
from tests.handlers.release_steps import billing, changes, of, press
from tests.world import World


async def test_a_move_given_in_full_is_saved_and_repeated_in_full(world: World) -> None:
    release = await billing(world)
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "move Billing revamp to 12 March because vendor late")
    assert reply.ephemeral
    assert "Billing revamp moves to Fri 12 Mar 2027 (+5 working days)." in reply.text
    assert "It was Fri 5 Mar 2027: slip 0 → +5 working days. Baseline Fri 5 Mar 2027." in reply.text
    assert "Why: vendor late" in reply.text
    assert "Pia Marsh, who owns it, is told at once" in reply.text
    moved = await of(world, release)
    assert (moved.target_on, moved.baseline_on) == (date(2027, 3, 12), date(2027, 3, 5))
    last = (await changes(world, release))[-1]
    assert (last.field, last.before, last.after, last.reason, last.actor) == ("date", "2027-03-05", "2027-03-12", "vendor late", "U_SALES")


@pytest.mark.parametrize(
    "words",
    [
        "postpone “Billing revamp” to 12 March since vendor late",
        "delay Billing revamp to 12 March - vendor late",
        "push r-1 to 2027-03-12 due to vendor late",
        "slip billing revamp to Fri 12 Mar reason: vendor late",
        "reschedule R-1 to 12.3. because vendor late",
    ],
)
async def test_people_say_it_in_their_own_words(world: World, words: str) -> None:
    release = await billing(world)
    await world.as_("U_PM").command("C_PAY", "/release", words)
    assert (await of(world, release)).target_on == date(2027, 3, 12)
    assert (await changes(world, release))[-1].reason == "vendor late"


async def test_who_is_affected_is_named_with_their_day_and_how_short_they_are(world: World) -> None:
    release = await billing(world)
    mobile = await world.team("Mobile", lead="U_MOB")
    platform = await world.team("Platform", lead="U_PLAT")
    async with world.transaction() as session:
        payments = (await session.scalars(select(Release.team_id).where(Release.id == release))).one()
        common = {"release_id": release, "asked_team_id": payments}
        elsewhere = {"release_id": release, "asked_team_id": platform, "state": "accepted"}
        session.add_all(
            [
                Dependency(
                    asking_team_id=mobile,
                    what="refund API",
                    needed_on=date(2027, 3, 2),
                    committed_on=date(2027, 3, 9),
                    state="accepted",
                    **common,
                ),
                Dependency(asking_team_id=platform, what="tax ids", needed_on=date(2027, 3, 31), state="accepted", **common),
                Dependency(
                    asking_team_id=mobile,
                    asked_team_id=payments,
                    what="gone",
                    needed_on=date(2027, 3, 1),
                    release_id=release,
                    state="delivered",
                ),
                Dependency(asking_team_id=payments, what="terms", committed_on=date(2027, 3, 16), **elsewhere),
                Dependency(asking_team_id=mobile, what="sign-in", needed_on=date(2027, 3, 1), **elsewhere),
                Follow(release_id=release, person="U_MOB", followed_at=world.clock.now()),
                Follow(release_id=release, person="U_PLAT", followed_at=world.clock.now()),
            ]
        )
    reply = await world.as_("U_PM").command("C_PAY", "/release", "move Billing revamp to 12 March because vendor late")
    assert "Mobile waits for refund API (accepted) by Tue 9 Mar 2027: 3 working days short" in reply.text
    assert "Platform promised terms for Tue 16 Mar 2027, after the new day: please confirm again" in reply.text
    for unhurt in ("tax ids", "gone", "sign-in"):
        assert unhurt not in reply.text
    assert "2 people will be told in 5 minutes" in reply.text


async def test_without_a_reason_the_form_opens_with_all_that_was_understood(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "move Billing revamp to 12 March")
    assert reply.text == ""
    assert pia.view is not None
    assert pia.view["title"]["text"] == "Move Billing revamp"
    shown = str(pia.view["blocks"])
    assert "2027-03-12" in shown
    assert "Slip 0 → +5 working days" in shown
    assert (await of(world, release)).target_on == date(2027, 3, 5)
    await pia.submit({"Why?": "vendor late", "Kind": "Vendor"})
    await world.settle()
    assert pia.view is None
    assert (await of(world, release)).target_on == date(2027, 3, 12)
    assert (await changes(world, release))[-1].reason_kind == "vendor"
    assert any("Billing revamp moves to Fri 12 Mar 2027" in message.text for message in pia.sees("C_PAY"))


async def test_picking_a_day_redraws_who_is_affected_and_keeps_what_was_typed(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "move Billing revamp because vendor late")
    before = [block.get("block_id") for block in pia.view["blocks"]]
    await pia.press(pia.view, "releases:preview", "2027-03-19")
    await world.settle()
    assert "Slip 0 → +10 working days" in str(pia.view["blocks"])
    assert [block for block in (b.get("block_id") for b in pia.view["blocks"]) if block in ("date", "reason", "kind", "preview")] == [
        block for block in before if block in ("date", "reason", "kind", "preview")
    ]
    assert "vendor late" in str(pia.view["blocks"])


@pytest.mark.parametrize(("day", "sentence"), [("2027-06-30", "That stays true."), ("2027-07-01", "That will no longer be true.")])
async def test_the_form_says_whether_what_customers_were_told_stays_true(world: World, day: str, sentence: str) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", 'say Billing revamp "Planned for the first half of 2027."')
    await pia.command("C_PAY", "/release", "move Billing revamp because vendor late")
    await pia.press(pia.view, "releases:preview", day)
    await world.settle()
    assert f"Customers were told: “Planned for the first half of 2027.” {sentence}" in str(pia.view["blocks"])
    assert "vendor late" in str(pia.view["blocks"])


async def test_the_form_without_a_release_finds_one(world: World) -> None:
    release = await billing(world)
    await world.release("Usage API", "2027-01-29")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "move")
    found = await pia.options("releases:find", "bill")
    assert [option["text"]["text"] for option in found] == ["Billing revamp (R-1)"]
    await pia.submit({"Release": "Billing revamp (R-1)", "New date": "2027-03-12", "Why?": "vendor late"})
    await world.settle()
    assert (await of(world, release)).target_on == date(2027, 3, 12)


async def test_three_slash_four_is_asked_and_nothing_is_written(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "move Billing revamp to 3/4 because vendor late")
    labels = [e["text"]["text"] for b in reply.blocks if b["type"] == "actions" for e in b["elements"]]
    assert sorted(labels) == ["Sat 3 Apr 2027", "Thu 4 Mar 2027"]
    assert len(await changes(world, release)) == 4
    await press(pia, reply, "Sat 3 Apr 2027")
    await world.settle()
    assert (await of(world, release)).target_on == date(2027, 4, 3)
    assert (await changes(world, release))[-1].reason == "vendor late"
    assert any("moves to Sat 3 Apr 2027" in message.text for message in pia.sees("C_PAY"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("move Billing revamp to after the freeze because vendor late", "I could not read"),
        ("move Billing revamp to 31 February because vendor late", "There is no 31 February"),
        ("move Billing revamp to 1 November 2026 because vendor late", "is past"),
    ],
)
async def test_a_day_that_cannot_be_is_said_and_the_rest_is_kept(world: World, words: str, sentence: str) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", words)
    assert pia.view is not None
    assert sentence in str(pia.view["blocks"])
    assert "vendor late" in str(pia.view["blocks"])
    assert len(await changes(world, release)) == 4


async def test_an_unknown_name_offers_the_nearest_and_keeps_the_rest_in_the_form(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "move Biling revamp to 12 March because vendor late")
    assert 'There is no release "Biling revamp". Did you mean Billing revamp?' in str(pia.view)
    assert "Pick a release and a day to see who is affected." in str(pia.view)
    assert len(await changes(world, release)) == 4
    await pia.submit({"Release": "Billing revamp (R-1)"})
    assert (await of(world, release)).target_on == date(2027, 3, 12)
    assert (await changes(world, release))[-1].reason == "vendor late"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("ship Biling revamp on 20 November", "2026-11-20"),
        ("rollback Biling revamp because refunds failed", "refunds failed"),
        ("cancel Biling revamp because dropped", "dropped"),
        ("health Biling revamp amber because API is late", "API is late"),
        ("owner Biling revamp", "Owner"),
        ("follow Biling revamp", "Release"),
        ("unfollow Biling revamp", "Release"),
    ],
)
async def test_every_verb_asks_for_the_name_in_its_form_when_nobody_knows_it(world: World, words: str, kept: str) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", words)
    assert 'There is no release "Biling revamp". Did you mean Billing revamp?' in str(pia.view)
    assert kept in str(pia.view)


async def test_a_shipped_one_stays_where_it_is(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "ship Billing revamp")
    reply = await pia.command("C_PAY", "/release", "move Billing revamp to 12 March because vendor late")
    assert "shipped on Sat 21 Nov 2026, so its date stays" in reply.text
    assert (await of(world, release)).target_on == date(2027, 3, 5)


async def test_only_owner_lead_and_deputy_confirm(world: World) -> None:
    release = await billing(world)
    born = (await of(world, release)).confirmed_at
    await world.advance(hours=1)
    await world.as_("U_SALES").command("C_WEEKLY", "/release", "move Billing revamp to 12 March because vendor late")
    assert (await of(world, release)).confirmed_at == born
    await world.as_("U_LEAD").command("C_PAY", "/release", "move Billing revamp to 19 March because vendor later")
    assert (await of(world, release)).confirmed_at > born + timedelta(minutes=59)


async def test_a_guest_changes_nothing(world: World) -> None:
    release = await billing(world)
    reply = await world.as_("U_GUEST").command("C_NOBOT", "/release", "move Billing revamp to 12 March because vendor late")
    assert "Guests cannot change that" in reply.text
    assert (await of(world, release)).target_on == date(2027, 3, 5)


async def test_a_restricted_release_cannot_be_moved_by_who_may_not_see_it(world: World) -> None:
    release = await world.release("Pricing", "2027-03-05", owner="U_PM", restricted=True)
    sam = world.as_("U_SALES")
    await sam.command("C_WEEKLY", "/release", "move Pricing to 12 March because curious")
    assert 'There is no release "Pricing". Nothing was changed.' in str(sam.view)
    assert (await of(world, release)).target_on == date(2027, 3, 5)


async def test_the_same_request_twice_moves_once_and_answers_the_same(world: World) -> None:
    release = await billing(world)
    first = await world.as_("U_PM").command("C_PAY", "/release", "move Billing revamp to 12 March because vendor late")
    again = await world.slack.deliver_again(world.slack.deliveries[-1])
    assert again.answer["text"] == first.text
    assert len(await changes(world, release)) == 5


async def test_two_people_at_once_are_both_recorded_in_order(world: World) -> None:
    release = await billing(world)
    days = [f"2027-03-{day:02}" for day in (8, 9, 10, 11)]
    people = ["U_PM", "U_LEAD", "U_MOB", "U_PLAT"]
    await asyncio.gather(
        *(world.as_(who).command("C_WEEKLY", "/release", f"move R-1 to {day} because race") for who, day in zip(people, days, strict=True))
    )
    rows = [row for row in await changes(world, release) if row.field == "date"]
    assert sorted(row.after for row in rows[1:]) == sorted(days)
    assert [row.before for row in rows[1:]] == [row.after for row in rows[:-1]]
    shown = await of(world, release)
    assert (shown.target_on.isoformat(), shown.baseline_on) == (rows[-1].after, date(2027, 3, 5))
    assert shown.target_on == read(rows).target_on


@pytest.mark.parametrize(
    "text", ["", "<!channel>", "&lt;!channel&gt; to 12 March because &lt;!here&gt;", "x" * 40_000, "to", "because", '"" to']
)
async def test_hostile_words_get_an_answer_and_summon_nobody(world: World, text: str) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", f"move {text}")
    assert reply.status == 200
    assert reply.text or pia.view
    assert "ref " not in reply.text
    assert "<!" not in reply.text
    assert len(await changes(world, release)) == 4


async def test_a_reason_that_summons_is_shown_as_words(world: World) -> None:
    await billing(world)
    reply = await world.as_("U_PM").command("C_PAY", "/release", "move R-1 to 12 March because &lt;!channel&gt; said so")
    assert "<!channel>" not in reply.text
    assert "&lt;!channel&gt; said so" in reply.text


async def test_a_reason_too_long_opens_the_form(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", f"move R-1 to 12 March because {'so ' * 2000}")
    assert "A reason has at most 1,000 characters" in str(pia.view["blocks"])
    assert len(await changes(world, release)) == 4
