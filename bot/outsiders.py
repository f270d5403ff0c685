"""The last look before something is carried to a channel: where outsiders read, nothing comes that nobody said yes to.

Slices choose another place when they can. They chose when the effect was written; who reads there is known when it is sent.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.parcels import DEAD, Outcome, Parcel
from models.workspace import Channel, ChannelMember, Person

REASON = "people from outside the company, or guests, read there"
CURE = "Choose another channel for it, or share it there by hand"

_CHANNEL, _MEMBER, _PERSON = Channel.__table__, ChannelMember.__table__, Person.__table__
_OUTSIDERS_READ = exists().where(
    _MEMBER.c.workspace_id == _CHANNEL.c.workspace_id,
    _MEMBER.c.channel_slack_id == _CHANNEL.c.slack_id,
    _PERSON.c.workspace_id == _CHANNEL.c.workspace_id,
    _PERSON.c.slack_id == _MEMBER.c.person_slack_id,
    or_(_PERSON.c.is_guest, _PERSON.c.is_outside),
)
_READ_OUTSIDE = select(_CHANNEL.c.workspace_id, _CHANNEL.c.slack_id).where(
    _CHANNEL.c.workspace_id.in_(bindparam("b_workspaces", expanding=True)),
    _CHANNEL.c.slack_id.in_(bindparam("b_channels", expanding=True)),
    or_(_CHANNEL.c.is_shared, _OUTSIDERS_READ),
)


def _channel(parcel: Parcel) -> str:
    """The channel whose members will read it; empty for what goes to one person, and where somebody said yes."""
    if parcel.kind not in ("post", "rewrite") or parcel.payload.get("to_outsiders"):
        return ""
    channel: str = parcel.place.channel if parcel.place else parcel.payload.get("channel") or ""
    return channel if channel.startswith(("C", "G")) else ""


async def hold_back(connection: AsyncConnection, parcels: Sequence[Parcel]) -> list[Outcome]:
    """What became at once of parcels that may not be carried. They are kept as dead, with the reason and the cure."""
    bound = {parcel.id: (parcel.workspace_id, channel) for parcel in parcels if (channel := _channel(parcel))}
    if not bound:
        return []
    wanted: dict[str, Any] = {
        "b_workspaces": sorted({each for each, _ in bound.values()}), "b_channels": sorted({channel for _, channel in bound.values()})
    }  # fmt: skip
    open_to = {(row.workspace_id, row.slack_id) for row in await connection.execute(_READ_OUTSIDE, wanted)}
    return (
        [Outcome(parcel, DEAD, REASON, CURE, doubtful=parcel.in_doubt) for parcel in parcels if bound.get(parcel.id) in open_to]
        if open_to
        else []
    )
