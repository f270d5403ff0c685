"""Who heard what of one release, and writing down what they hear now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Message
from bot.deps import Deps
from domain.loop import Hearing
from handlers.loop.pieces import PRIVATELY, Where
from models import Change, Heard, Outbox, Release


@dataclass(slots=True)
class Ledger:
    """What is written of a release that is locked. `believes` is what each heard last; `kept_quiet` were passed over for this change."""

    session: AsyncSession
    deps: Deps
    release: Release
    last: dict[str, Heard]
    kept_quiet: set[str]
    counts: Counter[str]

    @classmethod
    async def of(cls, session: AsyncSession, deps: Deps, release: Release, change: Change | None) -> Ledger:
        await _forget_unsent(session, release.id)
        rows = list(await session.scalars(select(Heard).where(Heard.release_id == release.id).order_by(Heard.id)))
        last = {row.person: row for row in rows if row.what != Hearing.QUIET}
        quiet = {row.person for row in rows if row.what == Hearing.QUIET and change and row.change_id == change.id}
        return cls(session, deps, release, last, quiet, Counter(row.person for row in rows))

    @property
    def believes(self) -> dict[str, str]:
        return {who: row.what for who, row in self.last.items()}

    @property
    def rows(self) -> int:
        return self.counts.total()

    def heard_in(self, person: str) -> Where:
        """Where somebody was told; of what was restricted since only privately."""
        row = self.last[person]
        return PRIVATELY if self.release.restricted else Where(row.channel or "", row.thread_ts or "")

    async def post(self, people: Sequence[str], where: Where, notice: Message, what: Hearing, change: int | None = None) -> None:
        """One message for all of them. Without a `change` it belongs to the one of which they heard last."""
        key = self.add(people, what, where, change)
        place = where.channel or people[0]
        await self.deps.outbox.post(self.session, key, place, notice, thread=where.thread or None, change=change)

    def add(self, people: Sequence[str], what: Hearing, where: Where, change: int | None) -> str:
        """The key of the message, which nobody else has: it counts what the first of them heard before."""
        key = f"loop:{self.release.id}:{people[0]}:{self.counts[people[0]]}"
        for who in people:
            self.session.add(
                Heard(
                    release_id=self.release.id,
                    change_id=change or self.last[who].change_id,
                    person=who,
                    what=what.value,
                    channel=where.channel or None,
                    thread_ts=where.thread or None,
                    effect=key,
                    at=self.deps.now(),
                )
            )
            self.counts[who] += 1
        return key


async def _forget_unsent(session: AsyncSession, release_id: int) -> None:
    """Whose message was withdrawn before it left, as its change was taken back, has heard nothing."""
    sent = exists().where(Outbox.workspace_id == Heard.workspace_id, Outbox.key == Heard.effect)
    withdrawn = delete(Heard).where(Heard.release_id == release_id, Heard.what != Hearing.QUIET, ~sent)
    await session.execute(withdrawn, execution_options={"synchronize_session": False})
