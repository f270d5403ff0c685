"""The README's tables, as the code has them. `make readme` writes them into it; the tests hold them equal."""

import re
from pathlib import Path

import typer

from bot.cli import cli
from bot.config import Settings
from bot.slices import together
from handlers import SLICES

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def _table(heads: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    lines = [f"| {left} | {right} |" for left, right in (heads, ("---", "---"), *rows)]
    return "\n".join(lines)


def _code(words: str) -> str:
    return f"`{words.strip()}`".replace("|", "\\|")


def commands() -> str:
    rows = []
    for command in together(SLICES).commands.values():
        rows.append((f"**{_code(command.name)}**", f"**{command.says}**"))
        for verb in command.verbs:
            also = f" Also: {', '.join([*verb.synonyms, *verb.phrases[:1]])}." if verb.synonyms else ""
            rows.append((_code(f"{command.name} {verb.name} {verb.usage}"), f"{verb.says}{also}"))
    return _table(("Command", "Does"), rows)


def settings() -> str:
    rows = []
    for name, field in Settings.model_fields.items():
        default = getattr(field.default, "get_secret_value", lambda field=field: field.default)()
        shown = f" Default: `{default}`." if default else ""
        rows.append((f"`{(field.alias or name).upper()}`", f"{field.description}.{shown}"))
    return _table(("Variable", "Meaning"), rows)


def command_line() -> str:
    group = typer.main.get_command(cli)
    names = sorted(group.commands, key=lambda name: [*ORDER, name].index(name))  # type: ignore[attr-defined]
    rows = []
    for name in names:
        command = group.commands[name]  # type: ignore[attr-defined]
        for path, each in [(f"{name} {inner}", inside) for inner, inside in getattr(command, "commands", {}).items()] or [(name, command)]:
            rows.append((f"`tendon {path}`", (each.help or "").partition("\n")[0]))
    return _table(("Command", "Does"), rows)


ORDER = ("serve", "migrate", "manifest", "import", "export", "doctor")
TABLES = {"commands": commands, "settings": settings, "command line": command_line}


def fresh(text: str) -> str:
    """The text with every table between its two marks as the code has it now."""
    for name, table in TABLES.items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text = mark.sub(lambda found, table=table: f"{found[1]}{table()}\n{found[2]}", text)
    return text


if __name__ == "__main__":
    README.write_text(fresh(README.read_text("utf-8")), "utf-8")
