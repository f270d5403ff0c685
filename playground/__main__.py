"""`python -m playground`, which is `make run`: the local workspace, the bot beside it, and a page to use both.

`--bot none` runs the workspace alone, for anybody's bot, and prints the variables to set. `--plan FOLDER` shows a real plan.
"""

import asyncio
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from aiohttp import web
from pydantic import SecretStr

from bot.app import App
from bot.config import Settings, WrongSetting
from bot.manifest import read_manifest
from bot.schema import migrate
from domain.errors import BadInput
from playground import LocalSlack, plan, sample, story
from playground.days import Days
from playground.state import Json
from playground.tour import tour
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
    if bot not in ("tendon", "none"):
        raise WrongSetting(f"--bot is `tendon` or `none`, not {bot}.")
    port = port_from_environment()
    folder = folder_of(plan_folder) if plan_folder else None
    asyncio.run(until_told_to_stop(workspace_alone(port) if bot == "none" else workspace_with_bot(port, folder)))


def folder_of(text: str) -> plan.Folder:
    path = Path(text)
    if not path.is_dir():
        raise WrongSetting(f"PLAN names {text}, which is no folder. Name one with release-dates.csv and items.csv in it.")
    try:
        return plan.read(path)
    except BadInput as wrong:
        raise WrongSetting(str(wrong)) from wrong


async def workspace_alone(port: int) -> None:
    slack = sample.company()
    async with AsyncExitStack() as stack:
        await open_page(slack, stack, port, page_app(slack, person=sample.YOU, channel=sample.FIRST))
        for name, value in (
            ("SLACK_BOT_TOKEN", slack.bot_token),
            ("SLACK_SIGNING_SECRET", slack.signing_secret),
            ("SLACK_APP_TOKEN", slack.app_token),
            ("SLACK_API_URL", slack.api_url),
        ):
            say(f"{name}={value}")
        await asyncio.Event().wait()


async def workspace_with_bot(port: int, folder: plan.Folder | None) -> None:
    """The page is open at once; what happened so far is told while somebody may look on already."""
    slack = plan.company(folder) if folder else sample.company()
    days = Days(slack.clock.now())
    running: list[App] = []
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def clock_moved(_: object) -> None:
        for app in running:
            await app.clock_moved()

    async def tour_steps() -> Json:
        words = await told
        return tour(plan.guide(folder, days, words.splitlines()) if folder else sample.guide(days))

    async with AsyncExitStack() as stack:
        routes = page_app(slack, on_clock=clock_moved, tour=tour_steps, person=sample.YOU, channel=sample.FIRST)
        await open_page(slack, stack, port, routes)
        app = await start_bot(slack, stack)
        words = await (plan.tell(slack, app, folder) if folder else story.tell(slack, app))
        running.append(app)
        told.set_result(words)
        say(words)
        await asyncio.Event().wait()


async def start_bot(slack: LocalSlack, stack: AsyncExitStack) -> App:
    """The unchanged bot, over real sockets, on a database of its own that goes when it stops."""
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
    migrating = asyncio.ensure_future(migrate(settings.database_url))
    stack.push_async_callback(asyncio.wait, [migrating])  # whose thread writes on when we are told to stop
    await asyncio.shield(migrating)
    app = App(settings, clock=slack.clock.now)
    stack.push_async_callback(app.stop)
    await app.start()
    slack.deliver_to(f"http://127.0.0.1:{app.port}/slack/events")
    return app


async def open_page(slack: LocalSlack, stack: AsyncExitStack, port: int, routes: list[web.RouteDef]) -> None:
    """Serve the page and the Web API on one port, and say where."""
    slack.manifest = read_manifest()
    slack.server.routes += routes
    try:
        await slack.start(port)
    except OSError as error:
        raise WrongSetting(f"PORT {port} cannot be used ({error.strerror}). Choose another: PORT=8081 make run") from error
    stack.push_async_callback(slack.stop)
    say(f"Open {slack.url}/")


async def until_told_to_stop(workspace: Coroutine[Any, Any, None]) -> None:
    """Ctrl-C ends it at any moment, and what it has started ends with it."""
    task = asyncio.create_task(workspace)
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, lambda: task.cancelling() or task.cancel())
    with suppress(asyncio.CancelledError):
        await task


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """What cannot be is said in one sentence."""
    try:
        cli()
    except WrongSetting as wrong:
        sys.stderr.write(f"{wrong}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
