"""When those who asked for a release are told: from which stage on, and whether that waits for an announcement."""

import re

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answerable import may_change_release
from bot.answers import Answer, Open, Say
from bot.behind import release_behind
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput, NotAllowed
from domain.facts import ReportersDue
from domain.loop import Hearing, has_reached
from domain.releases import Stage
from domain.words import plain, tidy
from handlers.loop import telling, views_forms
from handlers.loop.pieces import brought, people_of
from handlers.loop.views_forms import When
from models import Heard, Release, Telling
from models.adding import find_or_add
from models.finding import find_release, look_for_release

_STAGE = re.compile(rf"\s+(?:at|from|in|to)\s+({'|'.join(Stage)})$", re.IGNORECASE)
_WORD = re.compile(r"\s+(hold|held|wait|later|now|announced)$", re.IGNORECASE)
_HOLDS = ("hold", "held", "wait", "later")


async def set_by_words(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`tell NAME [at beta|limited|everyone] [hold|now]`. With a name alone the form shows how it stands."""
    access.may_change(request.actor)
    seen = access.seen_releases(request.actor)
    text = plain(tidy(request.text))
    if not text:
        raise BadInput({"text": "Say of which release: `/customer-feedback tell Billing revamp at beta`. Nothing was changed."})
    whole = await look_for_release(session, text, seen)
    if whole is not None:
        return Open(views_forms.when(await _when(session, whole), request.origin))
    word = _WORD.search(text)
    rest = text[: word.start()] if word else text
    stage = _STAGE.search(rest)
    release = await find_release(session, rest[: stage.start()] if stage else rest, seen)
    if word and word[1].casefold() in ("now", "announced"):
        return await _set(session, request, deps, release, None, False)
    return await _set(session, request, deps, release, stage[1].casefold() if stage else None, word is not None)


@reads
async def open_when(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return Open(views_forms.when(await _when(session, await release_behind(session, request.value, request.actor)), request.origin))


async def save_when(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release = await release_behind(session, request.metadata.get("release"), request.actor)
    is_held = "hold" in (request.state.get("hold") or [])
    return await _set(session, request, deps, release, request.state.get("stage") or Stage.EVERYONE, is_held)


async def tell_now(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return await _set(session, request, deps, await release_behind(session, request.value, request.actor), None, False)


async def _set(session: AsyncSession, request: Request, deps: Deps, release: Release, stage: str | None, is_held: bool) -> Answer:
    await may_change_release(session, request.actor, release)
    if stage is not None and stage not in list(Stage):
        raise BadInput({"stage": "Pick from when on they are told. Nothing was changed."})
    mine = select(Telling).where(Telling.release_id == release.id).with_for_update()
    row = await find_or_add(session, mine, lambda: Telling(release_id=release.id, stage=Stage.EVERYONE.value, is_held=False))
    told = await _told(session, release.id)
    if stage and told and not has_reached(row.stage, stage):
        raise NotAllowed(f"{told} of those who asked were told already, so it cannot wait for a later stage. Nothing was changed.")
    row.stage, row.is_held = stage or row.stage, is_held
    await session.flush()
    if not is_held:
        change = await telling.last_staged(session, release.id)
        fact = ReportersDue(key=f"reporters:{request.key}", release_id=release.id, change_id=change.id if change else None)
        await deps.tell(session, fact)
    return Say(views_forms.when_set(await _when(session, release)))


async def _when(session: AsyncSession, release: Release) -> When:
    row = await telling.told_at(session, release.id)
    asked = people_of(await brought(session, release.id))
    is_out = has_reached(release.stage, row.stage)
    return When(release.id, release.name, row.stage, row.is_held, len(asked), await _told(session, release.id), is_out)


async def _told(session: AsyncSession, release_id: int) -> int:
    heard = select(func.count(Heard.person.distinct())).where(Heard.release_id == release_id, Heard.what == Hearing.SHIPPED)
    return await session.scalar(heard) or 0
