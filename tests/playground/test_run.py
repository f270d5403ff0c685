"""`make run`, from the outside: what it prints, what it serves, how it ends."""

import asyncio
import re
import signal
import socket
import time
from pathlib import Path

import aiohttp
import pytest

from playground.__main__ import main
from tests.playground.run import playground

NAMES = ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL"]


async def test_without_a_bot_it_prints_the_variables_that_a_bot_needs() -> None:
    async with playground("--bot", "none") as run:
        assert await run.line() == f"Open {run.url}"
        settings = dict([(await run.line()).split("=", 1) for _ in NAMES])
        assert list(settings) == NAMES
        async with aiohttp.ClientSession() as http:
            headers = {"Authorization": f"Bearer {settings['SLACK_BOT_TOKEN']}"}
            async with http.post(f"{settings['SLACK_API_URL']}auth.test", headers=headers) as answer:
                told = await answer.json()
            async with http.get(run.url) as page:
                words = await page.text()
        assert told["ok"] is True
        assert "<title>" in words
        code, errors = await run.ends(signal.SIGINT)
        assert (code, errors) == (0, "")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
async def test_with_the_bot_it_tells_a_story_and_ends_when_told(sign: signal.Signals) -> None:
    async with playground() as run:
        assert await run.line() == f"Open {run.url}"
        assert "made-up company" in await run.line()
        async with aiohttp.ClientSession() as http:
            state = await (await http.get(f"{run.url}page/state")).json()
        assert (state["me"]["title"], state["channel"]) == ("payments product manager", "C0WEEKLY")
        began = time.monotonic()
        code, errors = await run.ends(sign)
        assert (code, errors) == (0, "")
        assert time.monotonic() - began < 8.0, "three seconds, on a machine that has nothing else to do"


@pytest.mark.parametrize("after", [0.0, 0.2, 0.8, 1.0], ids=["migrating", "starting", "posting", "telling"])
async def test_it_can_be_ended_at_any_moment(after: float) -> None:
    async with playground() as run:
        await run.line()
        await asyncio.sleep(after)
        code, errors = await run.ends(signal.SIGTERM)
        assert (code, errors) == (0, "")


async def test_a_used_port_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with playground("--bot", "none", port=port) as run:
            said, errors = await asyncio.wait_for(run.process.communicate(), 60)
            assert run.process.returncode == 2
            is_refusal(said.decode(), errors.decode(), f"PORT {port} cannot be used")


@pytest.mark.parametrize(
    ("port", "options", "sentence"),
    [
        ("eighty", [], "PORT must be a number"),
        ("70000", [], "PORT must be a number"),
        ("0", ["--bot", "hubot"], "--bot is `tendon` or `none`"),
        ("0", ["--plan", "/nowhere/at/all"], "which is no folder"),
        ("0", ["--plan", "."], "there is no release-dates.csv in it"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    port: str, options: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """In this process, as nothing is begun."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", port)
    monkeypatch.setattr("sys.argv", ["playground", *options])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    is_refusal(*capfd.readouterr(), sentence)


def is_refusal(said: str, errors: str, sentence: str) -> None:
    assert sentence in errors
    assert "Traceback" not in errors
    assert re.fullmatch(r"[^\n]+\n", errors), "one sentence, one line"
    assert said == ""
