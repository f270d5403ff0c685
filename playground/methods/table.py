"""The table of Web API methods: what each is called, which scopes, arguments and tier it has, and the checks before it runs."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playground.state import Channel, Json, Member

if TYPE_CHECKING:
    from playground.workspace import LocalSlack


class Refused(Exception):
    """The call is answered with `ok: false` and this error."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **extra}


def bad_arguments(*messages: str) -> Refused:
    return Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})


@dataclass(frozen=True)
class Token:
    kind: str  # bot, app, user
    scopes: frozenset[str] | None = None  # None: whatever the manifest grants now
    expires_at: float | None = None


@dataclass(frozen=True)
class Method:
    name: str
    run: Callable[["Ask"], Json]
    tier: int
    scopes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    token: str = "bot"


METHODS: dict[str, Method] = {}


def method(name: str, *, tier: int, scopes: tuple[str, ...] = (), needs: tuple[str, ...] = (), token: str = "bot") -> Callable[..., Any]:
    """Enters a function into the table. One of `scopes` is enough; `tier` 0 means one of Slack's special limits."""

    def enter(run: Callable[["Ask"], Json]) -> Callable[["Ask"], Json]:
        METHODS[name] = Method(name, run, tier, scopes, needs, token)
        return run

    return enter


@dataclass
class Ask:
    """One call: the workspace, who asks, and the arguments read as what they should be."""

    slack: "LocalSlack"
    args: Json
    token: Token = field(default_factory=lambda: Token("none"))
    basic: str = ""

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        if value is None:
            return default
        if isinstance(value, (dict, list)):
            raise bad_arguments(f"must be a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name, default)
        if isinstance(value, str):
            if value.lower() not in ("true", "false", "1", "0", ""):
                raise bad_arguments(f"must be a boolean [json-pointer:/{name}]")
            return value.lower() in ("true", "1")
        return bool(value)

    def number(self, name: str, default: int, most: int) -> int:
        try:
            value = int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise Refused(f"invalid_{name}") from None
        if not 0 < value <= most:
            raise Refused(f"invalid_{name}")
        return value

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        """An argument that is JSON, whether it came as a string in a form or as a value in a JSON body."""
        value = self.args.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(error) from None

    def names(self, name: str) -> list[str]:
        """A list sent as `a,b`, as JSON or as a list."""
        value = self.args.get(name) or []
        if isinstance(value, str):
            value = self.json(name) if value.lstrip().startswith("[") else value.split(",")
        if not isinstance(value, list):
            raise bad_arguments(f"must be a list [json-pointer:/{name}]")
        return [str(item).strip() for item in value if str(item).strip()]

    def page(self, items: list[Any], most: int = 1000, default: int = 100) -> tuple[list[Any], str]:
        """A page of the items and the cursor of the next one, empty at the end."""
        size, start = self.number("limit", default, most), self.slack.cursors.read(self.text("cursor"))
        if start is None or start > len(items):
            raise Refused("invalid_cursor")
        following = start + size
        return items[start:following], self.slack.cursors.write(following) if following < len(items) else ""

    def may(self, *scopes: str) -> bool:
        granted = self.slack.granted(self.token)
        return granted is None or any(scope in granted for scope in scopes)

    def require(self, *scopes: str) -> None:
        """Any one of the scopes is enough."""
        if not self.may(*scopes):
            provided = ",".join(sorted(self.slack.granted(self.token) or ()))
            raise Refused("missing_scope", needed=",".join(scopes), provided=provided)

    def channel(self, name: str = "channel") -> Channel:
        """A conversation that the bot may know of: any public one, or one that it is in."""
        channel = self.slack.state.channels.get(self.text(name))
        if channel is None or (self.bot not in channel.members and (channel.private or channel.kind != "channel")):
            raise Refused("channel_not_found")
        return channel

    def member(self, name: str = "user") -> Member:
        member = self.slack.state.members.get(self.text(name))
        if member is None:
            raise Refused("user_not_found")
        return member

    @property
    def bot(self) -> str:
        return self.slack.bot_user


def answer(slack: "LocalSlack", name: str, token: str, args: Json, basic: str = "") -> tuple[int, Json, int]:
    """HTTP status, answer and Retry-After (0: none) of one call; every check stands here, in the order Slack makes them."""
    entry = METHODS.get(name)
    if entry is None:
        return 200, {"ok": False, "error": "unknown_method", "req_method": name}, 0
    ask = Ask(slack, args, basic=basic)
    try:
        if entry.token != "none":
            ask.token = slack.tokens.check(token, entry.token)
            if entry.scopes:
                ask.require(*entry.scopes)
        wait = slack.wait_for_method(name, entry.tier)
        if wait:
            return 429, {"ok": False, "error": "ratelimited"}, wait
        missing = [need for need in entry.needs if args.get(need) in (None, "")]
        if missing:
            raise bad_arguments(*(f"missing required field: {need}" for need in missing))
        return 200, {"ok": True, **entry.run(ask)}, 0
    except Refused as refusal:
        if refusal.answer["error"] == "ratelimited":
            return 429, {"ok": False, "error": "ratelimited"}, int(refusal.answer["retry_after"])
        return 200, refusal.answer, 0


def scopes_said(slack: "LocalSlack", name: str, token: str) -> dict[str, str]:
    """The headers that tell a caller what its token may do, and what this method asks for."""
    known = slack.tokens.known.get(token)
    granted = slack.granted(known) if known else None
    if granted is None:
        return {}
    return {
        "X-OAuth-Scopes": ",".join(sorted(granted)),
        "X-Accepted-OAuth-Scopes": ",".join(METHODS[name].scopes) if name in METHODS else "",
    }
