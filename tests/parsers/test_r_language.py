"""R's output, written after its documentation: it is not on every machine that runs these tests."""

import pytest

from fixer.parsers import failures_in, lines_of


@pytest.mark.parametrize(
    ("line", "test", "place", "cause"),
    [
        ("Error in library(shop) : there is no package called 'shop'", None, None, "missing_dependency"),
        ("Package required but not available: 'shop'", None, None, "missing_dependency"),
        (
            "\u2500\u2500 Failure (test-cart.R:12:3): adds up \u2500\u2500",
            "adds up",
            ("test-cart.R", 12),
            "test_failure",
        ),
        ("\u2500\u2500 Error ('test-cart.R:4'): loads \u2500\u2500", "loads", ("test-cart.R", 4), "test_failure"),
        ("* checking examples ... ERROR", None, None, "unknown"),
    ],
)
def test_says_what_the_log_says(line: str, test: str | None, place: tuple[str, int] | None, cause: str) -> None:
    (failure,) = [f for f in failures_in(lines_of([line])) if f.tool == "r_language"]
    assert (failure.test, failure.root_cause) == (test, cause)
    assert (failure.file, failure.line) == (place or (None, None))


def test_what_is_fine_is_no_failure() -> None:
    assert not failures_in(lines_of(["* checking examples ... OK", "* checking tests ... [3s/3s] OK"]))
