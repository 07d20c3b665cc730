"""How much a line counts by its words alone."""

import pytest

from fixer.distiller.weights import weigh


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("error: unknown type", "note: see the error above"),
        ("FAILED tests/test_a.py::test_x", "test_failed_login PASSED"),
        ("E   KeyError: 'price'", "    at Object.fn (a.js:1:2)"),
        ("12 errors found", "0 errors found"),
        ("cannot open the file", "opening the file"),
        ("##[error]Process completed with exit code 1.", "exit code 0"),
        ("Caused by: java.io.IOException", "Downloading exception-utils-1.2.jar"),
    ],
)
def test_the_statement_of_an_error_weighs_more(more: str, less: str) -> None:
    assert weigh(more).score > weigh(less).score


def test_plain_lines_weigh_nothing() -> None:
    assert weigh("Compiled 12 files").score == 0
