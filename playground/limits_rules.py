"""The small checks that Block Kit's limits are written in: each looks at one value and notes its faults with a JSON pointer."""

from collections.abc import Callable, Iterable
from typing import Any

Check = Callable[[Any, str, list[str]], None]


def fault(faults: list[str], path: str, what: str) -> None:
    faults.append(f"[ERROR] {what} [json-pointer:{path}]")


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, str):
            fault(faults, path, "must be a string")
        elif len(value) > most:
            fault(faults, path, f"must be less than {most + 1} characters")
        elif len(value) < least:
            fault(faults, path, f"must be more than {least - 1} characters")

    return check


def url(most: int = 3_000) -> Check:
    size = string(most)

    def check(value: Any, path: str, faults: list[str]) -> None:
        size(value, path, faults)
        if isinstance(value, str) and not value.startswith(("http://", "https://", "mailto:", "slack://")):
            fault(faults, path, "must be a valid URL")

    return check


def flag(value: Any, path: str, faults: list[str]) -> None:
    if not isinstance(value, bool):
        fault(faults, path, "must be a boolean")


def number(least: int, most: int) -> Check:
    def check(value: Any, path: str, faults: list[str]) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            fault(faults, path, "must be an integer")
        elif not least <= value <= most:
            fault(faults, path, f"must be between {least} and {most}")

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, path: str, faults: list[str]) -> None:
        if value not in allowed:
            fault(faults, path, f"value must be one of: {', '.join(allowed)}")

    return check


def anything(value: Any, path: str, faults: list[str]) -> None:
    """Not looked into."""


def items(most: int, of: Check, least: int = 1) -> Check:
    def check(value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, list):
            fault(faults, path, "must be an array")
            return
        if len(value) > most:
            fault(faults, path, f"no more than {most} items allowed")
        if len(value) < least:
            fault(faults, path, f"no less than {least} items allowed")
        for index, item in enumerate(value):
            of(item, f"{path}/{index}", faults)

    return check


class Shape:
    """An object with these fields and no others; `needs` must be there."""

    def __init__(self, needs: Iterable[str] = (), also: Check | None = None, **fields: Check) -> None:
        self.needs, self.also, self.fields = tuple(needs), also, fields

    def __call__(self, value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, dict):
            fault(faults, path, "must be an object")
            return
        for name in self.needs:
            if value.get(name) is None:
                fault(faults, path, f"missing required field: {name}")
        for name, item in value.items():
            if item is None or name == "type":
                continue
            check = self.fields.get(name)
            if check is None:
                fault(faults, path, f"invalid additional property: {name}")
            else:
                check(item, f"{path}/{name}", faults)
        if self.also is not None:
            self.also(value, path, faults)


def typed(table: dict[str, Shape], allowed: Iterable[str] | None = None) -> Check:
    """An object whose `type` says which shape of the table it must have."""
    names = frozenset(table if allowed is None else allowed)

    def check(value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, dict):
            fault(faults, path, "must be an object")
        elif "type" not in value:
            fault(faults, path, "missing required field: type")
        elif value["type"] not in names:
            fault(faults, f"{path}/type", f"unsupported type: {value['type']}")
        else:
            table[value["type"]](value, path, faults)

    return check


_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


def text(most: int, *kinds: str, least: int = 1) -> Check:
    """A text object; plain text alone unless kinds are named."""
    allowed = kinds or ("plain_text",)
    size = string(most, least)

    def check(value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, dict):
            fault(faults, path, "must be an object")
            return
        kind = value.get("type")
        if kind not in allowed:
            fault(faults, f"{path}/type", f"value must be one of: {', '.join(allowed)}")
            return
        if "text" not in value:
            fault(faults, path, "missing required field: text")
            return
        size(value["text"], f"{path}/text", faults)
        for name in value.keys() - _TEXT_KEYS[kind]:
            fault(faults, path, f"invalid additional property: {name}")

    return check


MARKED = ("mrkdwn", "plain_text")
