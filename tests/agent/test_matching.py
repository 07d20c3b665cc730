"""An edit that a model copied carelessly is made where only one place can be meant, and refused with what to send."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.agent.matching import Edited, NoPlace, edited, is_there

CODE = "def one(a):\n    if a:\n        return 1\n    return 2\n\n\ndef two(a):\n    return 2\n"


def text(before: str, old: str, new: str) -> str:
    found = edited(before, old, new)
    assert isinstance(found, Edited), found
    return found.text


def words(before: str, old: str, new: str = "x") -> str:
    found = edited(before, old, new)
    assert isinstance(found, NoPlace), found
    return found.words


WANTED = CODE.replace("        return 1\n    return 2", "        return 10\n    return 20")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        return 1\n    return 2\n", "        return 10\n    return 20\n"),
        ("3|        return 1\n4|    return 2", "3|        return 10\n4|    return 20"),
        ("3|        return 1\n4|    return 2", "        return 10\n    return 20"),
        ("        return 1\n    return 2", "3|        return 10\n4|    return 20"),
        ("        return 1  \n    return 2\t", "        return 10\n    return 20"),
        ("    return 1\nreturn 2", "    return 10\nreturn 20"),
        ("            return 1\n        return 2", "            return 10\n        return 20"),
        ("\t\treturn 1\n\treturn 2", "\t\treturn 10\n\treturn 20"),
        ("\n\n        return 1\n    return 2\n\n\n\n\n", "\n        return 10\n    return 20\n"),
        ("```python\n        return 1\n    return 2\n```", "```python\n        return 10\n    return 20\n```"),
        ("        return 1\\n    return 2", "        return 10\\n    return 20"),
        ("        return 1\r\n    return 2\r\n", "        return 10\r\n    return 20\r\n"),
    ],
    ids=["exact", "numbers", "numbers in old", "numbers in new", "ends of lines", "too far out", "too far in", "tabs",
         "blank lines", "fences", "escaped", "line ends"],
)  # fmt: skip
def test_what_was_copied_carelessly_is_found(old: str, new: str) -> None:
    assert text(CODE, old, new) == WANTED


def test_a_file_keeps_its_tabs_and_line_ends() -> None:
    tabs = "def f():\n\tif a:\n\t\treturn 1\n"
    assert (
        text(tabs, "    if a:\n        return 1", "    if b:\n        return 2") == "def f():\n\tif b:\n\t\treturn 2\n"
    )
    assert text("a\r\nb\r\n", "a\nb", "a\nc") == "a\r\nc\r\n"
    assert text("a\r\n  b\r\n", "b \n", "c") == "a\r\n  c\r\n"
    mixed = "a\r\nb\nc\r\n"
    assert text(mixed, "b", "B") == "a\r\nB\nc\r\n"


def test_a_new_line_gets_the_shift_of_the_others() -> None:
    assert text(CODE, "if a:\n    return 1", "if a:\n    b()\n\n    return 1") == CODE.replace(
        "        return 1", "        b()\n\n        return 1"
    )


def test_lines_are_taken_away() -> None:
    assert text(CODE, "if a:\n    return 1", "") == CODE.replace("    if a:\n        return 1\n", "")


def test_what_fits_twice_is_shown_with_both_places() -> None:
    told = words(CODE, "    return 2\n")
    assert "2 times, at the lines 4, 8" in told
    assert "3|        return 1\n4|    return 2" in told
    assert "7|def two(a):\n8|    return 2" in told
    assert "at the lines 4, 8" in words(CODE, "return 2  ")


def test_what_is_not_there_is_answered_with_the_nearest_lines() -> None:
    told = words(CODE, "def two(b):\n    return 3")
    assert "7|def two(a):\n8|    return 2" in told
    assert "nothing in it is like it" in words(CODE, "import sys; sys.exit(0)  # elsewhere")


def test_indentation_that_fits_no_shift_is_not_made_up() -> None:
    words(CODE, "if a:\n  return 1\n    return 2")


def test_a_file_whose_lines_look_numbered_is_taken_as_it_is() -> None:
    table = "1|one\n2|two\n"
    assert text(table, "2|two", "2|zwei") == "1|one\n2|zwei\n"


def test_an_edit_that_was_made_is_recognised() -> None:
    after = text(CODE, "    if a:", "    if a and b:")
    assert is_there(after, "    if a:", "    if a and b:")
    assert not is_there(CODE, "    if a:", "    if a and b:")
    longer = text(CODE, "def two(a):", "def two(a):\n    check(a)")
    assert is_there(longer, "def two(a):", "def two(a):\n    check(a)")
    assert not is_there(CODE, "def two(a):", "def two(a):\n    check(a)")


LINE = st.sampled_from(["a = 1", "  b()", "\tc", "", "  ", "d  ", "é|", "1|x", "    return"])


@settings(max_examples=100)
@given(before=st.lists(LINE, max_size=12).map("\n".join), old=st.lists(LINE, min_size=1, max_size=4).map("\n".join))
def test_only_the_one_place_changes(before: str, old: str) -> None:
    found = edited(before, old, "NEW")
    if isinstance(found, NoPlace):
        assert before.count(old) != 1 or not old
        return
    lines = found.text.split("\n")
    assert "NEW" in lines[found.line - 1]
    start, rest = found.text.split("NEW", 1)
    # Every line before and after the place is as it was, but for the indentation that the new text was given.
    assert before.startswith(start.rstrip(" \t"))
    assert before.endswith(rest)
    assert found.text.count("NEW") == 1
