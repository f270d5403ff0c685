"""Where somebody said something, and what may be answered there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.words import plain

_PERSON = re.compile(r"<@([A-Z0-9_]+)>")
_CALL = re.compile(r"<!(\w+)(?:\|[^<>]*)?>")
_TOKEN = re.compile(r"<!\w+\^[^<>|]*\|([^<>]*)>")
_GROUP = re.compile(r"<!subteam\^[^<>|]*>")


@dataclass(frozen=True, slots=True)
class Source:
    """The message that something is about, by Slack ids. All empty: it was typed for us alone."""

    channel: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    author: str | None = None

    @property
    def thread(self) -> str | None:
        """The thread that an answer belongs into."""
        return self.thread_ts or self.ts

    def permalink(self, domain: str) -> str | None:
        """The message's address, built and not fetched: `domain` is the workspace's, such as "acme"."""
        if not (domain and self.channel and self.ts):
            return None
        address = f"https://{domain}.slack.com/archives/{self.channel}/p{self.ts.replace('.', '')}"
        if self.thread_ts and self.thread_ts != self.ts:
            address += f"?thread_ts={self.thread_ts}&cid={self.channel}"
        return address

    def kept(self) -> dict[str, str]:
        """What a form carries along, so that `of_kept` finds the source again."""
        known = {"channel": self.channel, "ts": self.ts, "thread": self.thread_ts, "author": self.author}
        return {key: value for key, value in known.items() if value}

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> Source:
        if not kept.get("ts"):
            return cls.typed_in(kept.get("channel"))
        return cls(kept.get("channel"), kept.get("ts"), kept.get("thread"), kept.get("author"))

    @classmethod
    def typed_in(cls, channel: str | None) -> Source:
        """No message: typed in a channel it belongs to that channel, typed to the bot alone to nobody's."""
        return cls(channel if (channel or "")[:1] in ("C", "G") else None)

    @classmethod
    def of_message(cls, channel: str | None, message: Mapping[str, Any]) -> Source:
        return cls(channel, message.get("ts"), message.get("thread_ts"), message.get("user"))


class Answering(StrEnum):
    """Whether the bot may speak where something was said."""

    IN_PLACE = "in place"
    OUTSIDERS = "outsiders"
    NOT_THERE = "not there"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as somebody opens a form in it."""

    channel: str | None = None
    answering: Answering = Answering.DIRECT
    is_public: bool = False

    @property
    def may_answer(self) -> bool:
        return self.answering is Answering.IN_PLACE


NOWHERE = Source()
UNKNOWN = Place()


def people_in(text: str) -> list[str]:
    """The ids of those mentioned in a message."""
    return _PERSON.findall(text)


def as_read(text: str, names: Mapping[str, str]) -> str:
    """A message as its readers see it: mentions by name and without effect, links by their label, signs as typed."""
    text = _PERSON.sub(lambda found: f"@{names.get(found[1], found[1])}", text)
    text = _TOKEN.sub(lambda found: found[1], text)
    text = _GROUP.sub("@group", text)
    return plain(_CALL.sub(lambda found: f"@{found[1]}", text))
