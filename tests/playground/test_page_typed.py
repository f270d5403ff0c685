"""Typed words become what Slack's composer makes of them."""

import time
from typing import Any

import pytest

from playground import typed

Json = dict[str, Any]


def section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def text(words: str, *styles: str) -> Json:
    return {"type": "text", "text": words} | ({"style": dict.fromkeys(styles, True)} if styles else {})


@pytest.mark.parametrize(
    ("words", "elements"),
    [
        ("a *b* c", [text("a "), text("b", "bold"), text(" c")]),
        ("*b _both_*", [text("b ", "bold"), text("both", "bold", "italic")]),
        ("~old~ `x = *1*`", [text("old", "strike"), text(" "), text("x = *1*", "code")]),
        ("2 * 3 * 4 and snake_case_name", [text("2 * 3 * 4 and snake_case_name")]),
        ("at 10:30:45 :tada:", [text("at 10:30:45 "), {"type": "emoji", "name": "tada"}]),
        ("<@U1> in <#C1>", [{"type": "user", "user_id": "U1"}, text(" in "), {"type": "channel", "channel_id": "C1"}]),
        ("<!here> &lt;!channel&gt; &amp;lt;", [{"type": "broadcast", "range": "here"}, text(" <!channel> &lt;")]),
        ("*<https://a.b/c|d>*", [{"type": "link", "url": "https://a.b/c", "text": "d", "style": {"bold": True}}]),
        ("see https://a.b/c?d=1&amp;e=2", [text("see "), {"type": "link", "url": "https://a.b/c?d=1&e=2"}]),
        ("one\n\ntwo", [text("one\n\ntwo")]),
        ("", []),
    ],
)
def test_one_line(words: str, elements: list[Json]) -> None:
    assert typed.elements(words) == [section(*elements)]


def test_quotes_lists_and_code_stand_for_themselves() -> None:
    words = "Before\n&gt; quoted\n> *twice*\n• one\n- two\n1. first\n```\na &lt; b\n  *c*\n```\nAfter"
    before, quote, bullets, numbers, code, after = typed.elements(words)
    assert (before, after) == (section(text("Before")), section(text("After")))
    assert quote == {"type": "rich_text_quote", "elements": [text("quoted\n"), text("twice", "bold")]}
    assert (bullets["style"], bullets["elements"]) == ("bullet", [section(text("one")), section(text("two"))])
    assert (numbers["style"], numbers["elements"]) == ("ordered", [section(text("first"))])
    assert (code["type"], code["elements"]) == ("rich_text_preformatted", [text("a < b\n  *c*")])


@pytest.mark.parametrize("sign", ["*", "_", "~", "`", "<", ":", "```", "* ", "*a ", "_a ", ":a", "`a", "&gt;", "- ", "https://"])
def test_forty_thousand_signs_are_read_at_once(sign: str) -> None:
    words = (sign * 40_000)[:40_000]
    started = time.perf_counter()
    assert typed.elements(words)
    assert time.perf_counter() - started < 2
