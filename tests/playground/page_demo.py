"""A small made-up company for the page's tests, with a Bolt app in it: it lists, opens forms, refuses, answers in threads, has a Home."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground import LocalSlack, messages
from playground.web import Page
from tests.playground.page_forms import add_forms

Json = dict[str, Any]
NOW = datetime(2026, 11, 19, 9, 42, tzinfo=UTC)
HOSTILE = '<img src=x onerror="document.title=1"> <!channel> &amp; <script>document.title=2</script>'
MANIFEST: Json = {
    "display_information": {"name": "Tendon"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "tendon"},
        "slash_commands": [
            {
                "command": "/release",
                "description": "What ships, when, and what moved",
                "usage_hint": "status | move NAME to DATE because REASON",
            },
            {"command": "/escalate", "description": "Raise something urgent", "usage_hint": "WHAT for CUSTOMER", "should_escape": True},
            {"command": "/digest", "description": "The weekly summary of a channel", "usage_hint": "preview | now | list"},
        ],
        "shortcuts": [
            {"name": "Log customer feedback", "type": "message", "callback_id": "feedback:log", "description": "Keep what a customer said"},
            {"name": "Escalate", "type": "message", "callback_id": "escalate", "description": "Raise this to a team"},
            {"name": "New release", "type": "global", "callback_id": "release:new", "description": "Plan a release"},
        ],
    },
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}, "interactivity": {"is_enabled": True}},
}
TOUR: Json = {
    "title": "Three things to try",
    "quick": True,  # tests do not wait for the typing
    "tries": [
        {
            "id": "status",
            "title": "Ask what ships",
            "says": "Types /release status in front of you",
            "steps": [
                {"do": "open", "channel": "product-weekly"},
                {"do": "type", "text": "/release status"},
                {"do": "enter"},
                {"do": "wait", "text": "12 open releases"},
            ],
        },
        {
            "id": "feedback",
            "title": "Log what a customer said",
            "says": "From the menu of a message, into a form",
            "steps": [
                {"do": "open", "channel": "acme-success"},
                {"do": "menu", "message": "invoices by region", "item": "Log customer feedback"},
                {"do": "fill", "label": "Customer", "value": "Acme"},
                {"do": "submit"},
                {"do": "thread", "message": "invoices by region"},
            ],
        },
        {
            "id": "slip",
            "title": "See who a slip hurts",
            "says": "Opens the move form and changes the date",
            "steps": [
                {"do": "open", "channel": "product-weekly"},
                {"do": "press", "label": "Move date", "message": "Billing revamp"},
                {"do": "fill", "label": "New date", "value": "2027-03-12"},
                {"do": "wait", "text": "3 working days short"},
            ],
        },
    ],
    "after": [
        {
            "id": "other",
            "title": "Now be the other side",
            "says": "Become the mobile lead",
            "steps": [{"do": "person", "id": "U_MOB"}, {"do": "home"}],
        }
    ],
    "closing": [{"title": "Use your own plan", "says": "Paste a spreadsheet"}],
}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def words(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": words(text), **more}


def context(text: str) -> Json:
    return {"type": "context", "elements": [words(text)]}


def button(text: str, action: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action, **more}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower()}


RELEASES = [
    ("Late (2)", "Billing revamp", "Red: off track. Vendor API not delivered\nFri 12 Mar 2027 · was 5 Mar · +5 working days"),
    ("", "Usage API", "Stalled: 62 working days past its date\nWed 26 Aug 2026 · as first planned · Platform, no owner"),
    ("At risk (3)", "SSO for enterprise", "Amber: at risk. Set by the owner; the rule says Green\nTue 1 Dec 2026 · 8 of 9 done · Identity"),
    ("On track (6)", "Audit log export", "Green: on track\nTue 24 Nov 2026 · 2 working days early · 11 of 11 done · Trust"),
]


def status_blocks() -> list[Json]:
    blocks = [section("*12 open releases: 2 late, 3 at risk, 6 on track, 1 without a day.*\n2 need a decision."), {"type": "divider"}]
    for group, name, more in RELEASES:
        blocks += [context(f"*{group}*")] if group else []
        opener = button("Open", f"open:{name}", accessibility_label=f"Open {name}")
        blocks.append(section(f"*{name}*\n{more}", accessory=opener))
    shares = [button("Share to channel", "share", style="primary"), button("Only mine", "mine"), button("Late only", "late")]
    return [*blocks, {"type": "actions", "elements": shares}, context("As of Thu 19 Nov, 10:42 Berlin · of what you can see")]


def digest_blocks() -> list[Json]:
    rows = [
        ["Release", "Health", "Date", "Slip"],
        ["Billing revamp", "Red: off track", "12 Mar 2027", "+5"],
        ["SSO for enterprise", "Amber: at risk", "1 Dec 2026", "0"],
        ["Usage API", "Stalled", "26 Aug 2026", "0, 62 past"],
    ]
    cells = [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]
    accept = button("Open", "open:Billing revamp", accessibility_label="Open Billing revamp")
    return [
        {"type": "header", "text": plain("Product, week 46")},
        section(
            "*31 open: 22 on track, 6 at risk, 3 late. One worse than last week.*\n4 dates were not confirmed, so read those with care."
        ),
        section(
            "*Decisions wanted*\nBilling revamp: accept 12 Mar, or drop invoices by region and keep 5 Mar. By Wed 25 Nov", accessory=accept
        ),
        {"type": "table", "rows": cells, "column_settings": [None, {"is_wrapped": True}, None, {"align": "right"}]},
        section("*Shipped (3)*  Receipts in app · Bulk edit · Audit log v2. 41 customers heard back"),
        context("9 to 15 Nov · as of Mon 16 Nov, 09:00 Berlin · slip in working days from baseline · same facts in every digest"),
    ]


def card_blocks() -> list[Json]:
    fields = [
        "*Baseline*\nFri 5 Mar 2027, committed 12 Jan",
        "*Work done*\n14 of 20 (2 moved in)",
        "*Owner*\npayments lead",
        "*Confirmed*\n2 days ago",
    ]
    ask = {
        "title": plain("Ship it today?"),
        "text": words("12 people who asked *will be told*."),
        "confirm": plain("Mark shipped"),
        "deny": plain("Not yet"),
    }
    buttons = [button("Move date", "move", style="primary"), button("Set health", "health"), button("Mark shipped", "ship", confirm=ask)]
    return [
        section("*Billing revamp*  R-12\nRed: off track. +5 working days. Fri 12 Mar 2027"),
        {"type": "section", "fields": [words(field) for field in fields]},
        {"type": "actions", "elements": buttons},
        context("As of 09:00 Berlin · Teams: Payments 10 of 14, Platform 4 of 6"),
    ]


def feedback_form(text: str) -> Json:
    def ask(block: str, label: str, element: Json, **more: Any) -> Json:
        return {"type": "input", "block_id": block, "label": plain(label), "element": {"action_id": "v", **element}, **more}

    kinds = {
        "type": "static_select",
        "options": [option(name) for name in ("Request", "Problem", "Praise")],
        "initial_option": option("Request"),
    }
    teams = {
        "type": "radio_buttons",
        "options": [option("Everyone in the company"), option("Only product")],
        "initial_option": option("Only product"),
    }
    return {
        "type": "modal",
        "callback_id": "feedback",
        "title": plain("Log customer feedback"),
        "submit": plain("Log"),
        "close": plain("Cancel"),
        "blocks": [
            context("From the message by Ana Alves in #acme-success"),
            ask("text", "Feedback", {"type": "plain_text_input", "multiline": True, "initial_value": text}),
            ask("customer", "Customer", {"type": "external_select", "min_query_length": 1, "placeholder": plain("Type a name")}),
            ask("kind", "Type", kinds),
            ask("who", "Who may read it", teams),
            ask(
                "value",
                "Yearly value",
                {"type": "number_input", "is_decimal_allowed": False},
                optional=True,
                hint=plain("In euros, if you know it."),
            ),
        ],
    }


def move_form(date: str | None = None) -> Json:
    picker: Json = {"type": "datepicker", "action_id": "date", "initial_date": date or "2027-03-05"}
    hurt = (
        "• Mobile waits for it by 9 Mar: *3 working days short*. They will be asked to re-confirm\n• 9 followers will be told in 5 minutes"
    )
    blocks: list[Json] = [
        {"type": "input", "block_id": "when", "dispatch_action": True, "label": plain("New date"), "element": picker},
        {"type": "input", "block_id": "why", "label": plain("Why?"), "element": {"type": "plain_text_input", "action_id": "why"}},
        section(f"*This changes:*\n{hurt}" if date else "Pick a date to see who it touches."),
    ]
    return {"type": "modal", "callback_id": "move", "title": plain("Move Billing revamp"), "submit": plain("Move"), "blocks": blocks}


def bolt_app(slack: LocalSlack) -> AsyncApp:
    quiet = logging.getLogger("page-demo")
    quiet.setLevel(logging.CRITICAL)
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret, logger=quiet)

    @app.command("/release")
    async def release(ack: Any, command: Json) -> None:
        await ack(text="12 open releases", blocks=status_blocks(), response_type="ephemeral")

    @app.command("/escalate")
    async def escalate(ack: Any, command: Json) -> None:
        await ack(text=f"Heard: `{command['text']}`")

    @app.shortcut("feedback:log")
    async def log(ack: Any, shortcut: Json, client: Any) -> None:
        await ack()
        view = feedback_form(shortcut["message"]["text"]) | {"private_metadata": f"{shortcut['channel']['id']} {shortcut['message']['ts']}"}
        await client.views_open(trigger_id=shortcut["trigger_id"], view=view)

    @app.options("v")
    async def customers(ack: Any, options: Json) -> None:
        names = [name for name in ("Acme, 40 seats", "Acorn Labs", "Beta Bank") if options["value"].lower() in name.lower()]
        await ack(options=[option(name) for name in names])

    @app.view("feedback")
    async def save(ack: Any, view: Json, client: Any, body: Json) -> None:
        value = view["state"]["values"]["value"]["v"]["value"]
        if value and int(value) > 1_000_000:
            await ack(response_action="errors", errors={"value": "That is over a million euros. Is it in cents?"})
            return
        await ack()
        channel, ts = view["private_metadata"].split()
        blocks = [
            section("Logged as *F-214* for Acme. You will hear here when it ships."),
            {"type": "actions", "elements": [button("Undo", "undo")]},
        ]
        await client.chat_postMessage(channel=channel, thread_ts=ts, text="Logged as F-214 for Acme.", blocks=blocks)

    @app.view("move")
    async def moved(ack: Any) -> None:
        done = {"type": "modal", "title": plain("Move Billing revamp"), "blocks": [section("It moves in 5 minutes. You can close this.")]}
        await ack(response_action="update", view=done)

    @app.action("move")
    async def move(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=move_form())

    @app.action("date")
    async def preview(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_update(view_id=body["view"]["id"], view=move_form(body["actions"][0]["selected_date"]))

    @app.action("ship")
    async def ship(ack: Any, body: Json, client: Any) -> None:
        await ack()
        shipped = [section("*Billing revamp*  R-12\nShipped today, as planned. 12 people who asked were told.")]
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Shipped", blocks=shipped)

    @app.event("app_home_opened")
    async def home(event: Json, client: Any) -> None:
        blocks = [
            {"type": "header", "text": plain("Good morning")},
            section("*1 thing needs you.* 2 minutes."),
            section(
                "Payments moved Billing revamp to 12 Mar. Your receipts wait for it.", accessory=button("Answer", "answer", style="primary")
            ),
            {"type": "divider"},
            section("*Yours*  2 releases · 1 promise · 4 pieces of feedback waiting", accessory=button("Show", "show")),
            context("As of 10:42 Berlin · Guide · What Tendon stores about you"),
        ]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    return app


def furnish(slack: LocalSlack) -> None:
    slack.manifest = MANIFEST
    slack.member("U_PM", name="Pia Marsh", zone="Europe/Berlin", title="payments product manager")
    slack.member("U_MOB", name="Milo Okafor", zone="America/New_York", title="mobile lead")
    slack.member("U_AM", name="Ana Alves", zone="Europe/Lisbon", title="account manager")
    slack.member("U_OPS", name="Oda Berg", zone="Europe/Oslo", title="head of product operations", admin=True)
    slack.member("U_OUT", name="Sam Reed", zone="America/Chicago", title="Acme, finance", outside=True)
    staff = ["U_PM", "U_MOB", "U_AM", "U_OPS"]
    slack.channel("C_WEEK", name="product-weekly", members=staff, topic="What ships, what moved, what needs a decision")
    slack.channel("C_PAY", name="team-payments", members=["U_PM", "U_OPS"], topic="Billing, invoices, refunds")
    slack.channel("C_MOB", name="team-mobile", members=["U_MOB", "U_PM"])
    slack.channel("C_ACME", name="acme-success", members=["U_PM", "U_AM", "U_OUT"], shared=True)
    slack.channel("C_LEAD", name="product-leads", members=["U_PM", "U_OPS"], private=True)
    slack.channel("C_LONG", name="long", members=["U_PM"])
    _history(slack)


def _history(slack: LocalSlack) -> None:
    rooms = slack.state.channels

    def say(channel: str, user: str, text: str, **more: Any) -> Any:
        slack.clock.advance(timedelta(minutes=3))
        more.setdefault("blocks", [] if user == slack.bot_user else messages.rich_text(slack, text))
        return messages.post(slack, rooms[channel], user, text, bot=user == slack.bot_user, **more)

    slack.clock.move_to(datetime(2026, 11, 16, 8, 0, tzinfo=UTC))
    digest = say("C_WEEK", slack.bot_user, "31 open: 22 on track, 6 at risk, 3 late.", blocks=digest_blocks())
    say("C_WEEK", "U_OPS", "Thanks. <@U_PM> can you bring the two options to Wednesday?", thread_ts=digest.ts)
    say("C_WEEK", "U_PM", "Yes, with the cost of each.", thread_ts=digest.ts)
    slack.clock.move_to(NOW - timedelta(hours=2))
    digest.reactions["eyes"] = ["U_OPS", "U_AM"]
    say("C_WEEK", "U_OPS", "Please confirm your dates before noon. Details in <#C_PAY>.")
    say("C_WEEK", "U_MOB", "Done for mobile.")
    say("C_WEEK", "U_MOB", "Receipts still wait for the refund API.")
    say("C_WEEK", slack.bot_user, "Billing revamp: Red, off track", blocks=card_blocks())
    say("C_ACME", "U_OUT", "Our finance team needs invoices by region. The export gives one file for all.")
    say("C_ACME", "U_AM", "Thank you Sam, I pass it on today.")
    say("C_PAY", "U_OPS", HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    say("C_LEAD", "U_OPS", "Pricing for the spring stays between us until the 3rd.")
    for number in range(1000):
        at = slack.clock.now() + timedelta(seconds=number / 10)
        slack.state.last_ts = int(at.timestamp() * 1_000_000)
        messages.post(slack, rooms["C_LONG"], "U_PM" if number % 3 else "U_OPS", f"Message number {number}: *kept* in order.")
    for person in ("U_PM", "U_MOB"):
        for channel in ("C_LONG", "C_WEEK"):
            slack.as_(person).mark_read(channel)
    slack.clock.move_to(NOW)


class Demo:
    """The company, its app on a port of its own, and the page's routes."""

    def __init__(self, tour: Json | None = TOUR) -> None:
        self.slack = LocalSlack(seed=11)
        self.moved: list[datetime] = []
        self.sent: list[Json] = []
        self.page = Page(self.slack, self.moved.append, (lambda: tour) if tour else None, "U_PM", "C_WEEK")

    async def start(self, port: int = 0) -> None:
        self.slack.server.routes += self.page.routes()
        await self.slack.start(port)
        furnish(self.slack)
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.slack.deliver_to(f"http://127.0.0.1:{self._runner.addresses[0][1]}/slack/events")

    def _app(self) -> web.Application:
        bolt = bolt_app(self.slack)
        add_forms(bolt, self.sent)

        async def events(request: web.Request) -> web.Response:
            return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

        app = web.Application()
        app.router.add_post("/slack/events", events)
        return app

    async def stop(self) -> None:
        await self.slack.stop()
        await self._runner.cleanup()


async def main() -> None:
    demo = Demo()
    await demo.start(8123)
    print(demo.slack.url, flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())


@pytest_asyncio.fixture
async def demo() -> AsyncIterator[Demo]:
    company = Demo()
    await company.start()
    yield company
    await company.stop()
