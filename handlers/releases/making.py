"""Making a release."""

from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from domain.lifecycle import read_name
from domain.phrases import say_day
from domain.releases import Record, redate, undo_until
from handlers.releases import views
from handlers.releases.named import shown
from handlers.releases.people import check_owner
from handlers.releases.similar import similar_to
from handlers.releases.views import Undo
from models import Change, Team
from models.base import prebuilt, run
from models.history import create_release

_BIRTH = prebuilt(
    select(func.min(Change.id)).where(Change.workspace_id == bindparam("workspace_id"), Change.release_id == bindparam("release_id"))
)


async def make(
    session: AsyncSession,
    request: Request,
    deps: Deps,
    name: str,
    on: date | None,
    team: Team | None,
    owner: str | None,
    *,
    is_planned: bool = False,
    replace: bool = False,
) -> Answer:
    """A new release. Its day is its baseline, unless it is only planned. Raises BadInput for its name, date or owner."""
    name = read_name(name)
    if on:
        redate(Record(name=name), on, None, today=deps.today(request.actor.zone), commit=not is_planned)
    person = await check_owner(session, owner) if owner else None
    now = deps.now()
    release = await create_release(
        session,
        name,
        on,
        now=now,
        team_id=team.id if team else None,
        owner=owner,
        actor=request.person,
        is_planned=is_planned,
        seen=access.seen_releases(request.actor),
    )
    birth = (await run(session, _BIRTH, release_id=release.id)).scalar_one()
    says = "is added. It has no day yet."
    if on:
        says = f"is planned for *{say_day(on)}*" + (", its baseline." if release.is_committed else ". `commit` makes a day its baseline.")
    whose = f"{team.name} · " if team else ""
    owned = f"{person.name} owns it" if person else "Nobody owns it yet"
    like = await similar_to(session, request.actor, release, deps.settings.command_prefix)
    answer = views.changed(shown(release), says, f"{whose}{owned}", *like, undo=Undo(birth, undo_until(now), request.actor.zone))
    return Say(answer, replace=replace)
