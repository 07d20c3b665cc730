"""The one root cause of a whole log."""

import pytest

from fixer.distiller.verdict import root_cause
from fixer.parsers import failures_in, lines_of
from fixer.schema.execution import Step, StepStatus


def verdict(lines: list[str], command: str = "make") -> str:
    step = Step(number=1, name=command, status=StepStatus.FAILED, first_line=1, last_line=len(lines))
    return root_cause(failures_in(lines_of(lines, [step]), [step]), [step])


@pytest.mark.parametrize(
    ("line", "command", "cause"),
    [
        ("a.py:3: error: Name 'x' is not defined  [name-defined]", "mypy", "lint"),
        ("FAILED tests/test_a.py::test_x - ModuleNotFoundError: No module named 'x'", "pytest", "missing_dependency"),
        ("something is wrong", "make test", "test_failure"),
        ("something is wrong", "npm run lint", "lint"),
        ("something is wrong", "./go.sh", "unknown"),
    ],
)
def test_root_cause(line: str, command: str, cause: str) -> None:
    assert verdict([line], command) == cause


def test_an_uncaught_exception_of_a_test_step_is_a_test_failure() -> None:
    lines = ["Traceback (most recent call last):", '  File "a.py", line 1, in <module>', "ValueError: no"]
    assert verdict(lines, "./runtests.py") == "test_failure"
    assert verdict(lines, "./deploy.py") == "logic_error"


def test_most_findings_of_a_checker_decide() -> None:
    lines = [
        'a.py:1: error: Cannot find implementation or library stub for module named "x"  [import-not-found]',
        "a.py:3: error: Name 'x' is not defined  [name-defined]",
        "a.py:4: error: Name 'y' is not defined  [name-defined]",
    ]
    assert verdict(lines, "mypy") == "lint"


def test_nothing_failed() -> None:
    assert root_cause([], []) == "unknown"
