"""Which user groups and channels face customers. Product operations choose them; everybody may see which they are."""

from functools import partial

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.errors import NotAllowed
from handlers.saying import views
from handlers.saying.loading import readers
from models import Channel, UserGroup, UserGroupMember
from models.adding import find_or_add
from models.groups import flag_groups, offered_groups


@reads
async def open_audience(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if not _may_set(request.actor):
        return await _now(session, is_saved=False)
    entries, chosen = await offered_groups(session, UserGroup.faces_customers)
    return Open(views.audience(entries, chosen, await _channels(session), request.origin))


async def save_audience(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    if not _may_set(request.actor):
        raise NotAllowed("Product operations choose who faces customers. Nothing was changed.")
    groups, channels = set(request.state.get("groups") or ()), set(request.state.get("channels") or ())
    await flag_groups(session, UserGroup.faces_customers, groups)
    for slack_id in sorted({*channels, *await _channels(session)}):
        known = select(Channel).where(Channel.slack_id == slack_id).with_for_update()
        channel = await find_or_add(session, known, partial(Channel, slack_id=slack_id))
        channel.faces_customers = slack_id in channels
    await session.flush()
    return await _now(session, is_saved=True)


async def _now(session: AsyncSession, *, is_saved: bool) -> Answer:
    inside = select(func.count(UserGroupMember.person.distinct())).where(
        UserGroup.workspace_id == UserGroupMember.workspace_id,
        UserGroup.slack_id == UserGroupMember.user_group,
        UserGroup.faces_customers,
    )
    people = await session.scalar(inside) or 0
    return Say(views.audience_now(await readers(session), await _channels(session), people, is_saved=is_saved))


async def _channels(session: AsyncSession) -> list[str]:
    return list(await session.scalars(select(Channel.slack_id).where(Channel.faces_customers).order_by(Channel.name)))


def _may_set(actor: Actor) -> bool:
    return actor.is_product_operations or (actor.is_admin and not actor.is_outside)
