"""What a slice declares, and the table that all slices make together. Built once at start; a name claimed twice is a mistake of ours."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer
from domain.facts import Fact

Listener = Callable[..., Awaitable[Answer]]  # (session, request, deps) -> Answer
F = TypeVar("F", bound=Callable[..., Any])


def reads(listener: F) -> F:
    """Mark a listener that changes nothing: it claims no key and waits for no writer."""
    listener.__reads__ = True  # type: ignore[attr-defined]
    return listener


def is_reading(listener: Listener) -> bool:
    return getattr(listener, "__reads__", False)


@dataclass(frozen=True, slots=True)
class Verb:
    """`/release move NAME to DATE`: the word, what it does in one line, how it is typed, and what else people call it."""

    name: str
    run: Listener
    says: str
    usage: str = ""
    example: str = ""
    synonyms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()  # of several words, where nothing else follows but when, or of whom


@dataclass(frozen=True)
class Command:
    """A slash command. `bare` answers it said alone, `otherwise` when its first word is no verb; without them it shows its help.

    Another slice may add verbs of its own: `VERBS = {"/release": (Verb(...),)}`.
    """

    name: str
    says: str
    verbs: tuple[Verb, ...] = ()
    bare: Listener | None = None
    otherwise: Listener | None = None

    @cached_property
    def by_word(self) -> dict[str, Verb]:
        """Every verb by its name and its synonyms; of two that share one the first."""
        return {word: verb for verb in reversed(self.verbs) for word in (*verb.synonyms, verb.name)}


@dataclass(frozen=True, slots=True)
class Job:
    """Something done by the clock. `run(session, deps)` in one transaction a workspace; it may run twice, late, or in five replicas."""

    name: str
    run: Callable[[AsyncSession, Any], Awaitable[None]]
    every: float = 30.0
    patience: float = 60.0


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A button in the menu of `/tendon`."""

    label: str
    action_id: str
    rank: int
    says: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """A slice's part of a page that another slice draws, such as a section of the digest. Smaller ranks come first."""

    rank: int
    run: Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Slices:
    """Everything that the app answers to, by name."""

    commands: Mapping[str, Command] = field(default_factory=dict)
    shortcuts: Mapping[str, Listener] = field(default_factory=dict)
    actions: Mapping[str, Listener] = field(default_factory=dict)
    views: Mapping[str, Listener] = field(default_factory=dict)
    options: Mapping[str, Listener] = field(default_factory=dict)
    events: Mapping[str, tuple[Listener, ...]] = field(default_factory=dict)
    jobs: tuple[Job, ...] = ()
    effects: Mapping[str, Any] = field(default_factory=dict)
    subscribers: Mapping[type[Fact], tuple[Any, ...]] = field(default_factory=dict)
    menu: tuple[MenuItem, ...] = ()
    digest: tuple[Contribution, ...] = ()
    home: tuple[Contribution, ...] = ()
    greet: tuple[Contribution, ...] = ()  # what stands above the menu of `/tendon` for its reader
    routes: tuple[Any, ...] = ()
    cli: tuple[Any, ...] = ()


def together(modules: Iterable[ModuleType]) -> Slices:
    """Join what the slices declare. Raises ValueError when two claim one name."""
    found = list(modules)

    def once(name: str) -> dict[str, Any]:
        joined: dict[str, Any] = {}
        for module in found:
            for key, value in getattr(module, name, {}).items():
                if key in joined:
                    raise ValueError(f"{module.__name__} claims {key} in {name}, which is taken")
                joined[key] = value
        return joined

    def many(name: str) -> dict[Any, tuple[Any, ...]]:
        joined: dict[Any, tuple[Any, ...]] = {}
        for module in found:
            for key, value in getattr(module, name, {}).items():
                joined[key] = (*joined.get(key, ()), *(value if isinstance(value, Sequence) else (value,)))
        return joined

    def listed(name: str) -> list[Any]:
        return [entry for module in found for entry in getattr(module, name, ())]

    commands = {command.name: command for command in listed("COMMANDS")}
    if len(commands) != len(listed("COMMANDS")):
        raise ValueError("two slices claim one command")
    return Slices(
        commands=_with_verbs(commands, many("VERBS")),
        shortcuts=once("SHORTCUTS"),
        actions=once("ACTIONS"),
        views=once("VIEWS"),
        options=once("OPTIONS"),
        events=many("EVENTS"),
        jobs=tuple(listed("JOBS")),
        effects=once("EFFECTS"),
        subscribers=many("ON"),
        menu=tuple(sorted(listed("MENU"), key=lambda item: item.rank)),
        digest=tuple(sorted(listed("DIGEST"), key=lambda part: part.rank)),
        home=tuple(sorted(listed("HOME"), key=lambda part: part.rank)),
        greet=tuple(sorted(listed("GREET"), key=lambda part: part.rank)),
        routes=tuple(listed("ROUTES")),
        cli=tuple(listed("CLI")),
    )


def _with_verbs(commands: dict[str, Command], verbs: Mapping[str, tuple[Verb, ...]]) -> dict[str, Command]:
    """Commands with what other slices add to them."""
    if unknown := verbs.keys() - commands.keys():
        raise ValueError(f"a slice adds verbs to {', '.join(sorted(unknown))}, which no slice has")
    return {name: replace(command, verbs=(*command.verbs, *verbs.get(name, ()))) for name, command in commands.items()}
