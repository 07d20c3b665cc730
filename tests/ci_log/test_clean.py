"""A line of a CI log as a reader should see it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.ci_log.clean import LONGEST, PIECE, clean, clean_lines


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("2026-01-01T00:00:00.0000000Z plain", "plain"),
        ("\ufeff2026-01-01T00:00:00.0000000Z first line", "first line"),
        ("build\tRun tests\t2026-01-01T00:00:00.0000000Z from gh", "from gh"),
        ("2024-05-01T10:00:00.000000Z 01O from gitlab", "from gitlab"),
        ("[2024-05-01T10:00:00.000Z] from jenkins", "from jenkins"),
        ("\x1b[31mred\x1b[0m \x1b]8;;https://x.example\x07link\x1b]8;;\x07", "red link"),
        ("\x1b]0;title\x1b\\after", "after"),
        ("\x1bPq data \x1b\\after", "after"),
        ("  10%\r  50%\r 100%\r\n", " 100%"),
        ("nul\x00 bell\x07 del\x7f c1\x85", "nul bell del c1"),
        ("a\u202eb\u200bc", "abc"),
        ("tab\tstays", "tab\tstays"),
        ("##[error]kept", "##[error]kept"),
        ("array[0] and x[3m]", "array[0] and x[3m]"),
    ],
)
def test_one_line(raw: str, text: str) -> None:
    assert clean(raw) == text


def test_broken_utf8_is_shown_as_such() -> None:
    assert list(clean_lines(io.BytesIO(b"caf\xe9\nnext\n"))) == ["caf\ufffd", "next"]


def test_a_long_line_keeps_its_head_and_its_end() -> None:
    raw = b"head " + b"x" * (20 * PIECE) + b" the error\nnext\n"
    first, second = clean_lines(io.BytesIO(raw))
    assert first.startswith("head ")
    assert first.endswith(" the error")
    assert "characters ...]" in first
    assert len(first) < LONGEST + 100
    assert second == "next"


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_no_control_byte_is_left_in_any_line(raw: bytes) -> None:
    lines = list(clean_lines(io.BytesIO(raw)))
    assert len(lines) == raw.count(b"\n") + (not raw.endswith(b"\n") and bool(raw))
    assert all(char == "\t" or (ord(char) >= 32 and not 127 <= ord(char) < 160) for line in lines for char in line)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_a_clean_line_is_encodable_and_without_line_ends(text: str) -> None:
    line = clean(text)
    line.encode("utf-8")
    assert "\n" not in line
    assert "\r" not in line
    assert "\x1b" not in line
