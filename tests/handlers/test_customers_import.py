"""Journeys: customers come in from a sheet, after they were seen, and go again."""

import asyncio

from sqlalchemy import select, update

from handlers.customers.importing import CUSTOMERS
from models import Audit, Customer, Outbox, SheetDraft
from tests.handlers.customer_steps import ask, customer, customers, feedback, import_it, make_operations, paste, shown
from tests.handlers.plan_steps import give, workbook
from tests.world import World

SHEET = """Account\tSegment\tARR\tCSM\tRegion
Acme\tenterprise\t€120,000\tSam Hill\tEMEA
Globex\tfree\t\t\tAPAC
Initech\tteam\t12k\tpaul.lind@local.example\t
"""


async def test_pasted_customers_come_in_after_they_were_seen(world: World) -> None:
    await make_operations(world)
    olga = await paste(world, "U_OPS", "/customer", SHEET)
    assert "*3 rows: 3 ready.*\nNothing is added yet." in shown(olga)
    assert "Account owner is D “CSM” · Value a year is C “ARR” · Tier is B “Segment”" in shown(olga)
    assert "• Acme: enterprise · 120,000 a year · Sam Hill · EMEA" in shown(olga)
    assert await customers(world) == {}
    assert olga.view["submit"]["text"] == "Import 3"
    assert await import_it(world, olga) == "The import is done: 3 new customers. Nobody was told."
    found = await customers(world)
    acme, initech = found["Acme"], found["Initech"]
    assert (acme.tier, acme.value, acme.account_owner, acme.region) == ("enterprise", 120_000, "U_SALES", "EMEA")
    assert (initech.value, initech.account_owner, found["Globex"].value) == (12_000, "U_LEAD", None)
    async with world.reading() as session:
        made = list(await session.scalars(select(Audit).where(Audit.subject == "customer")))
    assert {(row.actor, row.by) for row in made} == {("U_OPS", "/customer import")}
    again = await paste(world, "U_OPS", "/customer", SHEET)
    assert "*3 rows: 0 ready, 3 known.*" in shown(again)


async def test_what_is_known_takes_what_it_has_not_and_keeps_the_rest_unless_asked(world: World) -> None:
    await make_operations(world)
    await customer(world, "ACME", value=5)
    await customer(world, "Globex")
    olga = await paste(world, "U_OPS", "/customer", SHEET)
    assert "*3 rows: 2 ready, 1 needs an answer.*" in shown(olga)
    assert "• Row 2, Acme: has another value a year in Tendon" in shown(olga)
    await olga.press(olga.view, "customers:import_answer")
    await olga.submit({"Some customers have other values in Tendon. Which count?": "Take what the sheet says"})
    assert "*3 rows: 3 ready.*" in shown(olga)
    assert await import_it(world, olga) == "The import is done: 1 new customer and 2 customers with more known of them. Nobody was told."
    assert ((await customers(world))["ACME"].value, (await customers(world))["ACME"].tier) == (120_000, "enterprise")
    await olga.press(olga.dms()[-1], "customers:import_undo")
    await world.settle()
    assert olga.dms()[-1].text == "The import was taken back: 1 customer is gone again, 2 customers as before."
    found = await customers(world)
    assert sorted(found) == ["ACME", "Globex"]
    assert (found["ACME"].value, found["ACME"].tier, found["Globex"].tier) == (5, "", "")


async def test_money_that_can_be_read_in_two_ways_is_asked_once(world: World) -> None:
    await make_operations(world)
    olga = await paste(world, "U_OPS", "/customer", "Name;Value\nA;1.200\nB;2.500\nC;lots\nD;$5\nE;€7\nF;€8\n")
    assert "*6 rows: 2 ready, 4 need an answer.*" in shown(olga)
    await olga.press(olga.view, "customers:import_answer")
    labels = [block["label"]["text"] for block in olga.view["blocks"] if block["type"] == "input"]
    assert labels[:3] == ['What is "1.200"?', '"lots" is not an amount', '"$5" is in USD, where most are in EUR']
    reply = await olga.submit({'What is "1.200"?': "1,200, in thousands", '"lots" is not an amount': "many"})
    assert "is not an amount" in str(reply.errors)
    await olga.submit(
        {'"lots" is not an amount': "", '"$5" is in USD, where most are in EUR': "4", "Numbers and people that I leave empty": ["yes"]}
    )
    await import_it(world, olga)
    assert {name: row.value for name, row in (await customers(world)).items()} == {"A": 1200, "B": 2500, "C": None, "D": 4, "E": 7, "F": 8}


async def test_a_name_that_is_alike_is_asked_and_never_joined_in_silence(world: World) -> None:
    await make_operations(world)
    await customer(world, "Acme", tier="team")
    olga = await paste(world, "U_OPS", "/customer", "Name,Region\nACME Inc.,EMEA\n")
    await olga.press(olga.view, "customers:import_answer")
    await olga.submit({'"ACME Inc." is like Acme': "It is Acme"})
    await import_it(world, olga)
    assert {name: row.region for name, row in (await customers(world)).items()} == {"Acme": "EMEA"}


async def test_row_500_is_broken_and_the_rest_comes_in(world: World) -> None:
    await make_operations(world)
    rows = ["Name\tValue", *(f"Customer {n}\t{n}" for n in range(2, 1001))]
    rows[499] = "\t12"
    rows[700] = "Customer 5\t9"
    rows[701] = "=HYPERLINK(1)\t3"
    parts = ["\n".join(rows[start : start + 120]) for start in range(0, len(rows), 120)]
    olga = await paste(world, "U_OPS", "/customer", *parts)
    assert "*999 rows: 997 ready, 2 left out.*" in shown(olga)
    assert "• Row 500: has no name" in shown(olga)
    assert "• Row 701, Customer 5: stands in row 5 already" in shown(olga)
    assert "997 new customers. 2 rows were left out." in await import_it(world, olga)
    assert "=HYPERLINK(1)" in await customers(world)


async def test_a_workbook_comes_in_though_its_form_was_closed(world: World) -> None:
    await make_operations(world)
    file = give(world, "U_OPS", "crm.xlsx", workbook(["Customer", "ARR"], ["Acme", 120000], ["Globex", "=2+3"]))
    olga = world.as_("U_OPS")
    await olga.command("C_WEEKLY", "/customer", "import")
    await olga.submit({"Files": [file]})
    await olga.close()
    await world.settle()
    assert olga.dms()[-1].text == "What you gave for the import is read. Nothing is added yet."
    await olga.press(olga.dms()[-1], "customers:import_show")
    assert "2 rows: 1 ready, 1 needs an answer" in shown(olga)
    assert '"=2+3" is not an amount' in shown(olga)
    await import_it(world, olga)
    assert {name: row.value for name, row in (await customers(world)).items()} == {"Acme": 120_000}


async def test_columns_that_are_not_known_are_chosen(world: World) -> None:
    await make_operations(world)
    olga = await paste(world, "U_OPS", "/customer", "K1\tK2\nAcme\t5\n")
    assert "It is not known which column says what, so nothing of it is read." in shown(olga)
    await olga.press(olga.view, "customers:import_columns")
    reply = await olga.submit({"Name": "A “K1”", "Tier": "A “K1”"})
    assert "cannot be the same column" in str(reply.errors)
    await olga.submit({"Name": "A “K1”", "Tier": "No column", "Value a year": "B “K2”"})
    assert "*2 rows: 1 ready, 1 needs an answer.*" in shown(olga)


async def test_files_that_cannot_be_read_say_so(world: World) -> None:
    await make_operations(world)
    olga = world.as_("U_OPS")
    for name, content, says in (
        ("a.csv", b"Name\xff\xfe\nAcme", "a.csv is not UTF-8 text."),
        ("b.xlsx", b"PK\x03\x04broken", "b.xlsx is damaged, or no XLSX file."),
        ("c.csv", b"", "There are no rows in it."),
    ):
        await olga.command("C_WEEKLY", "/customer", "import")
        await olga.submit({"Files": [give(world, "U_OPS", name, content)]})
        await world.settle()
        assert says in shown(olga)
        await olga.close(everything=True)
    await olga.command("C_WEEKLY", "/customer", "import")
    assert "only CSV and XLSX" in str((await olga.submit({"Files": [give(world, "U_OPS", "d.pdf", b"%PDF")]})).errors)
    assert "Give a file here" in str((await olga.submit({"Files": []})).errors)


async def test_only_those_who_answer_for_many_may_import(world: World) -> None:
    assert "Only product operations, team leads and workspace admins can import customers." in await ask(world, "U_PM", "import")
    await world.team("Payments", lead="U_LEAD")
    await world.as_("U_LEAD").command("C_WEEKLY", "/customer", "import")
    assert world.as_("U_LEAD").view is not None


async def test_undo_keeps_what_was_used_since(world: World) -> None:
    await make_operations(world)
    olga = await paste(world, "U_OPS", "/customer", SHEET)
    await import_it(world, olga)
    found = await customers(world)
    await feedback(world, 1, found["Acme"].id)
    async with world.transaction() as session:
        await session.execute(update(Customer).where(Customer.name == "Globex").values(tier="team"))
    message = olga.dms()[-1]
    assert "Only whoever imported it" not in message.text
    await olga.press(message, "customers:import_undo")
    await world.settle()
    words = olga.dms()[-1].text
    assert words == "The import was taken back: 1 customer is gone again. In use or changed since, so kept: Acme and Globex."
    assert sorted(await customers(world)) == ["Acme", "Globex"]


async def test_after_a_day_an_import_stays_and_its_draft_is_gone(world: World) -> None:
    await make_operations(world)
    olga = await paste(world, "U_OPS", "/customer", SHEET)
    await import_it(world, olga)
    message = olga.dms()[-1]
    await world.advance(hours=24, minutes=20)
    async with world.reading() as session:
        assert list(await session.scalars(select(SheetDraft))) == []
    await olga.press(message, "customers:import_undo")
    await world.settle()
    assert "more than 24 hours ago" in "".join(each.text for each in olga.dms())
    assert len(await customers(world)) == 3


async def test_an_import_and_its_undo_are_done_once(world: World) -> None:
    await make_operations(world)
    olga = await paste(world, "U_OPS", "/customer", SHEET)
    view = olga.view
    await olga.submit()
    await world.slack.deliver_again(world.slack.deliveries[-1])
    await world.settle()
    draft = int(view["private_metadata"].partition('"draft":')[2].partition(",")[0])
    payload = {"workspace_id": world.workspace_id, "draft": draft, "by": "U_OPS"}
    await CUSTOMERS.write(payload, world.app.deps)
    assert len(await customers(world)) == 3
    await olga.press(olga.dms()[-1], "customers:import_undo")
    await world.settle()
    await CUSTOMERS.take_back(payload, world.app.deps)
    assert await customers(world) == {}
    async with world.reading() as session:
        assert [row.kind for row in await session.scalars(select(Outbox).where(Outbox.key.like("customers:import_write%")))] != []


async def test_two_import_the_same_at_once_and_somebody_names_one_of_them(world: World) -> None:
    await make_operations(world)
    await make_operations(world, "U_MOB")
    both = [await paste(world, person, "/customer", SHEET) for person in ("U_OPS", "U_MOB")]
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/customer-feedback", "new slow")
    await asyncio.gather(*(who.submit() for who in both), pia.submit({"Customer": "Acme"}))
    await world.settle()
    assert sorted(await customers(world)) == ["Acme", "Globex", "Initech"]
    assert (await customers(world))["Acme"].value == 120_000
    assert all("The import is done" in who.dms()[-1].text for who in both)
