"""What Slack refuses, the workspace refuses, with Slack's own words."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import LocalSlack
from playground.messages import post
from playground.rooms import open_dm


async def refused(client: AsyncWebClient, method: str, **args: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=args)
    return dict(caught.value.response.data)


CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("no.such", {}, "unknown_method"),
    ("chat.postMessage", {"channel": "C_NONE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C_SECRET", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C_NEWS", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "C_OLD", "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": "C_PAY"}, "no_text"),
    ("chat.postMessage", {"channel": "C_PAY", "text": " "}, "no_text"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x" * 40_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "thread_ts": "12"}, "invalid_thread_ts"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "blocks": "{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "attachments": "["}, "invalid_attachments"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "metadata": "{"}, "invalid_metadata_format"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "metadata": "[1]"}, "invalid_metadata_schema"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "metadata": {"event_type": 7, "event_payload": {}}}, "invalid_metadata_schema"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "metadata": {"event_type": "x", "event_payload": 7}}, "invalid_metadata_schema"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "thread_ts": "TS_SEEN"}, "thread_not_found"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "blocks": " "}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "username": "Somebody"}, "missing_scope"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "icon_emoji": ":memo:"}, "missing_scope"),
    ("chat.postMessage", {"channel": "C_PAY", "text": "x", "icon_url": "https://a.example"}, "missing_scope"),
    ("chat.getPermalink", {"channel": "C_PAY", "message_ts": "TS_SEEN"}, "message_not_found"),
    ("chat.getPermalink", {"channel": "C_PAY", "message_ts": "TS_GONE"}, "message_not_found"),
    ("chat.unfurl", {"channel": "C_PAY", "ts": "TS_GONE", "unfurls": {"u": {}}}, "cannot_find_message"),
    ("chat.update", {"channel": "C_PAY", "ts": "TS_GONE", "text": "x"}, "message_not_found"),
    ("reactions.get", {"channel": "C_PAY", "timestamp": "TS_SEEN"}, "message_not_found"),
    ("conversations.replies", {"channel": "C_PAY", "ts": "TS_SEEN"}, "thread_not_found"),
    ("conversations.info", {"channel": "THEIRS"}, "channel_not_found"),
    ("conversations.open", {"users": {"id": "U_PM"}}, "invalid_arguments"),
    ("conversations.open", {"users": "[1"}, "invalid_arguments"),
    ("chat.unfurl", {"channel": "C_PAY", "ts": "TS_NEWS", "unfurls": {"https://a.example": 1}}, "invalid_unfurls_format"),
    ("conversations.members", {"channel": "C_PAY", "cursor": "BEYOND"}, "invalid_cursor"),
    ("chat.postEphemeral", {"channel": "C_PAY", "user": "U_OUT", "text": "x"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": "C_NEWS", "user": "U_PM", "text": "x"}, "not_in_channel"),
    ("chat.update", {"channel": "C_PAY", "ts": "1.1", "text": "x"}, "message_not_found"),
    ("chat.delete", {"channel": "C_PAY", "ts": "1.1"}, "message_not_found"),
    ("chat.getPermalink", {"channel": "C_PAY", "message_ts": "1.1"}, "message_not_found"),
    ("chat.unfurl", {"channel": "C_PAY", "ts": "1.1", "unfurls": {"u": {}}}, "cannot_find_message"),
    ("chat.unfurl", {"channel": "C_PAY", "ts": "1.1", "unfurls": "x"}, "invalid_unfurls_format"),
    ("conversations.info", {"channel": "C_SECRET"}, "channel_not_found"),
    ("conversations.history", {"channel": "C_NEWS"}, "not_in_channel"),
    ("conversations.history", {"channel": "C_PAY", "cursor": "bogus"}, "invalid_cursor"),
    ("conversations.history", {"channel": "C_PAY", "limit": 1000}, "invalid_limit"),
    ("conversations.history", {"channel": "C_PAY", "limit": "many"}, "invalid_limit"),
    ("conversations.history", {"channel": "C_PAY", "oldest": "yesterday"}, "invalid_ts_oldest"),
    ("conversations.replies", {"channel": "C_PAY", "ts": "1.1"}, "thread_not_found"),
    ("conversations.list", {"types": "everything"}, "invalid_types"),
    ("conversations.list", {"types": "mpim,im", "limit": 0.5}, "invalid_limit"),
    ("conversations.join", {"channel": "C_OLD"}, "is_archived"),
    ("conversations.invite", {"channel": "C_NEWS", "users": "U_PM"}, "not_in_channel"),
    ("conversations.invite", {"channel": "C_PAY", "users": "U_PM"}, "already_in_channel"),
    ("conversations.invite", {"channel": "C_PAY", "users": "U_NONE"}, "user_not_found"),
    ("conversations.create", {"name": "news"}, "name_taken"),
    ("conversations.create", {"name": "Big"}, "invalid_name_specials"),
    ("conversations.create", {"name": "big news"}, "invalid_name_specials"),
    ("conversations.create", {"name": "n" * 81}, "invalid_name_maxlength"),
    ("conversations.create", {}, "invalid_name_required"),
    ("conversations.archive", {"channel": "C_OLD"}, "already_archived"),
    ("conversations.rename", {"channel": "C_PAY", "name": "pay"}, "not_authorized"),
    ("conversations.setTopic", {"channel": "C_NEWS", "topic": "x"}, "not_in_channel"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U_NONE"}, "user_not_found"),
    ("users.info", {"user": "U_NONE"}, "user_not_found"),
    ("users.conversations", {"user": "U_NONE"}, "user_not_found"),
    ("chat.postMessage", {"channel": "U_GONE", "text": "x"}, "channel_not_found"),
    ("conversations.open", {"users": ",".join(["U_PM"] * 9)}, "too_many_users"),
    ("conversations.join", {"channel": "C_HID"}, "method_not_supported_for_channel_type"),
    ("conversations.invite", {"channel": "C_OLD", "users": "U_LEAD"}, "is_archived"),
    ("conversations.rename", {"channel": "C_NEWS", "name": "pay"}, "not_in_channel"),
    ("conversations.setTopic", {"channel": "C_OLD", "topic": "x"}, "is_archived"),
    ("conversations.setTopic", {"channel": "C_PAY", "topic": "x" * 251}, "too_long"),
    ("conversations.archive", {"channel": "C_GEN"}, "cant_archive_general"),
    ("chat.update", {"channel": "C_OLD", "ts": "TS_OLD", "text": "x"}, "is_archived"),
    ("chat.unfurl", {"channel": "C_PAY", "ts": "1.1", "unfurls": "[1]"}, "invalid_unfurls_format"),
    ("chat.postMessage", {"channel": "BOT", "text": "x"}, "cannot_dm_bot"),
    ("reactions.add", {"channel": "C_OLD", "timestamp": "TS_OLD", "name": "memo"}, "is_archived"),
    ("reactions.add", {"channel": "C_NEWS", "timestamp": "TS_NEWS", "name": "memo"}, "not_in_channel"),
    ("reactions.get", {"channel": "C_PAY", "timestamp": "1.1"}, "message_not_found"),
    ("bookmarks.add", {"channel_id": "C_NEWS", "title": "x", "type": "link", "link": "https://a.example"}, "not_in_channel"),
    ("bookmarks.add", {"channel_id": "C_PAY", "title": "x", "type": "file", "link": "https://a.example"}, "invalid_bookmark_type"),
    ("files.getUploadURLExternal", {"filename": "x", "length": "long"}, "invalid_arguments"),
    ("files.getUploadURLExternal", {"filename": "x", "length": -1}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": "x"}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": {"id": "F1"}}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": ["F1"]}, "invalid_arguments"),
    ("chat.postMessage", {"channel": ["C_PAY"], "text": "x"}, "invalid_arguments"),
    ("conversations.list", {"exclude_archived": "perhaps"}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2.3", "view": "[]"}, "invalid_arguments"),
    ("views.update", {"view": {"type": "modal"}}, "invalid_arguments"),
    ("users.lookupByEmail", {"email": "no@body"}, "users_not_found"),
    ("usergroups.users.list", {"usergroup": "S_NONE"}, "no_such_subteam"),
    ("reactions.add", {"channel": "C_PAY", "timestamp": "1.1", "name": "memo"}, "message_not_found"),
    ("bookmarks.add", {"channel_id": "C_PAY", "title": "x", "type": "link", "link": "ftp:x"}, "invalid_link"),
    ("files.getUploadURLExternal", {"filename": "x", "length": 10**10}, "file_upload_size_restricted"),
    ("files.completeUploadExternal", {"files": [{"id": "F_NONE"}]}, "file_not_found"),
    ("files.info", {"file": "F_NONE"}, "file_not_found"),
    ("bots.info", {"bot": "B_NONE"}, "bot_not_found"),
    ("views.update", {"view_id": "V_NONE", "view": {"type": "home", "blocks": []}}, "not_found"),
    ("apps.connections.open", {}, "not_allowed_token_type"),
]


@pytest.mark.parametrize(("method", "args", "error"), CALLS, ids=[f"{m} {e}" for m, _, e in CALLS])
async def test_the_call_is_refused(slack: LocalSlack, client: AsyncWebClient, method: str, args: dict[str, Any], error: str) -> None:
    slack.member("U_GONE", name="Gus Gone", deleted=True)
    slack.channel("C_HID", name="hidden", private=True)
    slack.channel("C_GEN", name="general")
    old, news = (post(slack, slack.state.channels[c], slack.bot_user, "x", bot=True).ts for c in ("C_OLD", "C_NEWS"))
    pay = slack.state.channels["C_PAY"]
    seen, gone = post(slack, pay, slack.bot_user, "x", bot=True, ephemeral_for="U_PM"), post(slack, pay, slack.bot_user, "x", bot=True)
    gone.deleted = True
    there = {"TS_OLD": old, "TS_NEWS": news, "BOT": slack.bot_user, "TS_SEEN": seen.ts, "TS_GONE": gone.ts}
    there |= {"THEIRS": open_dm(slack, "U_PM", "U_LEAD").id, "BEYOND": slack.cursors.write(50)}
    args = {name: there.get(value, value) if isinstance(value, str) else value for name, value in args.items()}
    assert (await refused(client, method, **args))["error"] == error


NEEDS = [
    ("chat.postMessage", "channel"), ("chat.update", "ts"), ("chat.postEphemeral", "user"), ("conversations.history", "channel"),
    ("conversations.invite", "users"), ("users.info", "user"), ("views.open", "trigger_id"), ("views.publish", "user_id"),
    ("reactions.add", "name"), ("files.getUploadURLExternal", "length"), ("chat.unfurl", "unfurls"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "name"), NEEDS)
async def test_a_missing_argument_is_named(client: AsyncWebClient, method: str, name: str) -> None:
    answer = await refused(client, method)
    assert answer["error"] == "invalid_arguments"
    assert f"[ERROR] missing required field: {name}" in answer["response_metadata"]["messages"]


SCOPES = [
    ("chat.postMessage", {"channel": "C_PAY", "text": "x"}, "chat:write"),
    ("conversations.history", {"channel": "C_PAY"}, "channels:history"),
    ("conversations.list", {"types": "private_channel"}, "groups:read"),
    ("conversations.info", {"channel": "C_PAY"}, "channels:read"),
    ("conversations.join", {"channel": "C_NEWS"}, "channels:join"),
    ("conversations.create", {"name": "fresh"}, "channels:manage"),
    ("conversations.open", {"users": "U_PM"}, "im:write"),
    ("users.info", {"user": "U_PM"}, "users:read"),
    ("users.lookupByEmail", {"email": "x"}, "users:read.email"),
    ("users.profile.get", {"user": "U_PM"}, "users.profile:read"),
    ("usergroups.list", {}, "usergroups:read"),
    ("reactions.add", {"channel": "C_PAY", "timestamp": "1", "name": "x"}, "reactions:write"),
    ("files.getUploadURLExternal", {"filename": "x", "length": 1}, "files:write"),
    ("files.info", {"file": "F"}, "files:read"),
    ("team.info", {}, "team:read"),
    ("chat.unfurl", {"unfurls": {}}, "links:write"),
    ("bookmarks.add", {"channel_id": "C_PAY", "title": "x", "type": "link"}, "bookmarks:write"),
]


@pytest.mark.parametrize(("method", "args", "scope"), SCOPES, ids=[m for m, _, _ in SCOPES])
async def test_a_scope_that_the_manifest_lacks_is_missing(
    slack: LocalSlack, client: AsyncWebClient, method: str, args: Any, scope: str
) -> None:
    granted = [s for s in slack.manifest["oauth_config"]["scopes"]["bot"] if s != scope]
    slack.manifest = {**slack.manifest, "oauth_config": {"scopes": {"bot": granted}}}
    answer = await refused(client, method, **args)
    assert answer["error"] == "missing_scope"
    assert scope in answer["needed"].split(",")
    assert sorted(answer["provided"].split(",")) == sorted(granted)


async def test_email_is_shown_only_with_its_scope(slack: LocalSlack, client: AsyncWebClient) -> None:
    assert (await client.users_info(user="U_PM"))["user"]["profile"]["email"] == "pia.marsh@local.example"
    slack.manifest = {**slack.manifest, "oauth_config": {"scopes": {"bot": ["users:read"]}}}
    assert "email" not in (await client.users_info(user="U_PM"))["user"]["profile"]


@pytest.mark.parametrize(("token", "error"), [("xoxb-bogus", "invalid_auth"), ("", "not_authed")])
async def test_a_bad_token_is_refused(slack: LocalSlack, token: str, error: str) -> None:
    assert (await refused(AsyncWebClient(token=token, base_url=slack.api_url), "auth.test"))["error"] == error


async def test_an_app_token_opens_connections_and_nothing_else(slack: LocalSlack) -> None:
    app = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    assert (await refused(app, "auth.test"))["error"] == "not_allowed_token_type"
    assert (await app.api_call("apps.connections.open"))["url"].startswith("ws://127.0.0.1:")


async def test_after_the_app_is_removed_its_token_is_revoked(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.uninstall()
    assert (await refused(client, "auth.test"))["error"] == "token_revoked"


async def test_only_ones_own_messages_can_be_changed(slack: LocalSlack, client: AsyncWebClient) -> None:
    said = await slack.as_("U_PM").say("C_PAY", "mine")
    assert (await refused(client, "chat.update", channel="C_PAY", ts=said.ts, text="x"))["error"] == "cant_update_message"
    assert (await refused(client, "chat.delete", channel="C_PAY", ts=said.ts))["error"] == "cant_delete_message"


async def test_an_updated_text_has_its_own_limit(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C_PAY", text="x")
    assert (await refused(client, "chat.update", channel="C_PAY", ts=posted["ts"], text="x" * 4_001))["error"] == "msg_too_long"


async def test_a_reaction_is_given_once_and_taken_once(client: AsyncWebClient) -> None:
    at = {"channel": "C_PAY", "timestamp": (await client.chat_postMessage(channel="C_PAY", text="x"))["ts"]}
    assert (await refused(client, "reactions.remove", name="memo", **at))["error"] == "no_reaction"
    await client.reactions_add(name="memo", **at)
    assert (await refused(client, "reactions.add", name="memo", **at))["error"] == "already_reacted"
    assert (await refused(client, "reactions.add", name="Not An Emoji", **at))["error"] == "invalid_name"


async def test_a_public_channel_can_be_written_to_with_chat_write_public(slack: LocalSlack, client: AsyncWebClient) -> None:
    scopes = [*slack.manifest["oauth_config"]["scopes"]["bot"], "chat:write.public"]
    slack.manifest = {**slack.manifest, "oauth_config": {"scopes": {"bot": scopes}}}
    assert (await client.chat_postMessage(channel="C_NEWS", text="x"))["ok"]
    assert (await refused(client, "chat.postMessage", channel="C_SECRET", text="x"))["error"] == "channel_not_found"


async def test_a_code_and_a_refresh_token_are_good_once(slack: LocalSlack) -> None:
    slack.manifest = {**slack.manifest, "settings": {"token_rotation_enabled": True}}
    nobody = AsyncWebClient(base_url=slack.api_url)
    who = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    code = slack.tokens.code("U_PM")
    first = await nobody.api_call("oauth.v2.access", params={**who, "code": code})
    assert (first["expires_in"], first["access_token"][:5]) == (43_200, "xoxe.")
    with pytest.raises(SlackApiError, match="code_already_used"):
        await nobody.api_call("oauth.v2.access", params={**who, "code": code})
    again = {**who, "grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = await nobody.api_call("oauth.v2.access", params=again)
    with pytest.raises(SlackApiError, match="invalid_refresh_token"):
        await nobody.api_call("oauth.v2.access", params=again)
    await nobody.api_call("oauth.v2.access", params={**again, "refresh_token": second["refresh_token"]})
    with pytest.raises(SlackApiError, match="token_revoked"):  # two live at most: the third ended the first
        await AsyncWebClient(token=first["access_token"], base_url=slack.api_url).auth_test()
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        await nobody.api_call("oauth.v2.access", params={**who, "client_secret": "guessed", "code": "x"})


async def test_a_rotating_token_ends_after_twelve_hours(slack: LocalSlack) -> None:
    from datetime import timedelta

    slack.clock.frozen_limits = True
    slack.tokens.rotate("xoxe.xoxb-1-a", "xoxe-1-b", "U_PM", 43_200)
    rotating = AsyncWebClient(token="xoxe.xoxb-1-a", base_url=slack.api_url)
    assert (await rotating.auth_test())["ok"]
    slack.clock.advance(timedelta(hours=12, seconds=1))
    with pytest.raises(SlackApiError, match="token_expired"):
        await rotating.auth_test()
