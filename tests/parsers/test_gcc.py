"""gcc's own output, made by running it (see logs/make_others.py)."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("gcc"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("gcc", name) == expected("gcc", name)


def test_clang_formats_findings_are_no_compile_errors() -> None:
    text = "src/cart.c:41:80: error: code should be clang-formatted [-Wclang-format-violations]"
    (failure,) = failures_in(lines_of([text]))
    assert (failure.kind, failure.root_cause) == ("format", "lint")
