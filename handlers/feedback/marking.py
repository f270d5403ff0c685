"""A message marked with an emoji is logged without a form. Its words are fetched by an effect, as the event does not carry them.

Taking the mark away within five minutes takes it back. Where it cannot be logged, whoever marked it is told privately why.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Nothing
from bot.deps import Deps
from bot.requests import Request
from bot.slack import SlackRefused
from domain.errors import NotAllowed
from domain.feedback import Kind, Type
from domain.marks import bare
from domain.sources import Source
from handlers.feedback import keeping, views, views_replies
from models import FeedbackDraft, Person, Supporter, same
from models.finding import readable, team_of_channel, this_workspace

_WHY = {
    "missing_scope": "Tendon may not read messages there yet. Whoever runs it installs it again from the manifest.",
    "not_in_channel": "I am not in that channel: `/invite @Tendon`",
    "channel_not_found": "I cannot see that channel: `/invite @Tendon` there.",
    "thread_not_found": "It was deleted meanwhile.",
    "message_not_found": "It was deleted meanwhile.",
}
_NO_WORDS = "There are no words in it. *Log customer feedback* in its menu lets you write them."
_NOT_READ = "Slack did not let me read it. *Log customer feedback* in its menu does the same."


async def mark(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Somebody put an emoji on a message."""
    item = request.event.get("item") or {}
    if item.get("type") != "message" or not item.get("ts") or not await _counts(session, request):
        return Nothing()
    row = FeedbackDraft(
        person=request.person, channel=item["channel"], message_ts=item["ts"], author=request.event.get("item_user"),
        words="", first_words="", shown={}, nearby=[], origin={}, is_mark=True, created_at=deps.now(),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    key = f"{views.MARKED}:{request.key}"  # of the event, as SQLite gives the id of a row that is gone to the next one
    await deps.outbox.effect(session, views.MARKED, key, {"draft": row.id, "key": key}, lane=f"{views.MARKED}:{item['channel']}")
    return Nothing()


async def _counts(session: AsyncSession, request: Request) -> bool:
    """The emoji that is set, from a person who may report, on a message that is not ours."""
    space = await this_workspace(session)
    if not space.log_emoji or bare(str(request.event.get("reaction") or "")) != space.log_emoji:
        return False
    if request.event.get("item_user") == space.bot_slack_id or request.person in ("", space.bot_slack_id):
        return False
    try:
        await access.may_report(session, request.actor)
    except NotAllowed:
        return False
    return not await session.scalar(select(Person.is_bot).where(Person.slack_id == request.person))


async def unmark(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Taken away again: what was not logged yet is not, and for five minutes what was is taken back."""
    item = request.event.get("item") or {}
    space = await this_workspace(session)
    if item.get("type") != "message" or bare(str(request.event.get("reaction") or "")) != space.log_emoji:
        return Nothing()
    mine = FeedbackDraft.is_mark, FeedbackDraft.channel == item["channel"], FeedbackDraft.message_ts == item["ts"]
    waiting = await session.execute(
        delete(FeedbackDraft).where(*mine, FeedbackDraft.person == request.person).returning(FeedbackDraft.id),
        execution_options={"synchronize_session": False},
    )
    if waiting.first() is not None:
        return Nothing()
    await same.one_at_a_time(session)
    source, kind = Source(item["channel"], item["ts"]), Kind.CUSTOMER.value
    feedback = await keeping.logged_before(session, source, kind, lock=True) or await keeping.logged_apart(session, source, kind, lock=True)
    brought: Supporter | None = await session.scalar(keeping.support_of(feedback, request.person)) if feedback else None
    if feedback and brought and feedback.removed_at is None and keeping.may_still_undo(deps, brought):
        await keeping.take_back(session, deps, feedback, brought)
    return Nothing()


async def fetch(payload: Mapping[str, Any], deps: Deps) -> None:
    """Read the marked message and keep it. May be repeated: what was kept has no row that waits any more."""
    workspace, key = payload["workspace_id"], payload["draft"]
    async with deps.database.reading(workspace, clock=deps.clock) as session:
        row = await _waiting(session, key)
    if row is None:
        return
    why, message = "", None
    try:
        page = await deps.slack.call("conversations.replies", channel=row.channel, ts=row.message_ts, limit=1)
        message = next((each for each in page.get("messages") or () if each.get("ts") == row.message_ts), None)
        why = "" if message and message.get("subtype") != "tombstone" else _WHY["message_not_found"]
    except SlackRefused as refused:
        why = _WHY.get(refused.code, _NOT_READ)
    async with deps.database.transaction(workspace, clock=deps.clock, actor=row.person, by="feedback mark") as session:
        row = await _waiting(session, key, lock=True)
        if row is None:
            return
        why = why or ("" if message and (message.get("text") or "").strip() else _NO_WORDS)
        if why or message is None:
            await deps.outbox.post(session, f"{payload['key']}:not", row.person, views_replies.not_fetched(row.channel or "", why), rank=10)
        else:
            await _keep(session, deps, row, message, payload["key"])
        await session.delete(row)


async def _waiting(session: AsyncSession, key: int, *, lock: bool = False) -> FeedbackDraft | None:
    query = select(FeedbackDraft).where(FeedbackDraft.id == key)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def _keep(session: AsyncSession, deps: Deps, row: FeedbackDraft, message: Mapping[str, Any], key: str) -> None:
    source = Source.of_message(row.channel, message)
    team = await team_of_channel(session, row.channel)
    said = {
        "words": await readable(session, message["text"]),
        "kind": Kind.CUSTOMER.value,
        "type": Type.REQUEST.value,
        "area": team.name[: views.LONGEST_AREA] if team else "",
    }
    feedback, is_new = await keeping.keep(session, deps, source, said, row.person)
    private = await keeping.answer(session, deps, feedback, source, is_new)
    if private:
        await deps.outbox.whisper(session, f"{key}:said", row.channel or "", row.person, private, source.thread_ts, note=private.text)
