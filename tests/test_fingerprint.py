"""Fingerprints stay the same where only ids, numbers, paths, names, times or hashes differ, and only there."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.fingerprint import READABLE, fingerprint, normalised

WORDS = st.text(string.ascii_letters + string.digits + "_-. ", max_size=20)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KeyError: 'a'", "KeyError: 'b'"),
        ("assert 3 == 4", "assert 17 == -2.5e10"),
        ("took 1.5s, used 12 MB", "took 900ms, used 3 GB"),
        ("no file /tmp/a1/b.txt:12", "no file C:\\work\\c.txt"),
        ("<Cart object at 0x7f1822146310>", "<Cart object at 0x55e>"),
        ("at 2026-01-01T10:00:00.123Z", "at 2025-12-31 23:59:59"),
        ("id 123e4567-e89b-12d3-a456-426614174000", "id 00000000-0000-0000-0000-000000000000"),
        ("commit 0a1b2c3d4e5f", "commit ffffffff0"),
        ("see https://example.org/a?b=1", "see http://localhost:8080/x"),
        ("two   words\n here", "two words here"),
    ],
)
def test_the_same_failure_elsewhere(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KeyError: 'a'", "TypeError: 'a'"),
        ("F401 `os` imported but unused", "F811 `os` imported but unused"),
        ("error[E0061]: wrong", "error[E0433]: wrong"),
        ("assert 3 == 4", "assert 3 < 4"),
        ("no such table", "no such column"),
    ],
)
def test_another_failure(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_it_can_be_read() -> None:
    assert fingerprint("KeyError: 'price' in /srv/a.py").startswith("KeyError: <q> in <path> #")


@given(WORDS, WORDS)
@settings(max_examples=100)
def test_quoted_names_do_not_count(one: str, other: str) -> None:
    assert fingerprint(f"KeyError: '{one}'") == fingerprint(f"KeyError: '{other}'")


@given(st.integers(0, 10**12), st.integers(0, 10**12))
@settings(max_examples=100)
def test_numbers_do_not_count(one: int, other: int) -> None:
    assert fingerprint(f"expected {one} rows") == fingerprint(f"expected {other} rows")


@given(st.text(max_size=300))
@settings(max_examples=100)
def test_any_text_has_a_short_stable_one(text: str) -> None:
    mark = fingerprint(text)
    assert mark == fingerprint(text)
    assert len(mark) <= READABLE + 10
    assert "\n" not in normalised(text)
