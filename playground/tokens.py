"""Tokens, cursors, trigger ids and response URLs: the small secrets that Slack hands out and refuses when they are wrong or late."""

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.methods.table import Refused, Token

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

TRIGGER_LIFE = 3.0
RESPONSE_LIFE = 30 * 60.0
RESPONSE_USES = 5
CODE_LIFE = 10 * 60.0


@dataclass
class Code:
    user: str
    redirect_uri: str
    issued: float
    used: bool = False


class Tokens:
    def __init__(self, slack: "LocalSlack") -> None:
        self._slack = slack
        self.known: dict[str, Token] = {}
        self.revoked: set[str] = set()
        self.codes: dict[str, Code] = {}
        self.refreshers: dict[str, str] = {}
        self._rotated: list[str] = []

    def code(self, user: str, redirect_uri: str = "") -> str:
        """What Slack appends to the redirect when this person installs the app: good for one oauth.v2.access."""
        name = self._slack.state.ids.new("", 32).lower()
        self.codes[name] = Code(user, redirect_uri, self._slack.clock.limits())
        return name

    def use_code(self, name: str, redirect_uri: str) -> str:
        """Who allowed it. A code is good once, for ten minutes, and for the address it was asked for."""
        code = self.codes.get(name)
        if code is None or self._slack.clock.limits() - code.issued > CODE_LIFE:
            raise Refused("invalid_code")
        if code.used:
            raise Refused("code_already_used")
        if code.redirect_uri != redirect_uri:
            raise Refused("bad_redirect_uri")
        code.used = True
        return code.user

    def rotate(self, token: str, refresh: str, user: str, life: int) -> None:
        """A new access token that ends by itself; the oldest goes when there are more than two."""
        self.known[token] = Token("bot", expires_at=self._slack.clock.limits() + life)
        self.refreshers[refresh] = user
        self._rotated.append(token)
        if len(self._rotated) > 2:
            self.revoke(self._rotated.pop(0))

    def check(self, text: str, wanted: str) -> Token:
        if not text:
            raise Refused("not_authed")
        if text in self.revoked:
            raise Refused("token_revoked")
        token = self.known.get(text)
        if token is None:
            raise Refused("invalid_auth")
        if token.expires_at is not None and self._slack.clock.limits() > token.expires_at:
            raise Refused("token_expired")
        if token.kind != wanted:
            raise Refused("not_allowed_token_type")
        return token

    def revoke(self, text: str) -> None:
        self.revoked.add(text)


class Cursors:
    """Opaque to the app, a place in the list to us."""

    def read(self, cursor: str) -> int | None:
        if not cursor:
            return 0
        try:
            name, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
            return int(place) if name == "next" else None
        except ValueError:
            return None

    def write(self, place: int) -> str:
        return base64.b64encode(f"next:{place}".encode()).decode()


@dataclass
class Trigger:
    user: str
    issued: float
    view: str | None = None
    used: bool = False


class Triggers:
    """A trigger id opens one view, within three seconds."""

    def __init__(self, slack: "LocalSlack") -> None:
        self.life = TRIGGER_LIFE
        self._slack = slack
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, view: str | None = None) -> str:
        rng = self._slack.state.ids.rng
        name = f"{rng.randrange(10**12, 10**13)}.{rng.randrange(10**11, 10**12)}.{rng.getrandbits(128):032x}"
        self._issued[name] = Trigger(user, self._slack.clock.limits(), view)
        return name

    def use(self, name: str) -> Trigger:
        trigger = self._issued.get(name)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._slack.clock.limits() - trigger.issued > self.life:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger


@dataclass
class Hook:
    channel: str
    user: str
    issued: float
    ts: str | None = None  # the message that replace_original and delete_original speak of
    thread_ts: str | None = None
    uses: int = 0


class Hooks:
    """Response URLs: five uses within thirty minutes."""

    def __init__(self, slack: "LocalSlack") -> None:
        self._slack = slack
        self._issued: dict[str, Hook] = {}

    def issue(self, channel: str, user: str, ts: str | None = None, thread_ts: str | None = None) -> str:
        name = self._slack.state.ids.new("", 24)
        self._issued[name] = Hook(channel, user, self._slack.clock.limits(), ts, thread_ts)
        return f"{self._slack.url}/actions/{self._slack.team_id}/{name}"

    def use(self, name: str) -> Hook:
        hook = self._issued.get(name)
        if hook is None or self._slack.clock.limits() - hook.issued > RESPONSE_LIFE:
            raise Refused("expired_url")
        if hook.uses >= RESPONSE_USES:
            raise Refused("used_url")
        hook.uses += 1
        return hook
