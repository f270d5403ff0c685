"""Journeys: a workspace lets Tendon in from a browser, changes its mind, comes back, and everything that can go wrong on the way."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text, update

from bot.manifest import read_manifest
from bot.parcels import real_now
from models import InstallState
from playground import LocalSlack
from tests.handlers.installing import Browser, Installing, installable, not_installed, serving
from tests.handlers.release_rows import said
from tests.world import company, running

COMPANY = company()  # the same tokens as every other of its seed
HELLO = "Hello, I am Tendon."


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[Installing]:
    async with installable(database_url) as world:
        yield world


async def opens_home(world: Installing, person: str) -> str:
    await world.as_(person).open_home()
    await world.settle()
    return "\n".join(said(world.as_(person).home["blocks"]))


async def tokens(world: Installing) -> list[tuple[str, str]]:
    return [(row.token, row.installer) for row in await world.rows("SELECT token, installer FROM installation ORDER BY id")]


async def test_from_the_first_click_to_set_up_in_home(world: Installing) -> None:
    browser = world.browser()
    page = await browser.asked()
    assert page.startswith(f"{world.slack.url}/oauth/v2/authorize?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
    assert asked["scope"].split(",") == read_manifest()["oauth_config"]["scopes"]["bot"]
    assert asked["redirect_uri"] == f"http://127.0.0.1:{world.app.port}/slack/oauth_redirect"
    done = await browser.opens(await browser.decides(page, world.slack, "U_PM"))
    assert (done.status_code, "Tendon is in Local" in done.text) == (200, True)
    assert f"slack://app?team={world.slack.team_id}&amp;id={world.slack.app_id}" in done.text
    await world.settle()
    assert [words.startswith(HELLO) for words in world.dms()] == [True]
    assert await tokens(world) == [(world.slack.bot_token, "U_PM")]
    assert "Set-up, 1 of 9" in await opens_home(world, "U_PM")  # who installed it looks after it, though no administrator
    assert "Set-up" not in await opens_home(world, "U_OPS")
    assert [words.startswith(HELLO) for words in world.dms()] == [True]
    assert world.dms("U_OPS") == []
    (name,) = (await world.rows("SELECT name FROM person WHERE slack_id = 'U_PM'"))[0]
    assert name == "Pia Marsh"  # it looked around at once


async def test_pages_say_nothing_that_came_with_the_request_and_stay_private(world: Installing) -> None:
    strange = "<script>alert(1)</script>"
    page = await world.browser().opens(f"/slack/oauth_redirect?state={strange}&code={strange}&error={strange}&error_description={strange}")
    assert "script" not in page.text.replace("script-src", "")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_cancel_in_slack_installs_nothing_and_can_be_thought_over(world: Installing) -> None:
    browser = world.browser()
    back = await browser.decides(await browser.asked(), world.slack, "U_PM", "cancel")
    page = await browser.opens(back)
    assert (page.status_code, "Nothing was installed" in page.text, '<a href="install">' in page.text) == (200, True, True)
    assert await tokens(world) == []
    assert (await browser.installs(world.slack)).status_code == 200


async def is_turned_away(browser: Browser, address: str, says: str) -> None:
    page = await browser.opens(address)
    assert page.status_code >= 400
    assert says in page.text
    assert '<a href="install">Begin again</a>' in page.text


async def test_a_state_is_believed_once_from_the_browser_it_was_given_to_for_ten_minutes(world: Installing) -> None:
    mine, other = world.browser(), world.browser()
    back = await mine.decides(await mine.asked(), world.slack, "U_PM")
    state = parse_qs(urlsplit(back).query)["state"][0]
    await is_turned_away(other, back, "This was not begun here")  # a browser without a state
    await other.asked()
    await is_turned_away(other, back, "This was not begun here")  # and one with another
    await is_turned_away(mine, back.replace(state, "f" * 43), "This was not begun here")
    await is_turned_away(mine, back.replace(state, "%C3%BC"), "This was not begun here")
    forger = world.browser()
    forger.http.cookies.set("tendon-install", "forged", domain="127.0.0.1")
    await is_turned_away(forger, back.replace(state, "forged"), "This is over")
    assert await tokens(world) == []
    assert (await mine.opens(back)).status_code == 200
    mine.http.cookies.set("tendon-install", state, domain="127.0.0.1")
    await is_turned_away(mine, back, "This is over")
    late = await mine.decides(await mine.asked(), world.slack, "U_PM")
    async with world.app.database.plainly() as connection:
        await connection.execute(update(InstallState.__table__).values(expires_at=real_now() - timedelta(seconds=1)))
    await is_turned_away(mine, late, "It took too long")


async def test_two_tabs_with_one_state_install_once(world: Installing) -> None:
    browser = world.browser()
    back = await browser.decides(await browser.asked(), world.slack, "U_PM")
    pages = await asyncio.gather(*(browser.opens(back) for _ in range(4)))
    assert sorted(page.status_code for page in pages) == [200, 400, 400, 400]
    assert len([call for call in world.slack.calls if call.method == "oauth.v2.access"]) == 1


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        ("code_already_used", "Slack does not take it any more"),
        ("invalid_code", "Slack does not take it any more"),
        ("bad_client_secret", "correct SLACK_CLIENT_SECRET"),
        ("invalid_client_id", "correct SLACK_CLIENT_ID"),
        ("bad_redirect_uri", "correct PUBLIC_URL"),
        ("access_denied_by_policy", "Slack refused it"),
    ],
)
async def test_what_slack_refuses_is_a_page_that_says_who_can_do_what(world: Installing, refusal: str, says: str) -> None:
    browser = world.browser()
    world.slack.faults.add("oauth.v2.access", times=1, error=refusal)
    await is_turned_away(browser, await browser.decides(await browser.asked(), world.slack, "U_PM"), says)
    assert (await browser.installs(world.slack)).status_code == 200


async def test_a_code_that_somebody_used_before_is_refused_by_slack_itself(world: Installing) -> None:
    browser = world.browser()
    back = await browser.decides(await browser.asked(), world.slack, "U_PM")
    code = parse_qs(urlsplit(back).query)["code"][0]
    world.slack.tokens.codes[code].used = True
    await is_turned_away(browser, back, "Slack does not take it any more")
    guessed = (await browser.decides(await browser.asked(), world.slack, "U_PM")).partition("?")
    state = parse_qs(guessed[2])["state"][0]
    await is_turned_away(browser, f"{guessed[0]}?code=guessed&state={state}", "Slack does not take it any more")


LOST = {"reset": "after"}
DOWN = {"status": 500}
BUSY = {"status": 429, "retry_after": 9}


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        *(("oauth.v2.access", fault) for fault in (LOST, DOWN, BUSY)),
        *(("auth.test", fault) for fault in (LOST, DOWN, BUSY)),
        *(("team.info", fault) for fault in (DOWN, BUSY)),  # only reads: where its answer is lost, it is asked again on the spot
    ],
)
async def test_an_answer_that_is_lost_is_said_and_beginning_again_works(world: Installing, method: str, fault: dict[str, object]) -> None:
    browser = world.browser()
    world.slack.faults.add(method, times=1, **fault)  # type: ignore[arg-type]
    await is_turned_away(browser, await browser.decides(await browser.asked(), world.slack, "U_PM"), "Slack did not answer clearly")
    assert await tokens(world) == []
    assert (await browser.installs(world.slack)).status_code == 200
    await world.settle()
    assert len(world.dms()) == 1


async def test_tokens_that_expire_and_whole_organisations_are_refused_with_a_sentence(world: Installing) -> None:
    browser, settings = world.browser(), world.slack.manifest["settings"]
    settings["token_rotation_enabled"] = True
    await is_turned_away(browser, await browser.decides(await browser.asked(), world.slack, "U_PM"), "Its tokens expire")
    settings["token_rotation_enabled"], world.slack.is_organisation = False, True
    await is_turned_away(browser, await browser.decides(await browser.asked(), world.slack, "U_PM"), "Choose a workspace")
    assert await tokens(world) == []
    assert await world.rows("SELECT 1 FROM workspace") == []


async def test_a_database_that_is_away_is_said_and_beginning_again_works(world: Installing) -> None:
    browser = world.browser()
    async with world.app.database.plainly() as connection:
        await connection.execute(text("ALTER TABLE install_state RENAME TO install_state_away"))
    await is_turned_away(browser, "/slack/install", "It could not be saved")
    async with world.app.database.plainly() as connection:
        await connection.execute(text("ALTER TABLE install_state_away RENAME TO install_state"))
    back = await browser.decides(await browser.asked(), world.slack, "U_PM")
    async with world.app.database.plainly() as connection:
        await connection.execute(text("ALTER TABLE installation RENAME TO installation_away"))
    try:
        await is_turned_away(browser, back, "It could not be saved")
    finally:
        async with world.app.database.plainly() as connection:
            await connection.execute(text("ALTER TABLE installation_away RENAME TO installation"))
    assert (await browser.installs(world.slack)).status_code == 200
    await world.settle()
    assert len(world.dms()) == 1


async def test_installing_again_or_twice_at_once_tells_nobody_again(world: Installing) -> None:
    browsers = [world.browser() for _ in range(3)]
    done = await asyncio.gather(
        *(browser.installs(world.slack, person) for browser, person in zip(browsers, ("U_PM", "U_OPS", "U_PM"), strict=True))
    )
    assert [page.status_code for page in done] == [200, 200, 200]
    await world.settle()
    assert sorted(len(world.dms(person)) for person in ("U_PM", "U_OPS")) == [0, 1]
    assert (await world.browser().installs(world.slack, "U_LEAD")).status_code == 200
    await world.settle()
    assert world.dms("U_LEAD") == []
    assert await tokens(world) == [(world.slack.bot_token, "U_LEAD")]
    assert len(await world.rows("SELECT 1 FROM person WHERE is_product_operations")) == 1


async def taken_out(world: Installing) -> None:
    await world.slack.uninstall()
    await world.settle()


async def test_a_workspace_that_takes_it_out_hears_nothing_until_it_is_back(world: Installing) -> None:
    await world.browser().installs(world.slack)
    await world.settle()
    await taken_out(world)
    assert await tokens(world) == []
    before = len(world.slack.calls)
    await world.says("while:away", "Said while away")
    await world.app.ticker.tick_all()
    await world.settle()
    assert [call.method for call in world.slack.calls[before:]] == []
    first = world.slack.bot_token
    assert (await world.browser().installs(world.slack)).status_code == 200
    await world.settle()
    assert await tokens(world) == [(world.slack.bot_token, "U_PM")]
    assert world.slack.bot_token != first
    assert [message.text for message in world.as_("U_PM").sees("C_PAY")] == ["Said while away"]
    assert len(world.dms()) == 1
    assert "Set-up, 1 of 9" in await opens_home(world, "U_PM")


async def test_what_was_refused_while_nobody_knew_yet_goes_on_at_once_when_it_is_back(world: Installing) -> None:
    await world.browser().installs(world.slack)
    await world.settle()
    world.slack.tokens.revoke(world.slack.bot_token)  # and no event has come yet
    await world.says("in:between", "Said in between")
    async with asyncio.timeout(20):
        while not (await world.rows("SELECT 1 FROM outbox WHERE key = 'in:between' AND cure <> ''")):
            await asyncio.sleep(0.02)
    (row,) = await world.rows("SELECT state, cure FROM outbox WHERE key = 'in:between'")
    assert (row.state, "Install the app again" in row.cure) == ("waiting", True)
    await world.browser().installs(world.slack)
    await world.settle()
    assert [message.text for message in world.as_("U_PM").sees("C_PAY")] == ["Said in between"]


async def test_an_event_that_comes_late_takes_nothing_from_an_installation_that_is_new(world: Installing) -> None:
    await world.browser().installs(world.slack)
    await world.settle()
    await taken_out(world)
    await world.browser().installs(world.slack)
    for late in ({"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": [world.slack.bot_user]}}):
        await world.slack.event(late)
    await world.settle()
    assert await tokens(world) == [(world.slack.bot_token, "U_PM")]
    assert "Set-up" in await opens_home(world, "U_PM")


async def test_an_installation_through_one_replica_is_known_to_the_other(world: Installing, database_url: str) -> None:
    public = world.app.settings.public_url
    async with serving(world.slack, database_url, public_url=public) as other:
        await world.browser().installs(world.slack)
        world.slack.deliver_to(f"http://127.0.0.1:{other.port}/slack/events")
        assert "/release status" in (await world.as_("U_PM").command("C_PAY", "/release", "help")).text
        elsewhere = world.browser(other)
        back = await elsewhere.decides(await elsewhere.asked(), world.slack, "U_PM")
        assert back.startswith(f"{public}/")
        assert other.port != world.app.port  # begun at one, finished at the other
        assert (await elsewhere.opens(back)).status_code == 200


async def test_two_workspaces_install_it_and_each_has_its_own(world: Installing) -> None:
    second = LocalSlack(seed=8, now=world.clock.now(), name="Second")
    second.beside(world.slack)
    second.instant = True
    second.member("U_PM", "Paula Second", admin=True)
    second.channel("C_PAY", "payments", members=["U_PM"])
    not_installed(second)
    await second.start()
    try:
        second.deliver_to(f"http://127.0.0.1:{world.app.port}/slack/events")
        both = (world.slack, second)
        for slack in both:
            page = await world.browser().installs(slack)
            assert f"Tendon is in {slack.name}" in page.text
        await world.settle()
        await second.settled()
        assert world.slack.bot_token != second.bot_token
        for slack, name in zip(both, ("Checkout", "Billing"), strict=True):
            assert len(world.dms(slack=slack)) == 1
            await slack.as_("U_PM").command("C_PAY", "/release", f"new {name} 12 March 2027")
        for slack, mine, other in ((world.slack, "Checkout", "Billing"), (second, "Billing", "Checkout")):
            status = (await slack.as_("U_PM").command("C_PAY", "/release", "status")).text
            assert (mine in status, other in status) == (True, False)
        await world.settle()
        await second.settled()
        for slack in both:
            under = {call.token for call in slack.calls if call.token}
            assert under == {slack.bot_token}
        await second.uninstall()
        await second.settled()
        await world.settle()
        assert [row.token for row in await world.rows("SELECT token FROM installation")] == [world.slack.bot_token]
        assert "Checkout" in (await world.as_("U_PM").command("C_PAY", "/release", "status")).text
    finally:
        await second.stop()


async def test_over_socket_mode_it_is_installed_from_a_browser_as_well(database_url: str) -> None:
    async with installable(database_url, slack_signing_secret="", slack_app_token=COMPANY.app_token) as world:
        world.slack.deliver_to(None)
        assert (await world.browser().installs(world.slack)).status_code == 200
        await world.settle()
        assert len(world.dms()) == 1
        assert "/release status" in (await world.as_("U_PM").command("C_PAY", "/release", "help")).text


async def test_a_token_of_the_environment_goes_on_beside_it(database_url: str) -> None:
    async with installable(database_url, slack_bot_token=COMPANY.bot_token, is_installed=True) as world:
        assert "/release status" in (await world.as_("U_PM").command("C_PAY", "/release", "help")).text
        assert await tokens(world) == []
        await world.slack.event({"type": "tokens_revoked", "tokens": {"oauth": ["U_PM"]}})
        await world.says("as:before", "As before")
        await world.settle()
        assert world.as_("U_PM").sees("C_PAY")[-1].text == "As before"
        await world.browser().installs(world.slack, "U_OPS")
        await world.settle()
        assert await tokens(world) == [(world.slack.bot_token, "U_OPS")]
        assert len(world.dms("U_OPS")) == 1


async def test_who_is_on_the_way_is_forgotten_and_cannot_fill_the_database(world: Installing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.installing.MOST_AT_ONCE", 3)
    answers = [(await world.browser().opens("/slack/install")).status_code for _ in range(5)]
    assert answers == [302, 302, 302, 503, 503]
    async with world.app.database.plainly() as connection:
        await connection.execute(update(InstallState.__table__).values(expires_at=real_now() - timedelta(minutes=11)))
    assert (await world.browser().opens("/slack/install")).status_code == 302
    assert await world.rows("SELECT count(*) FROM install_state") == [(1,)]


async def test_without_a_client_there_is_nothing_to_install(database_url: str) -> None:
    slack = company()
    await slack.start()
    try:
        async with running(slack, database_url) as app, httpx.AsyncClient() as http:
            for path in ("install", "oauth_redirect"):
                assert (await http.get(f"http://127.0.0.1:{app.port}/slack/{path}")).status_code == 404
    finally:
        await slack.stop()
