"""What the workspace sends has the keys and JSON types of Slack's own recorded shapes."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground import Actor, LocalSlack
from tests.playground.thirdparty import form

SHAPES = Path(__file__).parent / "shapes"

# Keys that Slack sends too, but that its recordings lack.
UNRECORDED = {"context_team_id", "context_enterprise_id", "response_urls", "reactions"}
UNRECORDED |= {
    "is_stranger",
    "team",
    "file_access",
    "reply_users",
    "status_emoji_display_info",
    "is_member",
    "pin_count",
    "blocks",
    "event_ts",
}
# Null where there is nothing: no Enterprise Grid, no parent view, no button.
NULLABLE = {"enterprise", "enterprise_id", "context_enterprise_id", "previous_view_id", "submit", "close"}
# A slash command is a form, so this travels as the word "false".
FORM_WORDS = {"is_enterprise_install"}

# Keys of the recordings that are not here, because they belong to refusals, to Enterprise Grid, to workflows, or to other kinds of message.
ABSENT = {
    "error",
    "needed",
    "provided",
    "warning",
    "arg",
    "callstack",
    "detail",
    "errors",
    "enterprise_id",
    "enterprise_name",
    "enterprise",
}
ABSENT |= {
    "authed_users",
    "authed_teams",
    "bot_access_token",
    "function_data",
    "interactivity",
    "app_unfurl",
    "response_metadata",
    "offset",
}
ABSENT |= {"expires_in", "refresh_token", "incoming_webhook", "app_name", "enterprise_user", "is_cleared"}


def kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def mismatches(ours: Any, shape: Any, path: str = "", depth: int = 0) -> list[str]:
    """Keys that Slack would not send, types that it would not send, and (on the first level) keys that are missing."""
    if ours is None:
        return [] if path.rpartition(".")[2] in NULLABLE else [f"{path} is null"]
    if kind(ours) != kind(shape):
        known = path.rpartition(".")[2] in FORM_WORDS and ours in ("true", "false")
        return [] if known else [f"{path} is {kind(ours)}, not {kind(shape)}"]
    if isinstance(shape, list):
        return [fault for at, item in enumerate(ours) for one in shape[:1] for fault in mismatches(item, one, f"{path}[{at}]", depth + 1)]
    if not isinstance(shape, dict) or not shape or path.endswith(".public"):  # there keys are channels
        return []
    found = [f"{path}.{key} is not Slack's" for key in ours.keys() - shape.keys() - UNRECORDED]
    found += [f"{path}.{key} is missing" for key in shape.keys() - ours.keys() - ABSENT if depth == 0]
    return found + [fault for key in ours.keys() & shape.keys() for fault in mismatches(ours[key], shape[key], f"{path}.{key}", depth + 1)]


def shape_of(name: str) -> Any:
    return json.loads((SHAPES / f"{name}.json").read_text())


def is_like(ours: Any, name: str, *absent: str) -> None:
    assert [fault for fault in mismatches(ours, shape_of(name)) if fault not in {f".{a} is missing" for a in absent}] == []


async def sent(slack: LocalSlack) -> list[dict[str, Any]]:
    await slack.settled()
    return [delivery.payload for delivery in slack.deliveries]


@pytest.fixture(autouse=True)
def somebody_listens(slack: LocalSlack) -> None:
    slack.deliver_to(f"{slack.url}/nobody")
    slack.sender.retry_divisor = 1e9


async def test_commands_and_shortcuts(slack: LocalSlack, pm: Actor) -> None:
    await pm.command("C_PAY", "/hello", "x")
    said = await pm.say("C_PAY", "words")
    await pm.shortcut("note", channel="C_PAY", ts=said.ts)
    await slack.settled()
    by_kind = {d.kind: d.payload for d in slack.deliveries}
    is_like(by_kind["slash_commands"], "payloads/SlashCommandPayload")
    is_like(next(d.payload for d in slack.deliveries if d.kind == "interactive"), "payloads/MessageShortcutPayload")


async def opened(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=slack.triggers.issue("U_PM"), view=form())


async def test_presses(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "1", "style": "primary"}
    await client.chat_postMessage(channel="C_PAY", text="x", blocks=[{"type": "actions", "elements": [button]}])
    await pm.press(pm.sees("C_PAY")[-1], "go")
    await opened(slack, client)
    await pm.press(pm.view, "grow")  # type: ignore[arg-type]
    from_message, from_view = [p for p in await sent(slack) if p["type"] == "block_actions"]
    is_like(from_message, "payloads/BlockActionPayload", "view")
    is_like(from_view, "payloads/BlockActionPayload", "message", "channel", "response_url", "state")
    assert from_view["view"]["state"]["values"]["name"]["typed"] == {"type": "plain_text_input", "value": None}


async def test_forms(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    await opened(slack, client)
    await pm.submit({"Name": "x"})
    await pm.close()
    submitted, closed = await sent(slack)
    is_like(submitted, "payloads/ViewSubmissionPayload")
    is_like(closed, "payloads/ViewClosedPayload")


MESSAGE_PARTS = ("bot_id", "bot_profile", "attachments", "metadata", "parent_user_id", "thread_ts", "edited", "client_msg_id")


async def test_events(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    slack.member("U_NEW", name="Nia New")
    said = await pm.say("C_PAY", f"<@{slack.bot_user}> see https://example.com/a")
    await pm.react("C_PAY", said.ts, "memo")
    await pm.unreact("C_PAY", said.ts, "memo")
    await pm.edit("C_PAY", said.ts, "changed")
    await pm.delete("C_PAY", said.ts)
    await pm.open_home()
    slack.join("C_PAY", "U_NEW", inviter="U_PM")
    slack.leave("C_PAY", "U_NEW")
    slack.rename("C_PAY", "payments")
    slack.archive("C_PAY", "U_PM")
    slack.unarchive("C_PAY", "U_PM")
    slack.welcome("U_NEW")
    slack.change_member("U_NEW", title="engineer")
    slack.delete_channel("C_OLD", "U_PM")
    slack.uninstall()
    payloads = {(p["event"]["type"], p["event"].get("subtype")): p for p in await sent(slack)}
    recorded = {
        "AppHomeOpened": ("app_home_opened", None), "AppMention": ("app_mention", None), "AppUninstalled": ("app_uninstalled", None),
        "ChannelArchive": ("channel_archive", None), "ChannelDeleted": ("channel_deleted", None), "ChannelRename": ("channel_rename", None),
        "ChannelUnarchive": ("channel_unarchive", None), "LinkShared": ("link_shared", None), "Message": ("message", None),
        "MemberJoinedChannel": ("member_joined_channel", None), "MemberLeftChannel": ("member_left_channel", None),
        "MessageChanged": ("message", "message_changed"), "MessageDeleted": ("message", "message_deleted"),
        "ReactionAdded": ("reaction_added", None), "ReactionRemoved": ("reaction_removed", None), "TeamJoin": ("team_join", None),
        "TokensRevoked": ("tokens_revoked", None), "UserChange": ("user_change", None),
    }  # fmt: skip
    assert {f"{name}Payload" for name in recorded} == {path.stem for path in (SHAPES / "events").iterdir()}
    for name, key in recorded.items():
        is_like(payloads[key], f"events/{name}Payload")
        missing = set(shape_of(f"events/{name}Payload")["event"]) - set(payloads[key]["event"])
        allowed = {*MESSAGE_PARTS, "subtype", "username", "app_id", "display_as_bot", "upload", "user_team", "source_team", "user_profile"}
        assert missing <= allowed | {"enterprise", "view"}, f"{name} lacks {missing - allowed}"


@pytest.mark.filterwarnings("ignore:BasicAuth")  # the SDK's own
async def test_answers(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    slack.user_group("S_OPS", "ops", "Operations", ["U_PM"])
    said = await pm.say("C_PAY", "see https://example.com/a")
    posted = await client.chat_postMessage(channel="C_PAY", text="x")
    upload = await client.files_getUploadURLExternal(filename="a.txt", length=1)
    slack.state.files[upload["file_id"]].uploaded = True
    code = slack.tokens.code("U_PM")
    slack.tokens.known["xapp"] = slack.tokens.known[slack.app_token]
    await client.conversations_join(channel="C_NEWS")
    answers = [
        await client.auth_test(),
        await client.bots_info(bot=slack.bot_id),
        await client.chat_getPermalink(channel="C_PAY", message_ts=said.ts),
        await client.chat_postEphemeral(channel="C_PAY", user="U_PM", text="x"),
        await client.chat_unfurl(channel="C_PAY", ts=said.ts, unfurls={"https://example.com/a": {"text": "x"}}),
        await client.chat_delete(channel="C_PAY", ts=posted["ts"]),
        await client.conversations_create(name="fresh"),
        await client.conversations_info(channel="C_PAY"),
        await client.conversations_invite(channel="C_PAY", users="U_OUT"),
        await client.conversations_join(channel="C_NEWS"),
        await client.conversations_list(),
        await client.conversations_members(channel="C_PAY"),
        upload,
        await client.files_completeUploadExternal(files=[{"id": upload["file_id"], "title": "A"}], channel_id="C_PAY"),
        await client.oauth_v2_access(client_id=slack.client_id, client_secret=slack.client_secret, code=code),
        await client.reactions_add(channel="C_PAY", timestamp=said.ts, name="memo"),
        await client.team_info(),
        await client.usergroups_list(include_users=True),
        await client.usergroups_users_list(usergroup="S_OPS"),
        await client.users_conversations(user="U_PM"),
        await client.users_info(user="U_PM", include_locale=True),
        await client.users_list(),
        await client.users_profile_get(user="U_PM"),
        await AsyncWebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token),
    ]
    names = {str(answer.api_url).rpartition("/")[2] for answer in answers}
    assert names == {path.stem for path in (SHAPES / "api").iterdir()}
    for answer in answers:
        name = str(answer.api_url).rpartition("/")[2]
        is_like(answer.data, f"api/{name}", *({"app_id"} if name == "auth.test" else ()))  # only for app-level tokens
