"""What is said of a log that no parser knows."""

import pytest

from fixer.parsers import failures_in, lines_of


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("/usr/bin/python: No module named tox", "missing_dependency"),
        ("##[error]Something odd happened", "unknown"),
        ("error: the moon is in the wrong phase", "unknown"),
    ],
)
def test_the_last_resort_names_the_line_and_its_cause(text: str, cause: str) -> None:
    (failure,) = failures_in(lines_of([text]))
    assert (failure.tool, failure.log_line, failure.root_cause) == ("generic", 1, cause)


def test_harmless_words_are_no_failures() -> None:
    text = ["0 errors, 0 failed", "warning: an error may follow", "no failures"]
    assert failures_in(lines_of(text)) == []


def test_hints_give_way_to_what_a_tool_says() -> None:
    text = ["Error: tests failed", "FAILED tests/test_a.py::test_x - KeyError: 'k'"]
    assert [failure.tool for failure in failures_in(lines_of(text))] == ["pytest"]
