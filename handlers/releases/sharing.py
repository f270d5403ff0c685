"""Sharing a list or a card with a channel: asked first, drawn anew for those who read there, posted once."""

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Errors, Message, Nothing, Open, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.seeing import EVERYBODY, one_release
from bot.slices import reads
from domain.errors import NotAllowed
from handlers.releases import ids, reading, worded
from handlers.releases.asked import read_asked
from handlers.releases.views_sharing import TICK, invite, share_form
from models import Channel, ChannelMember, Team

NOWHERE = "There is no channel to share to here. Ask for the status in the channel that should read it."
RESTRICTED = "This release is restricted, so it is not shown where others read. Nothing was posted."


@reads
async def ask_to_share(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The button: names the channel and how many read there, and says what will be posted."""
    access.may_change(request.actor)
    channel = request.channel or request.metadata.get("channel") or ""
    if not channel.startswith(("C", "G")):
        return Say(Message(NOWHERE))
    place = await _place(session, channel)
    if place is None or not place.has_bot:
        return Say(Message(invite(channel)))
    if place.is_archived:
        return Say(Message(f"#{place.name} is archived, so nothing can be posted there."))
    message = await _drawn(session, request, deps, channel, request.value or "")
    metadata = {**request.origin, "channel": channel, "value": request.value or "", "press": request.key}
    why_not = await _why_not(session, place)
    return Open(share_form(f"#{place.name}", await _members(session, channel), message.text.split("\n")[0], why_not, metadata))


async def post_shared(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The form is sent. However often, one press of the button posts one message."""
    access.may_change(request.actor)
    channel = str(request.metadata.get("channel", ""))
    place = await _place(session, channel)
    if place is None or not place.has_bot:
        raise NotAllowed(invite(channel))
    agreed = "yes" in (request.state.get(TICK) or ())
    if not agreed and await _why_not(session, place):
        return Errors({TICK: "Tick this to post where people from outside read, or cancel. Nothing was posted."})
    message = await _drawn(session, request, deps, channel, str(request.metadata.get("value", "")))
    await deps.outbox.post(session, f"share:{request.metadata.get('press')}"[:200], channel, message, to_outsiders=agreed)
    return Nothing()


async def _drawn(session: AsyncSession, request: Request, deps: Deps, channel: str, value: str) -> Message:
    """What the channel will read: nothing that not everybody may see, and no trace of it in the counts."""
    readers = await readers_in(session, request, channel)
    name = f"shared by {request.actor.name or 'a colleague'}"
    kept = reading.carried(value)
    if "card" in kept:
        return await _card(session, readers, deps, reading.number(kept["card"]), name)
    asked = read_asked(value).of(request.person)
    page = await reading.page_of(session, readers, channel, deps, asked)
    return await worded.listing(session, readers, replace(page, shared_by=name))


async def readers_in(session: AsyncSession, request: Request, channel: str) -> Actor:
    """Everybody who reads in a channel, as one reader: in words for customers where it is one that faces them."""
    outside = await access.channel_faces_customers(session, channel)
    zone = await zone_of(session, channel) or request.actor.zone
    return replace(EVERYBODY, slack_id=request.person, zone=zone, faces_customers=outside)


async def _card(session: AsyncSession, readers: Actor, deps: Deps, release: int, name: str) -> Message:
    if await one_release(session, readers, release) is None:
        raise NotAllowed(RESTRICTED)
    return worded.card(readers, replace(await reading.card_of(session, readers, deps, release), shared_by=name))


async def _place(session: AsyncSession, channel: str) -> Channel | None:
    return (await session.scalars(select(Channel).where(Channel.slack_id == channel))).one_or_none()


async def _members(session: AsyncSession, channel: str) -> int | None:
    return await session.scalar(select(func.count()).select_from(ChannelMember).where(ChannelMember.channel_slack_id == channel))


async def zone_of(session: AsyncSession, channel: str) -> str | None:
    return await session.scalar(select(Team.zone).where(Team.channel == channel).order_by(Team.id).limit(1))


async def _why_not(session: AsyncSession, place: Channel) -> str:
    """Why posting needs a second thought: somebody reads there who is not of this company, or nobody knows who does."""
    if place.is_shared or await session.scalar(access.outsiders_in(place.slack_id)) is not None:
        return "People from outside the company, or guests, read this channel. Dates and reasons here are internal."
    if place.members_at is None:
        return "I could not find out who reads this channel. There may be people from outside the company."
    return ""


SHARE_ACTIONS: dict[str, Any] = {ids.SHARE: ask_to_share}
SHARE_VIEWS: dict[str, Any] = {ids.POST: post_shared}
