"""Telling everybody who brought words for a release that it is out, or that it is out no longer.

What is due is worked out from what stands and from who heard what, so this may run twice, late or in two processes.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answerable import who_answers
from bot.deps import Deps
from bot.hearers import may_hear
from domain.facts import FeedbackLinked, ReleaseReached, ReleaseRolledBack, ReportersDue
from domain.loop import Hearing, due_for_correction, due_to_hear, has_reached
from domain.phrases import say_day
from domain.releases import Field, Stage, undo_until
from handlers.loop import pieces as brought_for
from handlers.loop import views, views_forms
from handlers.loop.ledger import Ledger
from handlers.loop.notes import tell_account_owners
from handlers.loop.pieces import PRIVATELY, Everybody, people_of, waits_for
from handlers.loop.views import TAKEN_BACK, Asked
from models import Change, Feedback, Quiet, Release, Telling
from models.together import follow_work

AT_ONCE = 500  # people in one transaction; the rest follow in the next


async def told_at(session: AsyncSession, release_id: int) -> Telling:
    """When those who asked for it are told; what nobody set is as usual."""
    known = await session.scalar(select(Telling).where(Telling.release_id == release_id))
    return known or Telling(release_id=release_id, stage=Stage.EVERYONE.value, is_held=False)


async def tell_it_is_out(session: AsyncSession, fact: ReleaseReached, deps: Deps) -> None:
    await settle(session, deps, fact.release_id, is_said=fact.change_id)


async def correct(session: AsyncSession, fact: ReleaseRolledBack, deps: Deps) -> None:
    await settle(session, deps, fact.release_id, is_said=fact.change_id)


async def tell_those_due(session: AsyncSession, fact: ReportersDue, deps: Deps) -> None:
    await settle(session, deps, fact.release_id, is_said=fact.change_id)


async def tell_of_linked(session: AsyncSession, fact: FeedbackLinked, deps: Deps) -> None:
    """Words that were brought, linked or joined when it was out already: those who brought them hear it all the same."""
    first = await session.scalar(select(Feedback.same_as_id).where(Feedback.id == fact.feedback_id)) or fact.feedback_id
    await follow_work(session, Feedback.id == first)  # its work may have moved at the very moment that it was linked
    release_id = await session.scalar(select(Feedback.release_id).where(Feedback.id == first))
    if release_id:
        await settle(session, deps, release_id)


async def settle(session: AsyncSession, deps: Deps, release_id: int, is_said: int | None = None, reads: str = TAKEN_BACK) -> None:
    """Bring what people heard of a release to what stands. `is_said` is a change that may be told by now although it is fresh; `reads`
    says how it stands where it is out no longer."""
    locked = select(Release).where(Release.id == release_id).with_for_update(key_share=True)  # whoever else does this for it waits here
    release = (await session.scalars(locked)).one_or_none()
    change = await last_staged(session, release_id)
    if release is None or (change and change.id != is_said and deps.now() < undo_until(change.recorded_at)):
        return
    telling = await told_at(session, release_id)
    ledger = await Ledger.of(session, deps, release, change)
    if change and has_reached(release.stage, telling.stage):
        more = await (_hold(ledger, change) if telling.is_held else _tell_out(ledger, change))
    else:
        more = await _tell_back(ledger, change.reason if change else "", reads)
    if more:
        fact = ReportersDue(key=f"reporters:{release_id}:{ledger.rows}", release_id=release_id, change_id=is_said)
        await deps.tell(session, fact)


async def last_staged(session: AsyncSession, release_id: int) -> Change | None:
    """The change that its stage stands by."""
    staged = select(Change).where(
        Change.release_id == release_id, Change.field == Field.STAGE.value, Change.item_id.is_(None), Change.voided_at.is_(None)
    )
    return (await session.scalars(staged.order_by(Change.happened_at.desc(), Change.id.desc()).limit(1))).one_or_none()


async def _tell_out(ledger: Ledger, change: Change) -> bool:
    """Whether there are more to tell than were told now."""
    session, release = ledger.session, ledger.release
    everybody = await Everybody.of(session, waits_for(release.id))
    due = due_to_hear(everybody.people, ledger.believes, ledger.kept_quiet)
    now = due[:AT_ONCE]
    quiet = set(await session.scalars(select(Quiet.person).where(Quiet.person.in_(now))))
    for who in sorted(quiet):
        ledger.add([who], Hearing.QUIET, PRIVATELY, change.id)
    day = say_day(change.effective_on or change.happened_at.date())
    theirs = await everybody.brought_by(session, set(now) - quiet)
    for where, group in await brought_for.messages(session, release, theirs):
        notice = views.it_is_out(release.name, release.id, release.stage or "", day, everybody.asked(where, group))
        await ledger.post(people_of(group), where, notice, Hearing.SHIPPED, change.id)
    if len(due) <= AT_ONCE:
        await tell_account_owners(ledger, change)
    return len(due) > AT_ONCE


async def _hold(ledger: Ledger, change: Change) -> bool:
    """It is out, and telling waits for the announcement: whoever answers for it is asked, once."""
    session, release = ledger.session, ledger.release
    everybody = await Everybody.of(session, waits_for(release.id))
    due = due_to_hear(everybody.people, ledger.believes)
    found = await who_answers(session, release)
    if due and found:
        notice = views_forms.held(release.name, release.id, len(due), found[1])
        await ledger.deps.outbox.post(session, f"loop-held:{change.id}", found[0], notice, change=change.id)
    return False


async def _tell_back(ledger: Ledger, reason: str, reads: str) -> bool:
    """With everybody who believes that it is out, where they were told so; of what was restricted since only privately."""
    session, release = ledger.session, ledger.release
    due = due_for_correction(ledger.believes)
    if not due:
        return False
    now = due[:AT_ONCE]
    may = await may_hear(session, release, now)
    where = {who: ledger.heard_in(who) for who in now if who in may}
    everybody = await Everybody.of(session, waits_for(release.id))
    theirs = [one for one in await everybody.brought_by(session, set(where)) if where[one.person] in (PRIVATELY, one.where)]
    for place, group in brought_for.grouped((where[one.person], one) for one in theirs):
        notice = views.correction(release.name, reason, everybody.asked(place, group), reads)
        await ledger.post(people_of(group), place, notice, Hearing.BACK)
    for who in sorted(where.keys() - {one.person for one in theirs}):  # what they brought is linked to something else by now
        await ledger.post([who], PRIVATELY, views.correction(release.name, reason, Asked((), ""), reads), Hearing.BACK)
    return len(due) > AT_ONCE
