"""How Alembic reaches the database: the same history on SQLite and PostgreSQL, one migration at a time."""

import asyncio
import os
from typing import Any

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from models import Base

LOCK = 7_263_114  # any number, the same in every process: PostgreSQL lets one migrate at a time


def url() -> str:
    return str(context.config.attributes.get("url") or os.environ.get("DATABASE_URL") or "sqlite+aiosqlite:///tendon.db")


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
        user_module_prefix="models.base.",
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        context.run_migrations()


async def connect_and_migrate() -> None:
    engine = create_async_engine(url(), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


def start() -> Any:
    given: Connection | None = context.config.attributes.get("connection")
    return migrate(given) if given is not None else asyncio.run(connect_and_migrate())


start()
