"""What oauth.v2.access, files and views refuse beyond wrong arguments."""

from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import LocalSlack

HERE = "https://bot.example/slack/oauth_redirect"


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


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"client_id": "guessed"}, "invalid_client_id"),
        ({"client_secret": "guessed"}, "bad_client_secret"),
        ({"code": "guessed"}, "invalid_code"),
        ({"code": ""}, "invalid_code"),
        ({"redirect_uri": "https://evil.example"}, "bad_redirect_uri"),
        ({"redirect_uri": ""}, "bad_redirect_uri"),
    ],
)
async def test_a_code_is_given_for_a_token_only_with_all_that_belongs_to_it(slack: LocalSlack, given: dict[str, str], error: str) -> None:
    who = {"client_id": slack.client_id, "client_secret": slack.client_secret, "redirect_uri": HERE}
    asked = {**who, "code": slack.tokens.code("U_PM", HERE), **given}
    with pytest.raises(SlackApiError) as refused:
        await AsyncWebClient(base_url=slack.api_url).api_call("oauth.v2.access", params=asked)
    assert refused.value.response["error"] == error


async def test_a_code_is_good_once_and_for_ten_minutes(slack: LocalSlack) -> None:
    nobody = AsyncWebClient(base_url=slack.api_url)
    who = {"client_id": slack.client_id, "client_secret": slack.client_secret, "redirect_uri": HERE}
    code = slack.tokens.code("U_PM", HERE)
    answer = await nobody.api_call("oauth.v2.access", params={**who, "code": code})
    assert answer["authed_user"] == {"id": "U_PM"}
    assert answer["team"] == {"id": slack.team_id, "name": slack.name}
    with pytest.raises(SlackApiError, match="code_already_used"):
        await nobody.api_call("oauth.v2.access", params={**who, "code": code})
    late = slack.tokens.code("U_PM", HERE)
    slack.tokens.codes[late].issued -= 601
    with pytest.raises(SlackApiError, match="invalid_code"):
        await nobody.api_call("oauth.v2.access", params={**who, "code": late})


async def given_for(slack: LocalSlack, person: str) -> Any:
    who = {"client_id": slack.client_id, "client_secret": slack.client_secret, "code": slack.tokens.code(person)}
    return await AsyncWebClient(base_url=slack.api_url).api_call("oauth.v2.access", params=who)


async def test_a_token_lasts_until_it_is_taken_back_and_the_next_is_another(slack: LocalSlack) -> None:
    given = [(await given_for(slack, "U_PM"))["access_token"] for _ in range(2)]
    assert given == [slack.bot_token] * 2
    slack.uninstall()
    with pytest.raises(SlackApiError, match="token_revoked"):
        await AsyncWebClient(token=given[0], base_url=slack.api_url).auth_test()
    again = (await given_for(slack, "U_PM"))["access_token"]
    assert again not in given
    assert (await AsyncWebClient(token=again, base_url=slack.api_url).auth_test())["team_id"] == slack.team_id
    with pytest.raises(SlackApiError, match="token_revoked"):
        await AsyncWebClient(token=given[0], base_url=slack.api_url).auth_test()


def asks(slack: LocalSlack, **other: str) -> dict[str, str]:
    scopes = ",".join(slack.manifest["oauth_config"]["scopes"]["bot"])
    return {"client_id": slack.client_id, "scope": scopes, "state": "s&1", "redirect_uri": HERE, **other}


@pytest.fixture
def redirects(slack: LocalSlack) -> None:
    slack.manifest = {**slack.manifest, "oauth_config": {**slack.manifest["oauth_config"], "redirect_urls": ["https://bot.example"]}}


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"client_id": "<guessed>"}, "invalid_client_id"),
        ({"scope": ""}, "no_scopes"),
        ({"scope": "commands,admin"}, "invalid_scope: the manifest does not have admin"),
        ({"redirect_uri": "https://evil.example/oauth"}, "bad_redirect_uri"),
        ({"redirect_uri": "http://bot.example/oauth"}, "bad_redirect_uri"),
        ({"redirect_uri": ""}, "bad_redirect_uri"),
    ],
)
@pytest.mark.usefixtures("redirects")
async def test_the_consent_page_asks_nobody_for_what_slack_would_not(slack: LocalSlack, other: dict[str, str], says: str) -> None:
    async with httpx.AsyncClient() as browser:
        for answer in (
            await browser.get(f"{slack.url}/oauth/v2/authorize", params=asks(slack, **other)),
            await browser.post(f"{slack.url}/oauth/v2/authorize", data=asks(slack, **other) | {"decision": "allow"}),
        ):
            assert answer.status_code == 400
            assert says in answer.text
    assert slack.tokens.codes == {}


@pytest.mark.usefixtures("redirects")
async def test_allow_and_cancel_lead_back_with_the_state(slack: LocalSlack) -> None:
    async with httpx.AsyncClient() as browser:
        page = (await browser.get(f"{slack.url}/oauth/v2/authorize", params=asks(slack))).text
        assert "<code>commands</code>" in page
        assert f'value="{slack.team_id} U_PM"' in page
        assert "U_OUT" not in page
        chosen = asks(slack) | {"person": f"{slack.team_id} U_PM", "decision": "allow"}
        back = (await browser.post(f"{slack.url}/oauth/v2/authorize", data=chosen)).headers["Location"]
        (code,) = slack.tokens.codes
        assert back == f"{HERE}?code={code}&state=s%261"
        back = (await browser.post(f"{slack.url}/oauth/v2/authorize", data=chosen | {"decision": "cancel"})).headers["Location"]
        assert back == f"{HERE}?error=access_denied&state=s%261"
        nobody = await browser.post(f"{slack.url}/oauth/v2/authorize", data=chosen | {"person": f"{slack.team_id} U_404"})
        assert nobody.status_code == 400


async def test_a_neighbour_is_reached_by_its_own_token_alone(slack: LocalSlack) -> None:
    other = LocalSlack(seed=99)
    other.beside(slack)
    for one in (slack, other):
        told = await AsyncWebClient(token=one.bot_token, base_url=slack.api_url).auth_test()
        assert told["team_id"] == one.team_id
    who = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    other.member("U_ELSE", "Else Where")
    given = await AsyncWebClient(base_url=slack.api_url).api_call("oauth.v2.access", params={**who, "code": other.tokens.code("U_ELSE")})
    assert (given["team"]["id"], given["access_token"]) == (other.team_id, other.bot_token)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await AsyncWebClient(token="xoxb-guessed", base_url=slack.api_url).auth_test()
