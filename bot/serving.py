"""Running until told to stop. What keeps it from beginning is one sentence."""

import asyncio
import gc
import logging
import signal

from bot.app import App
from bot.config import WrongSetting
from bot.schema import expect_newest
from bot.slack import SlackError, SlackRefused

log = logging.getLogger(__name__)


async def serve(app: App) -> None:
    """Start, wait for SIGTERM or SIGINT, stop gracefully. Raises WrongSetting when it cannot begin."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    starting, stopping = loop.create_task(begin(app)), loop.create_task(stop.wait())
    try:
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
            gc.collect()
            gc.freeze()  # what is there by now stays: the collector need not go through it again
            log.info("Tendon is ready: http://%s:%s", app.settings.host, app.port)
            await stopping
        log.info("stopping: finishing what is in hand")
    finally:
        starting.cancel()
        stopping.cancel()
        await asyncio.wait({starting, stopping})
        await app.stop()


async def begin(app: App) -> None:
    """Start the bot. Raises WrongSetting."""
    await expect_newest(app.database)
    token = "SLACK_APP_TOKEN"
    try:
        if app.settings.is_socket_mode:  # asked here, as Slack's own client would try a refused token for ever
            await app.slack.call("apps.connections.open", app_token=app.settings.slack_app_token.get_secret_value())
        token = "SLACK_BOT_TOKEN"
        await app.start()
    except SlackRefused as refusal:
        raise WrongSetting(f"Slack did not accept {token} ({refusal}). {_WHERE[token]}") from refusal
    except SlackError as problem:
        raise WrongSetting(
            f"Slack does not answer at {app.settings.slack_api_url} ({type(problem).__name__}). Check the network and SLACK_API_URL."
        ) from problem
    except OSError as error:
        raise WrongSetting(f"HOST and PORT cannot be used: {error.strerror or error}. Choose another PORT.") from error


_WHERE = {
    "SLACK_APP_TOKEN": "Make an app-level token with the scope connections:write on the app's page Basic Information.",
    "SLACK_BOT_TOKEN": "Copy it again from the app's page OAuth & Permissions.",
}
