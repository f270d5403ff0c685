"""`python -m playground` as its users start it: a process of its own, on a free port."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parents[2]
PATIENCE = 90.0  # a busy machine


@dataclass
class Running:
    process: asyncio.subprocess.Process
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def line(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        return (await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)).decode().rstrip("\n")

    async def ends(self, sign: signal.Signals) -> tuple[int, str]:
        """Its exit code and what it said on the way, once it is told to stop."""
        self.process.send_signal(sign)
        _, errors = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        return self.process.returncode or 0, errors.decode()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@asynccontextmanager
async def playground(*options: str, port: int | str | None = None) -> AsyncIterator[Running]:
    chosen = free_port() if port is None else port
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TENDON_"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground", *options,
        cwd=HERE, env={**environment, "PORT": str(chosen)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Running(process, int(chosen) if str(chosen).isdigit() else 0)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
