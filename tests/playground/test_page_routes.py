"""The page's server side, over real sockets: who may come in, what one member sees, what they can do, and what is told live."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from playground import messages, page_files
from tests.playground.page_demo import HOSTILE, NOW, Demo, demo

__all__ = ["demo"]
Json = dict[str, Any]


class Browser:
    """What the page's own script sends."""

    def __init__(self, demo: Demo, session: aiohttp.ClientSession) -> None:
        self.demo, self.session, self.url = demo, session, demo.slack.url

    async def get(self, path: str, **query: str) -> Json:
        async with self.session.get(self.url + path, params=query) as answer:
            return dict(await answer.json())

    async def do(self, verb: str, person: str = "U_PM", **body: Any) -> Json:
        headers = {"X-Page-Token": self.demo.page.token}
        async with self.session.post(f"{self.url}/page/do/{verb}", json={"as": person, **body}, headers=headers) as answer:
            return dict(await answer.json())


@pytest_asyncio.fixture
async def browser(demo: Demo) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(demo, session)


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    """What the app does after its ack takes a moment."""
    async with asyncio.timeout(5):
        while not (found := await look()):
            await asyncio.sleep(0.01)
    return found


class Live:
    """The stream of changes, read event by event."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._lines, self.seen = response.content, set[str]()

    async def next(self, name: str) -> Any:
        async with asyncio.timeout(5):
            while True:
                line = (await self._lines.readline()).decode().strip()
                self.seen |= {line.removeprefix("event: ")}
                if line == f"event: {name}":
                    return json.loads((await self._lines.readline()).decode().removeprefix("data: "))


def live(browser: Browser, person: str = "U_PM", **query: str) -> Any:
    timeout = aiohttp.ClientTimeout(total=None)
    return browser.session.get(f"{browser.url}/page/live", params={"as": person, **query}, timeout=timeout, read_bufsize=2**22)


# -- who may come in --------------------------------------------------------------------------------------------------


async def test_the_page_names_no_other_host_and_forbids_to_reach_one(browser: Browser) -> None:
    async with browser.session.get(browser.url) as answer:
        text, policy = await answer.text(), answer.headers["Content-Security-Policy"]
    text = re.sub(r'(?<=id="state">).*?(?=</script>)', "", text)  # data: what people wrote may name any host
    assert "http://" not in text
    assert "https://" not in text
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_a_foreign_host_name_is_refused(browser: Browser) -> None:
    async with browser.session.get(f"{browser.url}/page/state", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
        assert "only answers on 127.0.0.1" in (await answer.json())["sentence"]


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_another_site_can_neither_read_nor_write(browser: Browser, headers: dict[str, str]) -> None:
    token = {"X-Page-Token": browser.demo.page.token}
    async with browser.session.get(f"{browser.url}/page/state", headers=headers) as answer:
        assert answer.status == 403
    body = {"as": "U_PM", "channel": "C_PAY", "text": "from elsewhere"}
    async with browser.session.post(f"{browser.url}/page/do/message", json=body, headers={**token, **headers}) as answer:
        assert answer.status == 403
    assert all("elsewhere" not in message.text for message in browser.demo.slack.as_("U_PM").sees("C_PAY"))


async def test_nothing_is_done_without_the_token_of_this_start(browser: Browser) -> None:
    body = {"as": "U_PM", "channel": "C_PAY", "text": "no token"}
    for headers in ({}, {"X-Page-Token": "guess"}):
        async with browser.session.post(f"{browser.url}/page/do/message", json=body, headers=headers) as answer:
            assert answer.status == 403
    assert Demo().page.token != browser.demo.page.token
    assert all("no token" not in message.text for message in browser.demo.slack.as_("U_PM").sees("C_PAY"))


@pytest.mark.parametrize("path", ["/page/..%2fweb.py", "/page/js/main.js", "/page/index.html"])
async def test_only_the_page_s_own_files_are_given_out(browser: Browser, path: str) -> None:
    async with browser.session.get(browser.url + path) as answer:
        assert answer.status == 404


def test_the_script_is_every_module_once_without_imports() -> None:
    script = page_files.script()
    for file in (page_files.FOLDER / "js").glob("*.js"):
        assert script.count(f"const $_{file.stem} = ") == 1
    assert not any(line.startswith(("import ", "export ")) for line in script.splitlines())


# -- what one member sees ---------------------------------------------------------------------------------------------


async def test_the_first_look_is_the_chosen_person_in_the_chosen_channel_with_the_digest_in_it(browser: Browser) -> None:
    state = await browser.get("/page/state")
    assert state["me"]["title"] == "payments product manager"
    assert state["channel"] == "C_WEEK"
    assert state["messages"][0]["plain"].startswith("Product, week 46")
    assert state["messages"][0]["replies"]["count"] == 2
    assert [command["command"] for command in state["app"]["commands"]] == ["/release", "/escalate", "/digest"]
    assert datetime.fromtimestamp(state["clock"] / 1000, UTC).date() == NOW.date()


async def test_what_is_drawn_first_comes_with_the_page_and_stays_data(browser: Browser, demo: Demo) -> None:
    said = "</script><script>document.title = 'x'</script><!--"
    messages.post(demo.slack, demo.slack.state.channels["C_WEEK"], "U_OPS", said)
    async with browser.session.get(browser.url, params={"as": "U_OPS"}) as answer:
        page = await answer.text()
    found = re.search(r'<script type="application/json" id="state">(.*?)</script>', page, re.DOTALL)
    assert found
    state = json.loads(found[1])
    assert (state["me"]["id"], state["channel"], state["messages"][-1]["text"]) == ("U_OPS", "C_WEEK", said)
    assert page.count("</script>") == 2


async def test_a_stream_says_nothing_to_a_page_that_knows_it_already(browser: Browser) -> None:
    mark = (await browser.get("/page/state"))["mark"]
    async with live(browser, known=mark) as response:
        stream = Live(response)
        await browser.do("message", person="U_OPS", channel="C_PAY", text="Is it done?")
        await stream.next("messages")
        assert "state" not in stream.seen
    async with live(browser, known=mark) as response:
        late = await Live(response).next("state")
        assert late["mark"] != mark, "what happened since is told, also after a lost line"


async def test_a_private_channel_is_seen_by_its_members_alone(browser: Browser) -> None:
    mine = await browser.get("/page/state", **{"as": "U_PM"})
    theirs = await browser.get("/page/state", **{"as": "U_MOB", "channel": "C_LEAD"})
    assert "C_LEAD" in [channel["id"] for channel in mine["channels"]]
    assert "C_LEAD" not in [channel["id"] for channel in theirs["channels"]]
    assert theirs["channel"] != "C_LEAD"
    assert "not in that channel" in (await browser.get("/page/messages", **{"as": "U_MOB", "channel": "C_LEAD"}))["sentence"]


async def test_unread_is_counted_until_read(browser: Browser) -> None:
    def unread(state: Json) -> dict[str, int]:
        return {channel["id"]: channel["unread"] for channel in state["channels"]}

    assert unread(await browser.get("/page/state"))["C_ACME"] == 2
    await browser.do("read", channel="C_ACME")
    assert unread(await browser.get("/page/state"))["C_ACME"] == 0


# -- what they can do -------------------------------------------------------------------------------------------------


async def test_a_command_is_answered_for_the_asker_alone(browser: Browser) -> None:
    assert (await browser.do("command", channel="C_WEEK", command="/release", text="status"))["ok"]
    mine = await browser.get("/page/messages", **{"as": "U_PM", "channel": "C_WEEK"})
    theirs = await browser.get("/page/messages", **{"as": "U_OPS", "channel": "C_WEEK"})
    assert mine["messages"][-1]["ephemeral"] is True
    assert mine["messages"][-1]["plain"].startswith("*12 open releases")
    assert not any(message["ephemeral"] for message in theirs["messages"])


async def test_a_message_shortcut_opens_a_form_whose_faults_stand_under_their_fields(browser: Browser) -> None:
    source = (await browser.get("/page/messages", channel="C_ACME"))["messages"][0]
    await browser.do("shortcut", callback_id="feedback:log", channel="C_ACME", ts=source["ts"])

    async def opened() -> Any:
        return (await browser.get("/page/state"))["views"]

    view = (await until(opened))[0]
    options = await browser.do("options", view_id=view["id"], block_id="customer", action_id="v", value="Ac")
    assert [option["text"]["text"] for option in options["options"]] == ["Acme, 40 seats", "Acorn Labs"]

    empty = await browser.do("submit", view_id=view["id"], state={})
    assert set(empty["errors"]) == {"customer"}

    state = {
        "customer": {"v": {"type": "external_select", "selected_option": options["options"][0]}},
        "value": {"v": {"type": "number_input", "value": "2000000"}},
    }
    refused = await browser.do("submit", view_id=view["id"], state=state)
    assert refused["errors"] == {"value": "That is over a million euros. Is it in cents?"}
    assert (await browser.get("/page/state"))["views"], "the form stays open"

    state["value"]["v"]["value"] = "2000"
    assert (await browser.do("submit", view_id=view["id"], state=state))["ok"]
    assert (await browser.get("/page/state"))["views"] == []

    async def answered() -> Any:
        return browser.demo.slack.as_("U_PM").thread("C_ACME", source["ts"])[1:]

    assert "F-214" in (await until(answered))[-1].plain


async def test_a_press_carries_what_was_chosen_and_changes_the_form(browser: Browser) -> None:
    card = (await browser.get("/page/messages", channel="C_WEEK"))["messages"][-1]
    actions = next(block for block in card["blocks"] if block["type"] == "actions")
    button = {"type": "button", "action_id": "move", "block_id": actions["block_id"]}
    assert (await browser.do("press", channel="C_WEEK", ts=card["ts"], action=button, state={}))["ok"]

    async def opened() -> Any:
        return (await browser.get("/page/state"))["views"]

    view = (await until(opened))[0]
    date = {"type": "datepicker", "action_id": "date", "block_id": "when", "selected_date": "2027-03-12"}
    await browser.do(
        "press", view_id=view["id"], action=date, state={"when": {"date": {"type": "datepicker", "selected_date": "2027-03-12"}}}
    )
    changed = (await browser.get("/page/state"))["views"][0]
    assert "3 working days short" in changed["blocks"][2]["text"]["text"]
    assert changed["values"]["when"]["date"]["selected_date"] == "2027-03-12"


async def test_what_is_not_there_any_more_is_said_in_a_sentence(browser: Browser) -> None:
    button = {"type": "button", "action_id": "gone", "block_id": "x"}
    ts = (await browser.get("/page/messages", channel="C_WEEK"))["messages"][-1]["ts"]
    assert "no longer there" in (await browser.do("press", channel="C_WEEK", ts=ts, action=button))["sentence"]
    assert "no longer open" in (await browser.do("submit", view_id="V0", state={}))["sentence"]
    assert "no such person" in (await browser.do("message", person="U_NOBODY", channel="C_PAY", text="x"))["sentence"]
    assert "“fly”" in (await browser.do("fly"))["sentence"]


async def test_one_cannot_speak_where_one_is_not(browser: Browser) -> None:
    assert "not in that channel" in (await browser.do("message", person="U_MOB", channel="C_LEAD", text="hello"))["sentence"]
    assert "You are not in #team-payments" in (await browser.do("message", person="U_MOB", channel="C_PAY", text="hello"))["sentence"]


async def test_a_message_of_40000_characters_is_kept_and_a_longer_one_is_refused(browser: Browser) -> None:
    assert (await browser.do("message", channel="C_PAY", text="x" * 40_000))["ok"]
    assert "40,001 characters" in (await browser.do("message", channel="C_PAY", text="x" * 40_001))["sentence"]


async def test_a_reaction_comes_and_goes(browser: Browser) -> None:
    ts = (await browser.get("/page/messages", channel="C_WEEK"))["messages"][0]["ts"]
    await browser.do("react", channel="C_WEEK", ts=ts, name="memo")
    assert (await browser.get("/page/messages", channel="C_WEEK"))["messages"][0]["reactions"]["memo"] == ["U_PM"]
    await browser.do("react", channel="C_WEEK", ts=ts, name="memo", remove=True)
    assert "memo" not in (await browser.get("/page/messages", channel="C_WEEK"))["messages"][0]["reactions"]


async def test_opening_home_asks_the_app_which_publishes_it(browser: Browser) -> None:
    assert (await browser.get("/page/state", **{"as": "U_MOB"}))["home"] is None
    await browser.do("home", person="U_MOB")

    async def published() -> Any:
        return (await browser.get("/page/state", **{"as": "U_MOB"}))["home"]

    home = await until(published)
    assert home["blocks"][1]["text"]["text"].startswith("*1 thing needs you.*")
    assert (await browser.get("/page/state", **{"as": "U_OPS"}))["home"] is None


async def test_a_shared_file_is_drawn_from_this_workspace(browser: Browser) -> None:
    headers = {"X-Page-Token": browser.demo.page.token}
    async with browser.session.post(f"{browser.url}/page/file", params={"name": "../plan.png"}, data=b"\x89PNG", headers=headers) as answer:
        kept = (await answer.json())["file"]
    assert (kept["name"], kept["mimetype"]) == ("plan.png", "image/png")
    await browser.do("message", channel="C_PAY", text="", files=[kept["id"]])
    message = (await browser.get("/page/messages", channel="C_PAY"))["messages"][-1]
    async with browser.session.get(browser.url + message["files"][0]["url"]) as answer:
        assert await answer.read() == b"\x89PNG"


# -- the clock --------------------------------------------------------------------------------------------------------


async def test_the_clock_jumps_to_monday_nine_in_the_person_s_zone_and_the_owner_hears(browser: Browser) -> None:
    await browser.do("clock", to="monday 09:00")
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert browser.demo.moved == [monday]
    assert 0 <= (browser.demo.slack.clock.now() - monday).total_seconds() < 5


async def test_the_clock_moves_by_hours_and_to_a_local_time_but_never_back(browser: Browser) -> None:
    before = browser.demo.slack.clock.now()
    await browser.do("clock", seconds=3600)
    assert 3600 <= (browser.demo.slack.clock.now() - before).total_seconds() < 3605
    await browser.do("clock", local="2026-11-20T09:30")
    assert browser.demo.slack.clock.now().replace(second=0, microsecond=0) == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert "only moves forward" in (await browser.do("clock", local="2026-11-01T09:30"))["sentence"]
    assert "Choose a day" in (await browser.do("clock", local=""))["sentence"]


# -- live -------------------------------------------------------------------------------------------------------------


async def test_the_stream_starts_with_everything_and_then_tells_what_changes(browser: Browser) -> None:
    async with live(browser) as response:
        stream = Live(response)
        assert (await stream.next("state"))["channel"] == "C_WEEK"
        await browser.do("message", person="U_OPS", channel="C_PAY", text="Is it done?")
        part = await stream.next("messages")
        assert part["channel"] == "C_PAY"
        assert part["changed"][0]["text"] == "Is it done?"
        assert next(c for c in (await stream.next("shell"))["channels"] if c["id"] == "C_PAY")["unread"] == 2
        await browser.do("clock", seconds=60)
        assert (await stream.next("clock"))["at"] > 0


async def test_what_is_for_one_person_reaches_no_other_stream(browser: Browser) -> None:
    async with live(browser, "U_OPS") as response:
        stream = Live(response)
        await stream.next("state")
        await browser.do("command", channel="C_WEEK", command="/release", text="status")
        await browser.do("message", person="U_PM", channel="C_LONG", text="a channel of another")
        await browser.do("message", person="U_PM", channel="C_WEEK", text="seen by both")
        changed: list[Json] = []
        while not any(message["text"] == "seen by both" for message in changed):
            changed += (await stream.next("messages"))["changed"]
        assert not any(message["ephemeral"] for message in changed)


async def test_a_deleted_message_is_told_as_gone(browser: Browser) -> None:
    said = await browser.do("message", channel="C_PAY", text="Oops")
    async with live(browser) as response:
        stream = Live(response)
        await stream.next("state")
        await browser.demo.slack.as_("U_PM").delete("C_PAY", said["ts"])
        assert (await stream.next("messages"))["gone"] == [said["ts"]]


async def test_a_developer_s_stream_tells_each_request_with_its_answer_and_others_do_not(browser: Browser) -> None:
    async with live(browser, developer="yes") as response:
        stream = Live(response)
        await stream.next("state")
        await browser.do("home")
        found: set[tuple[str, str]] = set()
        while not {("out", "app_home_opened"), ("in", "views.publish")} <= found:
            found |= {(row["way"], row["name"]) for row in await stream.next("calls")}

    async def logged() -> Any:
        return [row for row in (await browser.get("/page/calls"))["calls"] if row["name"] == "views.publish"]

    publish = (await until(logged))[0]
    assert publish["status"] == 200
    assert publish["answer"]["ok"] is True
    assert "xoxb-" not in json.dumps(await browser.get("/page/calls"))
    async with live(browser) as response:
        stream = Live(response)
        await browser.do("home")
        await stream.next("home")
        assert "calls" not in stream.seen


async def test_a_fault_set_on_the_page_happens_and_is_listed(browser: Browser) -> None:
    listed = await browser.do("faults", add={"target": "views.publish", "times": 1, "status": 500})
    assert listed["faults"] == [{"target": "views.publish", "times": 1, "words": "answers 500"}]
    await browser.do("home")

    async def failed() -> Any:
        return [call.status for call in browser.demo.slack.calls if call.method == "views.publish"]

    assert (await until(failed))[0] == 500
    assert (await browser.do("faults", clear=True))["faults"] == []


async def test_a_socket_is_dropped_from_the_page(browser: Browser, demo: Demo) -> None:
    assert (await browser.do("faults", drop=True))["sentence"] == "No Socket Mode connection is open here."
    opened = await AsyncWebClient(base_url=demo.slack.api_url).apps_connections_open(app_token=demo.slack.app_token)
    async with browser.session.ws_connect(opened["url"]) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        assert (await browser.do("faults", drop=True))["ok"]
        assert (await socket.receive(timeout=5)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def test_hostile_words_travel_as_they_were_typed(browser: Browser) -> None:
    message = (await browser.get("/page/messages", channel="C_PAY"))["messages"][0]
    assert message["blocks"][0]["elements"][0]["elements"][0]["text"] == HOSTILE


async def test_an_app_that_is_away_is_said_in_words(browser: Browser) -> None:
    browser.demo.slack.deliver_to("http://127.0.0.1:9/none")
    said = await browser.do("command", channel="C_WEEK", command="/release", text="status")
    assert not said["ok"]
    assert said["sentence"].startswith("Tendon could not be reached")


async def test_people_talk_and_change_only_their_own_words(browser: Browser) -> None:
    room = (await browser.do("talk", people=["U_MOB"]))["channel"]
    assert (await browser.do("talk", "U_MOB", people=["U_PM"]))["channel"] == room, "there is one conversation of two people"
    said = await browser.do("message", channel=room, text="Hello *there*")
    assert (await browser.do("edit", channel=room, ts=said["ts"], text=" "))["sentence"].startswith("An empty message cannot be kept.")
    assert "40,001" in (await browser.do("edit", channel=room, ts=said["ts"], text="x" * 40_001))["sentence"]
    assert (await browser.do("edit", "U_MOB", channel=room, ts=said["ts"], text="Mine"))[
        "sentence"
    ] == "Only one's own messages can be changed."
    assert not (await browser.do("delete", "U_OPS", channel=room, ts=said["ts"]))["ok"]
    messages = (await browser.get("/page/messages", **{"as": "U_MOB", "channel": room}))["messages"]
    assert [(one["text"], one["plain"], one["edited"]) for one in messages] == [("Hello *there*", "Hello there", False)]
    assert (await browser.do("talk", people=[]))["sentence"] == "Choose somebody to write to."
    for number in range(9):
        browser.demo.slack.member(f"U_{number}", name=f"Guest {number}")
    assert "9 people at most" in (await browser.do("talk", people=[f"U_{number}" for number in range(9)]))["sentence"]


async def test_what_was_fetched_is_kept_by_the_browser_under_its_own_address(browser: Browser) -> None:
    async with browser.session.get(browser.url) as answer:
        addresses = re.findall(r'(?:href|src)="(/page/page[^"]+)"', await answer.text())
    assert [address.split("?")[0] for address in addresses] == ["/page/page.css", "/page/page.js"]
    for address, cached in ((addresses[1], True), ("/page/page.js", False), ("/page/page.css?v=old", False)):
        async with browser.session.get(browser.url + address) as answer:
            assert ("immutable" in answer.headers["Cache-Control"]) is cached


async def test_a_file_is_given_by_its_id_and_another_is_named_as_missing(browser: Browser) -> None:
    assert (await browser.get("/page/file/F_NONE"))["sentence"] == "There is no such file here."


async def test_what_one_alone_sees_waits_for_nobody(browser: Browser) -> None:
    await browser.do("command", channel="C_PAY", command="/release", text="status")
    await browser.do("read", channel="C_PAY")
    await browser.do("command", channel="C_PAY", command="/release", text="status")
    channels = (await browser.get("/page/state", **{"as": "U_PM"}))["channels"]
    assert next(channel for channel in channels if channel["id"] == "C_PAY")["unread"] == 0
