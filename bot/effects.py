"""Kinds of effects: how each is carried out, and what is done when nobody knows whether it arrived.

Slack has no key that would make a post happen once. So a post carries its own key in the message's metadata, and where the reply was lost
the key is looked up before it is posted again. A changed message or a Home page can simply be drawn again. What only one person saw
for a moment is in no history: it is given up, and the person is told where the row says so.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from bot.parcels import DEAD, DONE, EXPIRED, GONE, SENDING, WAITING, Outcome, Parcel, Place
from bot.slack import LOCKED_OUT, SlackAway, SlackBusy, SlackLink, SlackRefused, SlackUnsure, cure_for
from domain.errors import TendonError

log = logging.getLogger(__name__)

METADATA = "tendon"
NOT_KNOWN = "it is not known whether this arrived"
MOST_CRASHES = 10
LONGEST_REST = 300.0
LATE = 1.0  # seconds; what arrived late is there by then, and a look-up finds it
SKEW = timedelta(minutes=2)  # between our clock and Slack's

LookUp = Callable[[Parcel, SlackLink], Awaitable[Place | bool | None]]


@dataclass(frozen=True, slots=True)
class Effect:
    """A slice's own kind: `deliver(payload, deps)`; the payload carries `workspace_id` too. In doubt, `repeat` it, `give_up`, or ask
    `in_doubt(payload, deps)`, which says whether it was done."""

    deliver: Callable[[Mapping[str, Any], Any], Awaitable[None]]
    in_doubt: Literal["repeat", "give_up"] | Callable[[Mapping[str, Any], Any], Awaitable[bool]] = "repeat"


@dataclass(frozen=True, slots=True)
class Kind:
    """`method` is what Slack may ask us to leave alone for a while; `is_paced` kinds keep a gap between two in one channel."""

    deliver: Callable[[Parcel, SlackLink], Awaitable[Place | None]]
    in_doubt: Literal["repeat", "give_up"] | LookUp
    method: str = ""
    is_paced: bool = False


async def post(parcel: Parcel, slack: SlackLink) -> Place:
    wanted = parcel.payload
    thread = parcel.place.ts if parcel.place else wanted.get("thread")
    answer = await slack.call(
        "chat.postMessage",
        channel=wanted["channel"],
        **wanted["message"],
        **({"thread_ts": thread} if thread else {}),
        **({"reply_broadcast": True} if thread and wanted.get("broadcast") else {}),
        metadata={"event_type": METADATA, "event_payload": {"key": parcel.key}},
        parse="none",
        unfurl_links=False,
        unfurl_media=False,
    )
    return Place(answer["channel"], answer["ts"])


async def find_post(parcel: Parcel, slack: SlackLink) -> Place | None:
    """Where the message of this key stands, if it arrived."""
    channel, thread = parcel.payload["channel"], parcel.place.ts if parcel.place else parcel.payload.get("thread")
    if channel.startswith(("U", "W")):
        channel = (await slack.call("conversations.open", users=channel))["channel"]["id"]
    method, of = ("conversations.replies", {"ts": thread}) if thread else ("conversations.history", {})
    asked = {"channel": channel, **of, "oldest": f"{(parcel.tried_at - SKEW).timestamp():.6f}", "limit": 100, "include_all_metadata": True}
    while True:
        page = await slack.call(method, **asked)
        for message in page["messages"]:
            told = message.get("metadata") or {}
            if told.get("event_type") == METADATA and (told.get("event_payload") or {}).get("key") == parcel.key:
                return Place(channel, message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
        asked["cursor"] = cursor


async def rewrite(parcel: Parcel, slack: SlackLink) -> None:
    assert parcel.place
    await slack.call("chat.update", channel=parcel.place.channel, ts=parcel.place.ts, **parcel.payload["message"], parse="none")


async def whisper(parcel: Parcel, slack: SlackLink) -> None:
    wanted = parcel.payload
    thread = {"thread_ts": wanted["thread"]} if wanted.get("thread") else {}
    await slack.call("chat.postEphemeral", channel=wanted["channel"], user=wanted["person"], **wanted["message"], **thread, parse="none")


async def respond(parcel: Parcel, slack: SlackLink) -> None:
    wanted = parcel.payload
    if wanted.get("delete"):
        return await slack.respond(wanted["url"], delete_original=True)
    how = {"replace_original": True} if wanted.get("replace") else {"replace_original": False, "response_type": "ephemeral"}
    return await slack.respond(wanted["url"], **wanted["message"], **how)


async def home(parcel: Parcel, slack: SlackLink) -> None:
    await slack.call("views.publish", user_id=parcel.payload["person"], view=parcel.payload["view"])


OWN_KINDS: Mapping[str, Kind] = {
    "post": Kind(post, find_post, "chat.postMessage", is_paced=True),
    "rewrite": Kind(rewrite, "repeat", "chat.update"),
    "whisper": Kind(whisper, "give_up", "chat.postEphemeral"),
    "respond": Kind(respond, "give_up", "response_url"),
    "home": Kind(home, "repeat", "views.publish"),
}
_NO_MORE_USE = {"expired_url": EXPIRED, "used_url": EXPIRED, "message_not_found": GONE}


async def attempt(parcel: Parcel, kind: Kind, slack: SlackLink, gap: float) -> Outcome:
    """Carry a parcel out, clearing the doubt about an earlier try first. Never raises, but for being cancelled."""
    if (patience := parcel.seconds_left) <= 0:
        return Outcome(parcel, SENDING, "its turn was over before it could be sent", doubtful=True)
    in_doubt = parcel.in_doubt
    try:
        async with asyncio.timeout(patience):
            if in_doubt:
                if (known := await _clear_doubt(parcel, kind, slack, gap)) is not None:
                    return known
                in_doubt = False
            place = await kind.deliver(parcel, slack)
        return Outcome(parcel, DONE, place=place, rest=gap if kind.is_paced else 0.0)
    except (SlackUnsure, TimeoutError) as error:
        return _unsure(parcel, kind, error, in_doubt)
    except SlackBusy as error:
        state = SENDING if in_doubt else WAITING
        pause = (error.method or kind.method, error.retry_after)
        return Outcome(parcel, state, str(error), doubtful=in_doubt, rest=error.retry_after, pause=pause)
    except SlackRefused as error:
        return _refused(parcel, error, in_doubt)
    except TendonError as error:
        return Outcome(parcel, DEAD, str(error), doubtful=in_doubt)
    except Exception as error:
        return crashed(parcel, error, in_doubt)


async def _clear_doubt(parcel: Parcel, kind: Kind, slack: SlackLink, gap: float) -> Outcome | None:
    """The outcome, if that can be known or nothing more is to be done; None where it is to be carried out (again)."""
    if kind.in_doubt == "repeat":
        return None
    if kind.in_doubt == "give_up":
        return _give_up(parcel)
    assert callable(kind.in_doubt)
    found = await kind.in_doubt(parcel, slack)
    if not found:
        return None
    return Outcome(parcel, DONE, place=found if isinstance(found, Place) else None, rest=gap if kind.is_paced else 0.0)


def _give_up(parcel: Parcel) -> Outcome:
    return Outcome(parcel, DEAD, NOT_KNOWN, "Ask again if nothing was shown", doubtful=True, note=parcel.payload.get("note", ""))


def _unsure(parcel: Parcel, kind: Kind, error: Exception, in_doubt: bool) -> Outcome:
    reason = str(error) or "it took too long"
    log.warning("%s %s: %s", parcel.kind, parcel.key or parcel.id, reason)
    if isinstance(error, SlackAway) and not in_doubt:
        return Outcome(parcel, WAITING, reason, rest=rest_after(parcel.tries))
    if kind.in_doubt == "give_up":
        return _give_up(parcel)
    return Outcome(parcel, SENDING, reason, doubtful=True, rest=max(LATE, rest_after(parcel.tries)))


def _refused(parcel: Parcel, error: SlackRefused, in_doubt: bool) -> Outcome:
    cure = cure_for(error.code, parcel.payload.get("channel"))
    if error.code in LOCKED_OUT:
        log.error("Slack does not take the bot's token: %s", error)
        state = SENDING if in_doubt else WAITING
        return Outcome(parcel, state, str(error), cure, doubtful=in_doubt, rest=max(30.0, rest_after(parcel.tries)))
    if in_doubt:
        log.error("%s %s: cannot be looked up: %s", parcel.kind, parcel.key or parcel.id, error)
        return Outcome(parcel, DEAD, f"{NOT_KNOWN}: {error}", cure, doubtful=True)
    state = _NO_MORE_USE.get(error.code, DEAD)
    log.log(logging.ERROR if state == DEAD else logging.INFO, "%s %s: refused: %s", parcel.kind, parcel.key or parcel.id, error)
    # What came too late to be shown where it was asked for is said directly, if it matters.
    return Outcome(parcel, state, str(error), cure, note=parcel.payload.get("note", "") if state == EXPIRED else "")


def crashed(parcel: Parcel, error: Exception, in_doubt: bool) -> Outcome:
    """A mistake of ours, or a database that is away: tried again a few times, then kept as dead with its reason."""
    log.exception("%s %s crashed at try %d", parcel.kind, parcel.key or parcel.id, parcel.tries, exc_info=error)
    reason = f"{type(error).__name__}: {error}"
    if parcel.tries >= MOST_CRASHES:
        return Outcome(parcel, DEAD, reason, "Please report it, with the log of that time", doubtful=True)
    return Outcome(parcel, SENDING, reason, doubtful=True, rest=rest_after(parcel.tries))


def rest_after(tries: int) -> float:
    """Seconds until the next try: doubling from a half, never quite the same for two, at most five minutes."""
    return min(0.5 * 2.0 ** min(tries - 1, 12), LONGEST_REST) * random.uniform(0.75, 1.0)
