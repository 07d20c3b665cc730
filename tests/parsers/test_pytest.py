"""pytest's own output, in each form that it has."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, read, said


@pytest.mark.parametrize("name", names("pytest"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("pytest", name) == expected("pytest", name)


@pytest.mark.parametrize("style", ["quiet", "short", "native", "workers", "no_summary"])
def test_every_style_gives_the_same_failures(style: str) -> None:
    def told(name: str) -> set[tuple[str | None, ...]]:
        return {(f.test, f.fingerprint, f.exception, f.file, str(f.line)) for f in read("pytest", name)}

    assert told(style) == told("default")


def test_stack_frames_come_outermost_first() -> None:
    failure = next(f for f in read("pytest", "default") if f.test == "tests/test_cart.py::TestShip::test_zero")
    assert failure.frames == (("tests/test_cart.py", 19, "test_zero"), ("shop/cart.py", 16, "ship"))


def test_a_cut_log_still_names_the_tests() -> None:
    text = ["FAILED tests/test_a.py::test_x[a - b] - KeyError: 'k'", "ERROR tests/test_b.py - ImportError: no"]
    found = failures_in(lines_of(text))
    assert [(f.test, f.message) for f in found] == [
        ("tests/test_a.py::test_x[a - b]", "KeyError: 'k'"),
        ("tests/test_b.py", "ImportError: no"),
    ]


def test_a_subtest_is_named_by_its_test() -> None:
    text = [
        "=================================== FAILURES ===================================",
        "__________________________ PathTest.test_1 [simple (unopt)] __________________________",
        "tests/test_a.py:3: in test_1",
        "E   NameError: name 'x' is not defined",
        "=========================== short test summary info ============================",
        "SUBFAILED[simple (unopt)] tests/test_a.py::PathTest::test_1 - NameError: name...",
        "1 failed in 0.02s",
    ]
    (found,) = failures_in(lines_of(text))
    assert (found.test, found.message) == ("tests/test_a.py::PathTest::test_1", "NameError: name 'x' is not defined")


def test_a_rerun_that_passed_is_no_failure() -> None:
    text = ["RERUN tests/test_a.py::test_x", "1 passed, 1 rerun in 0.10s"]
    assert failures_in(lines_of(text)) == []
