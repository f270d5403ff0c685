"""What a text is found by, and what somebody looks for: any text is valid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.searching import LONGEST_TERM, MOST_ASKED, asked, closest, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Invoices by région", ["invoices", "by", "region"]),
        ("C++ & C# (F-12), 3.5%", ["cpp", "csharp", "f", "12", "3", "5"]),
        ("issue#12 and c++11", ["issue", "12", "and", "cpp", "11"]),
        ("Über C++ and C#", ["uber", "cpp", "and", "csharp"]),
        ('a AND NEAR( col:x "foo -y *', ["a", "and", "near", "col", "x", "foo", "y"]),
        ("Straße ﬁle ＡＢＣ", ["strasse", "file", "abc"]),
        ("slow 🔥🔥 👍🏽", ["slow", "🔥", "👍"]),
        ("請求書", ["請求", "求書", "書"]),
        ("한국어 검색", ["한국어", "검색"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("export export EXPORT", ["export"]),
        ("x" * 100, ["x" * LONGEST_TERM]),
        ("?! -- ()", []),
        ("", []),
    ],
)
def test_a_text_becomes_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_a_search_may_end_in_the_middle_of_a_word() -> None:
    assert asked("請求")[0] == ["請求"]
    assert asked("請")[0] == ["請"]


def test_a_paste_is_read_up_to_its_first_words() -> None:
    words, is_all = asked(" ".join(f"word{n}" for n in range(8_000)))
    assert (len(words), is_all) == (MOST_ASKED, False)
    assert asked("two words") == (["two", "words"], True)


@given(st.text(max_size=200))
def test_terms_are_clean_whatever_is_typed(text: str) -> None:
    for term in (*terms(text), *asked(text)[0]):
        assert 0 < len(term) <= LONGEST_TERM
        assert not set(term) & set(" '\"·\\:*&|!()\x00\t\n")
        assert terms(term)[0][:1] == term[:1]


@given(st.text(max_size=60))
def test_what_was_said_is_found_by_itself(text: str) -> None:
    said = terms(text)
    assert all(any(each.startswith(term) for each in said) for term in asked(text)[0])


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("invoise", ["invoice", "export", "voice"], "invoice"),
        ("exprot", ["export", "expert", "invoice"], "export"),
        ("nvoices", ["invoices", "voice"], "invoices"),
        ("biling", ["billing", "selling"], "billing"),
    ],
)
def test_the_nearest_word_is_the_one_meant(word: str, known: list[str], expected: str) -> None:
    assert closest(word, known)[0] == expected


def test_nothing_is_near_to_what_nobody_meant() -> None:
    assert closest("xqzv", ["invoice", "export", "billing"]) == []
