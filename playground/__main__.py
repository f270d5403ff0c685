"""`python -m playground`, which is `make run`: the local workspace, the bot beside it, and a page to use both.

`--bot none` runs the workspace alone, for anybody's bot, and prints the variables to set. `--plan FOLDER` shows a real plan.
"""

import asyncio
import logging
import os
import signal
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from aiohttp import web
from pydantic import SecretStr

from bot.app import App
from bot.config import Settings, WrongSetting
from bot.manifest import read_manifest
from bot.schema import migrate
from playground import LocalSlack, sample, story
from playground.web import page_app

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def port_from_environment() -> int:
    text = os.environ.get("PORT", "8080")
    if not text.isdigit() or int(text) > 65535:
        raise WrongSetting("PORT must be a number from 0 to 65535, such as 8080.")
    return int(text)


@cli.command()
def run(
    bot: Annotated[str, typer.Option(help="`tendon`, or `none` for the workspace alone.")] = "tendon",
    plan_folder: Annotated[str, typer.Option("--plan", help="A folder with release-dates.csv, items.csv and item-history.csv.")] = "",
) -> None:
    """Run the local workspace until Ctrl-C."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    folder = Path(plan_folder) if plan_folder else None
    if folder and not folder.is_dir():
        raise WrongSetting(f"PLAN names {plan_folder}, which is no folder. Name one with release-dates.csv and items.csv in it.")
    asyncio.run(workspace_alone(port_from_environment()) if bot == "none" else workspace_with_bot(port_from_environment(), folder))


async def workspace_alone(port: int) -> None:
    slack = sample.company()
    await open_page(slack, port, page_app(slack, person=sample.YOU, channel=sample.FIRST))
    for name, value in (
        ("SLACK_BOT_TOKEN", slack.bot_token),
        ("SLACK_SIGNING_SECRET", slack.signing_secret),
        ("SLACK_APP_TOKEN", slack.app_token),
        ("SLACK_API_URL", slack.api_url),
    ):
        say(f"{name}={value}")
    await until_told_to_stop()
    await slack.stop()


async def workspace_with_bot(port: int, folder: Path | None) -> None:
    slack = sample.company()
    running: list[App] = []

    async def clock_moved(_: object) -> None:
        for app in running:
            await app.clock_moved()

    async with AsyncExitStack() as stack:
        await open_page(slack, port, page_app(slack, on_clock=clock_moved, tour=sample.tour, person=sample.YOU, channel=sample.FIRST))
        stack.push_async_callback(slack.stop)
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="tendon-"))
        settings = Settings(
            slack_bot_token=SecretStr(slack.bot_token),
            slack_signing_secret=SecretStr(slack.signing_secret),
            slack_app_token=SecretStr(""),
            slack_api_url=slack.api_url,
            database_url=f"sqlite+aiosqlite:///{home}/tendon.db",
            host="127.0.0.1",
            port=0,
        )
        await migrate(settings.database_url)
        app = App(settings, clock=slack.clock.now)
        await app.start()
        stack.push_async_callback(app.stop)
        slack.deliver_to(f"http://127.0.0.1:{app.port}/slack/events")
        say(await story.tell(slack, app))
        running.append(app)
        await until_told_to_stop()


async def open_page(slack: LocalSlack, port: int, routes: list[web.RouteDef]) -> None:
    """Serve the page and the Web API on one port, and say where."""
    slack.manifest = read_manifest()
    slack.server.routes += routes
    try:
        await slack.start(port)
    except OSError as error:
        raise WrongSetting(f"PORT {port} cannot be used ({error.strerror}). Choose another: PORT=8081 make run") from error
    say(f"Open {slack.url}/")


async def until_told_to_stop() -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await stop.wait()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        cli()
    except WrongSetting as wrong:
        sys.stderr.write(f"{wrong}\n")
        raise SystemExit(2) from None
