"""`/release as of DATE`: the list as it was, rebuilt from history, for what its reader may see now."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from models import Change, Item
from tests.handlers.release_rows import buttons, many_releases, press, said
from tests.handlers.release_steps import billing
from tests.world import World


async def ask(world: World, words: str, person: str = "U_PM", channel: str = "C_WEEKLY") -> str:
    reply = await world.as_(person).command(channel, "/release", words)
    return "\n".join([*said(reply.blocks), reply.text])


async def a_week_of_changes(world: World) -> None:
    """On Saturday two releases; on Monday one moves and is renamed by nobody; on Tuesday the other ships."""
    await billing(world)
    await world.release("Usage API", "2026-12-01", owner="U_PM")
    await world.advance(days=2)
    await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 2027-03-12 because vendor is late")
    await world.advance(days=1)
    await world.as_("U_PM").command("C_WEEKLY", "/release", "ship Usage API")
    await world.release("Regional hosting")
    await world.advance(days=1)


async def test_a_day_shows_what_was_true_then(world: World) -> None:
    await a_week_of_changes(world)
    seen = await ask(world, "as of 22 Nov 2026")
    assert "As of Sun 22 Nov 2026: 2 open releases: 2 on track." in seen
    assert "Fri 5 Mar 2027 · as first planned" in seen
    assert "Usage API" in seen and "Regional hosting" not in seen
    assert "Sun 22 Nov, 23:59 Berlin, from history" in seen
    later = await ask(world, "as of Monday")
    assert "Fri 12 Mar 2027 · was 5 Mar · +5 working days" in later and "Usage API" in later
    assert "Usage API" not in await ask(world, "as of today")


async def test_as_of_now_is_the_list_of_now_but_for_what_is_not_kept_by_day(world: World) -> None:
    await a_week_of_changes(world)
    then, now = [(await world.as_("U_PM").command("C_WEEKLY", "/release", typed)).blocks for typed in ("as of today", "status")]

    def rows(blocks: list) -> list[list[str]]:
        return [block["text"]["text"].split("\n")[:-1] for block in blocks if block.get("accessory")]

    assert len(rows(then)) == 2
    assert [row[:2] for row in rows(then)] == [row[:2] for row in rows(now)]


async def test_before_anything_was_known_there_is_nothing(world: World) -> None:
    await billing(world)
    assert "As of Sun 1 Mar 2026: No open releases." in await ask(world, "as of 1 March")


@pytest.mark.parametrize(
    ("words", "there", "absent"),
    [
        ("as of 22 Nov for Payments", "Billing revamp", "Usage API"),
        ("as of 22 Nov Payments", "Billing revamp", "Usage API"),
        ("as of 22 Nov mine", "Usage API", "no such"),
        ("as of Monday late", "Billing revamp", "Usage API"),
        ("status Payments as of 22 Nov", "Billing revamp", "Usage API"),
        ("status as of 22 Nov", "Usage API", "no such"),
        ("as-of 22 Nov <#C_PAY|team-payments>", "Billing revamp", "Usage API"),
        ("as of 22 Nov Usage API", "Every date", "no such"),
    ],
)
async def test_any_list_can_be_asked_for(world: World, words: str, there: str, absent: str) -> None:
    await a_week_of_changes(world)
    seen = await ask(world, words)
    assert there in seen and absent not in seen


async def test_of_a_team_counts_the_work_as_it_was_then(world: World) -> None:
    """Payments had work in Search on Saturday; on Monday it left for Usage API, and what came to Search since is not counted then."""
    await billing(world)
    search, usage = [await world.release(name, "2026-12-01", owner="U_PM") for name in ("Search", "Usage API")]
    mobile = await world.team("Mobile", lead="U_MOB")
    async with world.transaction() as session:
        session.add_all(Item(title=title, team_id=1, release_id=search, state="open") for title in ("refunds", "dropped since"))
        session.add(Item(title="taxes", team_id=mobile, release_id=usage, state="open"))
    await world.advance(days=2)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "add refunds to Usage API because sales promised it")
    await pia.command("C_WEEKLY", "/release", "take dropped since out of Search because vendor late")
    await world.advance(days=1)
    async with world.transaction() as session:  # as an import leaves it
        (await session.scalars(select(Item).where(Item.title == "taxes"))).one().team_id = 1
        taxes = {"item_id": 3, "release_id": usage, "field": "team", "before": str(mobile), "after": "1"}
        session.add(Change(happened_at=world.clock.now(), recorded_at=world.clock.now(), **taxes))
    then, now = await ask(world, "as of 22 Nov for Payments"), await ask(world, "as of today for Payments")
    assert ("Search" in then, "Usage API" in then) == (True, False)
    assert ("Search" in now, "Usage API" in now) == (False, True)
    assert "Usage API" in await ask(world, "as of 22 Nov for Mobile")
    assert "Usage API" not in await ask(world, "as of today for Mobile")


async def test_a_team_whose_name_ends_in_a_number_is_that_team(world: World) -> None:
    await billing(world)
    team = await world.team("Team 3")
    for name in ("Search", "Usage API"):
        await world.release(name, "2026-12-01", owner="U_PM", team=team if name == "Search" else None)
    for words in ("as of today Team 3", "as of today of team 3", "status as of today Team 3", "status Team 3", "as of today, Team 3"):
        assert "Team 3: 1 open release" in await ask(world, words), words
    assert "Usage API" in await ask(world, "as of today R-3")
    for words in ("since yesterday Team 3", "since yesterday of Team 3", "report this week Team 3"):
        assert (await ask(world, words)).startswith("*Team 3,"), words


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("as of tomorrow", "Sun 22 Nov 2026 has not come yet."),
        ("as of 1 March 2027", "has not come yet"),
        ("as of blah", 'I could not read "blah" as a day.'),
        ("as of", "As of which day?"),
        ("as", "As of which day?"),
        ("as of yesterday for Paymints", 'There is no team, person or filter "Paymints".'),
        ("as of yesterday unconfirmed", "is not kept"),
        ("as of 31 February", "There is no 31 February"),
    ],
)
async def test_wrong_input_gets_a_sentence(world: World, words: str, says: str) -> None:
    await billing(world)
    assert says in await ask(world, words)


async def test_two_days_are_offered_and_a_press_answers(world: World) -> None:
    await billing(world)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "as of 3/4")
    assert list(buttons(reply.blocks)) == ["Fri 3 Apr 2026", "Wed 4 Mar 2026"]
    shown = await press(world, "U_PM", "C_WEEKLY", "Wed 4 Mar 2026")
    assert "As of Wed 4 Mar 2026: No open releases." in shown.text


async def test_today_goes_back_to_the_list_of_now(world: World) -> None:
    await a_week_of_changes(world)
    await world.as_("U_PM").command("C_WEEKLY", "/release", "as of 22 Nov")
    shown = await press(world, "U_PM", "C_WEEKLY", "Today")
    assert "As of" not in shown.text and "Regional hosting" in shown.text


@pytest.mark.parametrize("count", [1, 51, 1000])
async def test_long_lists_have_pages_of_the_same_day(world: World, count: int) -> None:
    await many_releases(world, count, name="=Release {n} 🚀 عربى")
    then = world.clock.now() - timedelta(days=30)
    async with world.transaction() as session:
        rows = [
            {
                "workspace_id": world.workspace_id, "release_id": 1000 + n, "field": field, "after": after, "reason": "", "reason_kind": "",
                "source": "slack", "happened_at": then, "recorded_at": then, "void_reason": "", "is_committed": True,
            }
            for n in range(count)
            for field, after in (("name", f"=Release {n} 🚀 عربى"), ("date", "2026-12-01"))
        ]  # fmt: skip
        await (await session.connection()).execute(insert(Change), rows)
    seen = await ask(world, "as of 1 Nov")
    assert f"As of Sun 1 Nov 2026: {count:,} open release" in seen
    if count > 12:
        shown = await press(world, "U_PM", "C_WEEKLY", "Next 12")
        assert "As of Sun 1 Nov 2026" in shown.text
        assert f"Showing 13 to 24 of {count:,}." in "\n".join(said(shown.blocks))


async def test_what_is_shared_is_of_that_day_too(world: World) -> None:
    await a_week_of_changes(world)
    await world.as_("U_PM").command("C_WEEKLY", "/release", "as of 22 Nov")
    await press(world, "U_PM", "C_WEEKLY", "Share to channel")
    await world.as_("U_PM").submit({})
    await world.settle()
    posted = [message for message in world.as_("U_MOB").sees("C_WEEKLY") if not message.ephemeral_for][-1]
    assert posted.text.startswith("As of Sun 22 Nov 2026: 2 open releases")
