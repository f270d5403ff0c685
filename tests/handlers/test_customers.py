"""Journeys: one customer on one card, the list, and setting one down."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import insert, select, update

from models import Audit, Customer, Feedback, Heard, NpsAnswer, Person, Release, Saying, Supporter, UserGroup, UserGroupMember
from models.base import workspace_of
from tests.handlers.customer_steps import ask, customer, customers, feedback, make_operations
from tests.handlers.test_feedback_merging import count_on
from tests.world import World


async def test_a_card_says_what_they_asked_what_shipped_and_what_they_wait_for(world: World) -> None:
    acme = await customer(world, "Acme", tier="enterprise", value=120_000, account_owner="U_SALES", region="EMEA")
    out, soon = await world.release("Invoices", "2026-11-20"), await world.release("SSO", "2027-03-05")
    async with world.transaction() as session:
        await session.execute(update(Release).where(Release.id == out).values(is_open=False, shipped_on=date(2026, 11, 20)))
    await feedback(world, 1, acme, "invoices by region", release_id=out)
    await world.advance(days=1)
    first = await feedback(world, 2, None, "single sign-on", release_id=soon)
    await feedback(world, 3, acme, "SSO please", same_as_id=first)
    await feedback(world, 4, acme, "lovely", kind="internal")
    await world.as_("U_PM").command("C_PAY", "/escalate", "new")
    await world.as_("U_PM").submit({"Summary": "Export is down", "Severity": "High", "Customer": "Acme"})
    await world.settle()
    words = await ask(world, "U_LEAD", "acme")
    assert "*Acme*  enterprise · 120,000 a year · EMEA · account owner Sam Hill" in words
    assert words.count("2 pieces of feedback since Sat 21 Nov 2026, 1 shipped for them, 1 awaited") == 2  # in the blocks as well
    assert "• F-3 SSO please · request, Sun 22 Nov 2026" in words
    assert "• Invoices, out since Fri 20 Nov 2026" in words
    assert "• SSO: Fri 5 Mar 2027" in words
    assert "*Escalations (1 open of 1)*\n• E-1 Export is down" in words
    assert "lovely" not in words


async def test_the_card_names_what_they_were_told(world: World) -> None:
    await world.release("Billing revamp", "2026-11-21")
    said = await world.as_("U_LEAD").say("C_PAY", "slow export")
    pia = world.as_("U_PM")
    await pia.shortcut("feedback:log", channel="C_PAY", ts=said.ts)
    await pia.submit({"Customer": "Acme"})
    await pia.command("C_PAY", "/customer-feedback", "link F-1 to Billing revamp")
    await pia.command("C_PAY", "/release", "ship Billing revamp")
    await world.advance(minutes=10)
    async with world.reading() as session:
        assert list(await session.scalars(select(Heard.person))) == ["U_PM"]
    assert "• Billing revamp is out: 1 person who brought it told on Sat 21 Nov 2026" in await ask(world, "U_LEAD", "Acme")


async def test_older_feedback_is_a_page_away(world: World) -> None:
    acme = await customer(world, "Acme")
    for number in range(1, 13):
        await feedback(world, number, acme, f"words {number}")
    assert "Asked (1 to 5 of 12)" in await ask(world, "U_PM", "Acme")
    pia = world.as_("U_PM")
    await pia.press(pia.sees("C_WEEKLY")[-1], "customers:older:older")
    await world.settle()
    assert "Asked (6 to 10 of 12)" in str(pia.sees("C_WEEKLY")[-1].blocks)


async def test_a_name_is_found_as_people_type_it(world: World) -> None:
    await customer(world, "Acme Corporation")
    await customer(world, "Globex")
    for typed in ("acme corporation", "Acme", "  “ACME corporation”. ", "acme corp"):
        assert "*Acme Corporation*" in await ask(world, "U_PM", typed)
    assert 'There is no customer "Glbex". Did you mean Globex? Nothing was changed.' in await ask(world, "U_PM", "Glbex")
    assert "no customer" in await ask(world, "U_PM", "<!channel>")
    assert "no customer" in await ask(world, "U_PM", "x" * 3000)


async def test_who_faces_customers_reads_what_may_be_told_and_no_date(world: World) -> None:
    acme = await customer(world, "Acme")
    for number, (name, words) in enumerate((("SSO", "Coming in spring."), ("Audit", ""), ("Frank", "Soon.")), 1):
        release = await world.release(name, "2027-03-05", owner="U_PLAT")
        await feedback(world, number, acme, release_id=release)
        if words:
            async with world.transaction() as session:
                now = world.clock.now()
                frank = name == "Frank"
                session.add(Saying(release_id=release, words=words, said_by="U_PLAT", said_at=now, checked_at=now, is_frank=frank))
    async with world.transaction() as session:
        session.add(UserGroup(slack_id="S1", name="sales", handle="sales", faces_customers=True))
        session.add(UserGroupMember(user_group="S1", person="U_SALES"))
    words = await ask(world, "U_SALES", "Acme")
    assert "• SSO: “Coming in spring.”" in words
    assert "• Audit: Nothing may be promised yet." in words
    assert "• Frank: “Soon.” Inside: Fri 5 Mar 2027." in words
    assert words.replace("Inside: Fri 5 Mar 2027", "").count("5 Mar") == 0
    assert "• SSO: Fri 5 Mar 2027" in await ask(world, "U_LEAD", "Acme")


async def test_guests_read_nothing_of_it(world: World) -> None:
    acme = await customer(world, "Acme", value=120_000)
    await feedback(world, 1, acme, channel="C_NOBOT")
    guest = world.as_("U_GUEST")
    for typed in ("Acme", "list", "new Zeta", "edit Acme", "merge Acme into Globex", "import", ""):
        reply = await guest.command("C_NOBOT", "/customer", typed)
        assert "120,000" not in reply.text + str(reply.blocks)
        assert "Guests cannot" in reply.text or "only people of this company" in reply.text
    assert guest.view is None


async def test_comments_of_nps_stand_beside_the_name_only_for_who_answers_for_it(world: World) -> None:
    acme = await customer(world, "Acme", account_owner="U_SALES")
    await make_operations(world)
    async with world.transaction() as session:
        values = {"answered_on": date(2026, 11, 1), "draft": 1, "brought_at": world.clock.now()}
        session.add(NpsAnswer(key="1", score=3, comment="zebra slow", customer_id=acme, **values))
        session.add(NpsAnswer(key=None, score=9, comment="gone", customer_id=acme, removed_at=world.clock.now(), **values))
    for person, reads in (("U_OPS", True), ("U_SALES", True), ("U_PM", False)):
        words = await ask(world, person, "Acme")
        assert "*NPS answers (1)*\n• 3 on Sun 1 Nov 2026, detractor" in words
        assert ("zebra" in words) is reads


@pytest.mark.parametrize("rows", [0, 1, 51, 1000])
async def test_the_list_is_paged_and_says_what_stands_behind_it(world: World, rows: int) -> None:
    async with world.transaction() as session:
        own = {"workspace_id": workspace_of(session), "listed_at": world.clock.now(), "tier": "", "region": ""}
        made = [{**own, "name": f"C{n:04}", "folded": f"c{n:04}", "value": n or None} for n in range(rows)]
        if made:
            await (await session.connection()).execute(insert(Customer), made)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/customer", "list")
    expected = {
        0: "No customers yet",
        1: "1 customer, no value known",
        51: "51 customers · 1,275 a year, 1 of them with no value known, by yearly value, showing 1 to 12.",
        1000: "1,000 customers · 499,500 a year, 1 of them with no value known",
    }
    assert expected[rows] in reply.text
    assert len(reply.blocks) <= 26
    assert len(str(reply.blocks)) <= 12_000
    if rows > 12:
        assert f"C{rows - 1:04}: {rows - 1:,} a year · 0 pieces of feedback" in reply.text
        pia = world.as_("U_PM")
        await pia.press(pia.sees("C_WEEKLY")[-1], "customers:page:next")
        await world.settle()
        assert "showing 13 to 24" in pia.sees("C_WEEKLY")[-1].text


async def test_the_list_can_go_by_how_much_they_said(world: World) -> None:
    large, loud = await customer(world, "Large", value=10**6), await customer(world, "Loud", value=5)
    for number in range(1, 4):
        await feedback(world, number, loud)
    await feedback(world, 4, large)
    assert (await ask(world, "U_PM", "list")).index("Large") < (await ask(world, "U_PM", "list")).index("Loud")
    words = await ask(world, "U_PM", "list by feedback")
    assert words.index("Loud") < words.index("Large")
    assert "*Loud*\n5 a year · 3 pieces of feedback" in words


async def test_a_customer_is_set_down_and_changed(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/customer", "new Acme &amp; Söhne")
    await pia.submit({"Tier": "enterprise", "Value a year": "€1.2M", "Account owner": "U_SALES", "Region": "EMEA"})
    await world.settle()
    row = (await customers(world))["Acme & Söhne"]
    assert (row.tier, row.value, row.account_owner, row.region) == ("enterprise", 1_200_000, "U_SALES", "EMEA")
    assert "Acme &amp; Söhne" in pia.sees("C_WEEKLY")[-1].text
    await pia.command("C_WEEKLY", "/customer", "edit acme & söhne")
    await pia.submit({"Name": "Acme", "Value a year": ""})
    await world.settle()
    assert (await customers(world))["Acme"].value is None
    await pia.command("C_WEEKLY", "/customer-feedback", "new slow")
    offered = [option["text"]["text"] for option in await pia.options("feedback:customer", "ac")]
    assert offered[0] == "Acme, enterprise"
    await pia.submit({"Customer": "Acme, enterprise"})
    await world.settle()
    assert [name for name, row in (await customers(world)).items() if row.merged_into_id is None] == ["Acme"]
    async with world.reading() as session:
        changes = list(await session.scalars(select(Audit).where(Audit.subject == "customer").order_by(Audit.id)))
    assert [(change.action, change.actor) for change in changes][:2] == [("created", "U_PM"), ("changed", "U_PM")]


async def renamed(world: World, before: str, after: str) -> str:
    """The card that answers."""
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/customer", f"edit {before}")
    reply = await pia.submit({"Name": after})
    await world.settle()
    return str(reply.errors or pia.sees("C_WEEKLY")[-1].text)


async def test_a_renamed_customer_is_found_by_the_name_it_had(world: World) -> None:
    key = await customer(world, "Acme", tier="enterprise")
    await feedback(world, 1, key)
    await count_on(world, 1)
    assert "Globex" in await renamed(world, "Acme", "Globex")
    card = await ask(world, "U_PM", "acme")
    assert "*Globex*" in card and "Also called Acme" in card
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/customer-feedback", "new slow again")
    await pia.submit({"Customer": "Acme"})
    await world.settle()
    assert "2 pieces of feedback" in await ask(world, "U_PM", "Globex")
    for words in ("list from Acme", "search acme slow"):
        assert "2 pieces of feedback" in await ask(world, "U_PM", words, "/customer-feedback"), words
    assert "Initech" in await renamed(world, "Globex", "Initech")
    assert "Also called Acme, Globex" in await ask(world, "U_PM", "acme")
    assert "Also called Globex, Initech" in await renamed_back(world)


async def renamed_back(world: World) -> str:
    await renamed(world, "Initech", "Acme")
    return await ask(world, "U_PM", "initech")


async def test_a_name_that_another_customer_takes_finds_that_one(world: World) -> None:
    key = await customer(world, "Acme")
    await feedback(world, 1, key, words="slow export")
    await renamed(world, "Acme", "Globex")
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/customer", "new Acme")
    await pia.submit({})
    await world.settle()
    assert "Globex was called so before. The name finds this customer from now on." in pia.sees("C_WEEKLY")[-1].text
    assert "nothing asked so far" in await ask(world, "U_PM", "acme")
    assert "Also called" not in await ask(world, "U_PM", "globex")
    assert "F-1" not in await ask(world, "U_PM", "search acme", "/customer-feedback")
    assert "There is a customer called Globex already" in await renamed(world, "Acme", "Globex")
    assert "There is a customer called Acme already" in await renamed(world, "Globex", "Acme")


async def test_the_name_of_a_merged_customer_is_not_taken_over(world: World) -> None:
    await customer(world, "Acme")
    await customer(world, "Akme Ltd")
    olga = world.as_("U_OPS")
    await make_operations(world)
    await olga.command("C_WEEKLY", "/customer", "merge Akme Ltd into Acme")
    await olga.submit()
    await world.settle()
    assert "There is a customer called Akme Ltd already" in await renamed(world, "Acme", "Akme Ltd")


async def test_two_rename_to_one_name_at_the_same_moment(world: World) -> None:
    for name in ("Acme", "Globex"):
        await customer(world, name)
    people = [world.as_(person) for person in ("U_PM", "U_LEAD")]
    for person, name in zip(people, ("Acme", "Globex"), strict=True):
        await person.command("C_WEEKLY", "/customer", f"edit {name}")
    replies = await asyncio.gather(*(person.submit({"Name": "Initech"}) for person in people))
    await world.settle()
    assert sorted("already" in str(reply.errors) for reply in replies) == [False, True]
    assert len([row for row in (await customers(world)).values() if row.merged_into_id is None]) == 2


async def test_a_form_says_what_cannot_be(world: World) -> None:
    await customer(world, "Acme")
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/customer", "new")
    for fields, wrong in (
        ({"Name": "  "}, "name"),
        ({"Name": "!!!"}, "name"),
        ({"Name": "ACME."}, "name"),
        ({"Name": "Zeta", "Value a year": "lots"}, "value"),
        ({"Name": "Zeta", "Value a year": "-5"}, "value"),
        ({"Name": "Zeta", "Value a year": "5", "Account owner": "U_GUEST"}, "owner"),
    ):
        reply = await pia.submit(fields)
        assert list(reply.errors) == [wrong], fields
    assert list(await customers(world)) == ["Acme"]


async def test_a_customer_may_be_called_new_something(world: World) -> None:
    await customer(world, "New Relics")
    assert "*New Relics*" in await ask(world, "U_PM", "New Relics")


async def test_the_worst_names_summon_nobody(world: World) -> None:
    for name in ("<!channel> & co", "=cmd()", "*b* _i_ `c`", "Z" * 200):
        pia = world.as_("U_PM")
        await pia.command("C_WEEKLY", "/customer", "new")
        await pia.submit({"Name": name, "Tier": "<@U_PM>"})
        await world.settle()
        message = pia.sees("C_WEEKLY")[-1]
        words = message.text + "".join(block.get("text", {}).get("text", "") for block in message.blocks)
        assert "<!channel>" not in words
        assert "<@U_PM>" not in words
    assert len(await customers(world)) == 4


async def test_a_name_heard_in_private_is_no_news_to_whoever_sets_it_down(world: World) -> None:
    """Whether a private channel named it must not show; set down on purpose, everybody may see it from then on."""
    async with world.transaction() as session:
        session.add(Customer(name="Hidden", folded="hidden"))
    hidden = (await customers(world))["Hidden"].id
    await feedback(world, 1, hidden, channel="C_PRIV")
    assert "no customer" in await ask(world, "U_SALES", "Hidden")
    sam = world.as_("U_SALES")
    await sam.command("C_WEEKLY", "/customer", "new Hidden")
    reply = await sam.submit({"Tier": "free"})
    await world.settle()
    assert not reply.errors
    assert [row.id for row in (await customers(world)).values()] == [hidden]
    assert "nothing asked so far that you may read" in (await ask(world, "U_SALES", "Hidden")).casefold()
    assert "1 piece of feedback" in await ask(world, "U_PM", "Hidden")


async def test_someone_who_left_is_still_named(world: World) -> None:
    await customer(world, "Acme", account_owner="U_SALES")
    async with world.transaction() as session:
        await session.execute(update(Person).where(Person.slack_id == "U_SALES").values(is_deleted=True))
        assert await session.scalar(select(Supporter.id)) is None
    assert "account owner Sam Hill" in await ask(world, "U_PM", "Acme")
    async with world.reading() as session:
        assert await session.scalar(select(Feedback.id)) is None
