"""The form from opening to *Log*: what a press inside shows or marks, without losing what was typed.

What the form has no room for is kept in a row, so that a message of any length is kept whole.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Update, View
from bot.deps import Deps
from bot.requests import Actor, Request
from domain.errors import NotFound
from domain.feedback import Kind, read_kind
from domain.sources import Source
from domain.words import number_of, plain
from handlers.feedback import alike, keeping, listing, reading, views, views_form
from handlers.feedback.offering import is_insider
from handlers.feedback.views_form import Draft
from models import FeedbackDraft
from models.base import prebuilt, run
from models.finding import readable, team_of_channel
from models.rows import add, find

SHARDS = 16  # no lane of effects is called by a person here: what is logged without a name must not lead back to one


async def open_log(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """From a message's menu: the form, filled with the message."""
    await access.may_report(session, request.actor)
    message = request.body.get("message") or {}
    source = Source.of_message(request.channel, message)
    return await _open_form(session, request, deps, await readable(session, message.get("text") or ""), source)


async def open_new(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Typed, or pressed: what was typed is in the form."""
    await access.may_report(session, request.actor)
    words = plain(request.text) if request.kind == "command" else ""
    return await _open_form(session, request, deps, words, Source.typed_in(request.channel))


async def show_or_log(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A number alone shows what it stands for; other words are something to log."""
    shown = number_of(request.text, "F") is not None
    return await (listing.show_feedback if shown else open_new)(session, request, deps)


async def _open_form(session: AsyncSession, request: Request, deps: Deps, words: str, source: Source) -> Answer:
    row = FeedbackDraft(
        person=request.person, words=words, channel=source.channel, message_ts=source.ts, thread_ts=source.thread_ts,
        author=source.author, origin=request.origin, created_at=deps.now(),
    )  # fmt: skip
    row.shown, row.nearby, row.first_words = {}, [], ""
    await add(session, row)
    if words or _is_reply(source):
        key = f"{views.LOOK}:{request.key}"
        await deps.outbox.effect(session, views.LOOK, key, {"draft": row.id}, lane=f"{views.LOOK}:{row.id % SHARDS}", rank=10)
    return Open(await drawn(session, deps, row, request.actor), is_secret=True)  # what may be logged without a name is kept nowhere else


def _is_reply(source: Source) -> bool:
    return bool(source.thread_ts and source.thread_ts != source.ts)


def source_of(row: FeedbackDraft) -> Source:
    source = Source(row.channel, row.message_ts, row.thread_ts, row.author)
    return keeping.of_first(source, row.first_author) if row.shown.get("first") else source


async def drawn(session: AsyncSession, deps: Deps, row: FeedbackDraft, viewer: Actor, typed: Mapping[str, Any] | None = None) -> View:
    """The form as it stands."""
    source, team = source_of(row), await team_of_channel(session, row.channel)
    found = await keeping.logged_before(session, source)
    on_first, kind = bool(row.shown.get("first")), read_kind(row.shown.get("kind"))
    is_apart = found is not None and found.removed_at is None and found.kind != kind
    known = None if is_apart else found
    compares = known is None and kind is Kind.CUSTOMER  # what is logged already only gets one more who brought it
    same = await alike.named(session, deps, [row.shown["same"]] if compares and row.shown.get("same") else [], viewer)
    draft = Draft(
        words=row.first_words if on_first else row.words,
        area=team.name[: views.LONGEST_AREA] if team else "",
        source=source,
        place=await access.place_of(session, source.channel),
        apart=await reading.card(session, deps, found.id, viewer) if found and is_apart else None,
        known=await reading.card(session, deps, known.id, viewer) if known and known.removed_at is None else None,
        key=row.id,
        external=f"feedback-{row.id}-{row.created_at.timestamp():.6f}",
        kind=kind,
        first=row.first_words,
        on_first=on_first,
        nearby=await alike.named(session, deps, row.nearby if compares else [], viewer),
        same=same[0] if same else None,
        has_more=bool(row.shown.get("more")),
        is_insider=is_insider(viewer),
        typed=typed or {},
    )
    return views_form.form(draft, row.origin)


async def draft_of(session: AsyncSession, request: Request) -> FeedbackDraft | None:
    """The row behind the form that a request came from; locked, as the one who looks for what is nearby writes to it too."""
    key = request.metadata.get("draft")
    return await find(session, FeedbackDraft, _MINE, key=key, person=request.person) if isinstance(key, int) else None


async def sent_draft(session: AsyncSession, request: Request) -> Any | None:
    """What the row behind a form says, as the form is sent: the row is gone with it."""
    key = request.metadata.get("draft")
    return (await run(session, _SENT, key=key, person=request.person)).one_or_none() if isinstance(key, int) else None


_DRAFT: Any = FeedbackDraft.__table__
_IS_MINE = (_DRAFT.c.workspace_id == bindparam("workspace_id"), _DRAFT.c.id == bindparam("key"), _DRAFT.c.person == bindparam("person"))
_MINE = prebuilt(select(_DRAFT).where(*_IS_MINE).with_for_update())
_SENT = prebuilt(delete(_DRAFT).where(*_IS_MINE).returning(_DRAFT.c.words, _DRAFT.c.first_words, _DRAFT.c.shown))


async def _redraw(session: AsyncSession, request: Request, deps: Deps, **shown: Any) -> Answer:
    row = await draft_of(session, request)
    if row is None:
        raise NotFound("This form is a day old. Log sends what stands in it all the same.")
    was_first = bool(row.shown.get("first"))
    row.shown = {**row.shown, **shown}
    await session.flush()
    typed = dict(request.state)
    if was_first != bool(row.shown.get("first")):  # words of one's own are carried over, those of the message are not
        before, (ours, theirs) = typed.get("first_words" if was_first else "words"), (row.words, row.first_words)
        if before and before != (theirs if was_first else ours)[: views.LONGEST_WORDS].strip():
            typed["words" if was_first else "first_words"] = before
    return Update(await drawn(session, deps, row, request.actor, typed), is_secret=True, is_newest=True)


async def show_more(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _redraw(session, request, deps, more=True)


async def choose_kind(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """What slows us, what the market does, or a customer after all."""
    chosen = request.value if request.value in list(views.KINDS) else "internal"
    return await _redraw(session, request, deps, kind=chosen)


async def choose_first(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _redraw(session, request, deps, first=request.value == "yes")


async def mark_same(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _redraw(session, request, deps, same=int(request.value or 0))


async def unmark_same(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _redraw(session, request, deps, same=None)


async def look_again(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A customer was chosen: by now there are words of which it can be said what they look like."""
    row = await draft_of(session, request)
    if row is None:
        raise NotFound("This form is a day old. Log sends what stands in it all the same.")
    words = request.state.get("first_words") or request.state.get("words") or ""
    found = await alike.candidates(session, deps, words, request.actor)
    row.nearby = [each.id for each in found]
    await session.flush()
    return Update(await drawn(session, deps, row, request.actor, request.state), is_secret=True, is_newest=True)
