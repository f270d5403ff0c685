"""Bringing a database to the newest schema, and telling whether it is there."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.config import WrongSetting
from bot.database import Database
from bot.logs import discreet

HERE = Path(__file__).resolve().parent.parent / "migrations"


def config(url: str) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(HERE))
    settings.attributes["url"] = url
    return settings


def newest() -> str | None:
    return ScriptDirectory.from_config(config("")).get_current_head()


async def migrate(url: str) -> None:
    """Run every migration that is missing. Safe to run from several processes at once on PostgreSQL."""
    await asyncio.to_thread(command.upgrade, config(url), "head")


async def version(database: Database) -> str | None:
    def read(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    async with database.reader.connect() as connection:
        return await connection.run_sync(read)


async def is_newest(database: Database) -> bool:
    return await version(database) == newest()


async def expect_newest(database: Database) -> None:
    """Raises WrongSetting, with the cure, unless the database answers and has the newest schema."""
    try:
        found = await version(database)
    except (OperationalError, PoolTimeout, OSError) as error:
        raise away(error) from error
    if found != newest():
        raise WrongSetting("The database has an old schema, or none. Run `tendon migrate` once, then do this again.")


def away(error: Exception) -> WrongSetting:
    """What to say when the database cannot be reached."""
    reason = str(getattr(error, "orig", None) or error or type(error).__name__).partition("\n")[0].rstrip(".: ")
    return WrongSetting(f"The database at DATABASE_URL does not answer: {discreet(reason)}. Check the address, and that it runs.")
