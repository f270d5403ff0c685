"""The changes themselves: each decides, writes a row of history, lets the others know, and answers with all that was understood.

The release it is given is locked. Everybody who hears of a change hears 5 minutes later, as long as it can be undone.
"""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from domain import lifecycle
from domain.errors import BadInput
from domain.facts import ReleaseCancelled, ReleaseHealthSet, ReleaseMoved, ReleaseReached, ReleaseRolledBack
from domain.phrases import say_day, say_days, say_slip_change
from domain.releases import Field, Health, Record, Redating, Stage, State, redate, slip
from domain.spans import Precision, precision_of, written
from handlers.releases import news
from handlers.releases.affected import affected_by
from handlers.releases.answering import answered
from handlers.releases.recording import about, tell, undo_of, write
from models import Release
from models.finding import calendar_of
from models.history import history_of

WHY_BACK = "People were told that it shipped, so they will ask why it was taken back. Say why."
WHY_CANCEL = "Cancelling needs a reason: people will ask why."


async def move(
    session: AsyncSession,
    request: Request,
    deps: Deps,
    release: Release,
    on: date,
    reason: str,
    kind: str = "",
    *,
    commit: bool | None = None,
    replace: bool = False,
    corrects: int | None = None,
) -> Answer:
    """`commit` says that the day is promised, or (False) that it is not; left out, it is as sure as the one before."""
    reason = lifecycle.read_reason(reason)
    new = await redating(session, request, deps, release, on, reason, commit)
    change = await write(
        session, request, deps, release, Field.DATE, written(new.before), written(on),
        reason=reason, kind=kind, is_committed=new.is_committed,
    )  # fmt: skip
    moved = ReleaseMoved(**about(change), before=written(new.before), after=written(on), reason=reason, corrects=corrects)
    await tell(session, deps, change, moved)
    affected = await affected_by(session, release, on, request.person, is_inner=not new.is_move)
    says, was = _redated(new)
    undo, plainly = undo_of(change, request.actor), says.partition(" (")[0].rstrip(".") + "."
    answer = await answered(session, request, release, says, was, plainly=plainly, reason=reason, affected=affected, undo=undo)
    return Say(answer, replace=replace)


async def commit(
    session: AsyncSession, request: Request, deps: Deps, release: Release, on: date, reason: str, *, replace: bool = False
) -> Answer:
    """The day is promised from now on. Raises BadInput{"date"} for what is no single day."""
    if precision_of(on) is not Precision.DAY:
        raise BadInput({"date": f"{say_day(on)} is no single day, so nobody can commit to it. Pick the day. Nothing was changed."})
    return await move(session, request, deps, release, on, reason, commit=True, replace=replace)


def _redated(new: Redating) -> tuple[str, str]:
    """What became of the date, and what it was."""
    day = say_day(new.after)
    commits = "promises a day again" if new.baseline_on else "makes a day its baseline"
    planned = "" if new.is_committed else f" It is planned: `commit` {commits}."
    if new.is_move:
        says = f"moves to *{day}* ({say_days(new.slip_after)})." if new.baseline_on else f"moves to *{day}*."
        slips = f": {say_slip_change(new.slip_before, new.slip_after)}. Baseline {say_day(new.baseline_on)}." if new.baseline_on else "."
        return says, f"It was {say_day(new.before)}{slips}{planned}"
    if new.before:
        return f"is committed to *{day}*.", "From now on this is its baseline."
    if new.is_committed:
        return f"gets its first day: *{day}*.", "From now on this is its baseline."
    return f"is planned for *{day}*.", planned.strip()


async def redating(
    session: AsyncSession, request: Request, deps: Deps, release: Release, on: date, reason: str, commit: bool | None = None
) -> Redating:
    """Whether the release may move to that day, and what that means for its slip."""
    known = Record(
        name=release.name,
        target_on=release.due,
        is_committed=release.is_committed,
        baseline_on=release.baseline_on,
        shipped_on=release.shipped_on,
        is_cancelled=release.is_cancelled,
    )
    return redate(known, on, reason, today=deps.today(request.actor.zone), cal=await calendar_of(session, release), commit=commit)


async def ship(session: AsyncSession, request: Request, deps: Deps, release: Release, on: date, *, replace: bool = False) -> Answer:
    lifecycle.check_ship(release.name, release.shipped_on, release.is_cancelled, on, deps.today(request.actor.zone))
    change = await write(session, request, deps, release, Field.STAGE, release.stage, Stage.EVERYONE.value, effective_on=on)
    await tell(session, deps, change, ReleaseReached(**about(change), stage=Stage.EVERYONE.value, on=on))
    late = slip(release.baseline_on, on, await calendar_of(session, release))
    compared = f" ({say_days(late)})" if late is not None else ""
    affected = await affected_by(session, release, None, request.person)
    says, plainly = (f"shipped on *{say_day(on)}*{said}. It is available to everyone." for said in (compared, ""))
    undo = undo_of(change, request.actor)
    return Say(await answered(session, request, release, says, plainly=plainly, affected=affected, undo=undo), replace=replace)


async def roll_back(session: AsyncSession, request: Request, deps: Deps, release: Release, reason: str) -> Answer:
    lifecycle.check_rollback(release.name, release.shipped_on)
    reason = lifecycle.read_reason(reason, WHY_BACK)
    rows = [row for row in await history_of(session, release.id) if row.voided_at is None]
    last = next(row for row in reversed(rows) if row.field == Field.STAGE and row.after == Stage.EVERYONE)
    older = last.before if last.before != Stage.EVERYONE else None
    shipped = say_day(release.shipped_on)
    change = await write(session, request, deps, release, Field.STAGE, Stage.EVERYONE.value, older, reason=reason)
    await tell(session, deps, change, ReleaseRolledBack(**about(change), reason=reason, corrects=last.id))
    affected = await affected_by(session, release, None, request.person, is_off=True)
    details = f"It had shipped on {shipped}, which stays on record. It is open again, {_for_day(release.due)}."
    says, undo = "is taken back.", undo_of(change, request.actor)
    return Say(await answered(session, request, release, says, details, plainly=says, reason=reason, affected=affected, undo=undo))


async def cancel(session: AsyncSession, request: Request, deps: Deps, release: Release, reason: str) -> Answer:
    lifecycle.check_cancel(release.name, release.shipped_on, release.is_cancelled)
    reason = lifecycle.read_reason(reason, WHY_CANCEL)
    change = await write(session, request, deps, release, Field.STATE, State.OPEN.value, State.CANCELLED.value, reason=reason)
    await tell(session, deps, change, ReleaseCancelled(**about(change), reason=reason))
    affected = await affected_by(session, release, None, request.person, is_off=True)
    details = f"It was planned {_for_day(release.due)}."
    says, undo = "is cancelled.", undo_of(change, request.actor)
    return Say(await answered(session, request, release, says, details, plainly=says, reason=reason, affected=affected, undo=undo))


async def judge(session: AsyncSession, request: Request, deps: Deps, release: Release, health: Health, reason: str) -> Answer:
    reason = lifecycle.read_reason(reason)
    lifecycle.check_health(release.name, release.shipped_on, release.is_cancelled, health, reason)
    before = release.health
    change = await write(session, request, deps, release, Field.HEALTH, before, health.value, reason=reason)
    was = f"It was {Health(before).words}." if before else "Nobody had set it before."
    affected = None
    if before != health.value:  # said again it is confirmed, and no news
        await tell(session, deps, change, ReleaseHealthSet(**about(change), health=health.value, reason=reason))
        affected = await affected_by(session, release, None, request.person, is_inner=True)
    else:
        was = "As before."
    says, undo = f"is *{health.words}*.", undo_of(change, request.actor)
    return Say(await answered(session, request, release, says, was, plainly=says, reason=reason, affected=affected, undo=undo))


async def give(session: AsyncSession, request: Request, deps: Deps, release: Release, owner: str, name: str, before: str) -> Answer:
    """Hand a release to somebody. `name` and `before` are how the new and the former owner are called."""
    change = await write(session, request, deps, release, Field.OWNER, release.owner, owner)
    await news.tell_of_owner(session, deps, release, change)
    was = f"It was {before}." if before else "It had no owner."
    undo = undo_of(change, request.actor)
    return Say(await answered(session, request, release, "has a new owner.", f"Owner: {name}. {was}", undo=undo))


def _for_day(day: date | None) -> str:
    return f"for {say_day(day)}" if day else "without a day"
