import shlex

import pytest

from fixer.schema.reproduction import SuiteOutcome
from fixer.verification.outcomes import chooses_tests, why_broken, why_not_passed, why_still_red


def outcome(passed: str = "", failed: str = "", skipped: str = "") -> SuiteOutcome:
    return SuiteOutcome(
        passed=frozenset(passed.split()), failed=frozenset(failed.split()), skipped=frozenset(skipped.split())
    )


UNREADABLE = SuiteOutcome(readable=False, reason="no totals")


@pytest.mark.parametrize(
    ("seen", "test"),
    [
        (outcome("a.py::t"), "a.py::t"),
        (outcome("a.py::t[1] a.py::t[2]"), "a.py::t"),
        (outcome("a.py::t a.py::u", skipped="a.py::v"), "a.py"),
        (outcome("tests.m.C.t"), "unittest.loader._FailedTest.tests.m"),
        (outcome(), None),
    ],
)
def test_passed(seen: SuiteOutcome, test: str | None) -> None:
    assert why_not_passed(seen, test) == ""


@pytest.mark.parametrize(
    ("seen", "test", "why"),
    [
        (outcome(), "a.py::t", "not among"),
        (outcome("a.py::other"), "a.py::t", "not among"),
        (outcome("a.py::test_more"), "a.py::test", "not among"),
        (outcome(skipped="a.py::t"), "a.py::t", "skipped"),
        (outcome(skipped="a.py::t[1]"), "a.py::t", "skipped"),
        (outcome("a.py::t[1]", "a.py::t[2]"), "a.py::t", "still failing"),
        (outcome(failed="a.py:F401"), None, "still reported"),
        (UNREADABLE, "a.py::t", "no totals"),
    ],
)
def test_not_passed(seen: SuiteOutcome, test: str | None, why: str) -> None:
    assert why in why_not_passed(seen, test)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (outcome("a b"), outcome("a", "b"), "fail with the patch: b"),
        (outcome("a b"), outcome("a"), "no longer run: b"),
        (outcome("a", "b"), outcome("a"), "no longer run: b"),
        (outcome("a b"), outcome("a", skipped="b"), "skipped with the patch: b"),
        (outcome("a", "b"), outcome("a", skipped="b"), "skipped with the patch: b"),
        (outcome("a", skipped="s"), outcome("a"), "2 tests were collected before, 1 are"),
        (UNREADABLE, outcome("a"), "before the patch cannot be read"),
        (outcome("a"), UNREADABLE, "after the patch cannot be read"),
    ],
)
def test_broken(before: SuiteOutcome, after: SuiteOutcome, why: str) -> None:
    assert why in why_broken(before, after, tests=True)


def test_nothing_broken() -> None:
    assert why_broken(outcome("a", "b", "s"), outcome("a b new", "", "s"), tests=True) == ""
    assert why_broken(outcome("", "m.py"), outcome("m.py::t"), tests=True) == "", "a module that can be collected now"
    assert why_broken(outcome("a", "b"), outcome("a", "b"), tests=True) == "", "what failed before may still fail"


def test_where_nothing_could_be_run_nothing_is_lost() -> None:
    before = outcome(failed="tests/conftest.py")
    assert why_broken(before, outcome("tests/a.py::t", "tests/a.py::u tests/a.py::v"), tests=False) == ""
    assert why_broken(before, outcome(failed="tests/a.py::u tests/a.py::v"), tests=False) != "", "still nothing passes"


def test_findings_may_go_away_but_not_come() -> None:
    assert why_broken(outcome(failed="x:1 y:2"), outcome(failed="x:1"), tests=False) == ""
    assert "only with the patch: z:3" in why_broken(outcome(failed="x:1"), outcome(failed="x:1 z:3"), tests=False)


def test_what_failed_alike_must_pass() -> None:
    after = outcome("a m.py::t", "b", "s")
    assert why_still_red(after, frozenset({"a", "m.py"}), tests=True) == ""
    for red in ("b", "s", "not.run"):
        assert red in why_still_red(after, frozenset({"a", red}), tests=True)
    findings = outcome("x.py", "y.py:F401:os")
    assert why_still_red(findings, frozenset({"x.py:F401:os"}), tests=False) == ""
    assert "y.py" in why_still_red(findings, frozenset({"y.py:F401:os"}), tests=False)


def test_a_module_of_which_no_test_was_chosen_is_not_red() -> None:
    after = outcome("a.py::t")
    assert why_still_red(after, frozenset({"a.py", "b.py"}), tests=True, chosen=True) == ""
    assert "b.py" in why_still_red(after, frozenset({"a.py", "b.py"}), tests=True, chosen=False)
    assert "b.py" in why_still_red(outcome("a.py::t", "b.py"), frozenset({"b.py"}), tests=True, chosen=True)
    assert "b.py::t" in why_still_red(after, frozenset({"b.py::t"}), tests=True, chosen=True), "a test must have run"


@pytest.mark.parametrize(
    ("command", "chosen"),
    [
        ("python -m pytest -q", False),
        ("python -m pytest -k fast", True),
        ("pytest -m 'not slow'", True),
        ("/env/bin/python -m pytest --deselect=a.py::t", True),
        ("python -m unittest discover -v", False),
    ],
)
def test_whether_a_command_chooses_tests(command: str, chosen: bool) -> None:  # noqa: FBT001 - a table's column
    assert chooses_tests(shlex.split(command)) is chosen
