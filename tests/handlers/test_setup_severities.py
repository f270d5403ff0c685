"""Journeys: a company's own words for severities, and its times."""

import asyncio

import pytest
from sqlalchemy import select

from models import Escalation, Workspace
from tests.handlers.release_rows import said
from tests.handlers.setup_steps import form, saved
from tests.world import World

WORDS = {"Critical: your word": "P1", "High: your word": "Sev 2", "Normal: your word": "Low", "Low: your word": "Someday"}


async def raised(world: World, typed: str, **fields: str) -> str:
    """Somebody types an escalation and sends the form as it opened; gives the form as text."""
    sales = world.as_("U_SALES")
    await sales.command("C_WEEKLY", "/escalate", typed)
    shown = str(sales.view)
    reply = await sales.submit({"Team": "Payments", **fields})
    assert not reply.errors, reply.errors
    await world.settle()
    return shown


async def rows(world: World) -> list[Escalation]:
    async with world.reading() as session:
        return list(await session.scalars(select(Escalation).order_by(Escalation.number)))


async def test_the_times_of_severities_are_the_companys_own(world: World) -> None:
    await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    ops = await form(world, "severity")
    refused = await ops.submit({"High: acknowledge in": "soon", "Low: solve in": "0 days"})
    assert set(refused.errors) == {"high:acknowledge", "low:resolve"}
    await ops.submit({"High: acknowledge in": "2 h", "High: solve in": "3 days", "Low: solve in": "20 days"})
    await world.settle()
    assert "Target for High: acknowledge in 2 working hours, solve in 3 working days" in ops.sees("C_OPS")[-1].text
    assert "Target for High: acknowledge in 2 working hours" in await raised(world, "Acme cannot export", Severity="High")
    card = next(message for message in world.as_("U_LEAD").sees("C_PAY") if "E-1" in message.text)
    assert "Target for High: acknowledge in 2 working hours, solve in 3 working days" in str(card.blocks)
    (row,) = await rows(world)
    assert (row.acknowledge_by.isoformat(), row.resolve_by.date().isoformat()) == ("2026-11-23T10:00:00+00:00", "2026-11-25")


async def test_the_companys_words_stand_everywhere_and_the_kept_value_stays(world: World) -> None:
    await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    await raised(world, "login is down", Severity="High")
    answer = await saved(world, "severity", WORDS)
    assert "Target for Sev 2: acknowledge in 1 working hour" in answer
    assert "Target for P1: acknowledge in 30 minutes, solve in 4 hours, around the clock" in answer
    listed = await world.as_("U_SALES").command("C_WEEKLY", "/escalate", "list")
    assert "E-1 Sev 2: login is down" in listed.text
    shown = await world.as_("U_SALES").command("C_WEEKLY", "/escalate", "show E-1")
    assert "E-1 Sev 2: login is down" in shown.text
    assert "Target for Sev 2" in str(shown.blocks)
    await world.as_("U_LEAD").open_home()
    await world.settle()
    assert "E-1 Sev 2: login is down" in "\n".join(said(world.as_("U_LEAD").home["blocks"]))
    await world.as_("U_SALES").command("C_WEEKLY", "/escalate", "")
    options = next(block for block in world.as_("U_SALES").view["blocks"] if block.get("block_id") == "severity")["element"]["options"]
    assert [(option["text"]["text"], option["value"]) for option in options] == [
        ("P1", "critical"), ("Sev 2", "high"), ("Low", "normal"), ("Someday", "low"),
    ]  # fmt: skip
    assert [row.severity for row in await rows(world)] == ["high"]


@pytest.mark.parametrize(
    ("typed", "severity", "summary"),
    [
        ("P1 login is down", "critical", "login is down"),
        ("sev 2: login is down", "high", "login is down"),
        ("Low - login is slow", "normal", "login is slow"),
        ("someday: nicer icons", "low", "nicer icons"),
        ("urgent, login is down", "critical", "login is down"),
        ("high latency for Acme", "high", "high latency for Acme"),
    ],
)
async def test_the_companys_words_are_understood_when_typed(world: World, typed: str, severity: str, summary: str) -> None:
    await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    await saved(world, "severity", WORDS)
    await raised(world, typed)
    (row,) = await rows(world)
    assert (row.severity, row.summary) == (severity, summary)


async def test_without_a_word_for_it_the_form_asks(world: World) -> None:
    sales = world.as_("U_SALES")
    await sales.command("C_WEEKLY", "/escalate", "login is down, urgently")
    severity = next(block for block in sales.view["blocks"] if block.get("block_id") == "severity")
    assert "initial_option" not in severity["element"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"Critical: your word": "High"}, {"high:words": '"High" is the word for Critical already. Nothing was changed.'}),
        ({"Low: your word": "***"}, {"low:words": "At most 24 characters, and letters or digits. Nothing was changed."}),
    ],
)
async def test_words_that_would_confuse_are_refused(world: World, fields: dict[str, str], wrong: dict[str, str]) -> None:
    ops = await form(world, "severity")
    assert (await ops.submit(fields)).errors == wrong


async def test_a_word_that_summons_is_a_word_and_none_is_the_usual_one(world: World) -> None:
    await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    answer = await saved(world, "severity", {"High: your word": "<!channel>", "Low: your word": ""})
    assert "<!channel>" not in answer
    assert "Target for Low" in answer
    await raised(world, "login is down", Severity="<!channel>")
    for message in (*world.as_("U_LEAD").sees("C_PAY"), *world.as_("U_SALES").sees("C_WEEKLY")):
        assert "<!channel>" not in message.text + str([block for block in message.blocks if block["type"] != "rich_text"])


async def test_two_who_save_at_once_leave_one_whole_scale(world: World) -> None:
    await saved(world, "operations", {"People": ["U_OPS", "U_PM"]})
    for person in ("U_OPS", "U_PM"):
        await form(world, "severity", person)
    await asyncio.gather(
        world.as_("U_OPS").submit({"High: your word": "A", "Low: your word": "B"}),
        world.as_("U_PM").submit({"High: your word": "C", "Low: your word": "D"}),
    )
    await world.settle()
    async with world.reading() as session:
        kept = (await session.scalars(select(Workspace.targets))).one()
    assert (kept["high"][2], kept["low"][2]) in (("A", "B"), ("C", "D"))
