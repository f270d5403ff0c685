"""Setting what customers may be told, and saying that it is still true."""

import json
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.behind import release_behind
from bot.deps import Deps
from bot.hearers import may_hear
from bot.requests import Actor, Request
from bot.slices import reads
from domain.errors import BadInput, NotAllowed, NotFound
from domain.phrases import say_day
from domain.sayings import LONGEST, Told, read_told, read_words
from domain.spans import Precision, precision_of, span, written
from domain.words import plain
from handlers.saying import views
from handlers.saying.loading import about, full, name_of, readers, saying_of
from handlers.saying.views import Draft
from models import Awaited, Release, Saying
from models.finding import at_work, look_for_release, no_such, release_names
from models.saying import WORDS

LONGEST_OPENING = 12  # words of a name
NOTHING_YET = "Write what customers may be told. As long as there is nothing, nothing may be promised."
NOT_YOURS = "Whoever owns the release sets what customers may be told. Open it and press *Ask the owner*. Nothing was changed."


async def say_words(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`say NAME "WORDS" [for DATE]`; what is missing or unclear is asked for in the form."""
    _may_say(request.actor)
    release, told, note = await _named(session, request, read_told(request.text, await at_work(session, deps.today(request.actor.zone))))
    if release and told.words and told.choices and len(told.words) <= LONGEST:
        return Say(views.which_day(told.unread, told.choices, {"release": release.id, "words": told.words}))
    note = note or told.unread
    if release and told.words and not note:
        try:
            return await _keep(session, request, deps, release, told.words, told.on, is_frank=None)
        except BadInput as wrong:
            note = wrong.sentence
    words = told.words or ("" if release or not told.name else plain(request.text))
    if release is None and not told.words and (begun := await _begun(session, request)):
        (release, words), note = begun, "Are these the words? They are saved when you press Save."
    return Open(await _form(session, request, release, words, told.on, note))


async def pick_day(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """One of the two days that a line could mean."""
    _may_say(request.actor)
    try:
        carried = dict(json.loads(request.value or ""))
        words, on = str(carried["words"]), date.fromisoformat(carried["on"])
    except (ValueError, KeyError, TypeError):
        raise NotFound("That button is too old to be read. Type the command once more.") from None
    release = await release_behind(session, carried.get("release"), request.actor, lock=True)
    return await _keep(session, request, deps, release, words, on, is_frank=None)


async def _named(session: AsyncSession, request: Request, readings: tuple[Told, ...]) -> tuple[Release | None, Told, str]:
    """The release of the first reading whose name is known, locked; else why there is none."""
    seen = access.seen_releases(request.actor)
    for told in readings:
        if told.name and (found := await look_for_release(session, told.name, seen, lock=True)):
            return found, told, ""
    first = readings[-1] if len(readings) > 1 else readings[0]
    return None, first, no_such("release", first.name, await release_names(session, seen)) if first.name else ""


async def _begun(session: AsyncSession, request: Request) -> tuple[Release, str] | None:
    """The longest beginning of a line that is a name, and the rest: words that were typed without quotes. The form asks, as it may be cut
    elsewhere."""
    said, seen = plain(request.text).split(), access.seen_releases(request.actor)
    for n in range(min(len(said) - 1, LONGEST_OPENING), 0, -1):
        with suppress(NotFound):
            if found := await look_for_release(session, " ".join(said[:n]), seen):
                return found, " ".join(said[n:])
    return None


@reads
async def open_form(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    _may_say(request.actor)
    return Open(await _form(session, request, await release_behind(session, request.value, request.actor)))


async def _form(
    session: AsyncSession, request: Request, release: Release | None, words: str = "", on: date | None = None, note: str = ""
) -> dict[str, Any]:
    """What was typed wins over what is kept."""
    known = (await session.scalars(select(Saying).where(Saying.release_id == release.id))).one_or_none() if release else None
    on = on or (known.due if known else None)
    draft = Draft(
        about=about(release) if release else None,
        words=words or (known.words if known else ""),
        on=span(on, Precision.DAY) if on else None,
        precision=precision_of(on).value if on else Precision.QUARTER.value,
        is_frank=known is not None and known.is_frank,
        note=note,
        readers=await readers(session),
    )
    return views.form(draft, request.origin)


async def save_form(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    _may_say(request.actor)
    state = request.state
    release = await release_behind(session, request.metadata.get("release") or state.get("release"), request.actor, lock=True)
    on = date.fromisoformat(state["date"]) if state.get("date") else None
    on = span(on, state.get("sure") or Precision.QUARTER) if on else None
    return await _keep(session, request, deps, release, state.get("words"), on, is_frank=views.FRANK in (state.get("frank") or ()))


async def _keep(
    session: AsyncSession, request: Request, deps: Deps, release: Release, words: str | None, on: date | None, *, is_frank: bool | None
) -> Answer:
    """`is_frank` None: as it was. Raises BadInput{"words"}."""
    words = read_words(words)
    saying = await saying_of(session, release.id)
    if not words and not saying.words:
        raise BadInput({"words": NOTHING_YET})
    now = deps.now()
    saying.words, saying.target_on, saying.precision = words, None, Precision.QUARTER.value
    if words and on:
        saying.target_on, saying.precision = span(on, Precision.DAY), precision_of(on).value
    saying.is_frank = saying.is_frank if is_frank is None else is_frank
    saying.said_by, saying.said_at, saying.checked_at, saying.doubted_at = request.person, now, now, None
    told = await _tell_who_asked(session, deps, release, saying, request.person)
    if release.owner and release.owner != request.person and await may_hear(session, release, [release.owner]):
        notice = views.set_by_another(about(release), full(saying), await name_of(session, request.person))
        await deps.outbox.post(session, f"saying:set:{saying.id}:{request.key}"[:200], release.owner, notice)
    return Say(views.kept(about(release), full(saying), await readers(session), told))


async def still_true(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Confirms the words at the date that the message showed. One that is older asks again."""
    _may_say(request.actor)
    try:
        shown = dict(json.loads(request.value or ""))
    except (ValueError, TypeError):
        raise NotFound("That button is too old to be read. Open the release to see what may be said.") from None
    release = await release_behind(session, shown.get("release"), request.actor, lock=True)
    saying = await saying_of(session, release.id)
    if carried(release, saying) != shown:
        why = f"It changed since you were asked: it is planned for {say_day(release.due)}."
        return Say(views.check(about(release), full(saying), why, carried(release, saying), "Nothing was confirmed yet"), replace=True)
    saying.checked_at, saying.doubted_at = deps.now(), None
    told = await _tell_who_asked(session, deps, release, saying, request.person)
    return Say(views.confirmed(about(release), full(saying), told), replace=True)


def carried(release: Release, saying: Saying) -> dict[str, Any]:
    """What *Still true* confirms: these words at this date."""
    return {"release": release.id, "said": int(saying.said_at.timestamp()) if saying.said_at else 0, "on": written(release.due)}


async def _tell_who_asked(session: AsyncSession, deps: Deps, release: Release, saying: Saying, actor: str) -> int:
    """Who asked for the words hears them, once; how many that is."""
    asked = select(Awaited).where(Awaited.release_id == release.id, Awaited.what == WORDS).order_by(Awaited.id)
    waiting = {row.person: row.id for row in await session.scalars(asked) if row.person != actor}
    may = await may_hear(session, release, list(waiting))
    for person in (person for person in waiting if person in may):
        await deps.outbox.post(session, f"saying:answer:{waiting[person]}", person, views.answer(about(release), full(saying)))
    gone = delete(Awaited).where(Awaited.release_id == release.id, Awaited.what == WORDS)
    await session.execute(gone, execution_options={"synchronize_session": False})
    return len(may)


def _may_say(actor: Actor) -> None:
    access.may_change(actor)
    if actor.faces_customers:
        raise NotAllowed(NOT_YOURS)
