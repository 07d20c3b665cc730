"""Nothing that a terminal acts on gets through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.terminal import clean, clean_line


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bP1;2|dcs\x1b\\text", "text"),
        ("\x9b2Jtext", "text"),
        ("a\x07b\x08c\x00d", "abcd"),
        ("50%\r100%\r\ndone", "50%\n100%\ndone"),
        ("abc\u202edef\u2066", "abcdef"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\udcff", "\ufffd"),
        ("[bold]kept[/]", "[bold]kept[/]"),
        ("unfinished \x1b[", "unfinished "),
    ],
)
def test_clean(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@settings(max_examples=100)
@given(st.text(st.characters() | st.sampled_from("\x1b[]\\P;m\x07\x9b\r\n")))
def test_nothing_that_acts_is_left(text: str) -> None:
    cleaned = clean(text)
    assert all(c in "\t\n" or (c.isprintable() or ord(c) >= 0xA0) for c in cleaned)
    assert "\x1b" not in cleaned
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")


def test_clean_line_is_one_line() -> None:
    assert clean_line(" a\n\tb \x1b[1m c\n") == "a b c"
