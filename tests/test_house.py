"""Rules of the house: who imports whom, sizes, one reader of the environment and of the clock, and a manifest that is the code's."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.manifest import manifest_for, read_manifest
from bot.slices import Slices, together
from handlers import SLICES

ROOT = Path(__file__).resolve().parents[1]
CODE = ("bot", "domain", "handlers", "models", "playground", "integrations", "benchmarks", "migrations", "tests")
FILES = sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py") if path.parent.name != "versions")
OURS = [path for path in FILES if path.relative_to(ROOT).parts[0] not in ("tests", "migrations")]
BOT = [path for path in OURS if path.relative_to(ROOT).parts[0] in ("bot", "domain", "handlers", "models", "integrations")]

SCHEMAS = ROOT.parent / "shared" / "slack"
# Scopes that each Web API method needs, as Slack's reference has them; any one of a set is enough.
NEEDS: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "apps.connections.open": (),
    "views.open": (),
    "views.push": (),
    "views.update": (),
    "views.publish": (),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "conversations.open": ("im:write",),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read"),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "users.info": ("users:read", "users:read.email"),
    "users.list": ("users:read", "users:read.email"),
    "files.info": ("files:read",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "users.conversations": ("channels:read", "groups:read"),
    "team.info": ("team:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
}
# Scopes without which Slack sends an event to nobody, where no method needs them anyway.
HEARD_WITH = {"app_mention": ("app_mentions:read",), "reaction_added": ("reactions:read",), "reaction_removed": ("reactions:read",)}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(tree: ast.AST) -> Iterator[str]:
    return (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def constants(tree: ast.AST) -> Iterator[str]:
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


@pytest.fixture(scope="module")
def slices() -> Slices:
    return together(SLICES)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return read_manifest()


def test_who_imports_whom() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_no_file_is_longer_than_350_lines() -> None:
    long = {named(path): lines for path in OURS if (lines := path.read_text("utf-8").count("\n")) > 350}
    assert long == {}


def test_no_function_is_longer_than_45_lines() -> None:
    long = {
        f"{named(path)}:{node.name}": lines
        for path in OURS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := (node.end_lineno or 0) - node.lineno + 1) > 45
    }
    assert long == {}


def test_every_module_says_what_it_is() -> None:
    assert [named(path) for path in OURS if not ast.get_docstring(tree_of(path))] == []


def test_only_the_settings_read_the_environment() -> None:
    readers = {named(path) for path in BOT if any("environ" in word or word == "os.getenv" for word in words(tree_of(path)))}
    assert readers <= {"bot/config.py"}


def words(tree: ast.AST) -> Iterator[str]:
    return (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name))


def test_only_the_clock_reads_the_time() -> None:
    """Product time is `deps.clock`. Leases, pacing and signatures use real time, which `bot/parcels.py` reads for all."""
    asks = re.compile(r"(datetime\.(now|utcnow|today)|date\.today|time\.time|time\.localtime|time\.gmtime)")
    readers = {named(path) for path in BOT if any(asks.fullmatch(call) for call in calls(tree_of(path)))}
    assert readers <= {"bot/deps.py", "bot/parcels.py"}


def test_there_are_fakes_and_no_mocks() -> None:
    mocks = re.compile(r"unittest\.mock|\bMagicMock\b|\bmocker\.")
    mocking = [named(path) for path in FILES if path != Path(__file__) and mocks.search(path.read_text("utf-8"))]
    assert mocking == []


def test_nothing_names_a_package_registry_or_a_path_of_a_machine() -> None:
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry.n" + "pmjs", "deb.deb" + "ian"]
    folders = [rf"(?<![\w.]){re.escape('/' + folder)}/" for folder in ("wo" + "rk", "ro" + "ot", "fa" + "rm")]
    told = re.compile("|".join([*map(re.escape, hosts), *folders]))
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    pictures = (".png", ".ico", ".woff2", ".gif", ".jpg")
    files = [ROOT / name for name in listed.stdout.splitlines() if not name.endswith(pictures)]
    assert [named(path) for path in files if path.is_file() and told.search(path.read_text("utf-8", errors="replace"))] == []


def test_commands_of_the_manifest_are_the_codes(manifest: dict[str, Any], slices: Slices) -> None:
    listed = {command["command"]: command for command in manifest["features"]["slash_commands"]}
    assert set(listed) == set(slices.commands)
    assert all(command["should_escape"] and command["usage_hint"] for command in listed.values())


def test_shortcuts_of_the_manifest_are_the_codes(manifest: dict[str, Any], slices: Slices) -> None:
    assert {shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]} == set(slices.shortcuts)


def test_events_of_the_manifest_are_the_codes(manifest: dict[str, Any], slices: Slices) -> None:
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == set(slices.events)


def test_scopes_of_the_manifest_are_those_that_the_code_needs(manifest: dict[str, Any], slices: Slices) -> None:
    called = {word for path in BOT for word in constants(tree_of(path)) if word in NEEDS}
    needed = {scope for method in called for scope in NEEDS[method]} | ({"commands"} if slices.commands or slices.shortcuts else set())
    needed |= {scope for event in slices.events for scope in HEARD_WITH.get(event, ())}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed


def test_every_method_that_is_called_has_its_scopes_written_down() -> None:
    families = r"(auth|apps|views|chat|conversations|users|team|usergroups|files|reactions|bookmarks|pins|canvases|lists)\.[a-z][a-zA-Z.]+"
    called = {call for path in BOT for call in constants(tree_of(path)) if re.fullmatch(families, call)}
    assert called - set(NEEDS) - {"team.channel", "team.name"} == set()
    assert {"chat.postMessage", "views.open"} <= called


@pytest.mark.parametrize("url", ["", "https://tendon.example.com"])
@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="Slack's manifest schema is not beside this checkout")
def test_the_manifest_is_one_that_slack_takes(url: str) -> None:
    schemas = sorted(SCHEMAS.glob("manifest.schema.*.json"))
    assert len(schemas) == 2
    for path in schemas:
        for install_at in ("", "https://tendon.example.com"):
            jsonschema.validate(manifest_for(url, "acme-", install_at=install_at), json.loads(path.read_text("utf-8")))


def test_every_action_has_a_listener(slices: Slices) -> None:
    """Action and callback ids are constants `slice:verb`, declared in a slice's `views.py` or `ids.py`."""
    ids: dict[str, str] = {}
    for path in (path for module in SLICES for path in sorted(Path(str(module.__file__)).parent.glob("*.py"))):
        for node in tree_of(path).body:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and re.fullmatch(r"[a-z_]+:[a-z_]+", str(node.value.value))
            ):
                ids[str(node.value.value)] = f"{named(path)}:{node.lineno}"
    heard = {*slices.actions, *slices.views, *slices.options, *slices.shortcuts, *slices.effects, *(job.name for job in slices.jobs)}
    assert {name: where for name, where in ids.items() if name not in heard} == {}


def test_every_listener_answers_to_an_id_that_its_own_slice_declares(slices: Slices) -> None:
    names = {module.__name__.rpartition(".")[2] for module in SLICES}
    listening = [*slices.actions, *slices.views, *slices.options, *slices.shortcuts]
    assert [name for name in listening if name.partition(":")[0] not in names] == []


def test_every_button_of_the_menu_leads_somewhere(slices: Slices) -> None:
    assert [item.label for item in slices.menu if item.action_id not in slices.actions] == []


def test_every_verb_is_in_its_commands_help(slices: Slices) -> None:
    from bot.commands import help_of

    for command in slices.commands.values():
        shown = json.dumps(help_of(command).wire(), ensure_ascii=False)
        assert [verb.name for verb in command.verbs if f"{command.name} {verb.name}" not in shown or verb.says not in shown] == []


def test_no_verb_or_synonym_means_two_things(slices: Slices) -> None:
    for command in slices.commands.values():
        said = [word for verb in command.verbs for word in (verb.name, *verb.synonyms)]
        assert sorted(said) == sorted(set(said)), command.name
