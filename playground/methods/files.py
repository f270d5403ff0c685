"""files.*: the two-step upload, reading and deleting."""

import mimetypes

from playground import limits, messages, shapes
from playground.methods.chat import target, thread
from playground.methods.table import Ask, Refused, bad_arguments, method
from playground.state import File, Json

_MOST_BYTES = 1_000_000_000


@method("files.getUploadURLExternal", tier=4, scopes=("files:write",), needs=("filename", "length"))
def get_upload_url(ask: Ask) -> Json:
    name = ask.text("filename")
    try:
        size = int(ask.text("length"))
    except ValueError:
        raise bad_arguments("must be an integer [json-pointer:/length]") from None
    if size <= 0:
        raise bad_arguments("must be greater than 0 [json-pointer:/length]")
    if size > _MOST_BYTES:
        raise Refused("file_upload_size_restricted")
    item = File(ask.slack.state.ids.new("F"), name, size, user=ask.bot, alt_txt=ask.text("alt_txt"))
    item.mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    item.created = int(ask.slack.clock.now().timestamp())
    ask.slack.state.files[item.id] = item
    return {"upload_url": f"{ask.slack.url}/upload/v1/{item.id}", "file_id": item.id}


@method("files.completeUploadExternal", tier=4, scopes=("files:write",), needs=("files",))
def complete_upload(ask: Ask) -> Json:
    """Shares the uploaded files, in one message a channel; without a channel they stay private."""
    items = [_uploaded(ask, entry) for entry in _entries(ask)]
    places = ask.names("channels") or ([ask.text("channel_id")] if ask.text("channel_id") else [])
    for place in places:
        _share(ask, items, place)
    for item in items:
        item.complete = True
    return {"files": [shapes.file(ask.slack, item) for item in items]}


def _entries(ask: Ask) -> list[Json]:
    entries = ask.json("files")
    if not isinstance(entries, list) or not all(isinstance(e, dict) and e.get("id") for e in entries):
        raise bad_arguments("must be a list of objects with an id [json-pointer:/files]")
    return entries


def _uploaded(ask: Ask, entry: Json) -> File:
    item = ask.slack.state.files.get(entry["id"])
    if item is None or not item.uploaded:
        raise Refused("file_not_found")
    if item.complete:
        raise Refused("file_already_completed")
    item.title = entry.get("title") or item.name
    return item


def _share(ask: Ask, items: list[File], place: str) -> None:
    ask.args = {**ask.args, "channel": place}
    room = target(ask, direct=False)
    if ask.bot not in room.members:
        raise Refused("not_in_channel")
    thread_ts, blocks = thread(ask, room), ask.json("blocks", "invalid_blocks_format")
    words = ask.text("initial_comment")
    limits.check_message(words, blocks, None)
    names = [item.id for item in items]
    for item in items:
        item.complete = True
    post = messages.post(ask.slack, room, ask.bot, words, bot=True, thread_ts=thread_ts, files=names, blocks=blocks)
    for item in items:
        item.shares.setdefault(room.id, []).append(post.ts)


def _known(ask: Ask) -> File:
    item = ask.slack.state.files.get(ask.text("file"))
    if item is None or not item.complete:
        raise Refused("file_not_found")
    return item


@method("files.info", tier=4, scopes=("files:read",), needs=("file",))
def info(ask: Ask) -> Json:
    return {"file": shapes.file(ask.slack, _known(ask)), "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.list", tier=3, scopes=("files:read",))
def list_(ask: Ask) -> Json:
    """By pages with a number, as Slack does it here alone; narrowed to a channel or a person."""
    if ask.text("user"):
        ask.member()
    room = ask.channel().id if ask.text("channel") else ""
    found = [item for item in ask.slack.state.files.values() if item.complete and _is_meant(ask, item, room)]
    size, page = ask.number("count", 100, most=1_000), ask.number("page", 1, most=1_000)
    paging = {"count": size, "total": len(found), "page": page, "pages": -(-len(found) // size)}
    return {"files": [shapes.file(ask.slack, item) for item in found[size * (page - 1) : size * page]], "paging": paging}


def _is_meant(ask: Ask, item: File, room: str) -> bool:
    return (not room or room in item.shares) and ask.text("user") in ("", item.user)


@method("files.delete", tier=3, scopes=("files:write",), needs=("file",))
def delete(ask: Ask) -> Json:
    item = _known(ask)
    if item.user != ask.bot:
        raise Refused("cant_delete_file")
    del ask.slack.state.files[item.id]
    for room, stamps in item.shares.items():
        for ts in stamps:
            ask.slack.state.channels[room].by_ts[ts].files.remove(item.id)
            ask.slack.feed.tell("update", channel=room, ts=ts)
    return {}
