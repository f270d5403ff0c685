"""Answers in threads, where slash commands do not work: somebody names the bot in a message and asks.

Everybody in the channel reads the answer, so it holds what that channel may see: nothing restricted. Where people from outside read,
only the one who asked sees it.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Message, Nothing, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from domain.dates import read_day
from domain.errors import BadInput, NotAllowed
from domain.mentions import Mentioned, Wish, read_mention
from domain.phrases import say_day, say_time
from domain.sources import Answering
from handlers.releases import lately, reading, sharing, understanding, views_card, views_mentions, worded
from handlers.releases.asked import Asked
from handlers.releases.understanding import Meant
from models.finding import this_workspace

WEEK = timedelta(days=7)
TRACES = ("edited", "bot_id", "subtype")  # an edited message comes again under a new id; a bot's and a joining one ask nothing


async def answer_mention(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`@Tendon status NAME`, `when NAME`, `late`, `mine`, `what changed`, `help`: one answer a message."""
    if any(request.event.get(trace) for trace in TRACES) or not request.person:
        return Nothing()
    if request.actor.is_outside:
        raise NotAllowed("Only people of this company can ask me. Ask whoever invited you.")
    if not request.actor.is_known:
        raise NotAllowed("I do not know you yet. Ask again in a minute.")
    said = read_mention(str(request.event.get("text", "")), (await this_workspace(session)).bot_slack_id)
    readers = await sharing.readers_in(session, request, request.channel or "")
    is_private = (await access.place_of(session, request.channel)).answering is not Answering.IN_PLACE
    if is_private:  # a private answer is in the words for its reader, one in a thread in those for the channel
        readers = replace(readers, faces_customers=request.actor.faces_customers)
    message, is_answer = await _answered(session, request, deps, readers, said)
    if message is None:
        return Nothing()
    if is_private or not is_answer:
        return Say(message)
    ts = str(request.event.get("ts", ""))
    thread = str(request.event.get("thread_ts") or ts)
    await deps.outbox.post(session, f"mention:{request.channel}:{ts}", str(request.channel), message, thread=thread)
    return Nothing()


async def _answered(session: AsyncSession, request: Request, deps: Deps, readers: Actor, said: Mentioned) -> tuple[Message | None, bool]:
    """The message, and whether it answers: what was not understood is told to who asked alone. None for thanks."""
    prefix = deps.settings.command_prefix
    match said.wish:
        case Wish.HELP:
            return views_mentions.help_in_thread(prefix), True
        case Wish.NOTHING if not await understanding.readings(session, readers, said.about):
            return None, False
        case Wish.CHANGED:
            return await _changed(session, request, deps, readers, said)
        case Wish.STATUS if not said.about:
            return await _list(session, request, deps, readers, Asked()), True
    found = await understanding.readings(session, readers, said.about)
    if not found:  # "when" and the like may be the first word of a name
        found = await understanding.readings(session, readers, said.typed)
    if len(found) > 1 and said.wish is Wish.WHEN:
        found = [each for each in found if each.release][:1] or found
    word = said.about.partition(" ")[0].casefold()
    verb = next((verb for verb in deps.slices.commands["/release"].verbs if verb.name == word), None)
    if not found and verb and said.wish is Wish.UNKNOWN:
        return views_mentions.not_here(verb.name, verb.usage, prefix), False
    if len(found) != 1:
        return await _unclear(session, readers, said, found), False
    return await _about(session, request, deps, readers, found[0], is_when=said.wish is Wish.WHEN), True


async def _about(session: AsyncSession, request: Request, deps: Deps, readers: Actor, meant: Meant, *, is_when: bool) -> Message:
    if not meant.release:
        return await _list(session, request, deps, readers, meant.asked or Asked())
    card = replace(await reading.card_of(session, readers, deps, meant.release), shared_by=_asker(request))
    return views_mentions.when(card) if is_when and not readers.faces_customers else worded.card(readers, card)


async def _list(session: AsyncSession, request: Request, deps: Deps, readers: Actor, asked: Asked) -> Message:
    page = await reading.page_of(session, readers, request.channel, deps, asked.of(request.person))
    return await worded.listing(session, readers, replace(page, shared_by=_asker(request)))


def _asker(request: Request) -> str:
    return f"asked by {request.actor.name or 'a colleague'}"


async def _changed(session: AsyncSession, request: Request, deps: Deps, readers: Actor, said: Mentioned) -> tuple[Message, bool]:
    """Of a release its dates; of a team, or in all, what changed in a week or since a day."""
    if readers.faces_customers:
        return Message("Here I say only what customers may be told. Name me with a release, such as `when NAME`."), False
    now, team, about = deps.now(), None, ""
    since, named = now - WEEK, said.about
    day = _since(named, deps, readers)
    if day:
        since, named = day, ""
    if named:
        found = await understanding.readings(session, readers, named)
        meant = next((each for each in found if each.release or (each.asked and each.asked.team and not each.asked.word)), None)
        if meant is None:
            return await _unclear(session, readers, said, []), False
        if meant.release:
            return views_card.history(await reading.card_of(session, readers, deps, meant.release)), True
        team, about = (meant.asked or Asked()).team, f" in {meant.label}"
    lines, total = await lately.lately(session, since, readers.zone, team, views_mentions.MOST)
    from_day = say_day(since.astimezone(ZoneInfo(readers.zone)).date())
    return views_mentions.changed(lines, total, from_day, about, say_time(now, readers.zone)), True


def _since(words: str, deps: Deps, readers: Actor) -> datetime | None:
    """The beginning of a day that has passed: "since Monday", "this week", "yesterday"."""
    text = words.casefold().removeprefix("since ").strip()
    today = deps.today(readers.zone)
    try:
        day = today - timedelta(days=today.weekday()) if text == "this week" else read_day(text, today, past=True) if text else None
    except BadInput:
        return None
    return datetime.combine(day, time(), ZoneInfo(readers.zone)) if day and day <= today else None


async def _unclear(session: AsyncSession, readers: Actor, said: Mentioned, found: list[Meant]) -> Message:
    if len(found) > 1:
        return views_mentions.not_understood(said.about, [f"the {each.kind} {each.label}" for each in found])
    releases, teams, filters = await understanding.near(session, readers, said.about or said.typed)
    return views_mentions.not_understood(said.about or said.typed, [*releases, *teams, *filters][:3])


EVENTS = {"app_mention": answer_mention}
