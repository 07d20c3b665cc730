"""The one root cause of a whole log."""

import pytest

from fixer.distiller.verdict import root_cause
from fixer.parsers import failures_in, lines_of
from fixer.schema.execution import Step, StepStatus


def raised(error: str) -> list[str]:
    return ["Traceback (most recent call last):", '  File "a.py", line 1, in f', error]


def verdict(lines: list[str], command: str = "make") -> str:
    step = Step(number=1, name=command, command=command, status=StepStatus.FAILED, first_line=1, last_line=len(lines))
    return root_cause(failures_in(lines_of(lines, [step]), [step]), [step])


@pytest.mark.parametrize(
    ("line", "command", "cause"),
    [
        ("a.py:3: error: Name 'x' is not defined  [name-defined]", "mypy", "lint"),
        ("FAILED tests/test_a.py::test_x - ModuleNotFoundError: No module named 'x'", "pytest", "missing_dependency"),
        ("something is wrong", "make test", "test_failure"),
        ("something is wrong", "npm run lint", "lint"),
        ("something is wrong", "./go.sh", "unknown"),
        ("something is wrong", "./ci/check-prices.sh", "lint"),
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


@pytest.mark.parametrize(
    ("lines", "command", "cause"),
    [
        (["    + Add field note to order"], "python manage.py makemigrations --check", "lint"),
        (["main.tf"], "terraform fmt -check -recursive", "lint"),
        (raised("KeyError: '3f1c'"), "alembic upgrade head", "environment"),
        (raised("x.Wrong: no name"), "twine upload dist/*", "invalid_data"),
        (raised("x.JSONDecodeError: Expecting value"), "./go.py", "invalid_data"),
        (raised("Exception: Missing required environment variable: SHOP"), "./go.py", "environment"),
        (["Error: no", "    at f (/home/runner/work/_actions/a/b/v2/dist/index.js:3:5)"], "./x", "infrastructure"),
        (["make: *** [Makefile:52: tflint] Error 2"], "make all", "lint"),
        (["fatal: [web]: UNREACHABLE! => {}"], "ansible-playbook a.yml", "network_error"),
        (
            ['ERROR: failed to solve: process "/bin/sh -c npm test" did not complete successfully: exit code: 1'],
            "docker build .",
            "test_failure",
        ),
        (["1 failed, 1 passed in 0.11s"], "pytest -q --tb=no --no-summary", "test_failure"),
        (["something is wrong"], "npm ci", "missing_dependency"),
        (["Version mismatch: 1.2 != 1.3"], "./ci/check_version.sh", "invalid_data"),
    ],
)
def test_a_command_says_what_its_failure_means(lines: list[str], command: str, cause: str) -> None:
    assert verdict([*lines, "##[error]Process completed with exit code 1."], command) == cause


@pytest.mark.parametrize(("code", "cause"), [(127, "missing_tool"), (137, "out_of_memory"), (124, "timeout")])
def test_an_exit_code_speaks_for_a_silent_step(code: int, cause: str) -> None:
    step = Step(number=1, name="x", command="./x", status=StepStatus.FAILED, exit_code=code, first_line=1, last_line=1)
    assert root_cause([], [step]) == cause
