from pathlib import Path

import pytest

from fixer.reproduction.mypy import RUNNER
from fixer.schema.reproduction import SuiteOutcome
from tests.reproduction.conftest import a_failure, a_project, run_in, write

FILES = {
    "mypy.ini": "[mypy]\nfiles = pkg\npretty = True\nerror_summary = False\n",
    "pkg/__init__.py": "",
    "pkg/a.py": 'def f() -> int:\n    return "a"\nx: int = f(1)  # one more\n',
    "pkg/b.py": "x: int = 1\n",
}
RETURNS = 'pkg/a.py:return-value:Incompatible return value type (got "str", expected "int")'
CALLS = 'pkg/a.py:call-arg:Too many arguments for "f"'


def outcome_of(root: Path, command: str = "", file: str | None = None) -> SuiteOutcome:
    runner, project = RUNNER(), a_project(root, command)
    failure = a_failure(tool="mypy", file=file)
    invocation = runner.narrowed(failure, project) if file else runner.suite(failure, project)
    return runner.outcome(run_in(root)(invocation), project)


@pytest.mark.parametrize("command", ["", "mypy", "mypy -p pkg --html-report out", "mypy --pretty pkg"])
def test_errors_are_read_without_their_lines(root: Path, command: str) -> None:
    write(root, FILES)
    outcome = outcome_of(root, command)
    assert outcome.readable, outcome.reason
    assert outcome.failed == {RETURNS, CALLS}
    assert "pkg/b.py" in outcome.passed
    assert not (root / "out").exists()
    assert not (root / ".mypy_cache").exists()


def test_one_file_is_checked(root: Path) -> None:
    write(root, FILES)
    assert outcome_of(root, "mypy -p pkg", "pkg/a.py").failed == {RETURNS, CALLS}
    assert outcome_of(root, "mypy -p pkg", "pkg/b.py").passed == {"pkg/b.py"}


def test_a_syntax_error_is_a_finding_and_a_wrong_option_is_none(root: Path) -> None:
    write(root, FILES | {"pkg/b.py": "def f(:\n"})
    assert any(name.startswith("pkg/b.py:syntax:") for name in outcome_of(root).failed)
    assert not outcome_of(root, "mypy --no-such-option pkg").readable


@pytest.mark.parametrize(
    ("command", "taken"),
    [("mypy", True), ("python -m mypy src", True), ("mypy -c x", False), ("mypy --version", False), ("ruff", False)],
)
def test_accepts_checks_only(command: str, taken: bool) -> None:  # noqa: FBT001 - a table's column
    assert RUNNER().accepts(command.split()) is taken
