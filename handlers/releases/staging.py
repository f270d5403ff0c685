"""How far a release has reached: our own people, invited customers, some of them. Everyone is shipped, which has its own rules."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Request
from domain import deeds, lifecycle
from domain.deeds import Staged
from domain.errors import BadInput
from domain.facts import ReleaseReached
from domain.phrases import cut, say_day
from domain.releases import Field, Stage
from handlers.releases import changing, guessing, views, views_seldom
from handlers.releases.affected import affected_by
from handlers.releases.answering import answered
from handlers.releases.asking import done_or_asked
from handlers.releases.named import named, shown
from handlers.releases.recording import about, tell, undo_of, write
from handlers.releases.views_seldom import Seldom
from models import Release


async def stage_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`stage NAME internal|beta|limited|everyone [on DATE]`."""
    access.may_change(request.actor)
    readings = deeds.read_staged(request.text, deps.today(request.actor.zone))
    staged = next((each for each in readings if each.stage), None)
    release, said, note = await named(session, readings, request.actor, line=request.text, otherwise=staged)
    if release is None and not said.stage and (found := await guessing.with_last_words(session, request, said.name)):
        release, note = found[0], f'I could not read "{cut(found[1])}" as a stage. Pick it here.'
    return await _staged(session, request, deps, release, said, note)


async def ship_to(session: AsyncSession, request: Request, deps: Deps) -> Answer | None:
    """`ship NAME to beta`; None when the line names no release and stage."""
    readings = deeds.read_staged(request.text, deps.today(request.actor.zone))
    release, said, note = await named(session, readings, request.actor, line=request.text)
    return await _staged(session, request, deps, release, said, note) if release and said.stage else None


async def _staged(session: AsyncSession, request: Request, deps: Deps, release: Release | None, said: Staged, note: str) -> Answer:
    on = said.day or deps.today(request.actor.zone)
    draft = Seldom(shown(release) if release else None, stage=said.stage, on=on, reason=said.reason or "")
    if release and said.stage and said.choices:
        carried = {"do": "stage", "release": release.id, "stage": said.stage.value, "reason": said.reason or ""}
        return Say(views.which_day(said.unread, said.choices, carried))
    note = " ".join(filter(None, (note, said.unread)))
    if note or not release or not said.stage:
        return Open(views_seldom.stage(draft.with_note(note), request.origin))
    deed = reach(session, request, deps, release, said.stage, on, said.reason or "")
    return await done_or_asked(lambda wrong: views_seldom.stage(draft.with_note(wrong), request.origin), deed)


async def reach(
    session: AsyncSession, request: Request, deps: Deps, release: Release, stage: Stage, on: date, reason: str, *, replace: bool = False
) -> Answer:
    if stage is Stage.EVERYONE:
        return await changing.ship(session, request, deps, release, on, replace=replace)
    today = deps.today(request.actor.zone)
    lifecycle.check_stage(release.name, release.shipped_on, release.is_cancelled, stage, release.stage, on, today)
    reason = lifecycle.read_reason(reason)
    before = release.stage
    change = await write(session, request, deps, release, Field.STAGE, before, stage.value, reason=reason, effective_on=on)
    await tell(session, deps, change, ReleaseReached(**about(change), stage=stage.value, on=on))
    affected = await affected_by(session, release, None, request.person)
    details = f"It was {views_seldom.stage_words(before)}." if before else "It is not open to everyone yet, so it goes on being planned."
    says = f"has reached *{views_seldom.stage_words(stage)}*, since {say_day(on)}."
    undo = undo_of(change, request.actor)
    return Say(await answered(session, request, release, says, details, reason=reason, affected=affected, undo=undo), replace=replace)


async def save_stage(session: AsyncSession, request: Request, deps: Deps, release: Release) -> Answer:
    state = request.state
    if state.get("stage") not in list(Stage):
        raise BadInput({"stage": "Pick who has it. Your other words are kept."})
    on = date.fromisoformat(state["date"]) if state.get("date") else deps.today(request.actor.zone)
    return await reach(session, request, deps, release, Stage(state["stage"]), on, state.get("reason") or "")
