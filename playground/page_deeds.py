"""What a person does on the page: each deed runs as that member, through the same engine that the tests use, and answers in words."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from playground import acks, forms, payloads, rooms, shapes, stack, typed
from playground.faults import Fault
from playground.snapshot import seen_by
from playground.state import Channel, Json, Member, Message, View

if TYPE_CHECKING:
    from playground.people import Reply
    from playground.workspace import LocalSlack

Deed = Callable[["LocalSlack", Member, Json], Awaitable[Json]]
LONGEST = 40_000
MOST_IN_A_TALK = 9
_FAILED = {
    "operation_timeout": "{app} did not answer within 3 seconds. It may still be at work; look before you try again.",
    "dispatch_failed": "{app} could not be reached, or it failed. Nothing was changed here.",
    "invalid_response": "{app} answered this form with something that is not understood. Your words are still in it.",
    "invalid_command_response": "{app} answered with something that cannot be shown.",
}


class Impossible(Exception):
    """Cannot be done here; says why in one sentence."""


def answer(slack: "LocalSlack", reply: "Reply | None") -> Json:
    if reply is None:
        return {"ok": True}
    said: Json = {"ok": not reply.error and not reply.errors, "status": reply.status, "errors": reply.errors, "millis": round(reply.millis)}
    if reply.error:
        words = _FAILED.get(reply.error, reply.text or "{app} answered: " + reply.error)
        return {**said, "errors": {}, "sentence": words.replace("{app}", slack.bot_name)}
    return said


async def command(slack: "LocalSlack", me: Member, body: Json) -> Json:
    room = _room(slack, me, body)
    if me.id not in room.members:
        raise Impossible(f"You are not in #{room.name}, so commands do not work there.")
    return answer(slack, await slack.as_(me.id).command(room.id, str(body["command"]), str(body.get("text", ""))))


async def message(slack: "LocalSlack", me: Member, body: Json) -> Json:
    room, text = _room(slack, me, body), _words(body)
    if me.id not in room.members:
        raise Impossible(f"You are not in #{room.name}. Switch to somebody who is.")
    if room.archived:
        raise Impossible(f"#{room.name} is archived.")
    files = [name for name in body.get("files") or [] if name in slack.state.files]
    said = rooms.say(slack, room, me.id, text, body.get("thread_ts") or None, bool(body.get("broadcast")), files)
    return {"ok": True, "ts": said.ts}


async def edit(slack: "LocalSlack", me: Member, body: Json) -> Json:
    text = _words(body)
    if not text.strip():
        raise Impossible("An empty message cannot be kept. Delete it instead.")
    await _polite(slack.as_(me.id).edit(_room(slack, me, body).id, str(body["ts"]), text))
    return {"ok": True}


async def delete(slack: "LocalSlack", me: Member, body: Json) -> Json:
    await _polite(slack.as_(me.id).delete(_room(slack, me, body).id, str(body["ts"])))
    return {"ok": True}


def _words(body: Json) -> str:
    text = str(body.get("text", ""))
    typed = len(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    if typed > LONGEST:
        raise Impossible(f"That is {typed:,} characters. A message holds {LONGEST:,}.")
    return text


async def talk(slack: "LocalSlack", me: Member, body: Json) -> Json:
    """Opens the conversation of this person with others."""
    people = [str(name) for name in body.get("people") or [] if name in slack.state.members]
    if not people:
        raise Impossible("Choose somebody to write to.")
    if len({me.id, *people}) > MOST_IN_A_TALK:
        raise Impossible(f"A direct message holds {MOST_IN_A_TALK} people at most. Make a channel for more.")
    return {"ok": True, "channel": rooms.open_dm(slack, me.id, *people).id}


async def shortcut(slack: "LocalSlack", me: Member, body: Json) -> Json:
    person, callback = slack.as_(me.id), str(body["callback_id"])
    if "ts" in body:
        return answer(slack, await _polite(person.shortcut(callback, _room(slack, me, body).id, str(body["ts"]))))
    return answer(slack, await _polite(person.global_shortcut(callback)))


async def press(slack: "LocalSlack", me: Member, body: Json) -> Json:
    """The page knows exactly what was chosen, so that nothing is looked up again."""
    place, action = _place(slack, me, body), body["action"]
    blocks = place.content["blocks"] if isinstance(place, View) else _blocks(place)
    block, element = _element(blocks, action)
    picked = _picked(element, action)
    if isinstance(place, View):
        _take(place, body.get("state") or {})
        if element["type"] in stack.EMPTY:
            place.values.setdefault(block["block_id"], {})[element["action_id"]] = picked
        payload = payloads.view_press(slack, me, place, [forms.action_of(slack, block, element, picked)])
    else:
        state = _known_state(blocks, body.get("state") or {})
        payload = payloads.message_press(slack, me, place, [forms.action_of(slack, block, element, picked)], state)
    return answer(slack, acks.plain(await slack.sender.push("interactive", payload)))


async def submit(slack: "LocalSlack", me: Member, body: Json) -> Json:
    shown = _view(slack, me, body)
    if shown is not slack.state.stacks.get(me.id, [None])[-1]:
        raise Impossible("Another form is open on top of that one.")
    _take(shown, body.get("state") or {})
    _whole_files(slack, shown)
    return answer(slack, await _polite(slack.as_(me.id).submit()))


async def close(slack: "LocalSlack", me: Member, body: Json) -> Json:
    if slack.state.stacks.get(me.id):
        await slack.as_(me.id).close()
    return {"ok": True}


async def options(slack: "LocalSlack", me: Member, body: Json) -> Json:
    place = _place(slack, me, body)
    found = await _polite(slack.as_(me.id).options(str(body["action_id"]), str(body.get("value", "")), place, str(body["block_id"])))
    return {"ok": True, "options": found}


async def react(slack: "LocalSlack", me: Member, body: Json) -> Json:
    person, room = slack.as_(me.id), _room(slack, me, body)
    deed = person.unreact if body.get("remove") else person.react
    await _polite(deed(room.id, str(body["ts"]), str(body["name"])))
    return {"ok": True}


async def home(slack: "LocalSlack", me: Member, body: Json) -> Json:
    await slack.as_(me.id).open_home(str(body.get("tab") or "home"))
    return {"ok": True}


async def join(slack: "LocalSlack", me: Member, body: Json) -> Json:
    room = _room(slack, me, body)
    if room.archived:
        raise Impossible(f"#{room.name} is archived.")
    slack.join(room.id, me.id)
    return {"ok": True}


async def read(slack: "LocalSlack", me: Member, body: Json) -> Json:
    room = _room(slack, me, body)
    slack.as_(me.id).mark_read(room.id)
    slack.feed.tell("read", channel=room.id, user=me.id)
    return {"ok": True}


async def faults(slack: "LocalSlack", me: Member, body: Json) -> Json:
    if body.get("clear"):
        slack.faults.clear()
    if body.get("drop"):
        if not slack.sockets.open:
            raise Impossible("No Socket Mode connection is open here.")
        await slack.sockets.drop()
    wanted = body.get("add")
    if wanted:
        how = {name: wanted[name] for name in ("delay", "status", "retry_after", "reset", "duplicate") if name in wanted}
        slack.faults.add(str(wanted["target"]), times=max(1, min(int(wanted.get("times") or 1), 50)), **how)
    return {"ok": True, "faults": [_fault(fault) for fault in slack.faults.waiting]}


DEEDS: dict[str, Deed] = {
    deed.__name__: deed
    for deed in (command, message, edit, delete, talk, shortcut, press, submit, close, options, react, home, join, read, faults)
}


def moment(now: datetime, zone: ZoneInfo, wanted: Json) -> datetime:
    """Where the clock is to go: some seconds on, the next Monday at nine, or a day and time of the person's zone."""
    if "seconds" in wanted:
        return now + timedelta(seconds=float(wanted["seconds"]))
    here = now.astimezone(zone)
    if str(wanted.get("to", "")).startswith("monday"):
        monday = here.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=(0 - here.weekday()) % 7)
        return (monday if monday > here else monday + timedelta(days=7)).astimezone(UTC)
    try:
        return datetime.fromisoformat(str(wanted.get("local") or wanted["to"])).replace(tzinfo=zone).astimezone(UTC)
    except (KeyError, ValueError):
        raise Impossible("Choose a day and a time.") from None


async def _polite(work: Awaitable[Any]) -> Any:
    try:
        return await work
    except forms.NotThere as reason:
        raise Impossible(str(reason)) from None


def _room(slack: "LocalSlack", me: Member, body: Json) -> Channel:
    room = slack.state.channels.get(str(body.get("channel")))
    if room is None or (me.id not in room.members and (room.private or room.kind != "channel")):
        raise Impossible("You are not in that channel.")
    return room


def _view(slack: "LocalSlack", me: Member, body: Json) -> View:
    shown = slack.state.views.get(str(body.get("view_id")))
    if shown is None or shown.user != me.id:
        raise Impossible("That form is no longer open.")
    return shown


def _place(slack: "LocalSlack", me: Member, body: Json) -> Message | View:
    if body.get("view_id"):
        return _view(slack, me, body)
    for found in seen_by(_room(slack, me, body), me.id):
        if found.ts == body.get("ts"):
            return found
    raise Impossible("That message is no longer there.")


def _blocks(place: Message) -> list[Json]:
    return [*place.blocks, *(block for attachment in place.attachments for block in attachment.get("blocks") or [])]


def _element(blocks: list[Json], action: Json) -> tuple[Json, Json]:
    try:
        return forms.find_element(blocks, str(action.get("action_id")), None, str(action.get("block_id")))
    except forms.NotThere:
        raise Impossible("That button is no longer there. Look at the newest version of the message.") from None


def _picked(element: Json, action: Json) -> Json:
    """What was chosen, in the words of Slack's payload: only what this kind of element can carry."""
    kind = element["type"]
    if kind in ("overflow", "feedback_buttons"):
        names: tuple[str, ...] = ("selected_option",) if kind == "overflow" else ("value", "text")
        return {"type": kind, **{name: action[name] for name in names if name in action}}
    if kind not in stack.EMPTY:
        return {}
    if kind == "rich_text_input":
        return _written(action)
    key, empty = stack.EMPTY[kind]
    return {"type": kind, key: action.get(key, empty)}


def _written(given: Json) -> Json:
    """The page sends rich text as the words that were typed, marks and all; Slack's own window makes a block of them."""
    words = str(given.get("typed") or "")
    return {"type": "rich_text_input", "rich_text_value": {"type": "rich_text", "elements": typed.elements(words)} if words else None}


def _known_state(blocks: list[Json], given: Json) -> Json:
    """The given values of elements that are there; what was not touched is as the app set it."""
    state = stack.values({"blocks": blocks})
    for block, fields in state.items():
        for action, value in fields.items():
            fields[action] = _kept(value, (given.get(block) or {}).get(action))
    return state


def _take(shown: View, given: Json) -> None:
    for block, fields in shown.values.items():
        for action, value in fields.items():
            fields[action] = _kept(value, (given.get(block) or {}).get(action))


def _kept(value: Json, given: Json | None) -> Json:
    """What the page says of a field, if it speaks of this kind of field; else what the field held."""
    if not given or given.get("type") != value["type"]:
        return value
    return _written(given) if value["type"] == "rich_text_input" else given


def _whole_files(slack: "LocalSlack", shown: View) -> None:
    """A form's files are sent as Slack describes files, not as the page does."""
    for value in (value for fields in shown.values.values() for value in fields.values() if value["type"] == "file_input"):
        known = [slack.state.files[one["id"]] for one in value.get("files") or [] if one.get("id") in slack.state.files]
        value["files"] = [shapes.file(slack, item) for item in known]


def _fault(fault: Fault) -> Json:
    words = [f"slow by {fault.delay:g} s"] if fault.delay else []
    words += [f"answers {fault.status}"] if fault.status else []
    words += [f"connection lost {fault.reset} the effect"] if fault.reset else []
    words += ["delivered twice"] if fault.duplicate else []
    return {"target": fault.target, "times": fault.times, "words": ", ".join(words) or "fails"}
