"""What a workspace holds, as plain dataclasses: people, channels, messages, views, files, and the log of what went in and out."""

import random
from dataclasses import dataclass, field
from typing import Any

from playground.plain import plain_text

Json = dict[str, Any]
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


class Ids:
    """Slack-like ids from a seed, so that two runs name things alike."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def new(self, prefix: str, length: int = 10) -> str:
        return prefix + "".join(self.rng.choices(_LETTERS, k=length))


@dataclass
class Member:
    id: str
    name: str
    handle: str
    zone: str = "Europe/London"
    title: str = ""
    email: str = ""
    admin: bool = False
    guest: bool = False
    outside: bool = False
    deleted: bool = False
    bot: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    team_id: str = ""
    read: dict[str, str] = field(default_factory=dict)


@dataclass
class Message:
    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    ephemeral_for: str | None = None
    edited: Json | None = None
    deleted: bool = False
    attachments: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    bot: bool = False
    subtype: str = ""
    broadcast: bool = False
    username: str = ""
    icon_emoji: str = ""
    client_msg_id: str = ""

    @property
    def plain(self) -> str:
        """What a screen reader would read: the text of all blocks, or the text where there are none."""
        return plain_text(self.blocks + self.attachments) or self.text

    @property
    def is_stone(self) -> bool:
        """What stands above a thread in place of its deleted first message."""
        return self.subtype == "tombstone"

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Channel:
    id: str
    name: str
    kind: str = "channel"  # channel, im, mpim
    members: list[str] = field(default_factory=list)
    private: bool = False
    shared: bool = False
    archived: bool = False
    closed: bool = False  # a private conversation that the bot put away; it comes back with the next word
    creator: str = ""
    created: int = 0
    topic: str = ""
    purpose: str = ""
    previous_names: list[str] = field(default_factory=list)
    timeline: list[Message] = field(default_factory=list)
    by_ts: dict[str, Message] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """The family of scopes that reading this kind of conversation needs."""
        if self.kind != "channel":
            return self.kind
        return "groups" if self.private else "channels"

    @property
    def history(self) -> list[Message]:
        """What the API shows: no ephemeral, nothing deleted."""
        return [m for m in self.timeline if not m.deleted and m.ephemeral_for is None]

    def message(self, ts: str) -> Message | None:
        """What the API knows under this stamp: no ephemeral, nothing deleted."""
        found = self.by_ts.get(ts)
        return found if found and not found.deleted and found.ephemeral_for is None else None

    def replies(self, ts: str) -> list[Message]:
        return [m for m in self.history if m.thread_ts == ts and m.ts != ts]


@dataclass
class View:
    id: str
    user: str
    content: Json
    hash: str
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    root_id: str = ""
    previous_id: str | None = None
    loading: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return str(self.content["type"])


@dataclass
class File:
    id: str
    name: str
    size: int
    title: str = ""
    user: str = ""
    created: int = 0
    content: bytes = b""
    uploaded: bool = False
    complete: bool = False
    alt_txt: str = ""
    mimetype: str = "application/octet-stream"
    shares: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class UserGroup:
    id: str
    handle: str
    name: str
    users: list[str]
    created: int = 0
    updated: int = 0
    deleted: int = 0


@dataclass
class Call:
    """One Web API call, as it was decoded and answered. `status` is 0 when the connection was reset."""

    method: str
    args: Json
    status: int
    answer: Json
    at: float
    token: str
    millis: float = 0.0


@dataclass
class Delivery:
    """One thing sent to the app: a command, shortcut, action, submission, option request or event, with how it was acked."""

    id: str
    kind: str  # slash_commands, interactive, events_api
    payload: Json
    via: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    answer: Any = None
    error: str = ""
    attempts: int = 0
    at: float = 0.0
    millis: float = 0.0

    @property
    def acked(self) -> bool:
        return 200 <= self.status < 300


@dataclass
class State:
    """All of the above for one workspace; a reset is a new one."""

    ids: Ids
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    bookmarks: dict[str, list[Json]] = field(default_factory=dict)
    pins: dict[str, dict[str, int]] = field(default_factory=dict)  # by channel: ts, and when it was pinned
    calls: list[Call] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    choices: dict[tuple[str, str, str], dict[str, dict[str, Json]]] = field(default_factory=dict)  # by person, channel, ts
    last_ts: int = 0
