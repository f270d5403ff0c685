"""Calendars: an address that a calendar program reads, which shows what everybody may see, until it is stopped."""

import json
import logging
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import aiohttp
import pytest
import vobject
from sqlalchemy import select, update

from models import Audit, CalendarFeed, Inbox, Outbox, Person, Release
from tests.handlers.conftest import told
from tests.handlers.release_rows import many_releases
from tests.handlers.release_steps import billing
from tests.world import World


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Tendon can be reached from outside."""
    async with told(database_url, is_known=True) as world:
        object.__setattr__(world.app.settings, "public_url", f"http://127.0.0.1:{world.app.port}")
        yield world


def shown(view: Any) -> str:
    return json.dumps(view["blocks"], ensure_ascii=False)


async def address(world: World, words: str = "calendar", person: str = "U_PM") -> str:
    who = world.as_(person)
    await who.command("C_WEEKLY", "/release", words)
    return next(block["elements"][0]["elements"][0]["text"] for block in who.view["blocks"] if block["type"] == "rich_text")


async def get(url: str, **headers: str) -> tuple[int, str, Any]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, await response.text(), response.headers


async def events(url: str) -> dict[str, Any]:
    """As another program's parser reads it."""
    status, text, _ = await get(url)
    assert status == 200
    return {event.summary.value: event for event in vobject.readOne(text).contents.get("vevent", [])}


async def test_a_calendar_program_reads_release_days(world: World) -> None:
    await billing(world)
    await world.release("Usage API", "2026-11-20")
    for line in ("new Edge Q3 2027", "ship Usage API"):
        await world.as_("U_PM").command("C_WEEKLY", "/release", line)
    await world.release("=HYPERLINK(1); 🚀, عربى\\n", "2027-01-15")
    await world.release("Without a day")
    found = await events(await address(world))
    days = {title: event.dtstart.value for title, event in found.items()}
    assert days == {
        "Billing revamp": date(2027, 3, 5),
        "Edge (planned for Q3 2027)": date(2027, 9, 30),
        "=HYPERLINK(1); 🚀, عربى\\n": date(2027, 1, 15),
        "Usage API: shipped": date(2026, 11, 21),
    }
    assert found["Billing revamp"].description.value == "Committed. As first planned. Payments"
    assert found["Billing revamp"].dtend.value == date(2027, 3, 6)
    assert found["Edge (planned for Q3 2027)"].status.value == "TENTATIVE"


async def test_a_moved_release_is_the_same_event_on_another_day(world: World) -> None:
    await billing(world)
    url = await address(world)
    before = (await events(url))["Billing revamp"]
    await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 2027-03-12 because vendor")
    after = (await events(url))["Billing revamp"]
    assert (after.dtstart.value, after.uid.value) == (date(2027, 3, 12), before.uid.value)


async def test_of_a_team_only_its_releases(world: World) -> None:
    await billing(world)
    await world.release("Elsewhere", "2027-01-15")
    assert list(await events(await address(world, "calendar of Payments"))) == ["Billing revamp"]


async def test_nothing_restricted_is_in_it_not_even_for_its_owner(world: World) -> None:
    await world.release("Nightjar", "2027-01-15", owner="U_PM", restricted=True)
    await world.release("Usage API", "2027-01-15", owner="U_PM")
    assert list(await events(await address(world))) == ["Usage API"]


async def test_unchanged_is_said_in_few_bytes(world: World) -> None:
    await billing(world)
    url = await address(world)
    _, text, headers = await get(url)
    assert headers["Content-Type"] == "text/calendar; charset=utf-8" and "Last-Modified" in headers and "Set-Cookie" not in headers
    status, again, _ = await get(url, **{"If-None-Match": headers["ETag"]})
    assert (status, again) == (304, "")
    await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 2027-03-12 because vendor")
    assert (await get(url, **{"If-None-Match": headers["ETag"]}))[0] == 200
    assert text.startswith("BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("path", ["1-nobody", "2-nobody", "x", "-", "99999999999999999999-a", "1-%00", "1-" + "a" * 5000])
async def test_every_address_that_nobody_has_looks_the_same(world: World, path: str) -> None:
    status, text, _ = await get(f"http://127.0.0.1:{world.app.port}/calendar/{path}.ics")
    assert (status, text) == (404, "There is no such calendar.\n")


async def test_the_secret_is_kept_nowhere(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    url = await address(world)
    await events(url)
    token = url.rpartition("-")[0].rpartition("/")[2] + "-" + url.rpartition("-")[2]
    secret = url.partition("/calendar/1-")[2].removesuffix(".ics")
    assert len(secret) >= 40 and secret in url and token
    async with world.reading() as session:
        kept = [
            str((await session.execute(select(table.__table__).where(table.workspace_id == 1))).all())
            for table in (CalendarFeed, Inbox, Outbox, Audit)
        ]
    assert secret not in "".join(kept)
    assert not [
        record for record in caplog.records if secret in record.getMessage() and record.name.startswith(("bot", "handlers", "aiohttp"))
    ]


async def test_it_is_shown_once_and_a_new_one_takes_its_place(world: World) -> None:
    old = await address(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "calendar")
    assert "It cannot be shown again" in shown(pia.view) and "http" not in shown(pia.view)
    await pia.press(pia.view, "reports:renew")
    new = next(block["elements"][0]["elements"][0]["text"] for block in pia.view["blocks"] if block["type"] == "rich_text")
    assert (await get(old))[0] == 404
    assert (await get(new))[0] == 200
    await pia.press(pia.view, "reports:stop")
    assert "Stopped." in shown(pia.view)
    assert (await get(new))[0] == 404


@pytest.mark.parametrize("change", [{"is_deleted": True}, {"is_guest": True}, {"is_outside": True}])
async def test_it_stops_with_the_person(world: World, change: dict[str, bool]) -> None:
    url = await address(world)
    async with world.transaction() as session:
        await session.execute(
            update(Person).where(Person.slack_id == "U_PM").values(**change), execution_options={"synchronize_session": False}
        )
    assert (await get(url))[0] == 404


async def test_guests_get_no_address(world: World) -> None:
    reply = await world.as_("U_GUEST").command("C_NOBOT", "/release", "calendar")
    assert "for people of this company only" in reply.text


@pytest.mark.parametrize("count", [0, 1, 51, 1000])
async def test_any_number_of_releases(world: World, count: int) -> None:
    await many_releases(world, count)
    assert len(await events(await address(world))) == count


async def test_without_a_public_address_it_comes_as_a_file(world: World) -> None:
    object.__setattr__(world.app.settings, "public_url", "")
    await billing(world)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "calendar")
    await world.settle()
    assert reply.text == "A calendar file comes to you in a private message in a moment."
    message = world.as_("U_PM").dms()[-1]
    (sent,) = [world.slack.state.files[id] for id in message.files]
    (event,) = vobject.readOne(sent.content.decode()).contents["vevent"]
    assert event.summary.value == "Billing revamp" and sent.name == "releases.ics"
    async with world.reading() as session:
        assert (await session.scalars(select(Release))).one()
        assert (await session.scalars(select(CalendarFeed))).all() == []
