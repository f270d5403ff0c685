"""The buttons of a question that came back: which of two days, move or ship. Nothing was written until one is pressed."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open
from bot.behind import release_behind
from bot.deps import Deps
from bot.requests import Request
from domain.errors import BadInput, NotFound
from domain.releases import Stage
from handlers.releases import changing, forms, making, staging, views_forms
from handlers.releases.views_forms import Draft
from models import Team


async def pick_day(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    carried, on = _carried(request.value)
    if carried["do"] == "new":
        team = await session.get(Team, carried["team"]) if carried.get("team") else None
        return await making.make(
            session, request, deps, carried["name"], on, team, request.person, is_planned=bool(carried.get("planned")), replace=True
        )
    release = await release_behind(session, carried.get("release"), request.actor, lock=True)
    if carried["do"] == "ship":
        return await changing.ship(session, request, deps, release, on, replace=True)
    reason, note = carried.get("reason") or "", ""
    if carried["do"] == "stage":
        return await staging.reach(session, request, deps, release, Stage(carried["stage"]), on, reason, replace=True)
    commits = carried["do"] == "commit"
    if reason or release.target_on is None or commits:
        try:
            if commits:
                return await changing.commit(session, request, deps, release, on, reason, replace=True)
            return await changing.move(session, request, deps, release, on, reason, replace=True)
        except BadInput as wrong:
            note = wrong.sentence
    draft = await forms.known_of(session, request, deps, release, Draft(on=on, reason=reason, note=note, commits=commits))
    return Open(views_forms.move(draft, request.origin))


def _carried(value: str | None) -> tuple[Mapping[str, Any], date]:
    try:
        carried = json.loads(value or "")
        return carried, date.fromisoformat(carried["on"])
    except (ValueError, KeyError, TypeError):
        raise NotFound("That button is too old to be read. Type the command once more.") from None
