"""From typed words to a listener: the verb, a synonym of it, or what the command does otherwise. Help comes from the same table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import blockkit as kit
from bot.answers import Answer, Message, Say
from bot.requests import Request
from bot.slices import Command, Listener, Verb, is_reading, reads
from domain.nearest import nearest
from domain.words import tidy

HELP = ("help", "?", "hilfe", "aide")
_BEHIND = frozenset(["since", "in", "of", "for", "from", "on", "this", "last", "yesterday", "today", "the"])


@dataclass(frozen=True, slots=True)
class Route:
    """Whom to ask, and with which words."""

    run: Listener
    request: Request
    by: str

    @property
    def is_reading(self) -> bool:
        return is_reading(self.run)


def route(commands: Mapping[str, Command], request: Request, prefix: str = "") -> Route | None:
    """None when the command is not ours."""
    command = commands.get(f"/{request.name.removeprefix('/').removeprefix(prefix)}")
    if command is None:
        return None
    words = _tidy(request.text)
    first, rest = (*words.split(None, 1), "", "")[:2]
    verb = find_verb(command, first)
    if verb and _word(rest.strip()) in HELP:
        return Route(_help(command, verb.name, prefix), request, f"{command.name} help")
    if verb:
        return Route(verb.run, replace(request, text=rest.strip()), f"{command.name} {verb.name}")
    if phrase := find_phrase(command, words):
        verb, rest = phrase
        return Route(verb.run, replace(request, text=rest), f"{command.name} {verb.name}")
    if _word(first) in HELP:
        return Route(_help(command, rest, prefix), request, f"{command.name} help")
    if not words:
        return Route(command.bare or _help(command, "", prefix), replace(request, text=""), command.name)
    return Route(command.otherwise or _unknown(command, first, prefix), replace(request, text=words), command.name)


def find_verb(command: Command, word: str) -> Verb | None:
    return command.by_word.get(_word(word))


def find_phrase(command: Command, words: str) -> tuple[Verb, str] | None:
    """The verb that a line means which begins with no verb, "what changed since Monday", and the rest of the line."""
    said = tidy(words[:200])
    phrases = [(verb, phrase) for verb in command.verbs for phrase in verb.phrases]
    for verb, phrase in phrases:
        rest = said[len(phrase) :].strip(" .,!?…:")
        if said[: len(phrase)].casefold() == phrase and (not rest or rest.split()[0].casefold() in _BEHIND):
            return verb, rest
    return None


def help_of(command: Command, prefix: str = "", about: str = "") -> Message:
    """How a command is typed: all of it, or one verb with its example."""
    shown = f"/{prefix}{command.name.removeprefix('/')}"
    verb = next((found for word in about.split() if (found := find_verb(command, word))), None)
    verbs: Iterable[Verb] = (verb,) if verb else command.verbs
    lines = [(f"{shown} {each.name} {each.usage}".strip(), each) for each in verbs]
    text = "\n".join([f"{shown}: {command.says}", *(f"{typed}: {each.says}{_aside(each)}" for typed, each in lines)])
    blocks = [kit.section(f"*{shown}*  {kit.safe(command.says)}")]
    group = ""
    for typed, each in lines:
        line = f"`{kit.safe(typed)}`\n{kit.safe(each.says + _aside(each))}"
        if len(group) + len(line) > 2800:
            blocks.append(kit.section(group))
            group = ""
        group += f"{line}\n"
    blocks.append(kit.section(group or "Say it alone."))
    blocks.append(kit.context("Without details, a form asks for them. In threads, where Slack takes no commands, name me: `@Tendon help`."))
    return Message(text, blocks)


def unknown(command: Command, word: str, prefix: str = "", names: Iterable[str] = ()) -> Message:
    """The nearest of each kind is offered; nothing was written."""
    shown = f"/{prefix}{command.name.removeprefix('/')}"
    known = [each for verb in command.verbs for each in (verb.name, *verb.synonyms)]
    close = nearest(word.split(" ")[0], known, 1)
    verb = find_verb(command, close[0]) if close else None
    offers = [f"{shown} {verb.name}"] if verb else []
    near_names = nearest(word, names, 3)
    said = f'I do not know "{kit.cut(word, 40)}" here, so nothing was changed.'
    if offers:
        said += f" Did you mean {offers[0]}?"
    if near_names:
        said += f" Names like it: {', '.join(near_names)}."
    said += f" {shown} help lists everything."
    return Message(kit.safe(said))


def _aside(verb: Verb) -> str:
    example = f" Example: {verb.example}" if verb.example else ""
    also = f" Also: {', '.join([*verb.synonyms, *verb.phrases[:1]])}." if verb.synonyms else ""
    return f"{also}{example}"


def _help(command: Command, about: str, prefix: str) -> Listener:
    @reads
    async def show_help(session: AsyncSession, request: Request, deps: Any) -> Answer:
        return Say(help_of(command, prefix, about))

    return show_help


def _unknown(command: Command, word: str, prefix: str) -> Listener:
    @reads
    async def offer_nearest(session: AsyncSession, request: Request, deps: Any) -> Answer:
        return Say(unknown(command, word, prefix))

    return offer_nearest


def _tidy(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split(" ")).strip()


def _word(text: str) -> str:
    return text.casefold().strip(".,!:;").rstrip("?") or text
