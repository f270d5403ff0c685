"""What an app may do to a channel, what it may not, and which events come of it."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import Actor, LocalSlack


async def error_of(client: AsyncWebClient, method: str, **args: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=args)
    return str(caught.value.response["error"])


def only(slack: LocalSlack, *scopes: str) -> None:
    slack.manifest = {**slack.manifest, "oauth_config": {"scopes": {"bot": list(scopes)}}}


async def told(slack: LocalSlack) -> list[dict[str, Any]]:
    await slack.settled()
    return [delivery.payload["event"] for delivery in slack.deliveries]


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("conversations.rename", {"name": "fresh"}),
    ("conversations.invite", {"users": "U_LEAD"}),
    ("conversations.kick", {"user": "U_PM"}),
]
NAMED = [name for name, _ in CHANGES]


@pytest.mark.parametrize(("method", "args"), CHANGES, ids=NAMED)
async def test_a_channel_is_changed_by_those_who_are_in_it(client: AsyncWebClient, method: str, args: dict[str, Any]) -> None:
    assert await error_of(client, method, channel="C_NEWS", **args) == "not_in_channel"
    assert await error_of(client, method, channel="C_OLD", **args) == "is_archived"


PRIVATE = "method_not_supported_for_channel_type"


@pytest.mark.parametrize(
    ("method", "args"),
    [*CHANGES, ("conversations.leave", {}), ("conversations.archive", {}), ("conversations.join", {})],
)
async def test_a_private_conversation_is_no_channel(client: AsyncWebClient, method: str, args: dict[str, Any]) -> None:
    room = (await client.conversations_open(users="U_PM"))["channel"]["id"]
    assert await error_of(client, method, channel=room, **args) == PRIVATE


async def test_each_kind_of_channel_has_its_own_scope(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.join("C_SECRET", slack.bot_user)
    room = (await client.conversations_open(users="U_PM"))["channel"]["id"]
    calls = [("conversations.leave", {"channel": "C_PAY"}), ("conversations.leave", {"channel": "C_SECRET"})]
    calls += [("conversations.close", {"channel": room}), ("conversations.mark", {"channel": room, "ts": "1.1"})]
    needed = ["channels:manage", "groups:write", "im:write", "im:write"]
    for (method, args), scope in zip(calls, needed, strict=True):
        only(slack, *({"channels:manage", "groups:write", "im:write", "mpim:write"} - {scope}))
        assert await error_of(client, method, **args) == "missing_scope"
        only(slack, scope)
        assert (await client.api_call(method, json=args))["ok"]


async def test_a_narrower_scope_allows_just_its_own(slack: LocalSlack, client: AsyncWebClient) -> None:
    only(slack, "channels:write.invites", "channels:write.topic")
    assert (await client.conversations_invite(channel="C_PAY", users="U_OUT"))["ok"]
    assert (await client.conversations_setTopic(channel="C_PAY", topic="x"))["ok"]
    assert await error_of(client, "conversations.kick", channel="C_PAY", user="U_OUT") == "missing_scope"
    slack.join("C_SECRET", slack.bot_user)
    assert await error_of(client, "conversations.invite", channel="C_SECRET", users="U_PM") == "missing_scope"
    only(slack, "channels:write.topic")
    assert await error_of(client, "conversations.invite", channel="C_PAY", users="U_PM") == "missing_scope"


async def test_the_last_one_stays_and_nobody_leaves_general(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.channel("C_GEN", name="general", members=["U_PM"])
    slack.channel("C_LONE", name="lone")
    assert await error_of(client, "conversations.leave", channel="C_GEN") == "cant_leave_general"
    assert await error_of(client, "conversations.leave", channel="C_LONE") == "last_member"
    assert await error_of(client, "conversations.leave", channel="C_OLD") == "is_archived"
    assert (await client.conversations_leave(channel="C_NEWS"))["not_in_channel"] is True
    await client.conversations_leave(channel="C_PAY")
    assert slack.state.channels["C_PAY"].members == ["U_PM", "U_LEAD"]


async def test_people_are_removed_one_at_a_time(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.channel("C_GEN", name="general", members=["U_PM"])
    assert await error_of(client, "conversations.kick", channel="C_PAY", user=slack.bot_user) == "cant_kick_self"
    assert await error_of(client, "conversations.kick", channel="C_GEN", user="U_PM") == "cant_kick_from_general"
    assert await error_of(client, "conversations.kick", channel="C_PAY", user="U_OUT") == "not_in_channel"
    assert await error_of(client, "conversations.kick", channel="C_PAY", user="U_NONE") == "user_not_found"
    await client.conversations_kick(channel="C_PAY", user="U_PM")
    assert slack.state.channels["C_PAY"].members == ["U_LEAD", slack.bot_user]


async def test_of_many_invited_the_good_come_in_only_when_forced(slack: LocalSlack, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="already_in_channel") as caught:
        await client.conversations_invite(channel="C_PAY", users=["U_PM", "U_OUT", slack.bot_user])
    assert [fault["error"] for fault in caught.value.response["errors"]] == ["already_in_channel", "cant_invite_self"]
    assert "U_OUT" not in slack.state.channels["C_PAY"].members
    await client.conversations_invite(channel="C_PAY", users=["U_PM", "U_OUT"], force=True)
    assert slack.state.channels["C_PAY"].members.count("U_PM") == 1
    assert "U_OUT" in slack.state.channels["C_PAY"].members
    assert await error_of(client, "conversations.invite", channel="C_PAY", users="U_PM,U_OUT", force=True) == "already_in_channel"
    assert await error_of(client, "conversations.invite", channel="C_PAY", users=",".join(["U"] * 1_001)) == "too_many_users"


async def test_a_closed_conversation_comes_back_with_the_next_word(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    async def listed() -> list[str]:
        return [room["id"] for room in (await client.conversations_list(types="im"))["channels"]]

    room = (await client.conversations_open(users="U_PM"))["channel"]["id"]
    assert await listed() == [room]
    assert "already_closed" not in (await client.conversations_close(channel=room)).data
    assert await listed() == []
    assert (await client.conversations_close(channel=room))["already_closed"] is True
    await pm.say(slack.bot_user, "still there?")
    assert await listed() == [room]
    await client.conversations_close(channel=room)
    await client.conversations_open(users="U_PM")
    assert await listed() == [room]
    assert await error_of(client, "conversations.close", channel="C_PAY") == PRIVATE


async def test_a_place_to_read_on_from_is_a_time_in_a_channel_of_ones_own(slack: LocalSlack, client: AsyncWebClient) -> None:
    assert await error_of(client, "conversations.mark", channel="C_NEWS", ts="1.1") == "not_in_channel"
    assert await error_of(client, "conversations.mark", channel="C_PAY", ts="yesterday") == "invalid_timestamp"
    await client.conversations_mark(channel="C_PAY", ts="1.1")
    assert slack.state.members[slack.bot_user].read == {"C_PAY": "1.1"}


async def test_only_people_who_are_there_can_be_written_to(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.member("U_GONE", name="Gus Gone", deleted=True)
    assert await error_of(client, "conversations.open", users="U_GONE") == "user_disabled"
    assert await error_of(client, "conversations.open", channel="C_PAY") == PRIVATE
    slack.manifest = {**slack.manifest, "features": {"app_home": {"messages_tab_enabled": False}}}
    assert await error_of(client, "chat.postMessage", channel="U_PM", text="x") == "messages_tab_disabled"


async def test_names_and_topics_have_their_rules(slack: LocalSlack, client: AsyncWebClient) -> None:
    assert await error_of(client, "conversations.create", name="-_-") == "invalid_name_punctuation"
    assert await error_of(client, "conversations.archive", channel="C_NEWS") == "not_in_channel"
    assert await error_of(client, "conversations.setPurpose", channel="C_PAY") == "invalid_arguments"
    await client.conversations_setPurpose(channel="C_PAY", purpose="x" * 250)
    await client.conversations_setPurpose(channel="C_PAY", purpose="")
    assert slack.state.channels["C_PAY"].purpose == ""
    created = (await client.conversations_create(name="fresh"))["channel"]
    assert (await client.conversations_rename(channel=created["id"], name="n" * 80))["channel"]["name"] == "n" * 80


EVENTS = ["channel_created", "channel_shared", "channel_unshared", "group_deleted", "channel_deleted", "group_left", "channel_left"]
EVENTS += ["group_rename", "group_archive", "channel_rename", "member_joined_channel", "member_left_channel"]


@pytest.fixture
def hears(slack: LocalSlack) -> LocalSlack:
    slack.deliver_to(f"{slack.url}/nobody")
    slack.sender.retry_divisor = 1e9
    slack.manifest = {**slack.manifest, "settings": {"event_subscriptions": {"bot_events": EVENTS}}}
    return slack


async def test_a_new_channel_is_told_of_and_a_private_one_is_not(hears: LocalSlack, client: AsyncWebClient) -> None:
    made = (await client.conversations_create(name="fresh"))["channel"]
    await client.conversations_create(name="hushed", is_private=True)
    (event,) = await told(hears)
    assert (event["type"], event["channel"]["id"], event["channel"]["creator"]) == ("channel_created", made["id"], hears.bot_user)


async def test_sharing_a_channel_is_told_of(hears: LocalSlack) -> None:
    await hears.share("C_PAY")
    await hears.share("C_PAY", shared=False)
    events = await told(hears)
    assert [(e["type"], e.get("connected_team_id")) for e in events] == [
        ("channel_shared", hears.other_team_id),
        ("channel_unshared", None),
    ]


async def test_of_a_private_channel_only_members_hear(hears: LocalSlack) -> None:
    hears.rename("C_SECRET", "hidden")
    hears.archive("C_SECRET")
    hears.delete_channel("C_SECRET")
    assert await told(hears) == []
    hears.channel("C_OURS", name="ours", members=["U_PM"], private=True)
    hears.rename("C_OURS", "mine")
    hears.archive("C_OURS")
    hears.leave("C_OURS", hears.bot_user)
    assert [e["type"] for e in await told(hears)] == ["group_rename", "group_archive", "group_left", "member_left_channel"]
    hears.channel("C_THEIRS", name="theirs", private=True)
    hears.delete_channel("C_THEIRS", "U_PM")
    assert (await told(hears))[-1]["type"] == "group_deleted"


@pytest.mark.parametrize(("scope", "private"), [("channels:read", False), ("groups:read", True)])
async def test_events_of_a_channel_need_the_scope_of_its_kind(hears: LocalSlack, scope: str, private: bool) -> None:
    hears.channel("C_ONE", name="one", private=private)
    only(hears, *({"channels:read", "groups:read"} - {scope}))
    hears.rename("C_ONE", "two")
    assert await told(hears) == []
    only(hears, scope)
    hears.rename("C_ONE", "three")
    assert len(await told(hears)) == 1
