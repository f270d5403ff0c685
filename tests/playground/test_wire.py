"""Every encoding in which an SDK sends a call is read, under GET and POST alike."""

import json
from typing import Any

import aiohttp
import pytest

from playground import LocalSlack

BLOCKS = [{"type": "section", "text": {"type": "plain_text", "text": "as blocks"}}]
ARGS = {"channel": "C_PAY", "text": "hello", "blocks": json.dumps(BLOCKS)}


async def ask(slack: LocalSlack, verb: str = "POST", method: str = "chat.postMessage", token: bool = True, **how: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {slack.bot_token}"} if token else {}
    async with aiohttp.ClientSession(headers=headers) as session, session.request(verb, f"{slack.api_url}{method}", **how) as response:
        return dict(await response.json())


ENCODINGS: dict[str, dict[str, Any]] = {
    "GET with a query": {"verb": "GET", "params": ARGS},
    "POST with a query and an empty form": {"params": ARGS, "data": b"", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    "POST with a form": {"data": ARGS},
    "POST with a JSON body": {"json": {**ARGS, "blocks": BLOCKS}},
    "POST with JSON in a JSON body": {"json": ARGS},
    "GET with a JSON body": {"verb": "GET", "json": ARGS},
}


@pytest.mark.parametrize("how", ENCODINGS.values(), ids=ENCODINGS)
async def test_a_call_is_read(slack: LocalSlack, how: dict[str, Any]) -> None:
    answer = await ask(slack, **how)
    assert answer["ok"], answer
    assert answer["message"]["text"] == "hello"
    assert answer["message"]["blocks"][0]["text"]["text"] == "as blocks"


async def test_a_multipart_body_is_read(slack: LocalSlack) -> None:
    with aiohttp.MultipartWriter("form-data") as body:
        for name, value in ARGS.items():
            body.append(value).set_content_disposition("form-data", name=name)
    assert (await ask(slack, data=body))["message"]["text"] == "hello"


async def test_the_token_may_stand_in_the_form(slack: LocalSlack) -> None:
    assert (await ask(slack, token=False, method="auth.test", data={"token": slack.bot_token}))["ok"]
    assert (await ask(slack, token=False, method="auth.test", data={}))["error"] == "not_authed"
    other = {"Authorization": f"Token {slack.bot_token}"}
    assert (await ask(slack, token=False, method="auth.test", headers=other))["error"] == "not_authed"


async def test_a_body_that_is_not_what_it_says_is_refused(slack: LocalSlack) -> None:
    json_type, xml_type = {"Content-Type": "application/json"}, {"Content-Type": "application/xml"}
    assert (await ask(slack, data=b"{", headers=json_type))["error"] == "invalid_json"
    assert (await ask(slack, data=b"[1]", headers=json_type))["error"] == "json_not_object"
    assert (await ask(slack, data=b"<a/>", headers=xml_type))["error"] == "invalid_post_type"


@pytest.mark.parametrize("multipart", [False, True], ids=["raw", "multipart"])
async def test_a_file_is_uploaded_as_either_sdk_does_it(slack: LocalSlack, multipart: bool) -> None:
    ticket = await ask(slack, method="files.getUploadURLExternal", data={"filename": "a.csv", "length": "3"})
    async with aiohttp.ClientSession() as session:
        body: Any = b"abc"
        if multipart:
            body = aiohttp.FormData()
            body.add_field("body", b"abc", filename="a.csv")
        async with session.post(ticket["upload_url"], data=body) as response:
            assert response.status == 200
        files = json.dumps([{"id": ticket["file_id"], "title": "A"}])
        done = await ask(slack, method="files.completeUploadExternal", params={"files": files, "channel_id": "C_PAY"})
        async with session.get(done["files"][0]["url_private"]) as response:
            assert await response.read() == b"abc"
        async with session.get(done["files"][0]["url_private"], headers={"Authorization": "Bearer bogus"}) as response:
            assert response.status == 403


@pytest.mark.parametrize(("kind", "status"), [("text/plain", 200), ("application/octet-stream", 200), (None, 400)])
async def test_the_first_part_of_a_multipart_upload_is_the_file(slack: LocalSlack, kind: str | None, status: int) -> None:
    ticket = await ask(slack, method="files.getUploadURLExternal", data={"filename": "a.csv", "length": "3"})
    with aiohttp.MultipartWriter("form-data") as body:
        if kind:
            body.append(b"abc", {"Content-Type": kind}).set_content_disposition("form-data", name="body")  # type: ignore[arg-type]
    async with aiohttp.ClientSession() as session, session.post(ticket["upload_url"], data=body) as response:
        assert response.status == status
    assert slack.state.files[ticket["file_id"]].content == (b"abc" if kind else b"")


async def test_a_file_of_the_wrong_size_and_one_that_was_not_sent_are_refused(slack: LocalSlack) -> None:
    ticket = await ask(slack, method="files.getUploadURLExternal", data={"filename": "a.csv", "length": "3"})
    async with aiohttp.ClientSession() as session, session.post(ticket["upload_url"], data=b"too long") as response:
        assert response.status == 400
    files = json.dumps([{"id": ticket["file_id"]}])
    assert (await ask(slack, method="files.completeUploadExternal", data={"files": files}))["error"] == "file_not_found"


@pytest.mark.parametrize("verb", ["PUT", "HEAD", "DELETE"])
async def test_the_api_is_asked_by_get_and_post_alone(slack: LocalSlack, verb: str) -> None:
    async with aiohttp.ClientSession() as session, session.request(verb, f"{slack.api_url}auth.test") as response:
        assert response.status == 405


async def test_there_is_nothing_at_an_address_that_slack_did_not_give(slack: LocalSlack) -> None:
    ticket = await ask(slack, method="files.getUploadURLExternal", data={"filename": "a.csv", "length": "3"})
    address = slack.state.files[ticket["file_id"]]
    async with aiohttp.ClientSession() as session:
        for send, url in ((session.post, f"{slack.url}/upload/v1/F_NONE"), (session.get, f"{slack.url}/files-pri/T-F_NONE/a.csv")):
            async with send(url, data=b"abc") as response:
                assert response.status == 404
        async with session.get(f"{slack.url}/files-pri/T-{address.id}/a.csv") as response:
            assert response.status == 404  # not complete yet
        address.complete = True
        async with session.post(ticket["upload_url"], data=b"abc") as response:
            assert response.status == 404  # complete: no more to come
        async with session.post(slack.hooks.issue("C_PAY", "U_PM"), data=b"{") as response:
            assert (response.status, await response.text()) == (400, "invalid_payload")


async def test_a_shared_file_stands_in_a_thread_that_exists_with_blocks_that_can_be_shown(slack: LocalSlack) -> None:
    ticket = await ask(slack, method="files.getUploadURLExternal", data={"filename": "a.csv", "length": "3"})
    slack.state.files[ticket["file_id"]].uploaded = True
    share = {"files": json.dumps([{"id": ticket["file_id"]}]), "channel_id": "C_PAY"}
    assert (await ask(slack, method="files.completeUploadExternal", data={**share, "thread_ts": "1.1"}))["error"] == "thread_not_found"
    assert (await ask(slack, method="files.completeUploadExternal", data={**share, "blocks": "{"}))["error"] == "invalid_blocks_format"
    assert (await ask(slack, method="files.completeUploadExternal", data={**share, "blocks": '[{"type": "x"}]'}))[
        "error"
    ] == "invalid_blocks"
    assert (await ask(slack, method="files.completeUploadExternal", data=share))["ok"]
