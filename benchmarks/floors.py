"""The two floors: a bare Bolt app that only acks, and one that commits one insert through one writing connection.

`python -m benchmarks.floors ack|insert PORT`. Both use the same server, signature check and durability as the bot. The insert goes
as one would write it first: SQLAlchemy's stock aiosqlite engine with one connection, a plain Core statement, a commit.
"""

import re
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import Column, Integer, MetaData, String, Table, event, insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

SECRET = "bench-secret"
ROW = Table("row", MetaData(), Column("id", Integer, primary_key=True), Column("text", String))


def bolt() -> AsyncApp:
    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-bench", bot_id="B1", bot_user_id="UBOT")

    return AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)


def one_writer(path: Path) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def durable(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    return engine


def main(kind: str, port: int) -> None:
    app = bolt()
    path = Path(tempfile.mkdtemp()) / "floor.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)")
    writer = one_writer(path)

    @app.command(re.compile(".*"))
    async def answer(body: dict[str, Any]) -> BoltResponse:
        if kind == "insert":
            async with writer.begin() as connection:
                await connection.execute(insert(ROW), {"text": body["text"]})
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": "ok"})

    async def slack_events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.add_routes([web.post("/slack/events", slack_events)])
    web.run_app(server, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
