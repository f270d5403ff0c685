"""Pins, bookmarks, lists of files and emoji: what a channel keeps at hand."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import Actor, LocalSlack, NotThere
from tests.playground.test_channels import error_of, told


async def test_a_message_is_pinned_once_and_taken_down_once(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    first, second = (await pm.say("C_PAY", "first")).ts, (await pm.say("C_PAY", "second")).ts
    assert await error_of(client, "pins.remove", channel="C_PAY", timestamp=first) == "no_pin"
    await client.pins_add(channel="C_PAY", timestamp=first)
    await client.pins_add(channel="C_PAY", timestamp=second)
    assert await error_of(client, "pins.add", channel="C_PAY", timestamp=first) == "already_pinned"
    items = (await client.pins_list(channel="C_PAY"))["items"]
    assert [(i["message"]["text"], i["created_by"]) for i in items] == [("second", slack.bot_user), ("first", slack.bot_user)]
    assert (await client.conversations_history(channel="C_PAY"))["pin_count"] == 2
    await client.pins_remove(channel="C_PAY", timestamp=first)
    await pm.delete("C_PAY", second)
    assert (await client.pins_list(channel="C_PAY"))["items"] == []


async def test_what_cannot_be_pinned(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    slack.instant = True
    elsewhere = await pm.say("C_NEWS", "x")
    private = await client.chat_postEphemeral(channel="C_PAY", user="U_PM", text="only you")
    assert await error_of(client, "pins.add", channel="C_NEWS", timestamp=elsewhere.ts) == "not_in_channel"
    assert await error_of(client, "pins.add", channel="C_PAY", timestamp=private["message_ts"]) == "message_not_found"
    for n in range(100):
        await client.pins_add(channel="C_PAY", timestamp=(await pm.say("C_PAY", str(n))).ts)
    assert await error_of(client, "pins.add", channel="C_PAY", timestamp=(await pm.say("C_PAY", "x")).ts) == "too_many_pins"


async def test_the_place_of_a_deleted_message_takes_no_marks(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    first = await pm.say("C_PAY", "first")
    await pm.say("C_PAY", "reply", first.ts)
    await client.pins_add(channel="C_PAY", timestamp=first.ts)
    await pm.delete("C_PAY", first.ts)
    assert (await client.pins_list(channel="C_PAY"))["items"] == []
    for method in ("pins.add", "reactions.get"):
        assert await error_of(client, method, channel="C_PAY", timestamp=first.ts) == "message_not_found"
    for method in ("reactions.add", "reactions.remove"):
        assert await error_of(client, method, channel="C_PAY", timestamp=first.ts, name="eyes") == "message_not_found"
    with pytest.raises(NotThere, match="was deleted"):
        await pm.react("C_PAY", first.ts, "eyes")
    with pytest.raises(NotThere, match="was deleted"):
        await pm.shortcut("note", "C_PAY", first.ts)


async def test_pins_are_told_of(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    said = await pm.say("C_PAY", "x")
    slack.deliver_to(f"{slack.url}/nobody")
    slack.sender.retry_divisor = 1e9
    slack.manifest = {**slack.manifest, "settings": {"event_subscriptions": {"bot_events": ["pin_added", "pin_removed"]}}}
    await client.pins_add(channel="C_PAY", timestamp=said.ts)
    await client.pins_remove(channel="C_PAY", timestamp=said.ts)
    seen = [(e["type"], e["channel_id"], e["item"]["message"]["ts"], e["pin_count"]) for e in await told(slack)]
    assert seen == [("pin_added", "C_PAY", said.ts, 1), ("pin_removed", "C_PAY", said.ts, 0)]
    scopes = [scope for scope in slack.manifest["oauth_config"]["scopes"]["bot"] if scope != "pins:read"]
    slack.manifest = {**slack.manifest, "oauth_config": {"scopes": {"bot": scopes}}}
    await client.pins_add(channel="C_PAY", timestamp=said.ts)
    assert len(await told(slack)) == 2


async def test_bookmarks_are_added_changed_and_removed(slack: LocalSlack, client: AsyncWebClient) -> None:
    made = (await client.bookmarks_add(channel_id="C_PAY", title="Plan", type="link", link="https://a.example"))["bookmark"]
    other = (await client.bookmarks_add(channel_id="C_PAY", title="Other", type="link", link="https://c.example"))["bookmark"]
    await client.bookmarks_remove(channel_id="C_PAY", bookmark_id=other["id"])
    changed = (await client.bookmarks_edit(channel_id="C_PAY", bookmark_id=made["id"], title="The plan", link="http://b.example"))[
        "bookmark"
    ]
    assert (changed["id"], changed["title"], changed["link"]) == (made["id"], "The plan", "http://b.example")
    assert (await client.bookmarks_list(channel_id="C_PAY"))["bookmarks"] == [changed]
    await client.bookmarks_remove(channel_id="C_PAY", bookmark_id=made["id"])
    assert (await client.bookmarks_list(channel_id="C_PAY"))["bookmarks"] == []


BOOKMARKS: list[tuple[str, dict[str, Any], str]] = [
    ("bookmarks.edit", {"title": "x"}, "not_found"),
    ("bookmarks.remove", {}, "not_found"),
]


@pytest.mark.parametrize(("method", "args", "error"), BOOKMARKS)
async def test_a_bookmark_that_is_not_there(client: AsyncWebClient, method: str, args: dict[str, Any], error: str) -> None:
    assert await error_of(client, method, channel_id="C_PAY", bookmark_id="Bk_NONE", **args) == error
    assert await error_of(client, method, channel_id="C_NEWS", bookmark_id="Bk_NONE", **args) == "not_in_channel"


async def test_a_bookmark_leads_to_the_web(client: AsyncWebClient) -> None:
    made = (await client.bookmarks_add(channel_id="C_PAY", title="Plan", type="link", link="https://a.example"))["bookmark"]
    answer = await error_of(client, "bookmarks.edit", channel_id="C_PAY", bookmark_id=made["id"], link="javascript:alert(1)")
    assert answer == "invalid_link"


async def shared(slack: LocalSlack, client: AsyncWebClient, name: str, channel: str | None) -> str:
    ticket = await client.files_getUploadURLExternal(filename=name, length=1)
    slack.state.files[ticket["file_id"]].uploaded = True
    await client.files_completeUploadExternal(files=[{"id": ticket["file_id"], "title": name}], channel_id=channel)
    return str(ticket["file_id"])


async def test_files_are_listed_by_pages_by_channel_and_by_person(slack: LocalSlack, client: AsyncWebClient) -> None:
    files = [
        await shared(slack, client, "a.csv", "C_PAY"),
        await shared(slack, client, "b.csv", None),
        await shared(slack, client, "c.csv", "C_PAY"),
    ]
    await client.files_getUploadURLExternal(filename="unfinished", length=1)

    async def listed(**args: Any) -> list[str]:
        return [item["id"] for item in (await client.files_list(**args))["files"]]

    unfinished = next(name for name in slack.state.files if name not in files)
    assert await error_of(client, "files.info", file=unfinished) == "file_not_found"
    assert await listed() == files
    assert await listed(channel="C_PAY") == [files[0], files[2]]
    assert (await listed(user=slack.bot_user), await listed(user="U_PM")) == (files, [])
    assert [await listed(count=2, page=page) for page in (1, 2, 3)] == [files[:2], files[2:], []]
    assert (await client.files_list(count=2, page=2))["paging"] == {"count": 2, "total": 3, "page": 2, "pages": 2}
    assert await error_of(client, "files.list", user="U_NONE") == "user_not_found"
    assert await error_of(client, "files.list", channel="C_NONE") == "channel_not_found"


async def test_the_workspaces_own_emoji(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.emoji = {"shipit": "https://a.example/shipit.png", "squirrel": "alias:shipit"}
    assert (await client.emoji_list())["emoji"] == slack.emoji


async def test_a_call_that_is_told_to_fail_fails(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="as_told"):
        await client.api_test(error="as_told")
