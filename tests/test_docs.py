"""The documentation is true: its tables are the code's, its commands run, its links lead somewhere."""

import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.config import Settings
from bot.slices import together
from handlers import SLICES
from tests.readme import README, ROOT, fresh

PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
TEXT = README.read_text("utf-8")
SAID = [
    (line.removeprefix("$ "), block.partition(line)[2].partition("\n$ ")[0].strip())
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
]


def test_the_tables_are_the_codes() -> None:
    assert fresh(TEXT) == TEXT, "run `make readme`"


@pytest.mark.parametrize(
    "verb", [f"{command.name} {verb.name}" for command in together(SLICES).commands.values() for verb in command.verbs]
)
def test_every_verb_is_in_the_readme(verb: str) -> None:
    assert re.search(rf"^\| `{re.escape(verb)}[ `]", TEXT, re.MULTILINE)


@pytest.mark.parametrize("name", [(field.alias or name).upper() for name, field in Settings.model_fields.items()])
def test_every_setting_is_explained_in_the_readme(name: str) -> None:
    assert re.search(rf"^\| `{name}` \| \w", TEXT, re.MULTILINE)


@pytest.mark.parametrize(("command", "shown"), [said for said in SAID if said[0].startswith("tendon ")])
def test_what_the_readme_tells_to_type_does_what_it_shows(
    command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.argv", command.split())
    with pytest.raises(SystemExit) as end:
        main()
    said = capfd.readouterr().out
    assert not end.value.code
    assert said
    assert shown in said


@pytest.mark.parametrize("command", [said for said, _ in SAID if said.startswith("make ")])
def test_what_the_readme_makes_can_be_made(command: str) -> None:
    assert re.search(rf"^{command.split()[1]}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_the_machines_run_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert "make test" in [command for command, _ in SAID]
    assert script[-2:] == ["make check", "make test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")) if not link.startswith("https://")]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_decisions_are_numbered_without_a_gap_and_short() -> None:
    found = sorted(ROOT.glob("docs/decisions/*.md"))
    assert [int(path.name[:4]) for path in found] == list(range(1, len(found) + 1))
    assert [path.name for path in found if len(path.read_text("utf-8").splitlines()) > 40] == []


def test_ten_steps_lead_into_a_real_workspace() -> None:
    steps = re.findall(r"^(\d+)\. (.*)", TEXT, re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, 11))
    named = {name for _, step in steps for name in re.findall(r"`([A-Z_]{6,})`", step)}
    assert named <= {(field.alias or name).upper() for name, field in Settings.model_fields.items()}


def test_the_changelog_begins_with_what_is_not_released_yet() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text("utf-8")
