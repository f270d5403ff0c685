"""Journeys with one release: its card, what *More* opens, its history."""

from datetime import date

import pytest
from sqlalchemy import select

from domain.releases import Field
from models import Change, Dependency, Follow, Item, Release, Team
from models.history import record, settle, void
from tests.handlers.release_rows import buttons, press, said, work
from tests.world import World


async def told(world: World, release: int, field: Field, after: str | None, reason: str = "", by: str = "U_PM", **more: object) -> None:
    """One change, as `/release move` and the like write it."""
    async with world.transaction() as session:
        row = (await session.scalars(select(Release).where(Release.id == release))).one()
        before = {Field.DATE: row.target_on and row.target_on.isoformat(), Field.HEALTH: row.health, Field.STAGE: row.stage}.get(field)
        await record(session, row, field, before, after, now=world.clock.now(), reason=reason, actor=by, **more)  # type: ignore[arg-type]


async def billing(world: World) -> int:
    payments = await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    release = await world.release("Billing revamp", "2027-03-05", team=payments, owner="U_PM")
    await work(world, release, done=10, open=4, team=payments)
    await work(world, release, done=4, open=2, team=await world.team("Platform"))
    return release


async def test_a_card_says_first_how_it_stands_then_why_and_what_changed(world: World) -> None:
    release = await billing(world)
    await world.advance(hours=1)
    await told(world, release, Field.DATE, "2027-03-12", "API late", kind="vendor")
    await told(world, release, Field.HEALTH, "red", "Vendor API not delivered")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status Billing revamp")
    lines = said(reply.blocks)
    assert lines[0] == "*Billing revamp*  R-1\nRed: off track. +5 working days. Fri 12 Mar 2027."
    assert lines[1:5] == [
        "*Baseline*  Fri 5 Mar 2027, committed 21 Nov 2026",
        "*Work done*  14 of 20",
        "*Owner*  Pia Marsh (Payments)",
        "*Confirmed*  today",
    ]
    assert lines[5] == ('*Why red*  "Vendor API not delivered" (owner, 21 Nov 2026). The rule agrees: 5 working days behind its baseline.')
    assert '21 Nov 2026  5 Mar → 12 Mar 2027, vendor: "API late" (owner)' in lines[6]
    assert lines[-5:-1] == ["Move date", "Set health", "Mark shipped", "Follow"]
    assert "Teams: Payments 10 of 14, Platform 4 of 6" in lines[-1]
    assert reply.text.startswith("Billing revamp (R-1): Red: off track. +5 working days. Fri 12 Mar 2027.\nBaseline")
    assert len(reply.blocks) <= 10


async def test_health_that_the_rule_would_not_give_says_what_the_rule_says(world: World) -> None:
    release = await billing(world)
    await told(world, release, Field.HEALTH, "amber", "Two people ill", by="U_LEAD")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "R-1")
    assert (
        '*Why amber*  "Two people ill" (Paul Lind, 21 Nov 2026). '
        "The rule says Green: on track, as it is not late, not stalled, waits for nothing unanswered."
    ) in said(reply.blocks)


async def test_no_work_linked_reads_so(world: World) -> None:
    await world.release("Regional hosting")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status Regional hosting")
    assert "*Work done*  no work linked" in said(reply.blocks)
    assert "0/0" not in reply.text
    assert "0 of 0" not in reply.text
    assert "No day yet" in reply.text
    await press(world, "U_PM", "C_WEEKLY", "More")
    assert "*Work*  No work linked" in said(world.as_("U_PM").view["blocks"])


async def test_work_that_moved_is_counted_once_and_named(world: World) -> None:
    release = await billing(world)
    async with world.transaction() as session:
        for n, (title, in_it) in enumerate((("Invoices by region", True), ("Refunds", True), ("Old tax rules", False))):
            piece = Item(title=title, release_id=release if in_it else None, state="done")
            session.add(piece)
            await session.flush()
            moves = [("Next year", "Billing revamp")] if in_it else [("Next year", "Billing revamp"), ("Billing revamp", "Never")]
            for before, after in moves:
                at = world.clock.now()
                about = {"release_id": release, "item_id": piece.id, "field": "work", "happened_at": at, "recorded_at": at}
                session.add(Change(**about, before=before, after=after, is_in=after == "Billing revamp"))
            first = Change(**about, after="Next year", is_in=False)
            session.add(first)
            assert n < 3
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status Billing revamp")
    lines = said(reply.blocks)
    assert "*Work done*  16 of 22 (2 moved in, 1 moved out)" in lines
    moved = next(line for line in lines if line.startswith("*Moved in*"))
    assert "Invoices by region (from Next year)" in moved
    assert "*Moved out*  Old tax rules (to Never)" in moved


async def test_what_it_waits_for_and_who_waits_for_it(world: World) -> None:
    release = await billing(world)
    async with world.transaction() as session:
        teams = {team.name: team.id for team in await session.scalars(select(Team))}
        now = world.clock.now()
        legal = Team(name="Legal", folded="legal", created_at=now)
        session.add(legal)
        await session.flush()
        payments, platform = teams["Payments"], teams["Platform"]
        ours = {"release_id": release, "asking_team_id": payments}
        session.add_all(
            [
                Dependency(state="accepted", number=1, what="refund API", asked_team_id=platform, committed_on=date(2027, 3, 1), **ours),
                Dependency(state="asked", number=2, what="new terms", asked_team_id=legal.id, asked_at=now, **ours),
                Dependency(state="delivered", number=3, what="old thing", asked_team_id=legal.id, **ours),
                Dependency(
                    state="accepted",
                    number=4,
                    what="receipts",
                    asked_team_id=payments,
                    asking_team_id=platform,
                    release_id=release,
                ),
            ]
        )
        for n in range(12):
            piece = Item(title=f"Piece {n}", release_id=release, state="open" if n else "done")
            session.add(piece)
            await session.flush()
            session.add(Dependency(state="noted", what=f"Piece {n}", asked_team_id=platform, item_id=piece.id, **ours))
    await world.advance(days=3)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status Billing revamp")
    waits = next(line for line in said(reply.blocks) if line.startswith("*Waits for*"))
    assert "• Platform: refund API, promised for Mon 1 Mar 2027 (D-1)" in waits
    assert "• Legal: new terms, asked 21 Nov, no answer for 2 working days (D-2)" in waits
    assert "• Platform: 11 pieces of work, noted, not asked yet" in waits
    assert "old thing" not in waits
    assert "*Waits for it*  Platform (D-4)" in said(reply.blocks)
    assert "Amber: at risk" in reply.text  # something asked is not accepted


async def test_a_rollback_keeps_the_ship_on_the_card(world: World) -> None:
    release = await billing(world)
    await told(world, release, Field.STAGE, "everyone", effective_on=date(2026, 11, 20))
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status Billing revamp")
    assert "Shipped on Fri 20 Nov 2026, 75 working days early" in reply.text
    assert "Mark shipped" not in said(reply.blocks)
    await world.advance(hours=1)
    await told(world, release, Field.STAGE, None, "invoices were wrong")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status Billing revamp")
    assert 'It shipped on Fri 20 Nov 2026 and was taken back: "invoices were wrong"' in reply.text
    assert "Mark shipped" in said(reply.blocks)


async def test_who_follows_is_offered_to_stop(world: World) -> None:
    release = await billing(world)
    async with world.transaction() as session:
        session.add(Follow(release_id=release, person="U_PM", followed_at=world.clock.now()))
    assert "Unfollow" in said((await world.as_("U_PM").command("C_WEEKLY", "/release", "R-1")).blocks)
    assert "Follow" in said((await world.as_("U_LEAD").command("C_WEEKLY", "/release", "r1")).blocks)


async def test_guests_may_look_but_get_no_buttons_to_change(world: World) -> None:
    await billing(world)
    reply = await world.as_("U_GUEST").command("C_NOBOT", "/release", "R-1")
    assert reply.text.startswith("Billing revamp (R-1)")
    assert "Move date" not in said(reply.blocks)


async def test_more_opens_with_every_team_and_date(world: World) -> None:
    release = await billing(world)
    for n in range(18):
        await work(world, release, open=1, team=await world.team(f"Team {n}"))
    await told(world, release, Field.DATE, "2027-03-12", "API late")
    await told(world, release, Field.NAME, "Billing 2")
    pia = world.as_("U_PM")
    reply = await pia.command("C_WEEKLY", "/release", "status Billing revamp")
    assert "and 15 teams more" in said(reply.blocks)[-1]
    await press(world, "U_PM", "C_WEEKLY", "More")
    text = "\n".join(said(pia.view["blocks"]))
    assert "Was called*  Billing revamp" in text
    assert "Team 17: 0 of 1 done" in text
    assert "5 Mar → 12 Mar 2027" in text


async def test_history_names_every_date_who_when_why_and_the_total_slip(world: World) -> None:
    release = await billing(world)
    for days, to, why in ((1, "2027-03-12", "API late"), (1, "2027-03-19", "mistyped"), (1, "2027-03-16", "tests took longer")):
        await world.advance(days=days)
        await told(world, release, Field.DATE, to, why, by="U_LEAD")
    async with world.transaction() as session:
        wrong = (await session.scalars(select(Change).where(Change.after == "2027-03-19"))).one()
        void(wrong, by="U_LEAD", now=wrong.happened_at, reason="undone")
        await settle(session, (await session.scalars(select(Release).where(Release.id == release))).one())
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "history Billing revamp")
    assert reply.text.split("\n") == [
        "Billing revamp: +7 working days in all, 2 moves.",
        "21 Nov 2026  planned for Fri 5 Mar 2027 (Pia Marsh) · baseline",
        '22 Nov 2026  5 Mar → 12 Mar 2027, "API late" (Paul Lind) · +5 working days from the baseline',
        '23 Nov 2026  12 Mar → 19 Mar 2027, "mistyped" (Paul Lind) · does not count: undone, 1 min later',
        '24 Nov 2026  19 Mar → 16 Mar 2027, "tests took longer" (Paul Lind) · +7 working days from the baseline',
    ]


async def test_a_long_history_is_paged(world: World) -> None:
    release = await billing(world)
    for n in range(30):
        await world.advance(minutes=1)
        await told(world, release, Field.DATE, date(2027, 4, 1 + n % 28).isoformat(), f"reason {n}")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "history Billing revamp")
    assert "Showing 12 of 31, the newest last." in said(reply.blocks)
    assert "reason 29" in reply.text
    shown = await press(world, "U_PM", "C_WEEKLY", "Earlier 12")
    assert "reason 17" in shown.text
    assert "reason 18" not in shown.text
    assert len(world.as_("U_PM").sees("C_WEEKLY")) == 1


@pytest.mark.parametrize(("typed", "says"), [("history", "Whose history?"), ("history Nonsense", "There is no release")])
async def test_a_history_of_nothing(world: World, typed: str, says: str) -> None:
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", typed)
    assert says in reply.text


async def test_a_release_without_a_date_has_no_history_of_dates(world: World) -> None:
    await world.release("Regional hosting")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "history Regional hosting")
    assert reply.text == "Regional hosting never had a date."
    await world.release("Falcon", "2027-03-05")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "history Falcon")
    assert reply.text.startswith("Falcon: as first planned, 0 moves.")


async def test_a_former_name_goes_on_answering(world: World) -> None:
    release = await billing(world)
    await told(world, release, Field.NAME, "Billing 2")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "Billing revamp")
    assert reply.text.startswith("Billing 2 (R-1)")


async def test_open_on_a_list_shows_the_card_beside_it(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "status")
    shown = await press(world, "U_PM", "C_WEEKLY", "Open")
    assert shown.text.startswith("Billing revamp (R-1)")
    assert len(pia.sees("C_WEEKLY")) == 2


async def test_what_is_done_seldom_is_behind_more(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "R-1")
    await press(world, "U_PM", "C_WEEKLY", "More")
    names = {
        "What may be said",
        "Stage",
        "Tell reporters",
        "Rename",
        "Another name",
        "It is a duplicate",
        "Restrict",
        "Add work",
        "Take work out",
    }
    assert set(buttons(pia.view["blocks"])) == {"Change owner", "Cancel release", "Share to channel", *names}
    await pia.press(pia.view, "releases:cancel")
    assert pia.view["callback_id"] == "releases:cancel_form"
    await pia.close()
    await pia.close()
    await told(world, release, Field.STAGE, "everyone", effective_on=date(2026, 11, 20))
    await pia.command("C_WEEKLY", "/release", "R-1")
    await press(world, "U_PM", "C_WEEKLY", "More")
    assert set(buttons(pia.view["blocks"])) == {"Roll back", "Share to channel", "Rename", "Another name", "Tell reporters", "Restrict"}
    await pia.press(pia.view, "releases:rollback")
    assert pia.view["callback_id"] == "releases:rollback_form"


async def test_the_cards_buttons_open_what_they_say(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    for label, form in (
        ("Move date", "releases:move_form"),
        ("Set health", "releases:health_form"),
        ("Mark shipped", "releases:ship_form"),
    ):
        await pia.command("C_WEEKLY", "/release", "R-1")
        await press(world, "U_PM", "C_WEEKLY", label)
        assert pia.view["callback_id"] == form
        await pia.close()


@pytest.mark.parametrize(
    ("line", "why"),
    [("ship R-1", "Billing revamp shipped on Sat 21 Nov 2026"), ("cancel R-1 because bought", "Billing revamp was cancelled")],
)
async def test_what_is_closed_by_now_opens_no_form_to_fill_in_for_nothing(world: World, line: str, why: str) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    card = (await pia.command("C_WEEKLY", "/release", "R-1")).message
    await pia.press(card, "releases:more")
    seldom = pia.view
    await world.as_("U_LEAD").command("C_WEEKLY", "/release", line)
    for name in ("releases:move", "releases:health", "releases:ship"):
        await pia.press(card, name)
        await world.settle()
        assert pia.view["id"] == seldom["id"], name
        assert pia.sees("C_WEEKLY")[-1].text.startswith(why), name
    for typed in ("move R-1", "health R-1", "commit R-1 to"):
        reply = await pia.command("C_WEEKLY", "/release", typed)
        assert reply.text.startswith(why), typed
