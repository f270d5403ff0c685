"""Builders of blocks: whatever people type, Slack takes what comes out, and nothing of theirs comes alive."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import blockkit as kit
from playground.limits import check_blocks
from playground.limits_views import check_view

WORDS = st.text(min_size=1, max_size=4000).filter(lambda words: words.strip() != "")
SHORT = WORDS.map(lambda words: words[:200]).filter(lambda words: words.strip() != "")
AT = datetime(2026, 11, 21, 8, 5, tzinfo=UTC)


@given(WORDS)
def test_blocks_of_any_words_are_within_slacks_limits(words: str) -> None:
    check_blocks(
        [
            kit.header(words),
            kit.section(kit.safe(words), accessory=kit.button(words, "a:b", words, about=words, confirm=(words, "Yes", "No"))),
            kit.fields(kit.name(words), kit.safe(words)),
            kit.context(kit.safe(words)),
            kit.quote(words),
            kit.divider(),
        ]
    )


@given(SHORT, WORDS)
def test_forms_of_any_words_are_within_slacks_limits(label: str, words: str) -> None:
    blocks = [
        kit.ask_words("words", label, words, lines=True, hint=label),
        kit.ask_one("one", label, [(words, "1"), ("Other", "2")], "1"),
        kit.ask_typeahead("typed", label, "a:b", (words, "1")),
        kit.ask_day("day", label, "2026-11-21", live="a:c"),
        kit.ask_person("person", label, "U1", optional=True),
        kit.ask_ticks("ticks", label, [(words, "1")], ["1"]),
    ]
    check_view(kit.modal(label, blocks, callback_id="a:b", submit="Save", metadata={"words": words[:500]}), "modal")


@given(st.text(max_size=400), st.integers(2, 80))
def test_a_cut_is_never_longer_and_says_that_it_cut(words: str, most: int) -> None:
    short = kit.cut(words, most)
    assert len(short) <= most
    assert short == " ".join(words.split()) or short.endswith("…")


@given(st.text(max_size=200))
def test_safe_words_hold_no_live_sign_and_lose_nothing(words: str) -> None:
    shown = kit.safe(words)
    assert not set("<>") & set(shown)
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == words


@pytest.mark.parametrize("typed", ["<!channel>", "<@U1>", "<https://evil.example|Slack>", "<!date^0^x|y>", "a & b"])
def test_mentions_links_and_dates_that_somebody_typed_stay_words(typed: str) -> None:
    shown = json.dumps([kit.section(kit.safe(typed)), kit.context(kit.name(typed))])
    assert typed not in shown
    assert kit.quote(typed)["elements"][0]["elements"] == [{"type": "text", "text": typed}]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x?y=1", "<https://a.example/x?y=1|A/B &lt;C&gt;>"),
        ("javascript:alert(1)", "A|B &lt;C&gt;"),
        ("https://a.example/|<!channel>", "A|B &lt;C&gt;"),
        ("https://a.example/ x", "A|B &lt;C&gt;"),
    ],
)
def test_a_link_is_live_only_where_its_address_is_plain(url: str, shown: str) -> None:
    assert kit.link(url, "A|B <C>") == shown


def test_an_instant_names_the_zone_it_is_written_in() -> None:
    assert kit.instant(AT, "Europe/Berlin") == f"<!date^{int(AT.timestamp())}^{{date_short_pretty}} {{time}}|Sat 21 Nov 2026, 09:05 Berlin>"


def test_mrkdwn_parses_nothing_by_itself() -> None:
    shown: dict[str, Any] = kit.section("a #channel and @name")["text"]
    assert shown["verbatim"] is True


def test_a_person_is_a_mention_or_nobody() -> None:
    assert (kit.person("U1"), kit.person(None), kit.person("", "no owner")) == ("<@U1>", "nobody", "no owner")


def test_a_button_names_its_object_for_a_screen_reader() -> None:
    assert kit.button("Open", "a:b", about="Billing revamp")["accessibility_label"] == "Open Billing revamp"


def test_a_page_keeps_to_slacks_hundred_blocks() -> None:
    assert len(kit.home([kit.divider()] * 150)["blocks"]) == 100
