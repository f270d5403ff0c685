"""The command line as a real process, with nothing in its environment but what a test gives."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


async def begin(folder: Path, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": "0", "COLUMNS": "100"}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        env=bare | environment,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def tendon(folder: Path, *arguments: str, **environment: str) -> Ended:
    process = await begin(folder, *arguments, **environment)
    async with asyncio.timeout(90):  # a busy machine
        out, err = await process.communicate()
    return Ended(process.returncode or 0, out.decode(), err.decode())
