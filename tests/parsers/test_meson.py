"""Meson's output, written after its documentation: it is not on every machine that runs these tests."""

import pytest

from fixer.parsers import failures_in, lines_of


@pytest.mark.parametrize(
    ("line", "test", "cause"),
    [
        ('meson.build:2:0: ERROR: Dependency "nosuch" not found, tried pkgconfig', None, "missing_dependency"),
        ("src/meson.build:7:4: ERROR: Unknown variable sources", None, "environment"),
        ("1/2 shop:cart       FAIL            0.02s   exit status 1", "shop:cart", "test_failure"),
        ("2/2 slow            TIMEOUT        30.01s   killed by signal 15 SIGTERM", "slow", "test_failure"),
    ],
)
def test_says_what_the_log_says(line: str, test: str | None, cause: str) -> None:
    (failure,) = [f for f in failures_in(lines_of([line])) if f.tool == "meson"]
    assert (failure.test, failure.root_cause) == (test, cause)


def test_what_passed_is_no_failure() -> None:
    assert not failures_in(lines_of(["1/1 cart       OK              0.02s", "Fail:               0"]))
