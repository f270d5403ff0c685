"""Lines about what a release is called, how far it has reached, who sees it and what is in it: "NAME to NEW", "WORK out of NAME".

A name may hold the very word at which a line could be cut, so each reader gives all readings, the longest name first: the one whose
name is known is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain.errors import BadInput
from domain.nearest import fold
from domain.releases import Stage
from domain.tails import BEFORE_DATES, Line, cut_sure, name_of, reason_of, weak_cuts
from domain.words import Mention, is_mention, read_group, read_user, split_quoted

_MOST = 12  # places at which a line is tried
_TO = ("to", "into", "->", "=>", "-&gt;", "=&gt;", "→")
_STAGES = {
    Stage.INTERNAL: {"internal", "internally", "dogfood", "staff", "us", "internal users"},
    Stage.BETA: {"beta", "open beta", "private beta", "closed beta", "public beta", "preview", "early access", "pilot"},
    Stage.LIMITED: {"limited", "some", "some customers", "limited availability", "partial", "partly", "gradual"},
    Stage.EVERYONE: {"everyone", "everybody", "all", "all customers", "ga", "general availability", "generally available", "public"},
}
_BY_WORD = {word: stage for stage, words in _STAGES.items() for word in words}
_EVERYBODY = {"everyone", "everybody", "all", "the whole workspace", "the workspace", "anyone", "nobody", "no one"}
_JOINS = frozenset({*_TO, "is", "at", "in", "now", "for", "-", ":", "=", "reached", "stage"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A release by name and something beside it: a new name, another name, another release, a piece of work."""

    name: str | None = None
    other: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Staged:
    """`stage NAME beta on DATE`."""

    name: str | None = None
    stage: Stage | None = None
    day: date | None = None
    reason: str | None = None
    unread: str = ""  # what is wrong with its day
    choices: tuple[date, ...] = ()  # where that is that it can be either of two


@dataclass(frozen=True, slots=True)
class Kept:
    """`restrict NAME to @pia and @paul`; `everybody` lifts it."""

    name: str | None = None
    people: tuple[Mention, ...] = ()
    everybody: bool = False
    unread: str = ""


def read_rename(text: str) -> tuple[Pair, ...]:
    """`rename NAME to NEW`."""
    return _pairs(text, (*_TO, "as"))


def read_alias(text: str) -> tuple[Pair, ...]:
    """`alias NAME as OTHER`, also `alias OTHER for NAME`."""
    turned = _turned(pair for pair in _pairs(text, ("for", "of")) if pair.other)
    return _longest_first([*_pairs(text, ("as", "aka", "=", *_TO)), *turned])


def read_unalias(text: str) -> tuple[Pair, ...]:
    """`unalias OTHER`, also `unalias NAME as OTHER` and `unalias OTHER from NAME`."""
    turned = _turned(pair for pair in _pairs(text, ("for", "of", "from")) if pair.other)
    return _longest_first([*_pairs(text, ("as", "aka", "=", *_TO)), *turned])


def read_duplicate(text: str) -> tuple[Pair, ...]:
    """`duplicate NAME of NAME`: the first is closed."""
    return _pairs(text, ("of", "=", "is", *_TO))


def read_put_in(text: str) -> tuple[Pair, ...]:
    """`add WORK to NAME because REASON`."""
    return _longest_first([*_turned(_with_reasons(text, _TO)), *_alone(text)])


def read_taken_out(text: str) -> tuple[Pair, ...]:
    """`take WORK out of NAME because REASON`."""
    return _longest_first([*_turned(_with_reasons(text, ("out of", "from", "off"))), *_alone(text)])


def _pairs(text: str, joins: tuple[str, ...]) -> tuple[Pair, ...]:
    """All places where one of these words parts two names; last the whole line as one name."""
    name, rest = split_quoted(text)
    head, reason = cut_sure(rest)
    if name is not None:
        other = next((head[len(join) :] for join in joins if head.casefold().startswith(f"{join} ")), head)
        return (Pair(name, name_of(other), reason),)
    found = [Pair(name_of(before), name_of(after), reason) for before, after in _parted(head, joins)]
    return _longest_first([*(pair for pair in found if pair.name and pair.other), Pair(name_of(head), None, reason)])


def _parted(text: str, joins: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    line = Line(text)
    places = 0
    for n in range(1, len(line) - 1):
        for join in joins:
            length = join.count(" ") + 1
            if line.piece(n, n + length).casefold() == join and n + length < len(line):
                yield line.piece(0, n), line.piece(n + length)
                places += 1
                break
        if places == _MOST:
            return


def _with_reasons(text: str, joins: tuple[str, ...]) -> list[Pair]:
    """What stands before and after a joining word, with the reason that may end the line."""
    head, sure = cut_sure(text.strip())
    cuts: Iterable[tuple[str, str | None]] = [(head, sure)] if sure else [*weak_cuts(head), (head, None)]
    found = [Pair(_unquoted(before), _unquoted(after), reason) for h, reason in cuts for before, after in _parted(h, joins)]
    return [pair for pair in found if pair.name and pair.other]


def _alone(text: str) -> list[Pair]:
    head, reason = cut_sure(text.strip())
    return [Pair(None, _unquoted(head), reason)]


def _unquoted(text: str) -> str | None:
    name, rest = split_quoted(text)
    return name_of(name) if name is not None and not rest else name_of(text)


def _turned(pairs: Iterable[Pair]) -> list[Pair]:
    return [Pair(pair.other, pair.name, pair.reason) for pair in pairs]


def _longest_first(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(dict.fromkeys(pairs), key=lambda pair: -len(pair.name or "")))


def read_staged(text: str, today: date) -> tuple[Staged, ...]:
    """`stage NAME beta [on DATE] [because REASON]`: a word of a stage that ends the line, or that a day or a reason follows."""
    name, rest = split_quoted(text)
    head, reason = cut_sure(rest)
    line = Line(head)
    found = []
    for start, end in _stage_places(line):
        stage = _BY_WORD.get(fold(line.piece(start, end)))
        after = _after_stage(line, end, today) if stage else None
        before = name_of(_before(line, start))
        if stage and after and (before or name is not None):
            day, weak, wrong = after
            told = Staged(name or before, stage, day, reason or weak, wrong.sentence if wrong else "", getattr(wrong, "choices", ()))
            found.append(told)
            if name is None:  # "Open beta on Friday" may be the stage of Open, or a day of Open beta
                found.append(replace(told, name=name_of(line.piece(0, end)), stage=None))
    found.append(Staged(name or name_of(head), None, None, reason))
    return tuple(sorted(found, key=lambda said: -len(said.name or "")))


def _stage_places(line: Line) -> Iterator[tuple[int, int]]:
    for start in range(min(len(line), 60) - 1, -1, -1):
        for end in range(min(start + 2, len(line)), start, -1):
            yield start, end


def _before(line: Line, end: int) -> str:
    while end > 0 and line.word(end - 1) in _JOINS:
        end -= 1
    return line.piece(0, end)


def _after_stage(line: Line, end: int, today: date) -> tuple[date | None, str | None, BadInput | None] | None:
    """The day and the reason that follow; None when neither does, and the word was part of a name."""
    start = end
    while start < len(line) and line.word(start) in BEFORE_DATES:
        start += 1
    if start == len(line):
        return None, None, None
    dated = start + 1 if line.word(start) == "since" and start + 1 < len(line) else start
    if day := line.day_from(dated, today, past=True):
        return day.day, reason_of(line.piece(day.end)), day.error
    is_reason = start > end or line.word(end - 1)[-1] in ":;,-" or line.word(end) in {"since", "as"}
    return (None, reason_of(line.piece(end)), None) if is_reason else None


def read_kept(text: str) -> Kept:
    """`restrict NAME to @pia and @paul`; `unread` says of the first word among the people that it is nobody."""
    name, rest = split_quoted(text)
    line = Line(rest)
    first = next((n for n in range(len(line)) if line.word(n).startswith(("<@", "@", "<!subteam"))), None)
    if first is None:
        return _for_everybody(name, line)
    said = name if name is not None else name_of(_before(line, first))
    people: list[Mention] = []
    unread = ""
    for word in line.piece(first).replace("><", "> <").replace(",", " ").split():
        if word.casefold().strip(".;") in ("", "and", "plus", "with", "&amp", "&"):
            continue
        try:
            people.append(_person(word))
        except BadInput as wrong:
            unread = unread or wrong.sentence
    return Kept(said, tuple(dict.fromkeys(people)), unread=unread)


def _person(word: str) -> Mention:
    if group := read_group(word):
        return group
    if not is_mention(word.rstrip(".;:!?")) or word.startswith(("<#", "#")):
        raise BadInput({"people": f'I could not read "{word[:60]}" as a person. Name people or user groups, with @.'})
    return read_user(word, "people")


def _for_everybody(name: str | None, line: Line) -> Kept:
    for n in range(len(line)):
        if fold(line.piece(n)) in _EVERYBODY and (n or name is not None):
            return Kept(name if name is not None else name_of(_before(line, n)), everybody=True)
    return Kept(name if name is not None else name_of(line.text))
