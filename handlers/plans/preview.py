"""From a draft to the values that its form draws."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import View
from bot.deps import Deps
from bot.requests import Actor
from domain.errors import BadInput
from domain.intake import Given, Lot
from domain.phrases import cut
from domain.sheets import Column, letter
from handlers.plans import drafts, views
from handlers.plans.drafts import Look
from handlers.plans.views import Pasted, Sheet, Shown
from models import PlanDraft

SAMPLE = 5
MOST_LINES = 8


def pasted(draft: PlanDraft | None, note: str = "") -> Pasted:
    """What the form that asks has already."""
    if draft is None:
        return Pasted(note=note)
    rows = sum(1 for chunk in draft.pasted for line in chunk.splitlines() if line.strip())
    kept = [table.name for table in drafts.tables_of(draft)]
    return Pasted(draft.id, len(draft.pasted), rows, " ".join(filter(None, (draft.trouble, note))), kept)


async def of(session: AsyncSession, draft: PlanDraft, viewer: Actor, deps: Deps) -> View:
    """What was understood, or the form again with what is wrong."""
    try:
        look = await drafts.look_at(session, draft, viewer, deps)
    except BadInput as wrong:
        draft.state, draft.trouble, draft.tables = drafts.OPEN, wrong.sentence, []
        return views.form(pasted(draft), {})
    return views.preview(shown(draft.id, look))


def shown(key: int, look: Look) -> Shown:
    if look.intake is None or look.given is None:
        return Shown(key, look.says, look.ready, notes=look.notes)
    intake = look.intake
    return Shown(
        key,
        look.says,
        look.ready,
        sheets=sheets(look.given),
        unclear=intake.unclear,
        questions=len(intake.questions),
        asked=intake.of(Lot.ASK),
        known=intake.of(Lot.KNOWN),
        left=intake.of(Lot.LEFT),
        sample=intake.of(Lot.READY)[:SAMPLE],
        new_teams=intake.new_teams,
        notes=look.notes,
    )


def sheets(given: Given) -> list[Sheet]:
    """Each table with the heading of every column, and what each is taken for."""
    found = []
    for table, layout in zip(given.tables, given.layouts, strict=True):
        width = max(map(len, table.rows), default=0)
        heads = table.rows[layout.heading] if layout.heading is not None else ()
        below = table.rows[layout.first] if layout.first < len(table.rows) else ()
        labels = [_label(place, heads, below) for place in range(width)]
        found.append(Sheet(table.name, tuple(labels), {column: layout.columns[column] for column in Column if column in layout.columns}))
    return found


def _label(place: int, heads: tuple[str, ...], below: tuple[str, ...]) -> str:
    """`C “Due date”`, or without headings what stands below: `C “5 Mar 2027”`."""
    text = (heads[place] if place < len(heads) else "") or (below[place] if place < len(below) else "")
    return f"{letter(place)} “{cut(text, 40)}”" if text else letter(place)
