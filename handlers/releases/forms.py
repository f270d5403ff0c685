"""Opening the forms and saving what is submitted in them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Update, View
from bot.behind import release_behind
from bot.deps import Deps
from bot.requests import Request
from bot.slices import Listener, reads
from domain import lifecycle
from domain.errors import BadInput
from domain.releases import Health, read_health
from domain.spans import Precision, span
from handlers.releases import changing, ids, making, mistyping, people, views_forms
from handlers.releases.named import in_form, shown
from handlers.releases.previewing import preview_of
from handlers.releases.views_forms import KINDS, Draft
from handlers.releases.worded import sees_inside
from models import Release, Team
from models.finding import team_of_channel

Form = Callable[[Any, dict[str, str]], View]  # a draft of its own kind, and where the answer goes


async def known_of(session: AsyncSession, request: Request, deps: Deps, release: Release | None, draft: Draft) -> Draft:
    """A draft with all that the form can show before anything is typed into it."""
    if release is None:
        return draft
    may_mistype = await mistyping.last_typed(session, release, request.person, deps.now()) is not None
    on = span(draft.on, Precision.DAY) if draft.on and draft.commits else draft.on  # a single day is committed to: the one in the field
    draft = replace(draft, release=shown(release), may_mistype=may_mistype, on=on)
    return replace(draft, preview=await preview_of(session, request, deps, release, on, draft.commits)) if on else draft


@reads
async def redraw_move(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A day was picked in the move form."""
    state = request.state
    on, _ = _when(_day(request.value) or _day(state.get("date")), state.get("sure"))
    commits = (request.view or {}).get("callback_id") == ids.COMMIT_FORM
    draft = Draft(on=on, reason=state.get("reason") or "", kind=state.get("kind"), sure=state.get("sure"), commits=commits)
    chosen = request.metadata.get("release") or state.get("release")
    release = await release_behind(session, chosen, request.actor) if chosen else None
    full = await known_of(session, request, deps, release, draft)
    if not request.metadata.get("release"):
        full = replace(full, release=None)  # the form keeps the field in which it was chosen
    return Update(views_forms.move(full, request.origin))


def refuse_closed(release: Release) -> None:
    """What shipped or was cancelled since a button was drawn is said before anybody fills in a form for nothing."""
    lifecycle.check_open(release.name, release.shipped_on, release.is_cancelled)


def refuse_unshipped(release: Release) -> None:
    lifecycle.check_rollback(release.name, release.shipped_on)


def opens(
    form: Form,
    draft: Callable[[Release, Request, Deps], Draft] | None = None,
    *,
    check: Callable[[Release], None] = lambda release: None,
) -> Listener:
    """The listener of a button that opens a form about the release in its value. `check` raises why there is nothing to fill in."""

    @reads
    async def open_form(session: AsyncSession, request: Request, deps: Deps) -> Answer:
        access.may_change(request.actor)
        release = await release_behind(session, request.value, request.actor)
        check(release)
        start = draft(release, request, deps) if draft else Draft()
        return Open(form(replace(start, release=shown(release)), request.origin))

    return open_form


@reads
async def open_move(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release = await release_behind(session, request.value, request.actor)
    refuse_closed(release)
    is_inside = await sees_inside(session, request.actor, release.id)
    draft = Draft(is_planned=is_inside and bool(release.target_on) and not release.is_committed)
    known = await known_of(session, request, deps, release, draft)
    return Open(views_forms.move(replace(known, on=release.due if is_inside else None), request.origin))


@reads
async def open_health(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release = await release_behind(session, request.value, request.actor)
    refuse_closed(release)
    now = release.health if await sees_inside(session, request.actor, release.id) else None
    return Open(views_forms.judge(Draft(shown(release), health=_on_the_button(request.name) or now), request.origin))


open_ship = opens(views_forms.ship, lambda release, request, deps: Draft(on=deps.today(request.actor.zone)), check=refuse_closed)
open_owner = opens(views_forms.own, lambda release, request, deps: Draft(owner=release.owner))
open_rollback = opens(views_forms.roll_back, check=refuse_unshipped)
open_cancel = opens(views_forms.cancel, check=refuse_closed)


@reads
async def open_new(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return Open(await new_form(session, request, Draft(name=request.value or "")))


async def new_form(session: AsyncSession, request: Request, draft: Draft) -> View:
    """Whoever makes a release owns it until somebody else does; a team's channel makes it that team's."""
    rows = await session.scalars(select(Team).order_by(Team.folded).limit(100))
    teams = [(team.name, str(team.id)) for team in rows]
    here = await team_of_channel(session, request.channel)
    team = draft.team or (str(here.id) if here else None)
    return views_forms.new(replace(draft, teams=teams, team=team, owner=draft.owner or request.person), request.origin)


def saves(save: Callable[[AsyncSession, Request, Deps, Release], Awaitable[Answer]]) -> Listener:
    """The listener of a submitted form about one release, which is locked first."""

    async def save_form(session: AsyncSession, request: Request, deps: Deps) -> Answer:
        access.may_change(request.actor)
        return await save(session, request, deps, await in_form(session, request, lock=True))

    return save_form


async def _move(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    kind = request.state.get("kind")
    (on, commit), reason = _required(request), request.state.get("reason") or ""
    deed = mistyping.put_right if request.state.get("mistyped") else changing.move
    return await deed(session, request, deps, release, on, reason, kind if kind in KINDS else "", commit=commit)


async def _commit(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await changing.commit(session, request, deps, release, _required(request)[0], request.state.get("reason") or "")


async def _ship(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await changing.ship(session, request, deps, release, _required(request)[0])


async def _roll_back(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await changing.roll_back(session, request, deps, release, request.state.get("reason") or "")


async def _cancel(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await changing.cancel(session, request, deps, release, request.state.get("reason") or "")


async def _judge(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    health: Health = read_health(request.state.get("health") or "")
    return await changing.judge(session, request, deps, release, health, request.state.get("reason") or "")


async def _own(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    return await people.hand_over(session, request, deps, release, request.state.get("user"))


save_commit, save_move, save_ship, save_rollback, save_cancel = (
    saves(_commit),
    saves(_move),
    saves(_ship),
    saves(_roll_back),
    saves(_cancel),
)
save_health, save_owner = saves(_judge), saves(_own)


async def save_new(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    state = request.state
    team = await session.get(Team, int(state["team"])) if str(state.get("team") or "").isdecimal() else None
    on, commit = _when(_day(state.get("date")), state.get("sure"))
    name, owner = state.get("name") or "", state.get("user")
    return await making.make(session, request, deps, name, on, team, owner, is_planned=commit is False)


def _on_the_button(action_id: str) -> str | None:
    """The health that a button proposes: `releases:health:12:amber`."""
    said = action_id.rpartition(":")[2]
    return said if said in list(Health) else None


def _required(request: Request) -> tuple[date, bool | None]:
    on, commit = _when(_day(request.state.get("date")), request.state.get("sure"))
    if on is None:
        raise BadInput({"date": "Pick a day. Your other words are kept."})
    return on, commit


def _when(day: date | None, sure: object) -> tuple[date | None, bool | None]:
    """A date as a form says it, and whether it is committed: `sure` is one of `views_forms.SURE`."""
    if sure in ("day", "planned"):
        return day, sure == "day"
    return (span(day, str(sure)) if day and sure else day), None


def _day(text: object) -> date | None:
    """A day as a date picker sends it."""
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
