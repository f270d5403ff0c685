"""`tendon doctor`: is everything in place? A line each, with the cure."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Settings, WrongSetting
from bot.database import Database
from bot.deps import system_clock
from bot.install_pages import BEGIN
from bot.manifest import read_manifest
from bot.schema import away, newest, version
from models import Channel, Installation, Workspace

PATIENCE = 10.0  # seconds that Slack has for an answer
MOST_SKEW = 60.0  # seconds; Slack refuses signatures at 300


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    is_fine: bool
    says: str


async def examine(settings: Settings) -> list[Finding]:
    """All findings, good and bad. Never raises for what it examines."""
    database = Database(settings.database_url)
    try:
        return [
            _settings(settings),
            *[found async for found in _slack(settings)],
            *[found async for found in _database(database)],
            *[found async for found in _installed(settings, database)],
        ]
    finally:
        await database.close()


def _settings(settings: Settings) -> Finding:
    try:
        settings.for_serving()
    except WrongSetting as wrong:
        return Finding("Settings", False, str(wrong))
    way = "Socket Mode" if settings.is_socket_mode else "HTTP"
    return Finding("Settings", True, f"complete for {way}{', and to be installed from a browser' if settings.is_installable else ''}")


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    token, app_token = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        try:
            if token:
                for finding in _token(await _ask(client, settings, "auth.test", token), "SLACK_BOT_TOKEN", _COPY):
                    yield finding
            if app_token:
                yield _app_token(await _ask(client, settings, "apps.connections.open", app_token))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = f"does not answer at {settings.slack_api_url} ({type(error).__name__})"
            yield Finding("Slack", False, f"{why}. Check the network and SLACK_API_URL.")


async def _ask(client: httpx.AsyncClient, settings: Settings, method: str, token: str) -> httpx.Response:
    return await client.post(f"{settings.slack_api_url}{method}", headers={"Authorization": f"Bearer {token}"})


def _said(answer: httpx.Response) -> dict[str, Any]:
    """The answer; an error of its own where it is not Slack's."""
    try:
        said = answer.json()
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {"ok": False, "error": f"HTTP {answer.status_code}, and no answer of Slack's"}


_COPY = "Install the app again and copy the new token."


def _token(answer: httpx.Response, whose: str, cure: str) -> list[Finding]:
    said = _said(answer)
    if not said.get("ok"):
        return [Finding("Token", False, f"Slack refuses {whose} ({said.get('error')}). {cure}")]
    return [Finding("Token", True, f"works in {said.get('team')}"), _scopes(answer), _skew(answer)]


def _app_token(answer: httpx.Response) -> Finding:
    said = _said(answer)
    if not said.get("ok"):
        cure = "Make an app-level token with the scope connections:write."
        return Finding("App token", False, f"Slack refuses SLACK_APP_TOKEN ({said.get('error')}). {cure}")
    return Finding("App token", True, "opens a socket")


def _scopes(answer: httpx.Response) -> Finding:
    if "x-oauth-scopes" not in answer.headers:
        return Finding("Scopes", True, "Slack did not say which are granted")
    granted = {scope.strip() for scope in answer.headers["x-oauth-scopes"].split(",")}
    wanted = set(read_manifest()["oauth_config"]["scopes"]["bot"])
    missing = sorted(wanted - granted)
    if missing:
        return Finding("Scopes", False, f"missing: {', '.join(missing)}. Paste `tendon manifest` again and reinstall the app.")
    return Finding("Scopes", True, f"all {len(wanted)} are granted")


def _skew(answer: httpx.Response) -> Finding:
    try:
        skew = (system_clock() - parsedate_to_datetime(answer.headers["date"])).total_seconds()
    except (KeyError, ValueError, TypeError):
        return Finding("Clock", True, "Slack named no time to compare with")
    if abs(skew) > MOST_SKEW:
        side = "ahead" if skew > 0 else "behind"
        return Finding("Clock", False, f"{abs(skew):.0f} seconds {side}. Set this machine's clock: at 300 nothing from Slack is believed.")
    return Finding("Clock", True, f"within {MOST_SKEW:.0f} seconds of Slack's")


async def _installed(settings: Settings, database: Database) -> AsyncIterator[Finding]:
    """The workspaces that installed it from a browser, when the database can be asked about them."""
    where = f"{settings.public_url.rstrip('/')}{BEGIN}"
    if not settings.is_installable or not settings.public_url:
        return
    try:
        if await version(database) != newest():
            return
        async with database.unbound() as session:
            query = select(Workspace, Installation.token).join(Installation, Installation.workspace_id == Workspace.id)
            rows = (await session.execute(query.order_by(Workspace.id).execution_options(every_workspace=True))).all()
    except (SQLAlchemyError, OSError, TimeoutError):  # said already
        return
    if not rows:
        yield Finding("Installed", bool(settings.slack_bot_token.get_secret_value()), f"nowhere yet. Open {where} in a browser.")
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        for workspace, token in rows:
            name = workspace.name or workspace.team_slack_id
            try:
                answer = await _ask(client, settings, "auth.test", token)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                yield Finding("Slack", False, f"does not answer for {name} ({type(error).__name__}). Check the network and SLACK_API_URL.")
                continue
            for finding in _token(answer, f"the token of {name}", f"Open {where} and install it again."):
                yield finding


async def _database(database: Database) -> AsyncIterator[Finding]:
    try:
        found = await version(database)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        yield Finding("Database", False, str(away(error)))
        return
    yield Finding("Database", True, "answers")
    if found != newest():
        yield Finding("Schema", False, f"{found or 'none'} is there, {newest()} is wanted. Run `tendon migrate`.")
        return
    yield Finding("Schema", True, f"{found}, the newest")
    async with database.unbound() as session:
        lost = list(
            await session.scalars(
                select(Channel).where(Channel.removed_at.is_not(None)).order_by(Channel.name).execution_options(every_workspace=True)
            )
        )
    if lost:
        names = ", ".join(f"#{channel.name}" for channel in lost)
        yield Finding("Channels", False, f"I was removed from {names}. Say `/invite @Tendon` there, or point its team elsewhere.")
    else:
        yield Finding("Channels", True, "I was removed from none")
