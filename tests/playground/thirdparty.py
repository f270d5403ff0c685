"""A bot in the shape of Slack's own examples: it knows nothing of the local workspace, and says all that a bot can say."""

from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

SCOPES = [
    "app_mentions:read", "bookmarks:write", "bookmarks:read", "channels:history", "channels:join", "channels:manage", "channels:read",
    "chat:write", "commands", "emoji:read", "files:read", "files:write", "groups:history", "groups:read", "groups:write", "im:history",
    "im:read", "im:write", "links:read", "links:write", "mpim:read", "mpim:write", "pins:read", "pins:write", "reactions:read",
    "reactions:write", "team:read", "usergroups:read", "users.profile:read", "users:read", "users:read.email",
]  # fmt: skip
EVENTS = [
    "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_deleted", "channel_rename", "channel_unarchive",
    "link_shared", "member_joined_channel", "member_left_channel", "message.channels", "message.groups", "message.im", "reaction_added",
    "reaction_removed", "team_join", "tokens_revoked", "user_change",
]  # fmt: skip
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Sample"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "sample"},
        "slash_commands": [{"command": "/hello", "description": "Says hello"}, {"command": "/form", "description": "Opens a form"}],
        "shortcuts": [
            {"name": "Note it", "type": "message", "callback_id": "note", "description": "Notes a message"},
            {"name": "New", "type": "global", "callback_id": "new", "description": "Opens a form"},
        ],
        "unfurl_domains": ["example.com"],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {"event_subscriptions": {"bot_events": EVENTS}, "interactivity": {"is_enabled": True}, "socket_mode_enabled": True},
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def form(title: str = "A form", callback_id: str = "form") -> dict[str, Any]:
    name = {"type": "input", "block_id": "name", "label": plain("Name"), "element": {"type": "plain_text_input", "action_id": "typed"}}
    options = [{"text": plain("Red"), "value": "r"}, {"text": plain("Blue"), "value": "b"}]
    colour = {"type": "static_select", "action_id": "picked", "options": options}
    customer = {"type": "external_select", "action_id": "customer", "min_query_length": 2}
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain("Save"),
        "notify_on_close": True,
        "private_metadata": "kept",
        "blocks": [
            name,
            {"type": "input", "block_id": "colour", "optional": True, "label": plain("Colour"), "element": colour},
            {"type": "input", "block_id": "customer", "optional": True, "label": plain("Customer"), "element": customer},
            {"type": "actions", "block_id": "more", "elements": [{"type": "button", "action_id": "grow", "text": plain("Grow")}]},
        ],
    }


def build(client: AsyncWebClient, signing_secret: str) -> tuple[AsyncApp, list[dict[str, Any]]]:
    """The app, and what it was told of, in order."""
    app, heard = AsyncApp(client=client, signing_secret=signing_secret), []

    @app.middleware
    async def note(body: dict[str, Any], next: Any) -> None:
        heard.append(body)
        await next()

    @app.message("ping")
    async def pong(message: dict[str, Any], say: Any) -> None:
        await say(text=f"pong <@{message['user']}>", thread_ts=message["ts"])

    @app.command("/hello")
    async def hello(ack: Any, command: dict[str, Any]) -> None:
        button = {"type": "button", "action_id": "wave", "text": plain("Wave"), "value": "1"}
        blocks = [{"type": "section", "text": plain(f"Hello {command['text']}")}, {"type": "actions", "elements": [button]}]
        await ack(text="Hello", blocks=blocks)

    @app.action("wave")
    async def wave(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="You waved.", replace_original=True)

    @app.command("/form")
    @app.shortcut("new")
    async def open_form(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.shortcut("note")
    async def note_it(ack: Any, shortcut: dict[str, Any], respond: Any) -> None:
        await ack()
        await respond(text=f"Noted: {shortcut['message']['text']}")

    @app.action("grow")
    async def grow(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = form(title="Grown")
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    @app.options("customer")
    async def customers(ack: Any, payload: dict[str, Any]) -> None:
        names = [n for n in ("Acme", "Acorn", "Bolt") if n.lower().startswith(payload["value"].lower())]
        await ack(options=[{"text": plain(name), "value": name.lower()} for name in names])

    @app.view("form")
    async def save(ack: Any, view: dict[str, Any]) -> None:
        typed = view["state"]["values"]["name"]["typed"]["value"]
        answers: dict[str, Any] = {
            "bad": {"response_action": "errors", "errors": {"name": "Not that one."}},
            "again": {"response_action": "update", "view": form(title="Again")},
            "deeper": {"response_action": "push", "view": form(title="Deeper")},
            "all": {"response_action": "clear"},
            "lost": {"response_action": "errors", "errors": {"nowhere": "Lost."}},
        }
        await ack(**answers.get(typed, {}))

    @app.view_closed("form")
    async def closed(ack: Any) -> None:
        await ack()

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Home*"}}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.files_upload_v2(channel=event["channel"], filename="report.csv", content="a,b\n1,2\n", initial_comment="Here it is")

    for name in ("message", "member_joined_channel", "reaction_added", "channel_rename"):
        app.event(name)(nothing)
    return app, heard


async def nothing() -> None:
    """An event that is heard and needs no answer."""


class Http:
    """The app behind signed HTTP, as its own server."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        async def endpoint(request: web.Request) -> web.Response:
            return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))

        server = web.Application()
        server.router.add_post("/slack/events", endpoint)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/slack/events"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
