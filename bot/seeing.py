"""What of the releases somebody may see, as prebuilt statements: one kind for each kind of reader, so that none is built per request."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.requests import Actor
from domain.listed import PAGE, Judgement, Row
from models import standing
from models.base import prebuilt, run, workspace_of

EVERYBODY = Actor(is_guest=True)  # what may stand in a channel is what a guest may see: nothing restricted
_INSIDER = Actor(slack_id=bindparam("person"))  # type: ignore[arg-type]
KINDS = {"all": Actor(is_product_operations=True), "open": EVERYBODY, "own": _INSIDER}
_LIST: dict[str, Executable] = {kind: prebuilt(standing.open_list(access.seen_releases(who))) for kind, who in KINDS.items()}
_JUDGED: dict[str, Executable] = {kind: prebuilt(standing.judged_list(access.seen_releases(who))) for kind, who in KINDS.items()}
_SOME: dict[str, Executable] = {kind: prebuilt(standing.some_of_list(access.seen_releases(who), PAGE)) for kind, who in KINDS.items()}
_DAYS: Executable = prebuilt(standing.days_of_teams())
KEPT = 32  # lists that were judged last
_LAST: dict[tuple[int, int | None], Judgement] = {}
_ONE: dict[str, Executable] = {kind: prebuilt(standing.one_of_list(access.seen_releases(who))) for kind, who in KINDS.items()}


def bound(viewer: Actor) -> tuple[str, dict[str, Any]]:
    """Which statement serves a reader, and what it binds for them."""
    if viewer.is_product_operations:
        return "all", {}
    if viewer.is_guest or viewer.is_outside:
        return "open", {}
    return "own", {"person": viewer.slack_id}


async def open_releases(session: AsyncSession, viewer: Actor, *, team_id: int | None = None) -> Sequence[Any]:
    """Rows of `models.standing.open_list` that the viewer may see."""
    kind, values = bound(viewer)
    return (await run(session, _LIST[kind], team_id=team_id, **values)).all()  # type: ignore[no-any-return]


async def judged_releases(session: AsyncSession, viewer: Actor, now: datetime, *, team_id: int | None = None) -> list[Row]:
    """The same as they stand now, with no more of each than they are judged by: `in_full` has the rest of those that are shown.

    Rules are applied anew only to what is not as it was: most of what is asked again within minutes is.
    """
    kind, values = bound(viewer)
    found = (await run(session, _JUDGED[kind], team_id=team_id, **values)).all()
    days = {row.team_id: row for row in await run(session, _DAYS)}
    key = workspace_of(session), team_id
    if key not in _LAST and len(_LAST) >= KEPT:
        del _LAST[next(iter(_LAST))]
    return _LAST.setdefault(key, Judgement()).of(found, days, now=now)


async def in_full(session: AsyncSession, viewer: Actor, releases: Sequence[int]) -> dict[int, Any]:
    """Rows of `open_releases` for those of a page, by id. One that the viewer may see no more is not among them."""
    kind, values = bound(viewer)
    wanted = {f"release_{n}": releases[n] if n < len(releases) else None for n in range(PAGE)}
    found = await run(session, _SOME[kind], team_id=None, **wanted, **values)
    return {row.id: row for row in found}


async def one_release(session: AsyncSession, viewer: Actor, release_id: int) -> Any | None:
    """The same row of one release, open or not; None when there is none that the viewer may see."""
    kind, values = bound(viewer)
    return (await run(session, _ONE[kind], release_id=release_id, team_id=None, **values)).one_or_none()
