"""Journeys: an import is taken back within a day, but for what somebody touched since."""

from typing import Any

from sqlalchemy import func, select

from models import Change, Dependency, Feedback, Item, PlanDraft, Release, ReleaseName, Team
from playground import Message
from playground.people import Actor
from tests.handlers.plan_steps import bring_files, give, import_it, paste, releases, shown
from tests.handlers.test_plan_import import SMALL, changed, files
from tests.world import World

SHEET = "Release;Date;Team\nBilling;2027-03-05;Payments\nSSO;2027-04-01;Identity\nAudit;2027-05-01;Identity\n"


async def undo(world: World, who: Actor, message: Message) -> None:
    await who.press(message, "plans:undo")
    await world.settle()


async def imported(world: World, sheet: str = SHEET) -> tuple[Actor, Message]:
    pia = await paste(world, "U_PM", sheet)
    await import_it(world, pia)
    return pia, pia.dms()[-1]


async def count(world: World, kind: Any, *only: Any) -> int:
    async with world.reading() as session:
        return await session.scalar(select(func.count()).select_from(kind).where(*only)) or 0


async def test_all_of_it_is_gone_again_and_can_come_in_anew(world: World) -> None:
    pia, message = await imported(world)
    await undo(world, pia, message)
    assert pia.dms()[-1].text == "The import was taken back: 3 releases and 2 teams are gone again."
    assert "Undo import" not in str(pia.dms()[-1].blocks)
    assert await releases(world) == []
    assert (await count(world, ReleaseName), await count(world, Team)) == (0, 0)
    assert await count(world, Change, Change.voided_at.is_(None)) == 0
    reply = await pia.command("C_WEEKLY", "/release", "status")
    assert "Billing" not in reply.text
    await imported(world)
    assert [row.name for row in await releases(world)] == ["Billing", "SSO", "Audit"]


async def test_what_somebody_moved_stays_and_is_named(world: World) -> None:
    pia, message = await imported(world)
    await world.as_("U_LEAD").command("C_WEEKLY", "/release", "move SSO to 12 April 2027 because vendor late")
    await world.as_("U_MOB").command("C_WEEKLY", "/release", "follow Audit")
    await world.settle()
    await undo(world, pia, message)
    said = "The import was taken back: 1 release and 1 team are gone again. 2 releases stay, as somebody touched them since: SSO and Audit."
    assert pia.dms()[-1].text == said
    assert [row.name for row in await releases(world)] == ["SSO", "Audit"]
    assert await count(world, Team) == 1


async def test_it_is_taken_back_once_and_by_whom_it_is(world: World) -> None:
    _, message = await imported(world)
    await world.as_("U_PM").press(message, "plans:undo")
    await world.slack.deliver_again(world.slack.deliveries[-1])
    await world.settle()
    assert await releases(world) == []
    assert await count(world, PlanDraft, PlanDraft.state == "undone") == 1


async def test_after_a_day_it_stays(world: World) -> None:
    pia, message = await imported(world)
    await world.advance(hours=24, minutes=1)
    await undo(world, pia, message)
    assert "more than 24 hours ago" in pia.dms()[-1].text
    assert len(await releases(world)) == 3


async def test_the_next_import_comes_in_although_the_first_is_forgotten(world: World) -> None:
    pia, message = await imported(world)
    await undo(world, pia, message)
    await world.advance(days=2)
    assert await count(world, PlanDraft) == 0
    pia, message = await imported(world, "Release;Date\nBulk;2027-03-05\n")
    assert [row.name for row in await releases(world)] == ["Bulk"]
    await undo(world, pia, message)
    assert await releases(world) == []


async def test_a_whole_plan_is_taken_back(world: World) -> None:
    pia = await bring_files(world, "U_PM", *(give(world, "U_PM", file.name, file.read_bytes()) for file in files(SMALL)))
    await import_it(world, pia)
    assert await count(world, Item, Item.release_id.is_not(None)) > 0
    await undo(world, pia, pia.dms()[-1])
    assert await releases(world) == []
    assert await count(world, Item, (Item.release_id.is_not(None)) | (Item.source_key.is_not(None))) == 0
    assert (await count(world, Dependency), await count(world, Team)) == (0, 0)


async def test_a_sheet_of_a_thousand_is_taken_back(world: World) -> None:
    rows = "".join(f"Release {n};2027-03-05;Payments\n" for n in range(1000))
    content = f"Release;Date;Team\n{rows}".encode()
    pia = await bring_files(world, "U_PM", give(world, "U_PM", "plan.csv", content))
    await import_it(world, pia)
    await world.as_("U_LEAD").command("C_WEEKLY", "/release", "move Release 7 to 12 April 2027 because vendor late")
    await undo(world, pia, pia.dms()[-1])
    assert "999 releases are gone again. 1 release stays, as somebody touched it since: Release 7." in pia.dms()[-1].text
    assert [row.name for row in await releases(world)] == ["Release 7"]
    assert await count(world, ReleaseName) == 1


async def test_a_second_plan_is_taken_back_to_the_first(world: World) -> None:
    def go_on(rows: list[dict[str, str]]) -> None:
        rows[5]["state"], rows[6]["release"] = "done", "1.38"

    async def stand() -> list[Any]:
        async with world.reading() as session:
            items = await session.execute(select(Item.source_key, Item.state, Item.release_id, Item.title).order_by(Item.source_key))
            dates = await session.execute(select(Release.name, Release.target_on, Release.is_open).order_by(Release.id))
            return [*map(tuple, items), *map(tuple, dates)]

    pia = await bring_files(world, "U_PM", *(give(world, "U_PM", file.name, file.read_bytes()) for file in files(SMALL)))
    await import_it(world, pia)
    before = await stand()
    await world.advance(hours=1)
    dates, items, history = files(SMALL)
    later = changed(dates, lambda rows: rows.append({**rows[-1], "announced_on": "2026-11-20", "target_date": "2026-12-01"}))
    given = [(dates.name, later), (items.name, changed(items, go_on)), (history.name, history.read_bytes())]
    await bring_files(world, "U_PM", *(give(world, "U_PM", name, content) for name, content in given))
    await import_it(world, pia)
    assert await stand() != before
    await undo(world, pia, pia.dms()[-1])
    assert await stand() == before


async def test_what_was_said_of_work_goes_with_it_when_a_plan_moves_it_and_back_when_that_is_undone(world: World) -> None:
    async def waits_for() -> str | None:
        async with world.reading() as session:
            return await session.scalar(select(Release.name).join(Feedback, Feedback.release_id == Release.id))

    dates, items, history = files(SMALL)
    pia = await bring_files(world, "U_PM", *(give(world, "U_PM", file.name, file.read_bytes()) for file in files(SMALL)))
    await import_it(world, pia)
    async with world.transaction() as session:
        work = (await session.scalars(select(Item).where(Item.source_key == "KEP-4/beta"))).one()
        said = {"words": "limits", "type": "request", "channel": "C_PAY", "reporter": "U_PM", "logged_at": world.clock.now()}
        session.add(Feedback(number=1, item_id=work.id, release_id=work.release_id, **said))
    assert await waits_for() == "1.37"
    await world.advance(hours=1)
    moved = changed(items, lambda rows: rows[6].update(release="1.38"))
    given = [(dates.name, dates.read_bytes()), (items.name, moved), (history.name, history.read_bytes())]
    await bring_files(world, "U_PM", *(give(world, "U_PM", name, content) for name, content in given))
    await import_it(world, pia)
    assert await waits_for() == "1.38"
    await undo(world, pia, pia.dms()[-1])
    assert await waits_for() == "1.37"


async def test_a_draft_may_be_thrown_away_for_another(world: World) -> None:
    pia = await paste(world, "U_PM", SHEET)
    await pia.press(pia.view, "plans:show")
    await pia.submit({"cells:0": "Release;Date\nBulk;2027-03-05\n"})
    assert "*1 row: 1 ready.*" in shown(pia)
