"""`tendon doctor`: is everything in place? A line each, with the cure."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx
from sqlalchemy import select

from bot.config import Settings
from bot.database import Database
from bot.deps import system_clock
from bot.manifest import read_manifest
from bot.schema import is_newest
from models import Channel

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
        return [*[found async for found in _slack(settings)], *[found async for found in _database(database)]]
    finally:
        await database.close()


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        yield Finding("Token", False, "SLACK_BOT_TOKEN is not set. Copy it from the app's page OAuth & Permissions.")
        return
    try:
        async with httpx.AsyncClient(base_url=settings.slack_api_url, timeout=10) as client:
            answer = await client.post("auth.test", headers={"Authorization": f"Bearer {token}"})
        said = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        yield Finding(
            "Slack", False, f"does not answer at {settings.slack_api_url} ({type(error).__name__}). Check the network and SLACK_API_URL."
        )
        return
    if not said.get("ok"):
        yield Finding("Token", False, f"Slack refuses it ({said.get('error')}). Install the app again and copy the new token.")
        return
    yield Finding("Token", True, f"works in {said.get('team')}")
    yield _scopes(answer)
    yield _skew(answer)


def _scopes(answer: httpx.Response) -> Finding:
    granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
    wanted = set(read_manifest()["oauth_config"]["scopes"]["bot"])
    missing = sorted(wanted - granted)
    if missing:
        return Finding("Scopes", False, f"missing: {', '.join(missing)}. Paste `tendon manifest` again and reinstall the app.")
    return Finding("Scopes", True, f"all {len(wanted)} are granted")


def _skew(answer: httpx.Response) -> Finding:
    if "date" not in answer.headers:
        return Finding("Clock", True, "Slack named no time to compare with")
    skew = (system_clock() - parsedate_to_datetime(answer.headers["date"])).total_seconds()
    if abs(skew) > MOST_SKEW:
        return Finding(
            "Clock", False, f"{abs(skew):.0f} seconds {'ahead' if skew > 0 else 'behind'}. Set this machine's clock: Slack refuses 300."
        )
    return Finding("Clock", True, f"within {MOST_SKEW:.0f} seconds of Slack's")


async def _database(database: Database) -> AsyncIterator[Finding]:
    try:
        await database.answers()
    except Exception as error:
        yield Finding("Database", False, f"does not answer ({type(error).__name__}). Check DATABASE_URL, and that it runs.")
        return
    yield Finding("Database", True, "answers")
    if not await is_newest(database):
        yield Finding("Schema", False, "old or missing. Run `tendon migrate`.")
        return
    yield Finding("Schema", True, "newest")
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
