"""What every test may ask for: a clock, and a fresh database of each kind."""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from bot.database import Database
from bot.schema import migrate
from models import Base
from tests import engines, postgres

engines.share()

EPOCH = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)  # a Saturday

LONG = {"test_first_minute", "test_killed_at_work", "test_outbox_killed", "test_stop_and_kill", "test_story", "test_two_days"}
ROOMY = 2**30  # bytes
TABLES = [table.name for table in Base.metadata.sorted_tables]
EMPTY = "; ".join(  # twenty times faster than TRUNCATE; the replica's role passes the triggers by
    [
        "BEGIN",
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {table}" for table in ("feedback_search_word", *TABLES)),
        "SELECT " + ", ".join(f"setval('{table}_id_seq', 1, false)" for table in TABLES),
        "COMMIT",
    ]
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with tests of many seconds go first, or one process is still at such a test when the other has nothing left."""
    items.sort(key=lambda item: item.path.stem not in LONG)


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: the garbage collector need not look through it again and again.

    Each test leaves circles behind; it looks for them every few tests instead of some times in each.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


class Clock:
    """Product time in a test's hand."""

    def __init__(self, now: datetime = EPOCH) -> None:
        self.current = now

    def __call__(self) -> datetime:
        return self.current

    def advance(self, **by: float) -> None:
        self.current += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
async def postgres_url(postgres_server: str) -> AsyncIterator[str]:
    """A migrated database that tests empty between them."""
    name = f"tendon_{postgres.free_port()}"
    plain = postgres_server.replace("+psycopg", "")
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    await migrate(f"{postgres_server}/{name}")
    engines.SharedPostgres.database = name
    yield f"{postgres_server}/{name}"
    await engines.SharedPostgres.close_all()
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def empty_postgres(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Empties it, over one connection, or over a new one after a test that cut off all of them."""
    connect = partial(psycopg.connect, postgres_url.replace("+psycopg", ""), autocommit=True)
    connection = connect()

    def empty() -> str:
        nonlocal connection
        try:
            connection.execute(EMPTY)
        except psycopg.OperationalError:
            connection = connect()
            connection.execute(EMPTY)
        return postgres_url

    yield empty
    connection.close()


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "tendon.db"
    await migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """In memory where Linux has room for it: a commit of SQLite's waits for the disk otherwise."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < ROOMY:
        yield tmp_path_factory.mktemp("sqlite")
        return
    with TemporaryDirectory(prefix="tendon-tests-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty, migrated database: once of each kind."""
    if request.param == "sqlite":
        with TemporaryDirectory(dir=request.getfixturevalue("quick_folder")) as folder:
            shutil.copy(request.getfixturevalue("sqlite_template"), f"{folder}/tendon.db")
            yield f"sqlite+aiosqlite:///{folder}/tendon.db"
        return
    yield request.getfixturevalue("empty_postgres")()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()
