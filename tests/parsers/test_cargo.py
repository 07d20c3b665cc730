"""cargo's own output, made by running it (see logs/make_others.py)."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("cargo"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("cargo", name) == expected("cargo", name)


def test_a_finding_in_rustcs_form_about_another_file_is_a_checkers() -> None:
    text = [
        "error: `recieve` should be `receive`",
        "  --> ./docs/a.md:12:9",
        "   |",
        "12 | to recieve",
        "   |    ^^^",
        "",
    ]
    (failure,) = [f for f in failures_in(lines_of(text)) if f.tool == "cargo"]
    assert (failure.kind, failure.file, failure.root_cause) == ("lint", "docs/a.md", "lint")
