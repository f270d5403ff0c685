"""bookmarks.*: the links at the top of a channel."""

from playground.methods.table import Ask, Refused, method
from playground.state import Json


def _kept(ask: Ask) -> list[Json]:
    """The bookmarks of a channel that the bot is in."""
    room = ask.channel("channel_id")
    if ask.bot not in room.members:
        raise Refused("not_in_channel")
    return ask.slack.state.bookmarks.setdefault(room.id, [])


def _meant(ask: Ask) -> Json:
    found = next((bookmark for bookmark in _kept(ask) if bookmark["id"] == ask.text("bookmark_id")), None)
    if found is None:
        raise Refused("not_found")
    return found


def _link(ask: Ask) -> str:
    link = ask.text("link")
    if not link.startswith(("http://", "https://")):
        raise Refused("invalid_link")
    return link


@method("bookmarks.add", tier=2, scopes=("bookmarks:write",), needs=("channel_id", "title", "type"))
def add(ask: Ask) -> Json:
    kept = _kept(ask)
    if ask.text("type") != "link":
        raise Refused("invalid_bookmark_type")
    now = int(ask.slack.clock.now().timestamp())
    bookmark: Json = {"id": ask.slack.state.ids.new("Bk"), "channel_id": ask.text("channel_id"), "title": ask.text("title")}
    bookmark |= {"link": _link(ask), "emoji": ask.text("emoji"), "type": "link", "app_id": ask.slack.app_id, "date_created": now}
    kept.append(bookmark | {"date_updated": 0, "last_updated_by_user_id": ask.bot, "last_updated_by_team_id": ask.slack.team_id})
    return {"bookmark": kept[-1]}


@method("bookmarks.edit", tier=2, scopes=("bookmarks:write",), needs=("channel_id", "bookmark_id"))
def edit(ask: Ask) -> Json:
    bookmark = _meant(ask)
    changes: Json = {name: ask.text(name) for name in ("title", "emoji") if name in ask.args}
    if "link" in ask.args:
        changes["link"] = _link(ask)
    bookmark |= {**changes, "date_updated": int(ask.slack.clock.now().timestamp())}
    return {"bookmark": bookmark}


@method("bookmarks.remove", tier=2, scopes=("bookmarks:write",), needs=("channel_id", "bookmark_id"))
def remove(ask: Ask) -> Json:
    bookmark = _meant(ask)
    _kept(ask).remove(bookmark)
    return {}


@method("bookmarks.list", tier=3, scopes=("bookmarks:read",), needs=("channel_id",))
def list_(ask: Ask) -> Json:
    return {"bookmarks": ask.slack.state.bookmarks.get(ask.channel("channel_id").id, [])}
