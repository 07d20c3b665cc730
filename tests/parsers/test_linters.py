"""What `linters` reads in the output of real tools, made by running them on small red projects."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("linters"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("linters", name) == expected("linters", name)


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("      ^-- SC2086 (info): Double quote it.", "SC2086", "SC2086 Double quote it."),
        ("      ^-- not a rule: of shellcheck", None, None),
        ('a.md:3:8: "recieve" is a misspelling of "receive"', None, '"recieve" is a misspelling of "receive"'),
    ],
)
def test_findings_of_which_the_place_stands_elsewhere(line: str, code: str | None, message: str | None) -> None:
    found = [(f.code, f.message) for f in failures_in(lines_of([line])) if f.tool == "linters"]
    assert found == ([(code, message)] if message else [])
