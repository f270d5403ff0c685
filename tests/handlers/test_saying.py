"""Journeys of what customers may be told: who reads it, and how it is set."""

import json

import pytest
from sqlalchemy import select, update

from models import Audit, Person, Saying, TeamMember, UserGroup, UserGroupMember
from tests.handlers.feedback_steps import in_field
from tests.handlers.release_rows import buttons, many_releases
from tests.handlers.release_steps import billing
from tests.handlers.saying_steps import GROUP, WORDS, asks, copied, everything, facing, last_dm, pressed
from tests.world import World

INSIDE = ("5 Mar", "on track", "off track", "Green", "Red", "Amber", "working day", "Baseline", "late")


async def kept(world: World, release: int) -> Saying:
    async with world.reading() as session:
        return (await session.scalars(select(Saying).where(Saying.release_id == release))).one()


async def test_the_words_are_read_first_and_nothing_about_how_it_stands(world: World) -> None:
    await billing(world)
    await facing(world)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", f"say Billing revamp “{WORDS}”")
    assert copied(reply.blocks) == [WORDS]
    assert "Read first by @sales" in everything(reply.text, reply.blocks)
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "status Billing revamp")
    assert reply.text == f"Billing revamp: You may say: “{WORDS}”"
    assert copied(reply.blocks) == [WORDS]
    assert set(buttons(reply.blocks)) == {"Tell me when it ships", "A customer is waiting", "Ask the owner"}
    assert [word for word in INSIDE if word in everything(reply.text, reply.blocks)] == []
    for typed in ("Billing revamp", "R-1", "billing revamp?", "history Billing revamp", "as of today Billing revamp"):
        read = await asks(world, "U_SALES", typed)
        assert WORDS in read
        assert "5 Mar" not in read


async def test_without_words_nothing_may_be_promised(world: World) -> None:
    await billing(world)
    await facing(world)
    read = await asks(world, "U_SALES", "Billing revamp")
    assert read.startswith("Billing revamp: Nothing may be promised yet.")
    assert [word for word in INSIDE if word in read] == []


async def test_the_list_has_words_and_no_lateness(world: World) -> None:
    await billing(world)
    await world.release("Usage API", "2026-09-01", owner="U_PLAT")
    await facing(world)
    await asks(world, "U_PM", f'say Billing revamp "{WORDS}"')
    for typed in ("status", "status late", "red", "all", "status Payments"):
        read = await asks(world, "U_SALES", typed)
        assert WORDS in read, typed
        assert [word for word in INSIDE if word in read.replace("Usage API", "")] == [], typed
    assert (await asks(world, "U_SALES", "")).startswith("2 open releases: 1 with words for customers.")


@pytest.mark.parametrize(("count", "first"), [(0, "no open release."), (1, "1 open release: 0 with"), (51, "51 open releases: 0 with")])
async def test_the_list_holds_with_none_one_and_fifty_one(world: World, count: int, first: str) -> None:
    await facing(world)
    await many_releases(world, count, name="Release {n:02}")
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "status")
    assert reply.text.startswith(first)
    assert reply.text.count("Nothing may be promised yet.") == min(count, 12)
    if count > 12:
        await pressed(world, "U_SALES", reply.message, "Next 12")
        assert "Release 12" in world.as_("U_SALES").sees("C_WEEKLY")[-1].text


async def test_long_words_and_names_stay_within_what_slack_takes(world: World) -> None:
    await facing(world)
    await many_releases(world, 51, name="&" * 150 + " {n:02}")
    now = world.clock.now()
    async with world.transaction() as session:
        session.add_all(Saying(release_id=1000 + n, words="<&>" * 160, said_at=now, checked_at=now, doubted_at=now) for n in range(51))
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "status")
    assert reply.error == ""
    assert len(json.dumps(reply.blocks, separators=(",", ":"))) < 12_000
    assert len(reply.text) < 4_000
    seen, shown = reply.message, set()
    while "Next" in str(buttons(seen.blocks)):
        shown |= {block["accessory"]["value"] for block in seen.blocks if block.get("accessory", {}).get("value")}
        label = next(label for label in buttons(seen.blocks) if label.startswith("Next"))
        await pressed(world, "U_SALES", seen, label)
        seen = world.as_("U_SALES").sees("C_WEEKLY")[-1]
    shown |= {block["accessory"]["value"] for block in seen.blocks if block.get("accessory", {}).get("value")}
    assert len(shown) == 51


async def test_the_open_button_of_a_posted_list_answers_each_in_their_words(world: World) -> None:
    await billing(world)
    await facing(world)
    await asks(world, "U_PM", f'say Billing revamp "{WORDS}"')
    await world.as_("U_PM").command("C_WEEKLY", "/release", "status")
    await pressed(world, "U_PM", world.as_("U_PM").sees("C_WEEKLY")[-1], "Share to channel")
    await world.as_("U_PM").submit({})
    await world.settle()
    posted = next(each for each in world.as_("U_SALES").sees("C_WEEKLY") if not each.ephemeral_for)
    await pressed(world, "U_SALES", posted, "Open")
    assert copied(world.as_("U_SALES").sees("C_WEEKLY")[-1].blocks) == [WORDS]
    await pressed(world, "U_LEAD", posted, "Open")
    assert "Fri 5 Mar 2027" in world.as_("U_LEAD").sees("C_WEEKLY")[-1].text


@pytest.mark.parametrize("role", ["owner", "lead", "deputy", "member", "operations"])
async def test_who_builds_sees_everything_in_whatever_group_they_are(world: World, role: str) -> None:
    await billing(world)
    await facing(world)
    assert "Fri 5 Mar 2027" not in await asks(world, "U_SALES", "Billing revamp")
    if role == "owner":
        await world.release("Sandbox", owner="U_SALES")
    elif role in ("lead", "deputy"):
        await world.team("Success", **{role: "U_SALES"})
    team = await world.team("Field") if role == "member" else None
    async with world.transaction() as session:
        if team:
            session.add(TeamMember(team_id=team, person="U_SALES"))
        if role == "operations":
            await session.execute(update(Person).where(Person.slack_id == "U_SALES").values(is_product_operations=True))
    assert "Fri 5 Mar 2027" in await asks(world, "U_SALES", "Billing revamp")


async def test_who_owned_only_what_shipped_builds_no_more(world: World) -> None:
    await billing(world)
    await world.release("Old thing", "2026-11-20", owner="U_SALES")
    await facing(world)
    await asks(world, "U_SALES", "ship Old thing on 20 Nov 2026")
    assert "Nothing may be promised yet." in await asks(world, "U_SALES", "Billing revamp")


async def test_a_guest_in_a_group_reads_the_words_and_has_no_buttons(world: World) -> None:
    await billing(world)
    await facing(world, "U_GUEST")
    await asks(world, "U_PM", f'say Billing revamp "{WORDS}"')
    reply = await world.as_("U_GUEST").command("C_NOBOT", "/release", "Billing revamp")
    assert copied(reply.blocks) == [WORDS]
    assert buttons(reply.blocks) == {}


async def test_people_of_other_companies_read_only_the_words(world: World) -> None:
    await billing(world)
    async with world.reading() as session:
        from bot import access
        from models.base import run

        otto = (await run(session, access.ACTOR, person="U_OUT")).one()
        gus = (await run(session, access.ACTOR, person="U_GUEST")).one()
    assert (bool(otto.faces_customers), bool(gus.faces_customers)) == (True, False)


async def test_the_words_may_come_with_a_date_of_their_own(world: World) -> None:
    release = await billing(world)
    await facing(world)
    await asks(world, "U_PM", 'say "Billing revamp" "One bill for all regions" for Q2 2027')
    assert (await kept(world, release)).precision == "quarter"
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "R-1")
    assert copied(reply.blocks) == ["One bill for all regions. Planned for Q2 2027."]


async def test_a_release_may_allow_its_date_to_be_seen(world: World) -> None:
    await billing(world)
    await facing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "say Billing revamp")
    await pia.submit({"words": WORDS, "frank": ["frank"]})
    await world.settle()
    read = await asks(world, "U_SALES", "R-1")
    assert read.index(WORDS) < read.index("Fri 5 Mar 2027")
    await asks(world, "U_PM", 'say R-1 "In spring."')
    assert "Fri 5 Mar 2027" in await asks(world, "U_SALES", "R-1")  # other words leave that as it is


async def test_the_full_card_says_what_may_be_told_and_its_form_is_behind_more(world: World) -> None:
    release = await billing(world)
    await asks(world, "U_PM", f'say Billing revamp "{WORDS}"')
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "Billing revamp")
    assert f"*What customers may be told*\n“{WORDS}”  Checked 21 Nov 2026." in everything(reply.text, reply.blocks)
    await pressed(world, "U_PM", reply.message, "More")
    pia = world.as_("U_PM")
    await pia.press(pia.view, "saying:open")
    await pia.submit({"words": "In summer."})
    await world.settle()
    assert (await kept(world, release)).words == "In summer."


async def test_words_taken_back_promise_nothing(world: World) -> None:
    await billing(world)
    await facing(world)
    pia = world.as_("U_PM")
    await asks(world, "U_PM", f'say Billing revamp "{WORDS}"')
    await pia.command("C_WEEKLY", "/release", "say Billing revamp")
    assert WORDS in str(pia.view)
    await pia.submit({"words": None})
    await world.settle()
    assert "nothing may be promised yet" in pia.sees("C_WEEKLY")[-1].text
    assert "Nothing may be promised yet." in await asks(world, "U_SALES", "R-1")


@pytest.mark.parametrize("words", ["<!channel> look", "*bold* & <https://x.example|here>", "`code` <@U_PM>", "two\nlines"])
async def test_whatever_is_said_is_copied_as_it_was_typed_and_calls_nobody(world: World, words: str) -> None:
    await billing(world)
    await facing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "say Billing revamp")
    await pia.submit({"words": words})
    await world.settle()
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "R-1")
    assert copied(reply.blocks) == [words]
    assert all(each not in reply.text for each in ("<!channel>", "<https", "<@U"))


async def test_too_long_words_are_refused_in_a_form_that_keeps_what_fits(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", f'say Billing revamp "{"word " * 8000}"')
    assert "at most 500 characters; this has 39,999" in str(pia.view)
    async with world.reading() as session:
        assert (await session.scalars(select(Saying))).all() == []


@pytest.mark.parametrize("typed", ["say Billing revamp", 'say Billing revamp ""', 'say "Billing revamp" "   "', "say"])
async def test_no_words_open_the_form_and_an_empty_form_says_what_is_missing(world: World, typed: str) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", typed)
    assert pia.view["title"]["text"] == "What may be said"
    if typed != "say":
        reply = await pia.submit({"words": None})
        assert "nothing may be promised" in reply.errors["words"]


async def test_an_unknown_name_or_day_keeps_what_was_typed(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", f'say Biling revmp "{WORDS}"')
    assert "Did you mean Billing revamp?" in str(pia.view)
    assert WORDS in str(pia.view)
    await pia.close()
    await pia.command("C_WEEKLY", "/release", f'say Billing revamp "{WORDS}" by whenever')
    assert "whenever" in str(pia.view)
    assert WORDS in str(pia.view)
    async with world.reading() as session:
        assert (await session.scalars(select(Saying))).all() == []


async def test_no_line_sets_the_words_of_another_release(world: World) -> None:
    short = await world.release("Project", "2027-03-05", owner="U_PM")
    long = await world.release('Project "X"', "2027-03-05", owner="U_PM")
    colon = await world.release("Project: next", "2027-03-05", owner="U_PM")
    await asks(world, "U_PM", 'say Project "X" "Soon."')
    await asks(world, "U_PM", 'say Project: next "Later."')
    async with world.reading() as session:
        said = {row.release_id: row.words for row in await session.scalars(select(Saying))}
    assert said == {long: "Soon.", colon: "Later."}
    await asks(world, "U_PM", "say Project: it comes.")
    assert (await kept(world, short)).words == "it comes."


async def test_who_faces_customers_does_not_set_the_words(world: World) -> None:
    await billing(world)
    await facing(world)
    assert "Whoever owns the release sets" in await asks(world, "U_SALES", 'say Billing revamp "Next week!"')
    assert "Guests cannot change that" in await asks(world, "U_GUEST", 'say Billing revamp "Next week!"', "C_NOBOT")
    async with world.reading() as session:
        assert (await session.scalars(select(Saying))).all() == []


async def test_the_owner_hears_when_somebody_else_sets_the_words_and_the_audit_has_it(world: World) -> None:
    await billing(world)
    await asks(world, "U_LEAD", f'say Billing revamp "{WORDS}"')
    await world.settle()
    assert last_dm(world, "U_PM").text == f"Paul Lind set what customers may be told of Billing revamp: “{WORDS}”"
    async with world.reading() as session:
        assert "saying" in set(await session.scalars(select(Audit.subject)))


async def test_only_product_operations_choose_who_faces_customers(world: World) -> None:
    await facing(world)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/tendon", "audience")
    assert reply.text == "@sales (1 person) reads what customers may be told. Product operations set it."
    assert world.as_("U_PM").view is None


async def test_who_is_in_a_group_is_kept_by_events_and_looks(world: World) -> None:
    async def inside() -> set[str]:
        async with world.reading() as session:
            return set(await session.scalars(select(UserGroupMember.person).where(UserGroupMember.user_group == GROUP)))

    await billing(world)
    await facing(world)
    await world.slack.change_group(GROUP, ["U_SALES", "U_MOB"])
    await world.settle()
    assert await inside() == {"U_SALES", "U_MOB"}
    world.slack.state.groups[GROUP].users = ["U_MOB"]  # nobody was told
    await world.advance(hours=21)
    await world.tick()
    assert await inside() == {"U_MOB"}
    assert "Fri 5 Mar 2027" in await asks(world, "U_SALES", "R-1")
    await world.slack.change_group(GROUP, [])
    await world.settle()
    async with world.reading() as session:
        group = (await session.scalars(select(UserGroup))).one()
    assert (group.is_disabled, group.faces_customers, await inside()) == (True, True, set())


async def test_without_the_permission_to_read_groups_everything_else_is_known(new_world: World) -> None:
    scopes = new_world.slack.manifest["oauth_config"]["scopes"]["bot"]
    scopes.remove("usergroups:read")
    await new_world.tick()
    async with new_world.reading() as session:
        assert await session.scalar(select(Person.name).where(Person.slack_id == "U_PM")) == "Pia Marsh"
    await new_world.as_("U_OPS").command("C_OPS", "/tendon", "audience")
    assert "I know no user groups." in str(new_world.as_("U_OPS").view)


async def test_a_channel_may_face_customers_and_what_is_shared_there_is_in_those_words(world: World) -> None:
    await billing(world)
    await facing(world, channels=("C_WEEKLY",))
    await asks(world, "U_PM", f'say Billing revamp "{WORDS}"')
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status")
    await pressed(world, "U_PM", reply.message, "Share to channel")
    await world.as_("U_PM").submit({})
    await world.settle()
    posted = next(each for each in world.as_("U_LEAD").sees("C_WEEKLY") if not each.ephemeral_for)
    read = everything(posted.text, posted.blocks)
    assert WORDS in read
    assert [word for word in INSIDE if word in read] == []


async def test_what_shipped_may_be_said_to_be_out(world: World) -> None:
    await billing(world)
    await facing(world)
    await asks(world, "U_PM", "ship Billing revamp on 20 Nov 2026")
    assert "Billing revamp is available to everyone since Fri 20 Nov 2026." in await asks(world, "U_SALES", "R-1")


async def test_words_without_quotes_stand_in_the_form_of_the_release_they_follow(world: World) -> None:
    await billing(world)
    await world.release("Billing", "2027-04-01", owner="U_PM")
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "say Billing revamp comes in spring")
    assert "Billing revamp · R-1" in str(pia.view)
    assert in_field(pia.view, "words") == "comes in spring"
    await pia.submit({})
    await world.settle()
    assert "comes in spring" in await asks(world, "U_PM", "status Billing revamp")
