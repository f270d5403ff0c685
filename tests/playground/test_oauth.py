"""What oauth.v2.access, files and views refuse beyond wrong arguments."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import LocalSlack


async def test_a_wrong_client_and_a_wrong_address_are_refused(slack: LocalSlack) -> None:
    nobody = AsyncWebClient(base_url=slack.api_url)
    who = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    with pytest.raises(SlackApiError, match="invalid_client_id"):
        await nobody.api_call("oauth.v2.access", params={**who, "client_id": "guessed", "code": "x"})
    code = slack.tokens.code("U_PM", "https://bot.example/oauth")
    with pytest.raises(SlackApiError, match="bad_redirect_uri"):
        await nobody.api_call("oauth.v2.access", params={**who, "code": code, "redirect_uri": "https://evil.example"})


async def test_an_upload_is_completed_once_and_only_where_the_bot_is(slack: LocalSlack, client: AsyncWebClient) -> None:
    async def uploaded() -> str:
        ticket = await client.files_getUploadURLExternal(filename="a.txt", length=1)
        slack.state.files[ticket["file_id"]].uploaded = True
        return str(ticket["file_id"])

    name = await uploaded()
    await client.files_completeUploadExternal(files=[{"id": name, "title": "a"}], channel_id="C_PAY")
    with pytest.raises(SlackApiError, match="file_already_completed"):
        await client.files_completeUploadExternal(files=[{"id": name, "title": "a"}])
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.files_completeUploadExternal(files=[{"id": await uploaded(), "title": "b"}], channel_id="C_NEWS")


async def test_only_ones_own_files_can_be_deleted(slack: LocalSlack, client: AsyncWebClient) -> None:
    ticket = await client.files_getUploadURLExternal(filename="a.txt", length=1)
    item = slack.state.files[ticket["file_id"]]
    item.uploaded = item.complete = True
    item.user = "U_PM"
    with pytest.raises(SlackApiError, match="cant_delete_file"):
        await client.files_delete(file=item.id)
    item.user = slack.bot_user
    await client.files_delete(file=item.id)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_info(file=item.id)


async def test_a_message_takes_fifty_kinds_of_reaction(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.instant = True
    at = {"channel": "C_PAY", "timestamp": (await client.chat_postMessage(channel="C_PAY", text="x"))["ts"]}
    for n in range(50):
        await client.reactions_add(name=f"e{n}", **at)
    with pytest.raises(SlackApiError, match="too_many_emoji"):
        await client.reactions_add(name="one-more", **at)
