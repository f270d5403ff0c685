"""Looking at releases: the list, one card, its history. Nothing here writes; every answer is private to who asked."""

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.answers import Answer, Message, Open, Say
from bot.commands import unknown
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.seeing import judged_releases, one_release
from bot.slices import MenuItem, Verb, reads
from domain.dates import Unclear
from domain.errors import BadInput, NotFound
from domain.listed import Row, stands
from domain.periods import Ahead, read_past_day, splits
from domain.phrases import say_day, say_list
from domain.words import plain, tidy
from handlers.releases import ids, past, understanding, views_card, worded
from handlers.releases.affected import wanted_by
from handlers.releases.asked import Asked, chosen, read_asked
from handlers.releases.filters import ALL, MINE
from handlers.releases.understanding import Meant
from handlers.releases.views_card import Card
from handlers.releases.views_status import Page
from models import Follow, standing
from models.finding import find_release, team_of_channel
from models.history import read as read_history
from models.saying import saying_of

_OF = re.compile(r"^\s*(?:of|at|on)\b", re.IGNORECASE)
GONE = "That release is not here any more, or you may not see it. `/release status` lists what there is."


@reads
async def show_status(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release status [NAME|TEAM|@person|FILTER]`."""
    if not request.text.strip():
        return Say(await status_list(session, request, deps, Asked()))
    found = await understanding.readings(session, request.actor, request.text)
    if not found and past.AS_OF.search(request.text):
        whose, _, when = past.AS_OF.sub("\n", request.text, count=1).partition("\n")
        return await show_earlier(session, replace(request, text=f"{when} {whose}".strip()), deps)
    if not found:
        return Say(await _nothing_like(session, request, deps))
    return Say(await _meant(session, request, deps, found))


@reads
async def show_earlier(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release as of DATE [TEAM|@person|FILTER]`."""
    if not _OF.sub("", request.text).strip():
        return Say(Message("As of which day? Say it like this: /release as of 1 March. A team or a filter may follow."))
    try:
        day, found = await _day_and_whose(session, request, deps)
    except Unclear as unclear:
        buttons = [
            kit.button(say_day(day), f"{ids.FILTER}:{n}", Asked(on=day.isoformat()).value(), about="the list as of")
            for n, day in enumerate(unclear.choices)
        ]
        return Say(Message(kit.safe(unclear.sentence), [kit.section(kit.safe(unclear.sentence)), kit.actions(*buttons)]))
    if any(each.release for each in found):
        release = next(each.release for each in found if each.release)
        return Say(worded.history(request.actor, await card_of(session, request.actor, deps, release)))
    asked = found[0].asked if found else None
    return Say(await status_list(session, request, deps, replace(asked or Asked(), on=day.isoformat())))


async def _day_and_whose(session: AsyncSession, request: Request, deps: Deps) -> tuple[date, list[Meant]]:
    """The day, and what the list is of. Raises Unclear and BadInput."""
    today, unread, unknown = deps.today(request.actor.zone), None, ""
    for head, tail in splits(_OF.sub("", request.text)):
        try:
            day = read_past_day(head, today) if head else None
        except (Unclear, Ahead):
            raise
        except BadInput as wrong:
            unread = unread or wrong
            continue
        found = await understanding.readings(session, request.actor, tail) if tail else []
        if day and (found or not tail):
            return day, found
        unknown = unknown or (tail if day else "")
    if unknown:
        raise NotFound(f'There is no team, person or filter "{kit.cut(unknown)}". Say the day alone, such as /release as of 1 March.')
    raise unread or BadInput({"as of": "No day was given."})


@reads
async def find_status(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release` and a word that is no verb: what it names, or the nearest of each kind."""
    found = await understanding.readings(session, request.actor, request.text)
    if found:
        return Say(await _meant(session, request, deps, found))
    if (alone := understanding.number_alone(request.text, deps.settings.command_prefix)) is not None:
        return Say(Message(alone))
    releases, teams, filters = await understanding.near(session, request.actor, request.text)
    command = deps.slices.commands["/release"]
    prefix = deps.settings.command_prefix
    said = unknown(command, request.text, prefix, [*releases, *teams, *filters])
    return Say(Message(said.text, [kit.section(kit.safe(said.text)), *_offers([*releases, *teams, *filters])]))


@reads
async def press_status(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The button of the menu, and of an offered name, which it carries."""
    return await show_status(session, replace(request, text=request.value or ""), deps)


@reads
async def turn_page(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The next twelve, or an earlier part of a history."""
    kept = carried(request.value)
    if "history" in kept:
        found = await card_of(session, request.actor, deps, number(kept["history"]))
        return Say(worded.history(request.actor, found, number(kept.get("at"))), replace=_is_private(request))
    return await choose(session, request, deps)


@reads
async def choose(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A filter of the list: it is redrawn where it stands, if only its reader sees it there."""
    return Say(await status_list(session, request, deps, read_asked(request.value)), replace=_is_private(request))


@reads
async def open_card(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Say(worded.card(request.actor, await card_of(session, request.actor, deps, number(request.value))))


@reads
async def open_more(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    found = await card_of(session, request.actor, deps, number(request.value))
    if not await worded.sees_inside(session, request.actor, found.facts.id):
        return Say(worded.card(request.actor, found))
    return Open(views_card.more(found, {**request.origin, "release": found.facts.id}))


@reads
async def show_history(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release history NAME`."""
    if not request.text.strip():
        return Say(Message("Whose history? Say it with a name: /release history NAME. /release status lists the names."))
    found = await understanding.readings(session, request.actor, request.text)
    release = next((each.release for each in found if each.release), None)
    if release is None:
        from_names = await find_release(session, request.text, access.seen_releases(request.actor))
        release = from_names.id
    return Say(worded.history(request.actor, await card_of(session, request.actor, deps, release)))


async def status_list(session: AsyncSession, request: Request, deps: Deps, asked: Asked) -> Message:
    """The list for whoever asks, in private."""
    return await worded.listing(session, request.actor, await page_of(session, request.actor, request.channel, deps, asked))


async def page_of(session: AsyncSession, viewer: Actor, channel: str | None, deps: Deps, asked: Asked, person: str = "") -> Page:
    """What of the open releases the viewer may see and asked for. `person` is who "mine" means, where it is not the viewer."""
    if viewer.faces_customers:  # which of them are late is not theirs to know, nor is the past
        asked = replace(asked, word=MINE if asked.is_mine else "", on="")
    is_whose = bool(asked.person) or asked.is_mine
    if asked.everywhere or asked.word == ALL or is_whose:
        asked, channel = replace(asked, team=None if asked.everywhere else asked.team), None
    here = None if asked.team else await team_of_channel(session, channel)
    team_id = here.id if here else asked.team
    now = deps.now()
    if asked.day:
        past.refuse_what_is_not_kept(asked.word)
        now = past.until(asked.day, now, viewer.zone)
        everything = await past.rows_then(session, viewer, now, team_id=team_id)
    else:
        everything = await judged_releases(session, viewer, now, team_id=team_id)
    theirs = [row for row in everything if row.facts.is_theirs] if team_id else everything
    rows = chosen(theirs, asked, person or viewer.slack_id, asked.day or deps.today(viewer.zone))
    return Page(
        asked=replace(asked, team=team_id) if team_id else asked,
        rows=rows,
        elsewhere=len(everything) - len(theirs if rows and not asked.word and not is_whose else rows),
        now=now,
        zone=viewer.zone,
        whose=await understanding.name_of(session, asked, team_id),
        viewer=viewer.slack_id,
        prefix=deps.settings.command_prefix,
    )


async def card_of(session: AsyncSession, viewer: Actor, deps: Deps, release_id: int) -> Card:
    """All that a card shows. Raises NotFound when the viewer may not see it."""
    facts = await one_release(session, viewer, release_id)
    if facts is None:
        raise NotFound(GONE)
    history = await standing.told_of(session, release_id)
    now = deps.now()
    followed = select(Follow.id).where(Follow.release_id == release_id, Follow.person == viewer.slack_id)
    written = [value for row in history if row.field in ("owner", "readers") for value in (row.before, row.after) if value]
    people = [person for value in written for person in value.split()]
    same = [row.after for row in history if row.field == "duplicate" and row.after]
    moves, seen = await standing.work_moves(session, release_id), access.seen_releases(viewer)
    has_teams = any(row.field == "team" for row in history)
    return Card(
        row=Row(facts, stands(facts, now, deps.today(facts.zone or "UTC")), None),
        record=read_history(history),
        history=history,
        teams=await standing.work_by_team(session, release_id),
        moves=moves,
        promises=await standing.promises_around(session, release_id),
        noted=await standing.noted_by_team(session, release_id),
        now=now,
        zone=viewer.zone,
        is_followed=await session.scalar(followed) is not None,
        may_change=viewer.is_known and not viewer.is_guest and not viewer.is_outside,
        names=await standing.person_names(session, *people),
        team_names=await standing.team_names_by_id(session) if has_teams else {},
        saying=await saying_of(session, release_id),
        others=await standing.other_releases(session, same, seen),
        hidden=await standing.hidden_names(session, moves, seen),
        wanted=await wanted_by(session, viewer, release_id),
    )


async def _meant(session: AsyncSession, request: Request, deps: Deps, found: list[Meant]) -> Message:
    """The one that is meant; when two fit, both are offered."""
    if len(found) > 1:
        return _which(request.text.strip(), found)
    only = found[0]
    if only.release:
        return worded.card(request.actor, await card_of(session, request.actor, deps, only.release))
    return await status_list(session, request, deps, only.asked or Asked())


def _which(text: str, found: list[Meant]) -> Message:
    called = {each.kind: (each.kind, f"{each.kind} {kit.cut(each.label)}") for each in found if each.kind.startswith("R-")}
    labels = [called.get(each.kind, (f"The {each.kind}", f"a {each.kind}")) for each in found]
    said = f'"{kit.cut(text)}" is {say_list(say for _, say in labels)}. Which one?'
    buttons = [
        kit.button(label, f"{ids.OPEN}:{each.release}", str(each.release), about=each.label)
        if each.release
        else kit.button(label, f"{ids.FILTER}:{n}", (each.asked or Asked()).value(), about=each.label)
        for n, (each, (label, _)) in enumerate(zip(found, labels, strict=True))
    ]
    return Message(kit.safe(said), [kit.section(kit.safe(said)), kit.actions(*buttons)])


async def _nothing_like(session: AsyncSession, request: Request, deps: Deps) -> Message:
    """Nothing fits exactly: what was looked for, and the nearest of each kind."""
    if (alone := understanding.number_alone(request.text, deps.settings.command_prefix)) is not None:
        return Message(alone)
    releases, teams, filters = await understanding.near(session, request.actor, request.text)
    offers = [*releases, *teams, *filters]
    said = f'There is no release, team, person or filter "{kit.cut(_as_typed(request.text))}".'
    said += (
        f" Did you mean {say_list(offers, 'or')}?" if offers else f" /{deps.settings.command_prefix}release status all lists everything."
    )
    return Message(kit.safe(said), [kit.section(kit.safe(said)), *_offers(offers)])


def _offers(names: list[str]) -> list[dict[str, Any]]:
    """A button a name; each asks for its status."""
    buttons = [kit.button(kit.cut(name, 40), f"{ids.STATUS}:{n}", name, about="status") for n, name in enumerate(names[:5])]
    return [kit.actions(*buttons)] if buttons else []


def _as_typed(text: str) -> str:
    return plain(tidy(text))


def _is_private(request: Request) -> bool:
    """Whether the pressed message is seen by its reader alone; one that stands in a channel must not be rewritten for all."""
    return bool((request.body.get("container") or {}).get("is_ephemeral"))


def carried(value: str | None) -> dict[str, Any]:
    try:
        kept = json.loads(value or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def number(value: object) -> int:
    """A row id as a button carries it. Raises NotFound on anything else."""
    text = str(value if value is not None else 0)
    if not text.isdecimal() or len(text) > 15:
        raise NotFound(GONE)
    return int(text)


READ_VERBS = (
    Verb(
        "status",
        show_status,
        usage="[NAME | TEAM | @person | mine | late | red | amber | green | unconfirmed | this-week | next-month | all]",
        says="What is coming, late and stalled, or the card of one release. Only you see the answer.",
        example="/release status Billing revamp",
        synonyms=("when", "list", "show", "ls"),
    ),
    Verb(
        "as",
        show_earlier,
        usage="of DATE [TEAM | @person | mine | late | ...]",
        says="The list as it was on a day that has passed, from history.",
        example="/release as of 1 March",
        synonyms=("as-of", "asof"),
    ),
    Verb(
        "history",
        show_history,
        usage="NAME",
        says="Every date a release had: who, when, why, and the total slip.",
        example="/release history Billing revamp",
        synonyms=("dates", "log"),
    ),
)
READ_ACTIONS = {
    ids.OPEN: open_card,
    ids.MORE: open_more,
    ids.STATUS: press_status,
    ids.NEXT: turn_page,
    ids.FILTER: choose,
}
READ_MENU = (MenuItem("Release status", ids.STATUS, 10, "What is coming, late and stalled."),)
