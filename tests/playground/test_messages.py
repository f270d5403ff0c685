"""Messages as people and the API see them: ephemerals, metadata, threads, updates, pages, response URLs."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import Actor, LocalSlack

META = {"event_type": "tendon", "event_payload": {"key": "k1"}}


async def test_stamps_are_unique_rise_and_follow_the_clock(slack: LocalSlack, pm: Actor) -> None:
    slack.clock.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))
    stamps = [(await pm.say("C_PAY", str(n))).ts for n in range(50)]
    assert stamps == sorted(set(stamps))
    assert int(float(stamps[0])) - int(datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp()) in (0, 1)
    slack.clock.advance(timedelta(days=-1))
    assert (await pm.say("C_PAY", "back")).ts > stamps[-1]


async def test_an_ephemeral_message_is_for_one_and_in_no_history(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    shown = await client.chat_postEphemeral(channel="C_PAY", user="U_PM", text="only you")
    assert [m.text for m in pm.sees("C_PAY")] == ["only you"]
    assert slack.as_("U_LEAD").sees("C_PAY") == []
    assert (await client.conversations_history(channel="C_PAY"))["messages"] == []
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel="C_PAY", ts=shown["message_ts"], text="x")
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_delete(channel="C_PAY", ts=shown["message_ts"])


async def test_metadata_comes_back_only_when_asked_for(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.instant = True
    posted = await client.chat_postMessage(channel="C_PAY", text="x", metadata=META)
    await client.chat_postMessage(channel="C_PAY", text="y", metadata=META, thread_ts=posted["ts"])
    assert "metadata" not in (await client.conversations_history(channel="C_PAY"))["messages"][0]
    assert (await client.conversations_history(channel="C_PAY", include_all_metadata=True))["messages"][0]["metadata"] == META
    replies = await client.conversations_replies(channel="C_PAY", ts=posted["ts"], include_all_metadata=True)
    assert [m["metadata"] for m in replies["messages"]] == [META, META]
    assert "metadata" not in (await client.conversations_replies(channel="C_PAY", ts=posted["ts"]))["messages"][1]


async def test_a_thread_keeps_its_replies_out_of_the_channel(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    slack.instant = True
    first = await pm.say("C_PAY", "first")
    reply = await client.chat_postMessage(channel="C_PAY", text="reply", thread_ts=first.ts)
    nested = await client.chat_postMessage(channel="C_PAY", text="nested", thread_ts=reply["ts"])
    assert nested["message"]["thread_ts"] == first.ts
    await client.chat_postMessage(channel="C_PAY", text="to all", thread_ts=first.ts, reply_broadcast=True)
    assert [m["text"] for m in (await client.conversations_history(channel="C_PAY"))["messages"]] == ["to all", "first"]
    assert [m.text for m in pm.sees("C_PAY")] == ["first", "to all"]
    replies = (await client.conversations_replies(channel="C_PAY", ts=first.ts))["messages"]
    assert [m["text"] for m in replies] == ["first", "reply", "nested", "to all"]
    assert (replies[0]["reply_count"], replies[0]["reply_users"]) == (3, [slack.bot_user])
    link = (await client.chat_getPermalink(channel="C_PAY", message_ts=reply["ts"]))["permalink"]
    assert link == f"https://local.slack.com/archives/C_PAY/p{reply['ts'].replace('.', '')}?thread_ts={first.ts}&cid=C_PAY"


async def test_a_reply_for_all_is_told_as_such_with_its_thread_s_first_words(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    slack.instant = True
    slack.deliver_to(f"{slack.url}/nobody")
    slack.sender.retry_divisor = 1e9
    first = await pm.say("C_PAY", "first")
    mine = await pm.say("C_PAY", "for all of you", first.ts, broadcast=True)
    theirs = await client.chat_postMessage(channel="C_PAY", text="from the app", thread_ts=first.ts, reply_broadcast=True)
    await pm.say("C_PAY", "among us", first.ts)
    alone = await client.chat_postMessage(channel="C_PAY", text="no thread", reply_broadcast=True)
    assert "subtype" not in alone["message"]
    for shape in (theirs["message"], *(await client.conversations_history(channel="C_PAY"))["messages"][1:3]):
        assert (shape["subtype"], shape["thread_ts"], shape["root"]["text"]) == ("thread_broadcast", first.ts, "first")
        assert shape["root"]["reply_count"] >= 2
    told_of = [d.payload["event"] for d in slack.deliveries if d.payload["event"]["type"] == "message"]
    assert [(e["text"], e.get("subtype")) for e in told_of if e.get("thread_ts")] == [
        ("for all of you", "thread_broadcast"),
        ("from the app", "thread_broadcast"),
        ("among us", None),
    ]
    assert mine.ts in [m.ts for m in slack.as_("U_LEAD").sees("C_PAY")]


DIVIDER = [{"type": "divider"}]


async def test_text_without_blocks_removes_the_blocks(pm: Actor, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C_PAY", text="old", blocks=DIVIDER))["ts"]
    await client.chat_update(channel="C_PAY", ts=ts, text="new")
    (message,) = pm.sees("C_PAY")
    assert (message.text, message.blocks, bool(message.edited)) == ("new", [], True)


async def test_blocks_alone_keep_the_text_and_show_no_edit(pm: Actor, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C_PAY", text="old", metadata=META))["ts"]
    await client.api_call("chat.update", json={"channel": "C_PAY", "ts": ts, "blocks": DIVIDER})
    (message,) = pm.sees("C_PAY")
    assert (message.text, message.blocks[0]["type"], message.edited, message.metadata) == ("old", "divider", None, META)


async def test_a_deleted_message_is_gone(pm: Actor, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C_PAY", text="x"))["ts"]
    await client.chat_delete(channel="C_PAY", ts=ts)
    assert pm.sees("C_PAY") == []
    assert (await client.conversations_history(channel="C_PAY"))["messages"] == []
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_delete(channel="C_PAY", ts=ts)


GONE = "This message was deleted."


async def test_a_thread_outlives_its_first_message(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    slack.instant = True
    first = (await client.chat_postMessage(channel="C_PAY", text="secret", blocks=DIVIDER, metadata=META))["ts"]
    reply = (await client.chat_postMessage(channel="C_PAY", text="reply", thread_ts=first))["ts"]
    await client.chat_delete(channel="C_PAY", ts=first)
    (left,) = (await client.conversations_history(channel="C_PAY", include_all_metadata=True))["messages"]
    assert (left["subtype"], left["text"], left["user"], left["hidden"]) == ("tombstone", GONE, "USLACKBOT", True)
    assert (left["ts"], left["thread_ts"], left["reply_count"]) == (first, first, 1)
    assert not {"blocks", "metadata", "bot_id", "edited"} & set(left)
    found = (await client.conversations_replies(channel="C_PAY", ts=first))["messages"]
    assert [m["text"] for m in found] == [GONE, "reply"]
    assert [m.text for m in pm.sees("C_PAY")] == [GONE]
    for method in ("chat.delete", "chat.update"):
        with pytest.raises(SlackApiError, match="message_not_found"):
            await client.api_call(method, json={"channel": "C_PAY", "ts": first, "text": "back"})
    await client.chat_delete(channel="C_PAY", ts=reply)
    assert (await client.conversations_history(channel="C_PAY"))["messages"] == []
    assert pm.sees("C_PAY") == []


async def test_the_app_hears_that_a_threads_first_message_went(slack: LocalSlack, pm: Actor) -> None:
    slack.deliver_to(f"{slack.url}/nobody")
    slack.sender.retry_divisor = 1e9
    first = await pm.say("C_PAY", "first")
    await slack.as_("U_LEAD").say("C_PAY", "reply", thread=first.ts)
    pm.mark_read("C_PAY")
    await pm.delete("C_PAY", first.ts)
    await slack.settled()
    event = slack.deliveries[-1].payload["event"]
    assert (event["subtype"], event["message"]["subtype"], event["previous_message"]["text"]) == ("message_changed", "tombstone", "first")
    lead = next(room for room in slack.snapshot("U_LEAD")["channels"] if room["id"] == "C_PAY")
    assert lead["unread"] == 0


async def test_posting_to_a_person_opens_the_dm(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    first = await client.chat_postMessage(channel="U_PM", text="psst")
    opened = await client.conversations_open(users="U_PM")
    assert first["channel"] == opened["channel"]["id"]
    assert first["channel"].startswith("D")
    assert [m.text for m in pm.dms()] == ["psst"]
    assert slack.as_("U_LEAD").dms() == []


async def pages(client: AsyncWebClient, method: str, key: str, limit: int, **args: Any) -> list[list[Any]]:
    found, cursor = [], ""
    while True:
        answer = await client.api_call(method, params={**args, "limit": limit, "cursor": cursor})
        found.append(answer[key])
        cursor = answer.get("response_metadata", {}).get("next_cursor", "")
        if not cursor:
            return found


async def test_long_lists_come_in_pages(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    first = await pm.say("C_PAY", "0")
    for n in range(1, 5):
        await pm.say("C_PAY", str(n))
    for n in range(3):
        await pm.say("C_PAY", f"r{n}", thread=first.ts)
    history = await pages(client, "conversations.history", "messages", 2, channel="C_PAY")
    assert [[m["text"] for m in page] for page in history] == [["4", "3"], ["2", "1"], ["0"]]
    replies = await pages(client, "conversations.replies", "messages", 3, channel="C_PAY", ts=first.ts)
    assert [[m["text"] for m in page] for page in replies] == [["0", "r0", "r1"], ["r2"]]
    assert [len(p) for p in await pages(client, "users.list", "members", 3)] == [3, 1]
    assert [len(p) for p in await pages(client, "conversations.list", "channels", 2)] == [2, 1]
    assert [len(p) for p in await pages(client, "conversations.members", "members", 2, channel="C_PAY")] == [2, 1]
    assert [len(p) for p in await pages(client, "users.conversations", "channels", 2, user="U_PM")] == [2, 1]


async def test_history_can_be_bounded(pm: Actor, client: AsyncWebClient) -> None:
    a, b, c = [(await pm.say("C_PAY", name)).ts for name in "abc"]
    found = await client.conversations_history(channel="C_PAY", oldest=a, latest=c)
    assert [m["ts"] for m in found["messages"]] == [b]
    found = await client.conversations_history(channel="C_PAY", oldest=a, latest=c, inclusive=True)
    assert [m["ts"] for m in found["messages"]] == [c, b, a]


async def test_an_inclusive_bound_keeps_out_what_is_beyond(pm: Actor, client: AsyncWebClient) -> None:
    _, b, c, _ = [(await pm.say("C_PAY", name)).ts for name in "abcd"]
    found = await client.conversations_history(channel="C_PAY", oldest=b, latest=c, inclusive=True)
    assert [m["ts"] for m in found["messages"]] == [c, b]


async def test_a_person_is_only_in_the_channels_that_are_theirs(client: AsyncWebClient) -> None:
    assert [room["id"] for room in (await client.users_conversations(user="U_LEAD"))["channels"]] == ["C_PAY"]


async def test_lists_hold_only_what_the_bot_may_know(slack: LocalSlack, client: AsyncWebClient) -> None:
    names = [c["name"] for c in (await client.conversations_list(types="public_channel,private_channel"))["channels"]]
    assert names == ["team-payments", "news", "old"]
    slack.join("C_SECRET", slack.bot_user)
    names = [c["name"] for c in (await client.conversations_list(types="private_channel", exclude_archived=True))["channels"]]
    assert names == ["secret"]
    assert "old" not in [c["name"] for c in (await client.conversations_list(exclude_archived=True))["channels"]]


async def test_people_see_only_their_channels(slack: LocalSlack, pm: Actor) -> None:
    await slack.as_("U_LEAD").say("C_SECRET", "hush")
    assert pm.sees("C_SECRET") == []
    assert [c["id"] for c in slack.snapshot("U_PM")["channels"]] == ["C_PAY", "C_NEWS", "C_OLD"]


async def respond(url: str, **body: Any) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status, await response.text()


async def test_a_response_url_speaks_to_one_unless_told_otherwise(slack: LocalSlack, pm: Actor) -> None:
    url = slack.hooks.issue("C_PAY", "U_PM")
    assert await respond(url, text="private") == (200, "ok")
    await respond(url, text="public", response_type="in_channel")
    assert [m.text for m in pm.sees("C_PAY")] == ["private", "public"]
    assert [m.text for m in slack.as_("U_LEAD").sees("C_PAY")] == ["public"]


async def test_a_command_has_no_original_to_replace(slack: LocalSlack, pm: Actor) -> None:
    url = slack.hooks.issue("C_PAY", "U_PM")
    await respond(url, text="first")
    await respond(url, text="second", replace_original=True)
    assert [m.text for m in pm.sees("C_PAY")] == ["first", "second"]
    assert "message_not_found" in (await respond(url, delete_original=True))[1]


async def test_a_response_url_is_good_five_times(slack: LocalSlack) -> None:
    url = slack.hooks.issue("C_PAY", "U_PM")
    assert [(await respond(url, text="x"))[0] for _ in range(5)] == [200] * 5
    status, text = await respond(url, text="x")
    assert (status, "used_url" in text) == (404, True)
    status, text = await respond(url.rpartition("/")[0] + "/guessed", text="x")
    assert (status, "expired_url" in text) == (404, True)


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 404)])
async def test_a_response_url_lives_thirty_minutes(slack: LocalSlack, minutes: int, status: int) -> None:
    slack.clock.frozen_limits = True
    url = slack.hooks.issue("C_PAY", "U_PM")
    slack.clock.advance(timedelta(minutes=minutes))
    assert (await respond(url, text="x"))[0] == status


async def test_a_response_url_replaces_and_deletes_an_ephemeral_message(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    ts = (await client.chat_postEphemeral(channel="C_PAY", user="U_PM", text="x"))["message_ts"]
    url = slack.hooks.issue("C_PAY", "U_PM", ts)
    await respond(url, text="y", replace_original=True)
    assert [(m.ts, m.text, m.ephemeral_for) for m in pm.sees("C_PAY")] == [(ts, "y", "U_PM")]
    await respond(url, delete_original=True)
    assert pm.sees("C_PAY") == []


async def test_a_response_url_checks_words_and_may_answer_in_a_thread(slack: LocalSlack, pm: Actor) -> None:
    said = await pm.say("C_PAY", "x")
    url = slack.hooks.issue("C_PAY", "U_PM", said.ts)
    assert "no_text" in (await respond(url))[1]
    assert "invalid_blocks" in (await respond(url, text="x", blocks=[{"type": "marquee"}]))[1]
    await respond(url, text="below", thread_ts=said.ts)
    assert [m.text for m in pm.thread("C_PAY", said.ts)] == ["x", "below"]
    await respond(url, text="not mine to replace", replace_original=True)
    assert pm.sees("C_PAY")[0].text == "x"
    assert "message_not_found" in (await respond(url, delete_original=True))[1]


async def test_what_is_deleted_is_neither_replaced_nor_deleted_again(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C_PAY", text="x"))["ts"]
    url = slack.hooks.issue("C_PAY", "U_PM", ts)
    assert await respond(url, delete_original=True) == (200, "ok")
    assert "message_not_found" in (await respond(url, delete_original=True))[1]
    await respond(url, text="anew", replace_original=True)
    assert [m.text for m in pm.sees("C_PAY")] == ["anew"]


async def test_a_channel_can_be_named_with_its_sign(pm: Actor, client: AsyncWebClient) -> None:
    assert (await client.chat_postMessage(channel="#team-payments", text="x"))["channel"] == "C_PAY"


async def test_a_link_is_unfurled(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    said = await pm.say("C_PAY", "see https://example.com/a")
    card = {"https://example.com/a": {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "A release"}}]}}
    await client.chat_unfurl(channel="C_PAY", ts=said.ts, unfurls=card)
    assert "A release" in pm.sees("C_PAY")[0].plain
    with pytest.raises(SlackApiError, match="cannot_unfurl_url"):
        await client.chat_unfurl(channel="C_PAY", ts=said.ts, unfurls={"https://example.com/b": {"text": "x"}})


async def test_a_message_reads_as_a_screen_reader_would(pm: Actor, client: AsyncWebClient) -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Falcon"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Amber*"}, {"type": "mrkdwn", "text": "at risk"}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "as of today"}]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]},
        {
            "type": "actions",
            "elements": [{"type": "button", "action_id": "x", "text": {"type": "plain_text", "text": "Share"}, "value": "v"}],
        },
    ]
    await client.chat_postMessage(channel="C_PAY", text="fallback", blocks=blocks)
    assert pm.sees("C_PAY")[0].plain == "Falcon\n*Amber*\nat risk\nas of today\na | b\nShare"


async def test_people_can_be_listed_in_any_form(slack: LocalSlack, client: AsyncWebClient) -> None:
    for users in ("U_PM, ,U_LEAD,", '["U_PM", "U_LEAD"]', ["U_PM", "U_LEAD"]):
        assert (await client.api_call("conversations.open", json={"users": users}))["channel"]["id"].startswith("G")


async def test_a_cursor_of_somebody_else_is_refused(client: AsyncWebClient) -> None:
    for made_up in (b"prev:1", b"next:x", b"next:"):
        with pytest.raises(SlackApiError, match="invalid_cursor"):
            await client.users_list(cursor=b64encode(made_up).decode())
