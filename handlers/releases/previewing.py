"""What the move form shows while a day is picked: slip, who waits for it, what customers were told, and who will hear."""

import logging
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.requests import Request
from domain.errors import BadInput, NotAllowed
from domain.phrases import cut, say_count, say_slip_change
from domain.sayings import in_full, still_true
from handlers.releases import changing, views
from handlers.releases.affected import affected_by, wanted_by
from handlers.releases.worded import sees_inside
from models import Release
from models.saying import saying_of

log = logging.getLogger(__name__)


async def preview_of(session: AsyncSession, request: Request, deps: Deps, release: Release, on: date, commits: bool) -> list[str]:
    """Who would be hit by that day, in lines; or why it is none. Those who face customers read what concerns customers alone."""
    try:
        new = await changing.redating(session, request, deps, release, on, "as previewed", True if commits else None)
        affected = await affected_by(session, release, on, request.person, is_inner=not new.is_move)
        wanted = await wanted_by(session, request.actor, release.id, request.channel or request.metadata.get("channel"))
        told = await _told(session, release, on, deps.today(request.actor.zone))
        is_inside = await sees_inside(session, request.actor, release.id)
    except (BadInput, NotAllowed) as refusal:
        return [refusal.sentence]
    except Exception:
        log.exception("who is affected could not be worked out")
        return ["Who is affected could not be worked out just now. Move works all the same."]
    changes = say_slip_change(new.slip_before, new.slip_after).capitalize()
    if not new.is_move or new.slip_before is None:
        changes = "It becomes the baseline" if new.is_committed else "Planned: it has no baseline yet"
    waits = "waits" if wanted.customers == 1 else "wait"
    hurt = [f"{say_count(wanted.customers, 'customer')} {waits} for it, by what was logged"] if wanted.customers else []
    if not is_inside:
        return [*told, *hurt, *views.told_lines(affected)]
    hurt = [f"{line} · {wanted.worth}" for line in hurt]
    return [changes, *told, *hurt, *views.affected_lines(affected)]


async def _told(session: AsyncSession, release: Release, on: date, today: date) -> list[str]:
    """The sentence that customers may be told, and whether it still holds with that day."""
    saying = await saying_of(session, release.id)
    if saying is None:
        return []
    return [f"Customers were told: “{cut(in_full(saying), 200)}” {still_true(saying, on, today)}"]
