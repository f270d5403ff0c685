"""A Bolt app for Node works against the workspace unchanged, over HTTP and over Socket Mode. Needs node and npm."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from playground import Actor, LocalSlack
from tests.playground.test_bolt_app import until

NEEDS_NODE = "Node and npm are not installed: that a Bolt app for Node works here was NOT tested."
pytestmark = pytest.mark.skipif(not shutil.which("npm") and not os.environ.get("CI"), reason=NEEDS_NODE)


@pytest.fixture(scope="session")
def modules() -> Path:
    """Bolt for Node, installed by name into a temporary folder that later runs find again."""
    home = Path(tempfile.gettempdir()) / "tendon-node-bolt-5"
    if not (home / "node_modules" / "@slack" / "bolt").exists():
        home.mkdir(exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(home), "@slack/bolt@5"]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode and not os.environ.get("CI"):
            pytest.skip(f"Bolt for Node could not be installed, so it was NOT tested: {done.stderr[-300:]}")
        assert done.returncode == 0, done.stderr
    return home / "node_modules"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest_asyncio.fixture(params=["http", "socket"])
async def node(request: pytest.FixtureRequest, slack: LocalSlack, modules: Path) -> AsyncIterator[None]:
    script = Path(__file__).with_name("node_app.js")
    port = free_port()
    env = {**os.environ, "NODE_PATH": str(modules), "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret}
    env |= {"SLACK_API_URL": slack.api_url, "PORT": str(port)} | ({"SLACK_APP_TOKEN": slack.app_token} if request.param == "socket" else {})
    process = await asyncio.create_subprocess_exec("node", str(script), env=env, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    assert await asyncio.wait_for(process.stdout.readline(), 20) == b"ready\n"
    if request.param == "http":
        slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
    yield
    process.terminate()
    await process.wait()


async def test_a_node_app_does_all_that_apps_do(slack: LocalSlack, pm: Actor, node: None) -> None:
    said = await pm.say("C_PAY", "ping")
    await until(lambda: [m.text for m in pm.thread("C_PAY", said.ts)] == ["ping", "pong <@U_PM>"])

    reply = await pm.command("C_PAY", "/hello", "Pia")
    assert (reply.status, reply.text, reply.ephemeral) == (200, "Hello Pia", True)
    assert reply.message
    await pm.press(reply.message, "wave")
    await until(lambda: pm.sees("C_PAY")[-1].text == "You waved.")

    await pm.global_shortcut("new")
    await until(lambda: pm.view)
    assert (await pm.submit({"Name": "bad"})).errors == {"name": "Not that one."}
    assert (await pm.submit({"Name": "good"})).status == 200
    assert pm.view is None

    await pm.open_home()
    await until(lambda: pm.home)
    await asyncio.sleep(1)  # the pace of the channel
    await pm.say("C_PAY", f"<@{slack.bot_user}> report please")
    await until(lambda: any(m.files for m in pm.sees("C_PAY")))
    shared = next(m for m in pm.sees("C_PAY") if m.files)
    assert slack.state.files[shared.files[0]].content == b"a,b\n1,2\n"
    if slack.sender.target is None:
        await slack.sockets.refresh()
        await until(lambda: slack.sockets.open, seconds=10)  # Node's client takes five seconds before it comes back
        assert (await pm.command("C_PAY", "/hello", "again")).text == "Hello again"
