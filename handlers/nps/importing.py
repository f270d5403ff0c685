"""Answers from a survey's sheet: which came before, how rows are written, and how they are taken back."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from bot.importing import Importing
from bot.imports import Brought, Kind, Rows
from bot.requests import Actor
from domain import nps
from domain.intake import Lot
from domain.nps import AREA, COMMENT, CUSTOMER, DAY, HEADINGS, ID, LABELS, REGION, SCORE, Before
from domain.phrases import say_count, say_list
from domain.records import Line
from models import Customer, NpsAnswer, SheetDraft
from models.adding import add_missing
from models.finding import customer_named
from models.merging import hold, is_used
from models.nps_reading import known_keys

AT_ONCE = 500


async def may_import(session: AsyncSession, actor: Actor) -> None:
    await access.may_arrange(session, actor, "import NPS answers")


async def known(session: AsyncSession, viewer: Actor, rows: Rows, answers: Mapping[str, str], deps: Deps) -> Before:
    before = Before(deps.today(viewer.zone))
    read = await asyncio.to_thread(nps.sort_out, rows, answers, before)
    keys = await known_keys(session, [line.values["key"] for line in read.of(Lot.READY)])
    return Before(before.today, frozenset(keys))


async def write(session: AsyncSession, draft: SheetDraft, lines: Sequence[Line], now: datetime) -> Brought:
    """Customers that nobody named before are made. An answer that another import brings at this moment counts once."""
    names = sorted({line.values[CUSTOMER] for line in lines if line.values[CUSTOMER]})
    last = await session.scalar(select(func.max(Customer.id))) or 0
    whose: dict[str, int] = {}
    for name in names:
        row = await customer_named(session, name)
        row.listed_at = row.listed_at or now
        whose[name] = row.id
    made = [key for key in dict.fromkeys(whose.values()) if key > last]
    await session.flush()
    for start in range(0, len(lines), AT_ONCE):
        rows = [_row(line, whose, draft, now) for line in lines[start : start + AT_ONCE]]
        await add_missing(session, NpsAnswer, rows)
    count = await session.scalar(select(func.count()).select_from(NpsAnswer).where(NpsAnswer.draft == draft.id)) or 0
    says = [say_count(count, "answer")] + [say_count(len(made), "new customer")] * bool(made)
    return Brought(say_list(says), {"customers": made})


def _row(line: Line, whose: Mapping[str, int], draft: SheetDraft, now: datetime) -> dict[str, object]:
    said = line.values
    return {
        "key": said["key"],
        "answered_on": date.fromisoformat(said[DAY]),
        "score": said[SCORE],
        "comment": said[COMMENT],
        "customer_id": whose.get(said[CUSTOMER]),
        "region": said[REGION],
        "area": said[AREA],
        "draft": draft.id,
        "brought_at": now,
    }


async def take_back(session: AsyncSession, draft: SheetDraft, now: datetime) -> str:
    """Answers of this import count no more, but for those whose comment became feedback; customers that nobody else named are gone."""
    mine = (NpsAnswer.draft == draft.id, NpsAnswer.removed_at.is_(None))
    kept = await session.scalar(select(func.count()).select_from(NpsAnswer).where(*mine, NpsAnswer.feedback_id.is_not(None))) or 0
    going = (*mine, NpsAnswer.feedback_id.is_(None))
    gone = await session.scalar(select(func.count()).select_from(NpsAnswer).where(*going)) or 0
    values = {"removed_at": now, "key": None, "customer_id": None}
    await session.execute(update(NpsAnswer).where(*going).values(values), execution_options={"synchronize_session": False})
    customers = await _without_customers(session, draft.brought.get("customers", []))
    parts = [say_count(gone, "answer")] + [say_count(customers, "customer")] * bool(customers)
    words = f"The import was taken back: {say_list(parts)} {'is' if gone + customers == 1 else 'are'} gone again."
    return words + (f" {say_count(kept, 'answer')} became feedback, so kept." if kept else "")


async def _without_customers(session: AsyncSession, keys: Sequence[int]) -> int:
    count = 0
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        held = await hold(session, *some)
        used = set(await session.scalars(select(Customer.id).where(Customer.id.in_(some), is_used())))
        for key, row in held.items():
            if key not in used and not any((row.tier, row.value, row.account_owner, row.region)):
                await session.delete(row)
                count += 1
        await session.flush()
    return count


ANSWERS = Importing(
    Kind(
        slice="nps",
        command="/nps import",
        title="Import NPS answers",
        intro="Answers of a survey: the day, a score from 0 to 10; a comment, customer, region and product area if there are.",
        labels={name: LABELS[name] for name in (DAY, SCORE, COMMENT, CUSTOMER, REGION, AREA, ID)},
        headings=HEADINGS,
        needed=(DAY, SCORE),
        may=may_import,
        known=known,
        sort=nps.sort_out,
        write=write,
        take_back=take_back,
    )
)
