from pathlib import Path

import pytest

from fixer.reproduction.ruff import RUNNER
from fixer.schema.failure import FailureKind
from fixer.schema.reproduction import SuiteOutcome
from tests.reproduction.conftest import a_failure, a_project, run_in, write

FILES = {
    "a.py": "import os\n\nx = undefined\ny = undefined\n",
    "pkg/b.py": "def f(:\n",
    "pkg/c.py": "x = 1\n",
    "ruff.toml": 'fix = true\noutput-format = "json"\n',
}
LINT, FORMAT = FailureKind.LINT, FailureKind.FORMAT


def outcome_of(root: Path, command: str = "", file: str | None = None, kind: FailureKind = LINT) -> SuiteOutcome:
    runner, project = RUNNER(), a_project(root, command)
    failure = a_failure(tool="ruff", kind=kind, file=file)
    invocation = runner.narrowed(failure, project) if file else runner.suite(failure, project)
    return runner.outcome(run_in(root)(invocation), project)


def test_findings_are_read_without_their_lines(root: Path) -> None:
    write(root, FILES)
    outcome = outcome_of(root, "ruff check --fix --select F,E9 --output-format=github .")
    assert outcome.readable, outcome.reason
    assert outcome.passed == {"pkg/c.py"}
    assert {name for name in outcome.failed if name.startswith("a.py")} == {
        "a.py:F401:`os` imported but unused",
        "a.py:F821:Undefined name `undefined`",
        "a.py:F821:Undefined name `undefined`#2",
    }
    assert any(name.startswith("pkg/b.py:invalid-syntax:") for name in outcome.failed)
    assert (root / "a.py").read_text() == FILES["a.py"], "a reproduction writes nothing"


def test_one_file_is_checked_under_any_of_its_names(root: Path) -> None:
    write(root, FILES)
    for file in ("a.py", "/home/runner/work/app/app/a.py"):
        outcome = outcome_of(root, file=file)
        assert {name.partition(":")[0] for name in outcome.failed} == {"a.py"}
    assert outcome_of(root, file="pkg/c.py").passed == {"pkg/c.py"}


def test_only_the_failing_rule_is_checked(root: Path) -> None:
    write(root, FILES)
    runner, project = RUNNER(), a_project(root, "ruff check --select E .")
    result = run_in(root)(runner.narrowed(a_failure(file="a.py", code="F401", kind=LINT), project))
    assert runner.outcome(result, project).failed == {"a.py:F401:`os` imported but unused"}
    write(root, {"a.py": "x = undefined\n"})
    result = run_in(root)(runner.narrowed(a_failure(file="a.py", code="F401", kind=LINT), project))
    assert runner.outcome(result, project).passed == {"a.py"}


def test_formatting_is_only_looked_at(root: Path) -> None:
    write(root, {"a.py": "x=1\n", "b.py": "y = 1\n", "ruff.toml": ""})
    for file in (None, "a.py"):
        outcome = outcome_of(root, "ruff format --check .", file, FORMAT)
        assert outcome.failed == {"a.py:unformatted:File would be reformatted"}, outcome.reason
        assert outcome.passed == (set() if file else {"b.py"})
    assert (root / "a.py").read_text() == "x=1\n"


def test_a_broken_setting_is_not_a_pass(root: Path) -> None:
    write(root, {"a.py": "", "ruff.toml": "nonsense = 1\n"})
    outcome = outcome_of(root)
    assert not outcome.readable
    assert "exit code 2" in outcome.reason


def test_its_rules_are_its_settings(root: Path) -> None:
    write(root, FILES)
    assert RUNNER().test_files(a_failure(), a_project(root)) == ("ruff.toml",)


@pytest.mark.parametrize(
    ("command", "taken"),
    [
        ("ruff check .", True),
        ("python3.11 -m ruff check", True),
        ("ruff format --check", True),
        ("ruff format", False),
        ("ruff check --add-noqa", False),
        ("ruff clean", False),
        ("ruff", False),
        ("mypy check", False),
    ],
)
def test_accepts_checks_only(command: str, taken: bool) -> None:  # noqa: FBT001 - a table's column
    assert RUNNER().accepts(command.split()) is taken
