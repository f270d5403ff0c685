"""How Alembic reaches the database: the same history on SQLite and PostgreSQL; all that is missing in one transaction, or nothing."""

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine, create_engine, event, make_url, pool, text

from models import Base

LOCK = 7_263_114  # any number, the same in every process: PostgreSQL lets one migrate at a time
PATIENCE = 30.0  # seconds that SQLite waits while another process migrates


def url() -> str:
    return str(context.config.attributes.get("url") or os.environ.get("DATABASE_URL") or "sqlite+aiosqlite:///tendon.db")


def engine() -> Engine:
    address = make_url(url())
    if address.get_backend_name() != "sqlite":
        return create_engine(address, poolclass=pool.NullPool, connect_args={"connect_timeout": 5})
    made = create_engine(
        address.set(drivername="sqlite"), poolclass=pool.NullPool, connect_args={"isolation_level": None, "timeout": PATIENCE}
    )
    # Python's driver would commit each change of a table on its own.
    event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return made


def is_ours(name: str | None, kind: str, _: Any) -> bool:
    """What is searched in is made by the migrations alone: each database has its own, which no model describes."""
    return not str(name).startswith(("feedback_search", "search_terms", "ix_feedback_search"))


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        user_module_prefix="models.base.",
        include_name=is_ours,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        context.run_migrations()


def start() -> Any:
    with engine().connect() as connection:
        migrate(connection)


start()
