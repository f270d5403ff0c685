"""Journeys: answers come in from a survey, a score is said, and a comment becomes feedback."""

import asyncio
import struct
import sys
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from handlers.nps.importing import ANSWERS
from models import Customer, Feedback, NpsAnswer, Supporter, Upload
from models.base import workspace_of
from tests.handlers.customer_steps import ask, customer, customers, import_it, make_operations, paste, shown
from tests.handlers.plan_steps import give, workbook
from tests.world import World

SHEET = """answered_at,score,comment,customer,region,product area
2026-10-01,10,Love it,Acme,EMEA,Billing
2026-10-02,3,"Slow export, Acme suffers",Acme,EMEA,Export
2026-10-02,8,,Globex,APAC,
2026-10-02,8,,,,
2026-10-02,8,,,,
"""


async def answers(world: World, *given: tuple[int, int], on: date = date(2026, 11, 1), **more: Any) -> None:
    """(score, how many)."""
    async with world.transaction() as session:
        own = {"workspace_id": workspace_of(session), "answered_on": on, "draft": 1, "brought_at": world.clock.now()}
        own |= {"comment": "", "region": "", "area": "", **more}
        mark = await session.scalar(select(func.count()).select_from(NpsAnswer)) or 0
        made = [{**own, "score": score, "key": f"{mark}-{score}-{n}"} for score, count in given for n in range(count)]
        if made:
            await (await session.connection()).execute(insert(NpsAnswer), made)


async def kept(world: World) -> list[NpsAnswer]:
    async with world.reading() as session:
        return list(await session.scalars(select(NpsAnswer).where(NpsAnswer.removed_at.is_(None)).order_by(NpsAnswer.id)))


async def test_answers_come_in_once_however_often_they_are_given(world: World) -> None:
    await make_operations(world)
    await customer(world, "ACME", tier="enterprise")
    olga = await paste(world, "U_OPS", "/nps", SHEET)
    assert "*5 rows: 5 ready.*" in shown(olga)
    assert "• 3 on Fri 2 Oct 2026 · Acme · EMEA · Export · Slow export, Acme suffers" in shown(olga)
    assert await kept(world) == []
    assert await import_it(world, olga) == "The import is done: 5 answers and 1 new customer. Nobody was told."
    assert [(row.score, row.area) for row in await kept(world)] == [(10, "Billing"), (3, "Export"), (8, ""), (8, ""), (8, "")]
    assert sorted(await customers(world)) == ["ACME", "Globex"]
    again = await paste(world, "U_OPS", "/nps", SHEET + "2026-10-02,8,,,,\n2026-10-03,0,,,,\n")
    assert "*7 rows: 2 ready, 5 known.*" in shown(again)


async def test_an_import_is_taken_back_but_for_what_became_feedback(world: World) -> None:
    await make_operations(world)
    olga = await paste(world, "U_OPS", "/nps", SHEET)
    await import_it(world, olga)
    done = olga.dms()[-1]
    await ask(world, "U_OPS", "comments", "/nps")
    await olga.press(olga.sees("C_WEEKLY")[-1], "nps:log:2")
    await world.settle()
    await olga.press(done, "nps:import_undo")
    await world.settle()
    words = "The import was taken back: 4 answers and 1 customer are gone again. 1 answer became feedback, so kept."
    assert olga.dms()[-1].text == words
    assert [row.score for row in await kept(world)] == [3]
    assert sorted(await customers(world)) == ["Acme"]
    again = await paste(world, "U_OPS", "/nps", SHEET)
    assert "*5 rows: 4 ready, 1 known.*" in shown(again)


async def test_two_imports_of_the_same_at_once_count_once(world: World) -> None:
    await make_operations(world)
    await make_operations(world, "U_MOB")
    both = [await paste(world, person, "/nps", SHEET) for person in ("U_OPS", "U_MOB")]
    await asyncio.gather(*(who.submit() for who in both))
    await world.settle()
    assert len(await kept(world)) == 5
    draft = int(both[0].view["private_metadata"].partition('"draft":')[2].partition("}")[0].partition(",")[0])
    await ANSWERS.write({"workspace_id": world.workspace_id, "draft": draft}, world.app.deps)
    assert len(await kept(world)) == 5


async def test_row_500_is_broken_and_the_rest_comes_in(world: World) -> None:
    await make_operations(world)
    rows = [["Date", "Score", "Comment"], *([date(2026, 10, 1), n % 11, f"c{n}"] for n in range(2, 1001))]
    rows[499] = [date(2026, 10, 1), "ten", "c"]
    rows[600][1], rows[601][2] = 9.5, "=HYPERLINK(1)"
    olga = world.as_("U_OPS")
    await olga.command("C_WEEKLY", "/nps", "import")
    await olga.submit({"Files": [give(world, "U_OPS", "survey.xlsx", workbook(*rows))]})
    await world.settle()
    assert "*999 rows: 997 ready, 2 left out.*" in shown(olga)
    assert '• Row 500: "ten" is no score: it is a whole number, 0 to 10' in shown(olga)
    assert '• Row 601: "9.5" is between two scores' in shown(olga)
    assert "997 answers. 2 rows were left out." in await import_it(world, olga)
    assert "=HYPERLINK(1)" in {row.comment for row in await kept(world)}


async def test_only_those_who_answer_for_many_may_import(world: World) -> None:
    assert "can import NPS answers. Nothing was changed." in await ask(world, "U_PM", "import", "/nps")
    guest = await world.as_("U_GUEST").command("C_NOBOT", "/nps", "report")
    assert "only people of this company" in guest.text


async def test_a_report_says_the_score_its_margin_and_the_period_before(world: World) -> None:
    await answers(world, (10, 50), (8, 30), (2, 20))
    await answers(world, (10, 45), (8, 30), (2, 25), on=date(2026, 7, 1))
    words = await ask(world, "U_PM", "", "/nps")
    assert "*NPS: 30 ± 15 (n 100), the last 90 days*" in words
    assert "50 % promoters, 30 % passives, 20 % detractors." in words
    assert "+10 against 20 ± 16 (n 100), within the margin of error." in words
    assert "*By month*\n• Jul 2026: 20 ± 16 (n 100)" in words
    assert "NPS: 20 ± 16 (n 100), Q3 2026" in await ask(world, "U_PM", "report Q3", "/nps")
    assert "Dec 2026" not in await ask(world, "U_PM", "report this year", "/nps")  # which is ahead
    assert "no score, 0 answers" in await ask(world, "U_PM", "report 2025", "/nps")
    assert "%" not in words.split("\n")[0].partition("(n")[0]


async def test_groups_are_pooled_and_small_ones_have_no_score(world: World) -> None:
    acme = await customer(world, "Acme", tier="enterprise", region="EMEA")
    await answers(world, (10, 90), (2, 10), region="APAC")
    await answers(world, (2, 31), customer_id=acme)
    await answers(world, (9, 5), region="<!channel>")
    words = await ask(world, "U_PM", "by region", "/nps")
    assert "NPS: 40 ±" in words
    assert "*By region*\n• APAC: 80 ± 12 (n 100)\n• EMEA: -100 ± 0 (n 31)" in words
    assert "• &lt;!channel&gt;: no score, 5 answers of 30 that are needed" in words
    tiers = await ask(world, "U_PM", "report by tier", "/nps")
    assert "• tier not known: 81 ± 11 (n 105)\n• enterprise: -100 ± 0 (n 31)" in tiers
    assert 'I cannot group by "colour". Say by region, by tier or by area.' in await ask(world, "U_PM", "by colour", "/nps")
    pia = world.as_("U_PM")
    await pia.press(pia.sees("C_WEEKLY")[-2], "nps:report:area")
    await world.settle()
    assert "area not known" in pia.sees("C_WEEKLY")[-1].text + pia.sees("C_WEEKLY")[-2].text


async def test_a_group_is_one_however_it_is_written(world: World) -> None:
    acme = await customer(world, "Acme", tier="Enterprise", region="EMEA")
    globex = await customer(world, "Globex", tier="enterprise ", region="emea")
    await answers(world, (9, 20), customer_id=acme)
    await answers(world, (9, 15), customer_id=globex)
    await answers(world, (9, 5), region=" Emea ")
    await answers(world, (9, 40), region="EMEA", area="Export")
    await answers(world, (9, 30), region="emea", area="export", on=date(2026, 7, 1))
    words = await ask(world, "U_PM", "by region", "/nps")
    assert "*By region*\n• EMEA: 100 ± 0 (n 80), the same as before" in words
    assert words.casefold().count("• emea") == 1
    assert "• Enterprise: 100 ± 0 (n 35)" in await ask(world, "U_PM", "by tier", "/nps")
    assert "• Export: 100 ± 0 (n 40), the same as before" in await ask(world, "U_PM", "by area", "/nps")


@pytest.mark.parametrize("groups", [0, 1, 51, 1000])
async def test_a_report_holds_with_many_groups(world: World, groups: int) -> None:
    for n in range(min(groups, 51)):
        await answers(world, (9, 1 if groups < 1000 else 20), region=f"Region {n}")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/nps", "by region")
    assert reply.status == 200
    assert ("39 more groups, taken together" in reply.text) is (groups >= 51)
    assert len(str(reply.blocks)) <= 9_000


async def test_a_comment_becomes_feedback_once(world: World) -> None:
    await make_operations(world)
    acme = await customer(world, "Acme")
    await answers(world, (3, 1), comment="<!channel> slow export", customer_id=acme, area="Export")
    olga = world.as_("U_OPS")
    await olga.command("C_WEEKLY", "/nps", "comments")
    message = olga.sees("C_WEEKLY")[-1]
    assert "3, detractor · Acme · Sun 1 Nov 2026: &lt;!channel&gt; slow export" in message.text
    await asyncio.gather(*(olga.press(message, "nps:log:1") for _ in range(3)))
    await world.settle()
    async with world.reading() as session:
        (row,) = await session.scalars(select(Feedback))
        assert (row.words, row.type, row.customer_id, row.area) == ("<!channel> slow export", "problem", acme, "Export")
        assert list(await session.scalars(select(Supporter.person))) == ["U_OPS"]
        assert (await session.scalars(select(NpsAnswer.feedback_id))).one() == row.id
    said = [each.text for each in olga.sees("C_WEEKLY")]
    assert sum("Logged as F-1 for Acme." in each for each in said) == 1
    assert sum("It is F-1 for Acme already." in each for each in said) == 2
    assert "<!channel>" not in "".join(said)
    assert "F-1" in await ask(world, "U_PM", "Acme")


async def test_whose_comment_it_is_only_those_read_who_answer_for_it(world: World) -> None:
    await make_operations(world)
    acme = await customer(world, "Acme GmbH", account_owner="U_SALES")
    await answers(world, (3, 1), comment="We at ACME suffer", customer_id=acme)
    for person, reads in (("U_OPS", True), ("U_SALES", True), ("U_PM", False)):
        words = await ask(world, person, "comments", "/nps")
        assert ("acme" in words.casefold()) is reads
        assert ("We at [customer] suffer" in words) is not reads
    pia, sam = world.as_("U_PM"), world.as_("U_SALES")
    message = sam.sees("C_WEEKLY")[-1]
    element = next(block["accessory"] for block in message.blocks if block.get("accessory"))
    assert all(not block.get("accessory") for block in pia.sees("C_WEEKLY")[-1].blocks)
    other = await customer(world, "Zeta")
    await answers(world, (9, 1), comment="of nobody")
    await ask(world, "U_PM", "comments", "/nps")
    kept_one = pia.sees("C_WEEKLY")[-1]
    stale = next(block["accessory"] for block in kept_one.blocks if block.get("accessory"))
    stale["value"] = element["value"]  # whoever has an old message may still press its button
    await pia.press(kept_one, stale["action_id"])
    await world.settle()
    assert "Only product operations and the account owner" in pia.sees("C_WEEKLY")[-1].text
    await sam.press(message, element["action_id"])
    await world.settle()
    assert "3, detractor · Acme GmbH · Sun 1 Nov 2026" in await ask(world, "U_PM", "comments", "/nps")
    async with world.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Feedback)) == 1
        assert (await session.get(Customer, other)) is not None


async def test_comments_are_paged(world: World) -> None:
    for n in range(14):
        await answers(world, (9, 1), comment=f"{'x' * 2990} {n}")
    words = await ask(world, "U_PM", "comments", "/nps")
    assert "14 comments, the last 90 days, showing 1 to 6" in words
    pia = world.as_("U_PM")
    await pia.press(pia.sees("C_WEEKLY")[-1], "nps:comments:next")
    await world.settle()
    assert "showing 7 to 12" in pia.sees("C_WEEKLY")[-1].text
    assert "Nobody wrote anything, 2025." in await ask(world, "U_PM", "comments 2025", "/nps")


async def test_the_trend_is_a_picture_with_its_figures_in_words(world: World) -> None:
    for month in range(1, 12):
        await answers(world, (10, 20 + month), (3, 10), on=date(2026, month, 2))
    loaded = "matplotlib" in sys.modules
    pia = world.as_("U_PM")
    assert "by private message" in await ask(world, "U_PM", "chart", "/nps")
    assert loaded or "matplotlib" not in sys.modules
    await world.settle()
    message = pia.dms()[-1]
    (sent,) = [world.slack.state.files[key] for key in message.files]
    assert sent.name == "nps.png"
    assert sent.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", sent.content[16:24]) == (1200, 675)
    for words in (sent.alt_txt, message.text):
        assert "Nov 2026: 51 ± 26 (n 41)" in words
        assert "Jan 2026: 35 ± 33 (n 31)" in words
    async with world.reading() as session:
        assert len(list(await session.scalars(select(Upload.id)))) == 1
    await world.slack.deliver_again(world.slack.deliveries[-1])
    await world.settle()
    assert len([each for each in pia.dms() if each.files]) == 1


@pytest.mark.parametrize("rows", [0, 1, 51, 1000])
async def test_comments_of_any_number_are_paged_with_totals(world: World, rows: int) -> None:
    for n in range(min(rows, 51)):
        await answers(world, (9, 20 if rows == 1000 else 1), comment=f"words {n}")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/nps", "comments")
    assert reply.status == 200
    count = {0: "Nobody wrote anything", 1: "1 comment,", 51: "51 comments, the last 90 days, showing 1 to 6", 1000: "1,020 comments"}[rows]
    assert reply.text.startswith(count)
    assert len(str(reply.blocks)) <= 9_000


def marked_up(blocks: Any) -> list[str]:
    """All that Slack looks for mentions and links in."""
    if isinstance(blocks, dict):
        mine = [str(blocks["text"])] if blocks.get("type") == "mrkdwn" else []
        return mine + [each for value in blocks.values() for each in marked_up(value)]
    return [each for block in blocks for each in marked_up(block)] if isinstance(blocks, list) else []


@pytest.mark.parametrize("words", ["<!channel> <@U_OPS>", "<javascript:alert(1)|click me>", "x" * 40_000])
async def test_any_comment_is_shown_and_logged_and_summons_nobody(world: World, words: str) -> None:
    acme = await customer(world, "Acme", account_owner="U_SALES")
    await answers(world, (2, 1), comment=words, customer_id=acme, area="<!here>")
    sam = world.as_("U_SALES")
    reply = await sam.command("C_WEEKLY", "/nps", "comments")
    await sam.press(reply.message, "nps:log:1")
    await world.settle()
    card = await sam.command("C_WEEKLY", "/customer-feedback", "show F-1")
    for message in (reply, card, *sam.sees("C_WEEKLY")):
        live = message.text + "".join(marked_up(list(message.blocks or ())))
        assert not any(each in live for each in ("<!channel>", "<@U_OPS>", "<javascript:", "<!here>"))
    async with world.reading() as session:
        assert (await session.scalars(select(Feedback))).one().words == words


@pytest.mark.parametrize("command", ["/nps", "/customer"])
@pytest.mark.parametrize("pasted", ["   ", "<!channel>", "x" * 3000])
async def test_pasted_words_that_are_no_table_bring_nothing_in(world: World, command: str, pasted: str) -> None:
    await make_operations(world)
    olga = await paste(world, "U_OPS", command, pasted)
    if pasted.strip():
        assert "0 rows: 0 ready" in shown(olga) and "Give something else" in shown(olga)
    else:
        assert olga._top().errors == {"files": "Give a file here, or paste cells below."}
    assert await kept(world) == []
    assert await customers(world) == {}
    assert "<!channel>" not in shown(olga)
