"""Bringing a database to the newest schema, and telling whether it is there."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.database import Database

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
