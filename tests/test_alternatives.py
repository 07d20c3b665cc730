"""What is left of a pattern matches where the whole pattern does."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.alternatives import possible, says
from fixer.explaining.causes.reading.words import FIELD, INVALID, MISSING, TEMPLATE, near

PLAIN = st.sampled_from(["ab", "ABC", "bc", "a", "éa", r"\w", r"\b", r"\|", "[a(|]", "[^]b]", "д", " ", "."])
LOOKED = st.sampled_from(["(?!", "(?=", "(?<=", "(?<!"])
QUANTIFIER = st.sampled_from(["", "", "?", "*", "+", "??", "{0,2}", "{1,2}", "{2}"])


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Sequences, groups and looks around of what is inside."""
    alternatives = st.lists(inner, min_size=1, max_size=3).map("|".join)
    group = st.tuples(st.sampled_from(["(?:", "(", "(?i:"]), alternatives, QUANTIFIER).map(
        lambda it: f"{it[0]}{it[1]}){it[2]}"
    )
    look = st.tuples(LOOKED, PLAIN).map(lambda it: f"{it[0]}{it[1]})")
    return st.lists(st.one_of(inner, group, look), min_size=1, max_size=4).map("".join)


PATTERNS = st.recursive(st.tuples(PLAIN, QUANTIFIER).map("".join), nested, max_leaves=8)
TEXTS = st.text(alphabet="abcABC éÉдД|(]x", max_size=12)


@settings(max_examples=100)
@given(st.lists(PATTERNS, min_size=1, max_size=3).map("|".join), st.lists(TEXTS, min_size=1, max_size=8))
def test_nothing_is_lost_and_nothing_is_added(pattern: str, texts: list[str]) -> None:
    try:
        whole = re.compile(pattern, re.IGNORECASE)
    except re.error:
        return  # a quantifier after what cannot be repeated, a look behind of no fixed width
    for text in [*texts, *texts]:
        assert says(text, pattern) == (whole.search(text) is not None), (text, possible(pattern, text.lower()))


@pytest.mark.parametrize(
    ("pattern", "text", "left"),
    [
        (r"foo|bar baz|qux", "a bar", ""),
        (r"foo|bar baz|qux", "Bar Baz", "bar baz"),
        (r"(?:foo|bar|baz) (?:one|two)", "baz two", "(?:baz) (?:two)"),
        (r"(?:foo|bar) one", "one baz", ""),
        (r"(?:foo|bar)? one", "one baz", "(?:(?!))? one"),
        (r"colou?r|farben?", "color", "colou?r"),
        (r"(?<!foo)bar(?!baz|qux)", "bar qux", "(?<!(?!))bar(?!qux)"),
        (r"[|(]one\|two", "one|two", r"[|(]one\|two"),
    ],
)
def test_what_cannot_match_is_left_out(pattern: str, text: str, left: str) -> None:
    assert possible(pattern, text.lower()) == left


@pytest.mark.parametrize(
    "text", ["Template 'Outbound v3' not found", "die Vorlage gibt es nicht", "テンプレート: 見つかりません"]
)
def test_little_is_left_of_words_in_many_languages(text: str) -> None:
    whole = near(TEMPLATE, MISSING, 70)
    left = possible(whole, text.lower())
    assert 0 < len(left) < len(whole) / 8
    assert says(text, whole)
    assert not says(text, near(FIELD, INVALID))
