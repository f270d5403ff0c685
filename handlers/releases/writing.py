"""The commands that change a release. Given in full they are saved at once; what is missing or unclear is asked for in a form.

Nothing is written from a line that can be read in two ways.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Request
from domain.dates import Unclear
from domain.errors import BadInput
from domain.grammar import Judged, Said, read_judged, read_move, read_named, read_new, read_owner, read_ship
from domain.lifecycle import read_name
from domain.releases import read_health
from domain.tails import name_of
from handlers.releases import changing, forms, guessing, making, people, staging, views, views_forms
from handlers.releases.asking import or_form
from handlers.releases.named import named, shown
from handlers.releases.views_forms import Draft
from handlers.releases.worded import sees_inside
from models import Release, Team
from models.finding import at_work, look_for_team, no_such, team_names, team_of_channel

NOT_COUNTED = "I count no days here, as dates inside the house are not shown to you. Pick the new day."


async def move_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    said, unread = await _read(session, read_move, request, deps)
    release, said, unknown = await named(session, said.readings(), request.actor, line=request.text)
    if (release is None or unread) and (counted := await guessing.moved_by(session, request, deps)):
        release, said, unread = counted
        unknown = ""
        if not await sees_inside(session, request.actor, release.id):
            said, unread = Said(said.name, None, said.reason), BadInput({"date": NOT_COUNTED})
    if release and isinstance(unread, Unclear):
        return _which_day(unread, {"do": "move", "release": release.id, "reason": said.reason or ""})

    async def form(note: str) -> Answer:
        if release:
            forms.refuse_closed(release)
        draft = Draft(on=said.day, reason=said.reason or "", note=note)
        return Open(views_forms.move(await forms.known_of(session, request, deps, release, draft), request.origin))

    if not release or not said.day or not (said.reason or release.target_on is None):
        return await form(_wrong(unknown, unread))
    return await or_form(form, changing.move(session, request, deps, release, said.day, said.reason or ""))


async def commit_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`commit NAME [to DATE]`: the day is promised from now on. One that was committed before moves, with a reason."""
    access.may_change(request.actor)
    said, unread = await _read(session, read_move, request, deps)
    release, said, unknown = await named(session, said.readings(), request.actor, line=request.text)
    if release and isinstance(unread, Unclear):
        return _which_day(unread, {"do": "commit", "release": release.id, "reason": said.reason or ""})

    is_inside = release is not None and await sees_inside(session, request.actor, release.id)
    on = said.day or (release.due if release and is_inside else None)

    async def form(note: str) -> Answer:
        if release:
            forms.refuse_closed(release)
        draft = Draft(on=on, reason=said.reason or "", note=note, commits=True)
        return Open(views_forms.move(await forms.known_of(session, request, deps, release, draft), request.origin))

    if not release or not on or unread:
        return await form(_wrong(unknown, unread))
    return await or_form(form, changing.commit(session, request, deps, release, on, said.reason or ""))


async def ship_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    today = deps.today(request.actor.zone)
    said, unread = await _read(session, read_ship, request, deps)
    release, said, unknown = await named(session, said.readings(), request.actor, line=request.text)
    if release is None and (staged := await staging.ship_to(session, request, deps)):
        return staged
    if release and isinstance(unread, Unclear):
        return _which_day(unread, {"do": "ship", "release": release.id})
    if not release or unread:
        note = _wrong(unknown, unread)
        draft = Draft(shown(release) if release else None, on=said.day or today, note=note)
        return Open(views_forms.ship(draft, request.origin))
    on = said.day or today
    if on > today and release.is_open:
        return Say(views.ship_or_move(shown(release), on, today, said.reason or ""))
    return await changing.ship(session, request, deps, release, min(on, today))


async def roll_back_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _with_reason(session, request, deps, changing.roll_back, views_forms.roll_back)


async def cancel_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await _with_reason(session, request, deps, changing.cancel, views_forms.cancel)


async def set_health(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    said = read_judged(request.text)
    whole = Judged(name_of(request.text))  # "Green energy" is a name, before it is energy that is green
    release, said, unknown = await named(session, (whole, said), request.actor, line=request.text, otherwise=said if said.name else None)
    reason, health = said.reason or "", said.health
    if release is None and (found := await guessing.with_last_words(session, request, said.name)):
        release, words = found
        unknown, health = _no_health(words), None

    async def form(note: str) -> Answer:
        if release:
            forms.refuse_closed(release)
        draft = Draft(shown(release) if release else None, health=health, reason=reason, note=note)
        return Open(views_forms.judge(draft, request.origin))

    if not release or not health:
        return await form(unknown)
    return await or_form(form, changing.judge(session, request, deps, release, health, reason))


async def set_owner(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    said = read_owner(request.text)
    release, said, unknown = await named(session, (said,), request.actor, line=request.text)
    words = ""
    if release is None and not said.user and (found := await guessing.with_last_words(session, request, said.name)):
        release, words = found

    async def form(note: str) -> Answer:
        return Open(views_forms.own(Draft(shown(release) if release else None, note=note), request.origin))

    async def give() -> Answer:
        assert release is not None
        who = await guessing.person_in_words(session, request, words) if words else await people.person_meant(session, said.user)
        return await people.hand_over(session, request, deps, release, who)

    return await or_form(form, give()) if release and (said.user or words) else await form(unknown)


async def new_release(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    said, unread = await _read(session, read_new, request, deps)
    said, team, note = await _team_meant(session, request, said)
    name = read_name(said.name) if said.name else ""
    if name and isinstance(unread, Unclear):
        return _which_day(unread, {"do": "new", "name": name, "team": team.id if team else None, "planned": said.is_planned})

    async def form(wrong: str) -> Answer:
        draft = Draft(name=name, on=said.day, team=str(team.id) if team else None, is_planned=said.is_planned, note=wrong)
        return Open(await forms.new_form(session, request, draft))

    if not name or not said.day or note:
        return await form(" ".join(filter(None, [unread.sentence if unread else "", note])))
    return await or_form(form, making.make(session, request, deps, name, said.day, team, request.person, is_planned=said.is_planned))


async def _read(session: AsyncSession, reader: Callable[..., Said], request: Request, deps: Deps) -> tuple[Said, BadInput | None]:
    """What the line says; where its day cannot be read, all the rest and why."""
    try:
        return reader(request.text, await at_work(session, deps.today(request.actor.zone))), None
    except BadInput as unread:
        return unread.partial if isinstance(unread.partial, Said) else Said(), unread


def _no_health(words: str) -> str:
    try:
        return f"{read_health(words).words} was said, but not so that I am sure. Pick it here."
    except BadInput as wrong:
        return wrong.sentence


def _wrong(unknown: str, unread: BadInput | None) -> str:
    """What the form says of a line: of its name, and of its day."""
    return " ".join(filter(None, (unknown, unread.sentence if unread else "")))


def _which_day(unclear: Unclear, carried: dict[str, Any]) -> Answer:
    return Say(views.which_day(unclear.sentence, unclear.choices, carried))


async def _with_reason(
    session: AsyncSession,
    request: Request,
    deps: Deps,
    deed: Callable[[AsyncSession, Request, Deps, Release, str], Awaitable[Answer]],
    view: Callable[[Draft, dict[str, str]], dict[str, Any]],
) -> Answer:
    """`rollback NAME because REASON`, `cancel NAME because REASON`."""
    access.may_change(request.actor)
    release, said, unknown = await named(session, read_named(request.text).readings(), request.actor, line=request.text)

    async def form(note: str) -> Answer:
        return Open(view(Draft(shown(release) if release else None, reason=said.reason or "", note=note), request.origin))

    return await or_form(form, deed(session, request, deps, release, said.reason or "")) if release else await form(unknown)


async def _team_meant(session: AsyncSession, request: Request, said: Said) -> tuple[Said, Team | None, str]:
    """The reading whose team is known, that team, and what is wrong if a team was named that nobody knows.

    Said in a team's channel without a team, that team is meant.
    """
    for reading in said.readings():
        if reading.team and (team := await look_for_team(session, reading.team)):
            return reading, team, ""
    if said.team:
        return said, None, no_such("team", said.team, await team_names(session))
    return said, await team_of_channel(session, request.channel), ""
