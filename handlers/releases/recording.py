"""Writing one change down: its row of history, what the others are told of it, and until when it can be taken back."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.requests import Actor, Request
from domain.errors import NotAllowed
from domain.phrases import say_list
from domain.releases import Field, undo_until
from domain.setup import Policy, may_change
from handlers.releases import news
from handlers.releases.views import Undo
from models import Change, Release, Team, Workspace
from models.base import prebuilt, run
from models.finding import name_of
from models.history import record


async def write(
    session: AsyncSession,
    request: Request,
    deps: Deps,
    release: Release,
    field: Field,
    before: str | None,
    after: str | None,
    *,
    reason: str = "",
    kind: str = "",
    effective_on: date | None = None,
    is_committed: bool = True,
) -> Change:
    """One row of history. Written by owner, lead or deputy it confirms the release. Raises NotAllowed by the workspace's policy."""
    now = deps.now()
    team = await session.get(Team, release.team_id) if release.team_id else None
    answerable = {release.owner, *((team.lead, team.deputy) if team else ())}
    await _check_policy(session, request, release, answerable)
    return await record(
        session,
        release,
        field,
        before,
        after,
        now=now,
        reason=reason,
        kind=kind,
        actor=request.person,
        effective_on=effective_on,
        is_committed=is_committed,
        confirms=request.person in answerable,
    )


_POLICY = prebuilt(select(Workspace.change_policy).where(Workspace.id == bindparam("workspace_id")))


async def _check_policy(session: AsyncSession, request: Request, release: Release, answerable: set[str | None]) -> None:
    policy = (await run(session, _POLICY)).scalar_one()
    if not may_change(policy, request.person, answerable, is_operations=request.actor.is_product_operations):
        who = "Only product operations change releases here"
        if policy == Policy.OWNERS:
            names = [await name_of(session, one) for one in sorted(one for one in answerable if one)]
            who = f"{release.name} is changed by {say_list(names[:3], 'or')}, or product operations"
        raise NotAllowed(f"{who}. Ask them. Nothing was changed.")


async def tell(session: AsyncSession, deps: Deps, change: Change, fact: news.ReleaseFact) -> None:
    """The owner hears at once, everybody else when it can no longer be undone."""
    await deps.tell(session, fact, not_before=undo_until(change.recorded_at), change=change.id)
    release = await session.get_one(Release, change.release_id)
    if release.owner != change.actor:
        await news.tell_owner(session, deps, release, change, fact)


def about(change: Change) -> dict[str, Any]:
    return {"key": f"change:{change.id}", "actor": change.actor, "release_id": change.release_id, "change_id": change.id}


def undo_of(change: Change, actor: Actor) -> Undo:
    return Undo(change.id, undo_until(change.recorded_at), actor.zone)
