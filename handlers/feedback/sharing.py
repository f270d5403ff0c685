"""Letting others read on purpose what was said in a private channel, and taking that back."""

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.answers import Answer, Open, Say, Update
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput
from domain.phrases import say_count
from handlers.feedback import reading, rights, views_sharing
from models import Channel, ChannelMember, Feedback, FeedbackShare, Person

MOST = 20


@reads
async def ask_with_whom(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    feedback = await reading.by_id(session, request)
    await rights.check(session, request.actor, feedback)
    if feedback.channel is None or (await access.place_of(session, feedback.channel)).is_public:
        raise BadInput({"feedback": f"Everyone in the company can read F-{feedback.number} already."})
    readers = await _readers(session, feedback)
    people, channels = [one for one in readers if one[0] in "UW"], [one for one in readers if one[0] not in "UW"]
    return Open(views_sharing.with_whom(feedback.number, people, channels, {**request.origin, "feedback": feedback.id}))


async def _readers(session: AsyncSession, feedback: Feedback) -> list[str]:
    query = select(FeedbackShare.reader).where(FeedbackShare.feedback_id == feedback.id).order_by(FeedbackShare.id)
    return list(await session.scalars(query))


@reads
async def confirm(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Who will be able to read it, before they are."""
    feedback = await reading.by_id(session, request)
    await rights.check(session, request.actor, feedback)
    people, channels = list(request.state.get("people") or ()), list(request.state.get("channels") or ())
    if len(people) + len(channels) > MOST:
        raise BadInput({"people": f"At most {MOST} people and channels together. Nothing was shared."})
    await _check_people(session, people)
    lines = await _lines(session, people, channels)
    gone = [one for one in await _readers(session, feedback) if one not in (*people, *channels)]
    lines += [f"No longer: {', '.join(map(_named, gone))}"] if gone else []
    if not lines:
        raise BadInput({"people": "Choose somebody, or close the form. Nothing was shared."})
    metadata = {**request.origin, "feedback": feedback.id, "readers": [*people, *channels]}
    return Update(views_sharing.confirm(feedback.number, lines, metadata))


async def _check_people(session: AsyncSession, people: list[str]) -> None:
    rows = list(await session.scalars(select(Person).where(Person.slack_id.in_(people))))
    unable = [row.name for row in rows if row.is_outside or row.is_bot or row.is_deleted]
    if unable or len(rows) != len(set(people)):
        raise BadInput({"people": f"{unable[0] if unable else 'Somebody'} is not of this company. Nothing was shared."})


async def _lines(session: AsyncSession, people: list[str], channels: list[str]) -> list[str]:
    """One line a reader. Raises BadInput for a channel whose members are not known, or in which people from outside read."""
    lines = [f"Will read it: {', '.join(map(_named, people))}"] if people else []
    for channel in channels:
        row = (await session.scalars(select(Channel).where(Channel.slack_id == channel))).one_or_none()
        if row is None or not row.has_bot:
            raise BadInput(
                {"channels": "I am not in that channel, so I do not know who reads there: `/invite @Tendon`. Nothing was shared."}
            )
        outside = select(Person.id).join(
            ChannelMember, (ChannelMember.workspace_id == Person.workspace_id) & (ChannelMember.person_slack_id == Person.slack_id)
        )
        if row.is_shared or await session.scalar(outside.where(ChannelMember.channel_slack_id == channel, Person.is_outside).limit(1)):
            raise BadInput({"channels": f"People from outside the company read #{row.name}. Nothing was shared."})
        members = (
            select(func.count(ChannelMember.id))
            .join(Person, (Person.workspace_id == ChannelMember.workspace_id) & (Person.slack_id == ChannelMember.person_slack_id))
            .where(ChannelMember.channel_slack_id == channel, or_(Person.is_bot.is_(False), Person.is_bot.is_(None)))
        )
        lines.append(f"Will read it: {say_count(await session.scalar(members) or 0, 'person', 'people')} in {kit.channel(channel)}")
    return lines


def _named(reader: str) -> str:
    return kit.person(reader) if reader[0] in "UW" else kit.channel(reader)


async def save(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    feedback = await reading.by_id(session, request, lock=True)
    await rights.check(session, request.actor, feedback)
    wanted = [str(one) for one in request.metadata.get("readers") or ()]
    await _check_people(session, [one for one in wanted if one[0] in "UW"])
    await _lines(session, [], [one for one in wanted if one[0] not in "UW"])
    known = {row.reader: row for row in await session.scalars(select(FeedbackShare).where(FeedbackShare.feedback_id == feedback.id))}
    for reader, row in known.items():
        if reader not in wanted:
            await session.delete(row)
    for reader in dict.fromkeys(one for one in wanted if one not in known):
        share = FeedbackShare(feedback_id=feedback.id, reader=reader, shared_by=request.person, shared_at=deps.now())
        session.add(share)
        await session.flush()
        if reader[0] in "UW":
            notice = views_sharing.shared(feedback.id, feedback.number, request.actor.name)
            await deps.outbox.post(session, f"feedback:{feedback.id}:shared:{share.id}", reader, notice)
    await session.flush()
    return Say(views_sharing.saved(feedback.number, [_named(one) for one in wanted]))
