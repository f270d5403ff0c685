"""Running until told to stop."""

import asyncio
import logging
import signal

from bot.app import App
from bot.config import WrongSetting
from bot.schema import is_newest
from bot.slack import SlackError, SlackRefused

log = logging.getLogger(__name__)


async def serve(app: App) -> None:
    """Start, wait for SIGTERM or SIGINT, stop gracefully. Raises WrongSetting when it cannot begin."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    try:
        await begin(app)
        log.info("Tendon is ready: %s", f"http://{app.settings.host}:{app.port}")
        await stop.wait()
        log.info("stopping: finishing what is in hand")
    finally:
        await app.stop()


async def begin(app: App) -> None:
    try:
        newest = await is_newest(app.database)
    except Exception as error:
        raise WrongSetting(
            f"The database at DATABASE_URL does not answer ({type(error).__name__}). Check the address, and that it runs."
        ) from error
    if not newest:
        raise WrongSetting("The database has an old schema, or none. Run `tendon migrate` once, then serve again.")
    try:
        await app.start()
    except SlackRefused as problem:
        cure = "Copy SLACK_BOT_TOKEN again from the app's page OAuth & Permissions"
        if app.settings.is_socket_mode:
            cure += ", and SLACK_APP_TOKEN from Basic Information"
        raise WrongSetting(f"Slack did not accept the token ({problem}). {cure}.") from problem
    except SlackError as problem:
        raise WrongSetting(f"Slack does not answer ({problem}). Check the network, and SLACK_API_URL if it is set.") from problem
    except OSError as error:
        raise WrongSetting(f"HOST and PORT cannot be used ({error.strerror}). Choose another PORT.") from error
