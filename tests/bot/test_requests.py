"""Reading what was asked out of Slack's many shapes."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.requests import Actor, Kind, Request, read

PAYLOADS = Path(__file__).resolve().parents[3] / "shared" / "slack" / "payloads"

COMMAND = {
    "command": "/release",
    "text": "status",
    "team_id": "T1",
    "user_id": "U1",
    "channel_id": "C1",
    "trigger_id": "1.2",
    "response_url": "https://x",
}
EVENT = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "member_joined_channel", "user": "U1", "channel": "C1"},
}
USER = {"id": "U1", "team_id": "T1"}


def pressed(**action: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": USER,
        "trigger_id": "1.2",
        "container": {"type": "message", "message_ts": "5.6", "channel_id": "C1"},
        "channel": {"id": "C1"},
        "message": {"ts": "5.6"},
        "response_url": "https://x",
        "actions": [{"action_id": "releases:open", "action_ts": "7.8", **action}],
    }


def submitted(view: dict[str, Any]) -> dict[str, Any]:
    given = {"id": "V1", "hash": "h1", "callback_id": "releases:move", "private_metadata": '{"release": 4}', "state": {"values": {}}}
    return {"type": "view_submission", "team": {"id": "T1"}, "user": USER, "trigger_id": "1.2", "view": given | view}


def test_a_command() -> None:
    request = read(COMMAND)
    assert (request.kind, request.name, request.key, request.text) == (Kind.COMMAND, "/release", "command:1.2", "status")
    assert (request.team, request.person, request.channel, request.trigger, request.response_url) == ("T1", "U1", "C1", "1.2", "https://x")


def test_an_event_is_known_by_its_id_and_its_workspace_by_the_authorization() -> None:
    request = read(EVENT)
    assert (request.kind, request.name, request.key) == (Kind.EVENT, "member_joined_channel", "event:Ev1")
    assert (request.team, request.person, request.channel) == ("T1", "U1", "C1")
    assert read(EVENT | {"authorizations": [{"team_id": "T2"}]}).team == "T2"


@pytest.mark.parametrize(
    ("event", "person", "channel"),
    [
        ({"type": "user_change", "user": {"id": "U2"}}, "U2", None),
        ({"type": "channel_created", "channel": {"id": "C2", "name": "x"}}, "", "C2"),
        ({"type": "reaction_added", "user": "U3", "item": {"channel": "C3"}}, "U3", "C3"),
        ({"type": "team_join"}, "", None),
    ],
)
def test_an_event_names_people_and_channels_as_ids_or_as_objects(event: dict[str, Any], person: str, channel: str | None) -> None:
    request = read(EVENT | {"event": event})
    assert (request.person, request.channel) == (person, channel)


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ({"value": "12"}, "12"),
        ({"selected_option": {"value": "red"}}, "red"),
        ({"selected_option": None}, None),
        ({"selected_options": [{"value": "a"}, {"value": "b"}]}, ["a", "b"]),
        ({"selected_user": "U9"}, "U9"),
        ({"selected_users": []}, []),
        ({"selected_date": "2026-11-21"}, "2026-11-21"),
        ({"selected_conversation": "C9"}, "C9"),
        ({}, None),
    ],
)
def test_the_value_of_a_press_whatever_was_pressed(action: dict[str, Any], value: object) -> None:
    request = read(pressed(**action))
    assert (request.kind, request.name, request.value) == (Kind.ACTION, "releases:open", value)
    assert request.message == {"ts": "5.6"}


def test_a_press_in_an_ephemeral_message_knows_its_message_by_the_container() -> None:
    body = pressed(value="1")
    del body["message"]
    assert read(body).message == {"ts": "5.6"}


def test_two_presses_are_two_requests_and_a_repeat_is_the_same() -> None:
    first, again, second = read(pressed()), read(pressed()), read(pressed() | {"trigger_id": "1.3"})
    assert first.key == again.key != second.key


def test_a_form_gives_its_fields_by_block_and_what_it_carried_along() -> None:
    values = {
        "name": {"any": {"type": "plain_text_input", "value": "Falcon"}},
        "note": {"any": {"type": "plain_text_input", "value": None}},
        "day": {"d": {"type": "datepicker", "selected_date": "2026-12-01"}},
    }
    request = read(submitted({"state": {"values": values}}))
    assert (request.kind, request.name, request.key) == (Kind.VIEW, "releases:move", "view:V1:h1")
    assert request.state == {"name": "Falcon", "note": None, "day": "2026-12-01"}
    assert request.metadata == {"release": 4}


@pytest.mark.parametrize("carried", ["", "not json", "[1]", "null"])
def test_a_form_that_carries_nothing_readable_carries_nothing(carried: str) -> None:
    assert read(submitted({"private_metadata": carried})).metadata == {}


def test_options_are_asked_for_what_was_typed() -> None:
    body = {
        "type": "block_suggestion",
        "team": {"id": "T1"},
        "user": USER,
        "action_id": "feedback:customer",
        "value": "Acm",
        "view": {"id": "V1"},
    }
    request = read(body)
    assert (request.kind, request.name, request.text) == (Kind.OPTIONS, "feedback:customer", "Acm")


def test_the_origin_of_a_form_survives_it() -> None:
    command = read(COMMAND)
    assert command.origin == {"channel": "C1", "response_url": "https://x"}
    form = read(submitted({"private_metadata": json.dumps(command.origin)}))
    assert form.origin == command.origin
    assert Request(Kind.EVENT, "x", "k", "T1", "U1").origin == {}


@pytest.mark.parametrize("body", [{}, {"type": "unheard_of"}, {"command": "/release"}, {"type": "block_actions"}])
def test_what_slack_would_not_send_raises(body: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError)):
        read(body)


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="Slack's payloads are not beside this checkout")
def test_every_interaction_that_slack_documents_can_be_read() -> None:
    known = {"block_actions": Kind.ACTION, "view_submission": Kind.VIEW, "view_closed": Kind.CLOSED, "block_suggestion": Kind.OPTIONS}
    found = 0
    for path in sorted(PAYLOADS.glob("*.json")):
        body = json.loads(path.read_text("utf-8"))
        if isinstance(body, dict) and body.get("type") in known and body.get("user"):
            assert read(body).kind is known[body["type"]], path.name
            found += 1
    assert found


def test_an_actor_of_no_zone_is_in_utc() -> None:
    assert str(Actor().tz) == "UTC"


@pytest.mark.parametrize(
    ("more", "team"),
    [
        ({}, "T1"),
        ({"team": {"id": "TELSE"}, "message": {"ts": "5.6", "bot_profile": {"team_id": "T1"}}}, "T1"),
        ({"team": {"id": "TELSE"}, "view": {"id": "V1", "type": "modal", "app_installed_team_id": "T1"}}, "T1"),
        ({"team": None}, ""),
    ],
)
def test_somebody_from_a_connected_company_asks_the_workspace_whose_button_it_is(more: dict[str, Any], team: str) -> None:
    assert read(pressed(action_id="a:b") | more).team == team
