"""A browser, and a bot that workspaces install themselves: what journeys through an installation are told in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import httpx
from sqlalchemy import text

from bot.answers import Message
from bot.app import App
from bot.config import Settings
from playground import LocalSlack
from tests.postgres import free_port
from tests.world import World, be_patient, company


class Form(HTMLParser):
    """What a page's form would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.hidden[str(given["name"])] = given.get("value") or ""


class Browser:
    """One person's, with its own cookies."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.http = httpx.AsyncClient(timeout=30)

    async def opens(self, path: str) -> httpx.Response:
        return await self.http.get(path if path.startswith("http") else f"http://127.0.0.1:{self.app.port}{path}")

    async def asked(self) -> str:
        """Slack's page, which `/slack/install` leads to."""
        begun = await self.opens("/slack/install")
        assert begun.status_code == 302, begun.text
        return begun.headers["Location"]

    async def decides(self, page: str, slack: LocalSlack, person: str, decision: str = "allow") -> str:
        """The address to which Slack sends the browser back."""
        shown = await self.opens(page)
        assert shown.status_code == 200, shown.text
        sent = Form(shown.text).hidden | {"person": f"{slack.team_id} {person}", "decision": decision}
        answer = await self.http.post(page.partition("?")[0], data=sent)
        return str(answer.headers["Location"])

    async def installs(self, slack: LocalSlack, person: str = "U_PM") -> httpx.Response:
        return await self.opens(await self.decides(await self.asked(), slack, person))


class Installing(World):
    """`slack` is one workspace; others may be beside it."""

    def __init__(self, slack: LocalSlack, app: App) -> None:
        super().__init__(slack, app)
        self.browsers: list[Browser] = []

    def browser(self, app: App | None = None) -> Browser:
        self.browsers.append(Browser(app or self.app))
        return self.browsers[-1]

    async def rows(self, query: str) -> list[Any]:
        async with self.app.database.reader.connect() as connection:
            return list((await connection.execute(text(query))).all())

    async def says(self, key: str, words: str, *, channel: str = "C_PAY") -> None:
        """Tendon has something to say in the first workspace."""
        async with self.app.database.transaction(1, clock=self.clock.now, by="test") as session:
            await self.app.outbox.post(session, key, channel, Message(words))

    def dms(self, person: str = "U_PM", slack: LocalSlack | None = None) -> list[str]:
        return [message.text for message in (slack or self.slack).as_(person).dms()]


def not_installed(slack: LocalSlack) -> LocalSlack:
    slack.tokens.revoke(slack.bot_token)
    return slack


def settings_for(slack: LocalSlack, database_url: str, port: int, **other: Any) -> Settings:
    address = f"http://127.0.0.1:{port}"
    urls = [*slack.manifest["oauth_config"].get("redirect_urls", ()), f"{address}/slack/oauth_redirect"]
    slack.manifest["oauth_config"]["redirect_urls"] = urls
    given: dict[str, Any] = {
        "slack_client_id": slack.client_id,
        "slack_client_secret": slack.client_secret,
        "slack_signing_secret": slack.signing_secret,
        "slack_api_url": slack.api_url,
        "database_url": database_url,
        "public_url": address,
        "port": port,
        **other,
    }
    return Settings(**given)


@asynccontextmanager
async def serving(slack: LocalSlack, database_url: str, **other: Any) -> AsyncIterator[App]:
    app = App(settings_for(slack, database_url, free_port(), **other), clock=slack.clock.now, channel_gap=0.0)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


@asynccontextmanager
async def installable(database_url: str, *, is_installed: bool = False, **other: Any) -> AsyncIterator[Installing]:
    """A company that has not installed Tendon, and Tendon running somewhere."""
    slack = company() if is_installed else not_installed(company())
    slack.instant = True
    await slack.start()
    try:
        async with serving(slack, database_url, **other) as app:
            be_patient(slack, app)
            slack.deliver_to(f"http://127.0.0.1:{app.port}/slack/events")
            world = Installing(slack, app)
            yield world
            for browser in world.browsers:
                await browser.http.aclose()
    finally:
        await slack.stop()
