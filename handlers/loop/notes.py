"""*Draft a note*: words to send on to a customer whose wish is out, and the one message to each account owner that it is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open
from bot.behind import release_behind
from bot.deps import Deps
from bot.hearers import may_hear
from bot.requests import Actor, Request
from bot.slices import reads
from domain.errors import NotFound
from domain.loop import Hearing
from domain.phrases import say_day
from handlers.loop import views_notes
from handlers.loop.ledger import Ledger
from handlers.loop.pieces import PRIVATELY, Everybody, Piece, brought, pieces, waits_for
from handlers.loop.views_notes import Note
from models import Change, Customer, Feedback, Quiet, Release


@reads
async def draft(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """For each customer of whom the reader may read that they asked for it."""
    access.may_change(request.actor)
    release = await release_behind(session, request.value, request.actor)
    readable = await _readable(session, await brought(session, release.id), request.actor, request.channel)
    notes = _notes(release, readable)
    if not notes:
        raise NotFound(f"No customer waits for {release.name} any more, by what you may read.")
    return Open(views_notes.drafts(release.name, notes, request.origin))


async def tell_account_owners(ledger: Ledger, change: Change) -> None:
    """One note to each account owner whose customer asked for it, with what they may read of it. Who brought it hears that already."""
    session, release = ledger.session, ledger.release
    looked_after = Customer.account_owner.is_not(None)
    everything = await pieces(session, and_(waits_for(release.id), looked_after))
    if not everything:
        return
    reporters = set((await Everybody.of(session, waits_for(release.id))).people)
    believes = ledger.believes
    theirs: dict[str, list[Piece]] = defaultdict(list)
    for one in everything:
        if one.account_owner and one.account_owner not in reporters and believes.get(one.account_owner, Hearing.BACK) == Hearing.BACK:
            theirs[one.account_owner].append(one)
    quiet = set(await session.scalars(select(Quiet.person).where(Quiet.person.in_(theirs))))
    for owner in sorted(await may_hear(session, release, theirs.keys() - quiet)):
        readable = await _readable(session, theirs[owner], await access.actor_of(session, owner))
        if notes := _notes(release, readable):
            day = say_day(change.effective_on or change.happened_at.date())
            message = views_notes.to_account_owner(release.name, release.id, release.stage or "", day, notes)
            await ledger.post([owner], PRIVATELY, message, Hearing.NOTE, change.id)


async def _readable(session: AsyncSession, asked: Sequence[Piece], reader: Actor, inside: str | None = None) -> list[Piece]:
    wanted = select(Feedback.id).where(Feedback.id.in_({one.feedback_id for one in asked}), access.seen_feedback(reader, inside))
    may_read = set(await session.scalars(wanted))
    return [one for one in asked if one.feedback_id in may_read]


def _notes(release: Release, theirs: Iterable[Piece]) -> list[Note]:
    asked: dict[str, dict[int, str]] = defaultdict(dict)
    for one in theirs:
        if one.customer:
            asked[one.customer].setdefault(one.feedback_id, one.words)
    since = f"available to everyone since {say_day(release.shipped_on)}" if release.shipped_on else "available to you now"
    return [Note(customer, list(said.values()), f"{release.name} is {since}.") for customer, said in asked.items()]
