"""The page's side of the workspace: its files, what one member sees as JSON, changes as they happen (SSE), and what they do.

Only this machine's own browser page may use it: the host must be a loopback name, and whatever changes something carries a token
that is new at each start and stands only in the page itself.
"""

import asyncio
import inspect
import json
import mimetypes
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aiohttp import web

from playground import page_deeds, page_files, page_seen, snapshot
from playground.state import Call, Channel, Delivery, File, Json, Member

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}
GATHER = 0.03  # seconds in which changes are put together before they are sent
HEARTBEAT = 15.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Tour = Callable[[], Json | Awaitable[Json]]
OnClock = Callable[[datetime], Awaitable[None] | None]


def page_app(
    slack: "LocalSlack",
    *,
    on_clock: OnClock | None = None,
    tour: Tour | None = None,
    person: str | None = None,
    channel: str | None = None,
) -> list[web.RouteDef]:
    """Routes for `slack.server.routes`. `tour` gives the things to try; `person` and `channel` are where a visitor starts."""
    return Page(slack, on_clock, tour, person, channel).routes()


class Page:
    def __init__(self, slack: "LocalSlack", on_clock: OnClock | None, tour: Tour | None, person: str | None, channel: str | None) -> None:
        self._slack, self._on_clock, self._tour = slack, on_clock, tour
        self._person, self._channel = person, channel
        self.token = secrets.token_urlsafe(24)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._guarded(self._index)),
            web.get("/page/state", self._guarded(self._state)),
            web.get("/page/messages", self._guarded(self._messages)),
            web.get("/page/live", self._guarded(self._live)),
            web.get("/page/calls", self._guarded(self._calls)),
            web.get("/page/tour.json", self._guarded(self._tour_steps)),
            web.post("/page/do/{verb}", self._guarded(self._do)),
            web.post("/page/file", self._guarded(self._keep_file)),
            web.get("/page/file/{id}", self._guarded(self._give_file)),
            web.get("/page/{name:page.js|page.css}", self._guarded(self._static)),
        ]

    # -- who may come in ----------------------------------------------------------------------------------------------

    def _guarded(self, handler: Handler) -> Handler:
        async def checked(request: web.Request) -> web.StreamResponse:
            refusal = self._refusal(request)
            if refusal:
                return _sentence(refusal, 403)
            try:
                return await handler(request)
            except page_deeds.Impossible as reason:
                return _sentence(str(reason), 400)

        return checked

    def _refusal(self, request: web.Request) -> str:
        if request.host.rpartition(":")[0] not in LOOPBACK and request.host not in LOOPBACK:
            return "This workspace only answers on 127.0.0.1 or localhost."
        origin = request.headers.get("Origin")
        if origin not in (None, f"http://{request.host}"):
            return "Another site may not use this workspace."
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") and request.path != "/":
            return "Another site may not use this workspace."
        if request.method != "GET" and not secrets.compare_digest(request.headers.get("X-Page-Token", ""), self.token):
            return "The workspace was started anew. Reload the page."
        return ""

    # -- the page and what it draws -----------------------------------------------------------------------------------

    async def _index(self, request: web.Request) -> web.Response:
        headers = {**HEADERS, "Cache-Control": "no-store", "Content-Security-Policy": POLICY}
        return web.Response(text=page_files.index(self.token, self._first(request)), content_type="text/html", headers=headers)

    def _first(self, request: web.Request) -> Json | None:
        """What the page draws before it has asked for anything; in an empty workspace it asks, and is told why."""
        try:
            return self._everything(self._viewer(request), None)
        except page_deeds.Impossible:
            return None

    async def _static(self, request: web.Request) -> web.StreamResponse:
        css = request.match_info["name"] == "page.css"
        text = page_files.style() if css else page_files.script()
        known = request.query.get("v") == page_files.version(text)
        headers = {**HEADERS, "Cache-Control": "private, max-age=31536000, immutable"} if known else HEADERS
        return web.Response(text=text, content_type="text/css" if css else "text/javascript", headers=headers)

    async def _state(self, request: web.Request) -> web.Response:
        return _json(self._everything(self._viewer(request), request.query.get("channel")))

    def _everything(self, me: Member, wanted: str | None) -> Json:
        room = self._open_channel(me, wanted)
        messages = page_seen.messages(self._slack, room, me.id) if room else []
        return {
            **page_seen.shell(self._slack, me),
            **page_seen.views(self._slack, me),
            "channel": room.id if room else "home",
            "messages": messages,
            "mark": self._mark(),
        }

    def _mark(self) -> str:
        """Names this moment: as long as it is the same, nothing has changed."""
        return f"{self.token[:8]}-{self._slack.feed.told}"

    async def _messages(self, request: web.Request) -> web.Response:
        me = self._viewer(request)
        room = self._slack.state.channels.get(request.query.get("channel", ""))
        if room is None or not snapshot.may_see(room, me.id):
            raise page_deeds.Impossible("You are not in that channel.")
        return _json({"messages": page_seen.messages(self._slack, room, me.id)})

    async def _tour_steps(self, request: web.Request) -> web.Response:
        """What the panel offers; it may still be being prepared."""
        steps = self._tour() if self._tour else {"tries": [], "after": []}
        return _json(await steps if isinstance(steps, Awaitable) else steps)

    def _viewer(self, request: web.Request) -> Member:
        members = self._slack.state.members
        chosen = members.get(request.query.get("as", "")) or members.get(self._person or "")
        if chosen is None:
            chosen = next((m for m in members.values() if not m.bot and not m.deleted), None)
        if chosen is None:
            raise page_deeds.Impossible("Nobody is in this workspace yet.")
        return chosen

    def _open_channel(self, me: Member, wanted: str | None) -> Channel | None:
        rooms = self._slack.state.channels
        for name in (wanted, self._channel):
            if name in rooms and snapshot.may_see(rooms[name], me.id):
                return rooms[name]
        mine = [room for room in rooms.values() if me.id in room.members and not room.archived]
        return next((room for room in mine if room.kind == "channel"), mine[0] if mine else None)

    async def _give_file(self, request: web.Request) -> web.Response:
        """A file that a block names by its id alone, as `slack_file` may."""
        item = self._slack.state.files.get(request.match_info["id"])
        if item is None:
            raise page_deeds.Impossible("There is no such file here.")
        raise web.HTTPFound(page_seen.file(self._slack, item)["url"])

    # -- changes as they happen ---------------------------------------------------------------------------------------

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """Everything as it is, unless the page knows it already, then what changes; heard from before it is looked at, so that nothing
        falls between."""
        viewer, channel, developer = self._viewer(request).id, request.query.get("channel"), request.query.get("developer") == "yes"
        queue = self._slack.feed.subscribe()
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        try:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            knows = request.query.get("known") == self._mark()
            parts = [] if knows else [("state", self._everything(self._viewer(request), channel))]
            while True:
                await response.write(b"".join(_event(name, value) for name, value in parts) or b": still here\n\n")
                changes = await _gathered(queue)
                parts = self._changes(viewer, channel, changes, developer) if changes else []
        except (ConnectionResetError, asyncio.CancelledError):
            pass
        finally:
            self._slack.feed.unsubscribe(queue)
        return response

    def _changes(self, viewer: str, channel: str | None, changes: list[Json], developer: bool) -> list[tuple[str, Any]]:
        me = self._slack.state.members.get(viewer)
        kinds = {change["kind"] for change in changes}
        if me is None:
            return []
        if "reload" in kinds:
            return [("state", self._everything(me, channel))]
        out: list[tuple[str, Any]] = [("messages", part) for part in self._changed_messages(viewer, changes)]
        if kinds - {"call", "delivery", "view", "home", "clock"}:
            out.append(("shell", page_seen.shell(self._slack, me)))
        views = page_seen.views(self._slack, me)
        out += [(name, views[name]) for name, kind in (("views", "view"), ("home", "home")) if self._mine(changes, kind, viewer)]
        if "clock" in kinds:
            out.append(("clock", {"at": page_seen.now(self._slack)}))
        rows = self._rows(changes) if developer else []
        return [*out, ("calls", rows)] if rows else out

    def _mine(self, changes: list[Json], kind: str, viewer: str) -> bool:
        return any(change["kind"] == kind and change.get("user") == viewer for change in changes)

    def _changed_messages(self, viewer: str, changes: list[Json]) -> list[Json]:
        stamps: dict[str, set[str]] = {}
        for change in changes:
            if "ts" in change and change["kind"] in ("message", "update", "delete", "ephemeral", "reaction"):
                stamps.setdefault(change["channel"], set()).add(change["ts"])
        return [part for channel, found in stamps.items() if (part := self._part(viewer, channel, found))]

    def _part(self, viewer: str, channel: str, stamps: set[str]) -> Json | None:
        room = self._slack.state.channels.get(channel)
        if room is None or not snapshot.may_see(room, viewer):
            return None
        found = [message for ts in sorted(stamps) if (message := room.by_ts.get(ts)) and message.ephemeral_for in (None, viewer)]
        parents = [room.by_ts[m.thread_ts] for m in found if m.is_reply and m.thread_ts in room.by_ts]
        unique = {m.ts: m for m in [*parents, *found]}
        changed = [page_seen.message(self._slack, room, message) for message in unique.values() if not message.deleted]
        return {"channel": channel, "changed": changed, "gone": [page_seen.key(message) for message in unique.values() if message.deleted]}

    # -- requests and answers, for developers -------------------------------------------------------------------------

    async def _calls(self, request: web.Request) -> web.Response:
        rows = [_call_row(at, call) for at, call in list(enumerate(self._slack.calls))[-200:]]
        rows += [_delivery_row(delivery) for delivery in self._slack.deliveries[-200:]]
        return _json({"calls": sorted(rows, key=lambda row: row["at"])[-300:]})

    def _rows(self, changes: list[Json]) -> list[Json]:
        calls = self._slack.calls
        indexes = [change["index"] for change in changes if change["kind"] == "call" and change["index"] < len(calls)]
        known = {change["id"] for change in changes if change["kind"] == "delivery"}
        rows = [_call_row(index, calls[index]) for index in indexes]
        return rows + [_delivery_row(delivery) for delivery in self._slack.deliveries[-100:] if delivery.id in known]

    # -- what a person does -------------------------------------------------------------------------------------------

    async def _do(self, request: web.Request) -> web.Response:
        verb = request.match_info["verb"]
        try:
            body = await request.json()
        except ValueError:
            raise page_deeds.Impossible("The page sent something that is not JSON.") from None
        me = self._slack.state.members.get(str(body.get("as")))
        deed = page_deeds.DEEDS.get(verb)
        if verb == "clock" and me:
            return _json(await self._move_clock(me, body))
        if deed is None or me is None:
            raise page_deeds.Impossible("There is no such person here." if me is None else f"Nobody can “{verb}” here.")
        return _json(await deed(self._slack, me, body))

    async def _move_clock(self, me: Member, body: Json) -> Json:
        now = self._slack.clock.now()
        wanted = page_deeds.moment(now, ZoneInfo(me.zone), body)
        if wanted <= now:
            raise page_deeds.Impossible("The clock only moves forward.")
        if wanted > now + timedelta(days=400):
            raise page_deeds.Impossible("That is more than a year ahead. Move in smaller steps.")
        self._slack.clock.move_to(wanted)
        told = self._on_clock(wanted) if self._on_clock else None
        if inspect.isawaitable(told):
            await told
        return {"ok": True, "clock": page_seen.now(self._slack)}

    async def _keep_file(self, request: web.Request) -> web.Response:
        me, content = self._viewer(request), await request.read()
        name = Path(request.query.get("name") or "file").name[:120]
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        item = File(
            self._slack.state.ids.new("F"), name, len(content), user=me.id, content=content, mimetype=kind, uploaded=True, complete=True
        )
        item.created = int(self._slack.clock.now().timestamp())
        self._slack.state.files[item.id] = item
        return _json({"ok": True, "file": page_seen.file(self._slack, item)})


async def _gathered(queue: "asyncio.Queue[Json]") -> list[Json]:
    """The next changes, those of a short while together; none when it was quiet for long."""
    try:
        changes = [await asyncio.wait_for(queue.get(), HEARTBEAT)]
    except TimeoutError:
        return []
    await asyncio.sleep(GATHER)
    while not queue.empty():
        changes.append(queue.get_nowait())
    return changes


def _call_row(index: int, call: Call) -> Json:
    error = "" if call.answer.get("ok", True) else str(call.answer.get("error", ""))
    row = {"id": f"c{index}", "way": "in", "name": call.method, "status": call.status, "error": error}
    return {**row, "millis": call.millis, "at": call.at, "sent": call.args, "answer": call.answer}


def _delivery_row(delivery: Delivery) -> Json:
    payload = delivery.payload
    name = payload.get("command") or payload.get("event", {}).get("type") or payload.get("type") or delivery.kind
    row = {"id": delivery.id, "way": "out", "name": name, "status": delivery.status, "error": delivery.error}
    return {**row, "millis": delivery.millis, "at": delivery.at, "sent": payload, "answer": delivery.answer}


def _event(name: str, value: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(value, separators=(',', ':'), default=str)}\n\n".encode()


def _json(body: Json) -> web.Response:
    text = json.dumps(body, separators=(",", ":"), default=str)
    return web.Response(text=text, content_type="application/json", headers={**HEADERS, "Cache-Control": "no-store"})


def _sentence(sentence: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "sentence": sentence}, status=status, headers=HEADERS)
