"""What every method of the Web API asks of a caller: its scopes, its arguments, its place in the minute."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground import LocalSlack
from playground.methods import METHODS
from playground.methods.table import Method, Token, answer

SHAPES = Path(__file__).parent / "shapes"
WRITE = "channels:manage groups:write im:write mpim:write"
READ = "channels:read groups:read im:read mpim:read"
HISTORY = "channels:history groups:history im:history mpim:history"
INVITE, TOPIC = f"{WRITE} channels:write.invites groups:write.invites", f"{WRITE} channels:write.topic groups:write.topic"

# Slack's reference: the scopes of which one is enough, and the arguments that must be there.
ASKED: dict[str, tuple[str, str]] = {
    "api.test": ("", ""),
    "apps.connections.open": ("connections:write", ""),
    "auth.revoke": ("", ""),
    "auth.test": ("", ""),
    "bookmarks.add": ("bookmarks:write", "channel_id title type"),
    "bookmarks.edit": ("bookmarks:write", "channel_id bookmark_id"),
    "bookmarks.list": ("bookmarks:read", "channel_id"),
    "bookmarks.remove": ("bookmarks:write", "channel_id bookmark_id"),
    "bots.info": ("users:read", ""),
    "chat.delete": ("chat:write", "channel ts"),
    "chat.getPermalink": ("", "channel message_ts"),
    "chat.postEphemeral": ("chat:write", "channel user"),
    "chat.postMessage": ("chat:write", "channel"),
    "chat.unfurl": ("links:write", "unfurls"),
    "chat.update": ("chat:write", "channel ts"),
    "conversations.archive": (WRITE, "channel"),
    "conversations.close": (WRITE, "channel"),
    "conversations.create": ("channels:manage groups:write", ""),
    "conversations.history": (HISTORY, "channel"),
    "conversations.info": (READ, "channel"),
    "conversations.invite": (INVITE, "channel users"),
    "conversations.join": ("channels:join", "channel"),
    "conversations.kick": (WRITE, "channel user"),
    "conversations.leave": (WRITE, "channel"),
    "conversations.list": (READ, ""),
    "conversations.mark": (WRITE, "channel ts"),
    "conversations.members": (READ, "channel"),
    "conversations.open": ("im:write mpim:write", ""),
    "conversations.rename": (WRITE, "channel name"),
    "conversations.replies": (HISTORY, "channel ts"),
    "conversations.setPurpose": (TOPIC, "channel"),
    "conversations.setTopic": (TOPIC, "channel"),
    "emoji.list": ("emoji:read", ""),
    "files.completeUploadExternal": ("files:write", "files"),
    "files.delete": ("files:write", "file"),
    "files.getUploadURLExternal": ("files:write", "filename length"),
    "files.info": ("files:read", "file"),
    "files.list": ("files:read", ""),
    "oauth.v2.access": ("", ""),
    "pins.add": ("pins:write", "channel timestamp"),
    "pins.list": ("pins:read", "channel"),
    "pins.remove": ("pins:write", "channel timestamp"),
    "reactions.add": ("reactions:write", "channel timestamp name"),
    "reactions.get": ("reactions:read", "channel timestamp"),
    "reactions.remove": ("reactions:write", "channel timestamp name"),
    "team.info": ("team:read", ""),
    "usergroups.list": ("usergroups:read", ""),
    "usergroups.users.list": ("usergroups:read", "usergroup"),
    "users.conversations": (READ, ""),
    "users.getPresence": ("users:read", ""),
    "users.info": ("users:read", "user"),
    "users.list": ("users:read", ""),
    "users.lookupByEmail": ("users:read.email", "email"),
    "users.profile.get": ("users.profile:read", ""),
    "views.open": ("", "trigger_id view"),
    "views.publish": ("", "user_id view"),
    "views.push": ("", "trigger_id view"),
    "views.update": ("", "view"),
}


def test_every_method_is_written_down_here() -> None:
    assert set(METHODS) == set(ASKED)


@pytest.mark.parametrize("name", [name for name, (scopes, _) in ASKED.items() if scopes])
def test_without_a_scope_a_method_says_which_it_needs(slack: LocalSlack, name: str) -> None:
    slack.tokens.known["bare"] = Token(METHODS[name].token, frozenset({"commands", "users"}))
    _, said, _ = answer(slack, name, "bare", {})
    assert said == {"ok": False, "error": "missing_scope", "needed": ASKED[name][0].replace(" ", ","), "provided": "commands,users"}


@pytest.mark.parametrize("name", [name for name, (_, needs) in ASKED.items() if needs])
@pytest.mark.parametrize("empty", [{}, dict.fromkeys(("channel", "ts", "user", "view", "files", "name"), "")], ids=["none", "empty"])
def test_every_argument_that_is_missing_is_named(slack: LocalSlack, name: str, empty: dict[str, str]) -> None:
    slack.manifest = {}
    _, said, _ = answer(slack, name, slack.bot_token, empty)
    named = [f"[ERROR] missing required field: {need}" for need in ASKED[name][1].split()]
    assert (said["error"], said["response_metadata"]["messages"]) == ("invalid_arguments", named)


@pytest.mark.parametrize("name", [name for name, method in METHODS.items() if method.token != "none"])
def test_every_method_wants_a_token_of_its_kind(slack: LocalSlack, name: str) -> None:
    other = {"bot": slack.app_token, "app": slack.bot_token}[METHODS[name].token]
    for token, error in (("", "not_authed"), ("xoxb-guessed", "invalid_auth"), (other, "not_allowed_token_type")):
        assert answer(slack, name, token, {})[1] == {"ok": False, "error": error}


def test_every_method_has_its_tier() -> None:
    tiers = json.loads((SHAPES / "rate_limit_tiers.json").read_text())
    written = {name: f"Tier{method.tier}" if method.tier else "Special" for name, method in METHODS.items()}
    assert written == {name: "Special" if "Special" in tier else tier for name, tier in tiers.items()}


@pytest.mark.parametrize(("tier", "limit"), [(0, 600), (1, 10), (2, 20), (3, 50), (4, 100)])
def test_a_tier_has_so_many_calls_a_minute(slack: LocalSlack, monkeypatch: pytest.MonkeyPatch, tier: int, limit: int) -> None:
    monkeypatch.setitem(METHODS, "some.method", Method("some.method", lambda ask: {}, tier))
    slack.clock.frozen_limits = True
    assert [answer(slack, "some.method", slack.bot_token, {})[0] for _ in range(limit + 1)] == [200] * limit + [429]


async def test_each_answer_says_what_the_token_may_do(slack: LocalSlack, client: AsyncWebClient) -> None:
    said = (await client.team_info()).headers
    assert said["X-OAuth-Scopes"].split(",") == sorted(slack.manifest["oauth_config"]["scopes"]["bot"])
    assert said["X-Accepted-OAuth-Scopes"] == "team:read"
    slack.manifest = {}
    assert "X-OAuth-Scopes" not in (await client.team_info()).headers


async def test_a_call_can_be_tried_without_any_effect(client: AsyncWebClient) -> None:
    assert (await client.api_test(foo="bar"))["args"] == {"foo": "bar"}
    answer: Any = await AsyncWebClient(base_url=client.base_url).api_call("api.test", params={"foo": "bar"})
    assert answer["args"] == {"foo": "bar"}
