"""javac's own output, made by running it (see logs/make_others.py)."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("javac"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("javac", name) == expected("javac", name)


def test_checkstyles_findings_are_no_compile_errors() -> None:
    text = "[ERROR] src/main/java/shop/Cart.java:[12,5] (indentation) Indentation: 'method def' has level 5, not 4."
    (failure,) = failures_in(lines_of([text]))
    assert (failure.file, failure.line, failure.code, failure.root_cause) == (
        "src/main/java/shop/Cart.java",
        12,
        "Indentation",
        "lint",
    )
