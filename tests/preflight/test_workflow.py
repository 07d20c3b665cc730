"""`fixer doctor workflow.yml`: the programs, folders and prompt files of its steps; nothing is run."""

import json
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.input.known_commands import KnownCommands
from fixer.input.workflow_file import parse_workflow
from fixer.preflight import Level
from fixer.preflight.workflow import check_workflow
from tests.conftest import Fixer


def levels(text: str, project: Path) -> list[tuple[str, Level]]:
    workflow = parse_workflow(f"commands:\n{text}".encode(), "w.yml", KnownCommands(project))
    return [(finding.name, finding.level) for finding in check_workflow(workflow, KnownCommands(project), [])[1:]]


@pytest.mark.parametrize(
    ("step", "first", "later"),
    [
        ("command: git status", Level.OK, Level.OK),
        ("command: no-such-program", Level.PROBLEM, Level.PROBLEM),
        ("command: git status\n    env: {PATH: /nowhere}", Level.PROBLEM, Level.PROBLEM),
        ("command: ./build/tool", Level.PROBLEM, Level.WARNING),
    ],
)
def test_programs(step: str, first: Level, later: Level, tmp_path: Path) -> None:
    assert levels(f"  - name: a\n    {step}\n", tmp_path) == [("step a", first)]
    assert levels(f"  - name: first\n    command: git\n  - name: a\n    {step}\n", tmp_path)[1] == ("step a", later)


def test_folders_and_nested_steps(tmp_path: Path) -> None:
    text = (
        "  - name: a\n    command: git\n    working_dir: build\n"
        "    on_failure:\n      name: b\n      command: nothing\n      on_success: {name: lint}\n"
    )
    assert levels(text, tmp_path) == [
        ("step a", Level.PROBLEM), ("step a", Level.OK), ("step b", Level.PROBLEM), ("step lint", Level.OK),
    ]  # fmt: skip


def test_says_what_runs_in_sequence(fixer: Fixer, repository: Path) -> None:
    (repository / "w.yml").write_text(
        "commands:\n  - name: test\n    command: git && git\n    conditions: [{exit_code: 1, next: fix}]\n"
        "  - name: fix\n    command: touch ran\n",
        encoding="utf-8",
    )
    done = fixer("run", "w.yml", "--validate", "--json", cwd=repository)
    shown = {
        finding["name"]: finding["seen"] for finding in json.loads(done.stdout)["findings"] if finding["level"] == "ok"
    }
    assert done.code == ExitCode.OK
    assert shown["workflow"] == "in this order: test; only when named: fix"
    assert "&& goes to git as an argument" in done.stdout
    assert not (repository / "ran").exists()
    assert not (repository / ".fixer").exists()


def test_a_missing_program_leaves_with_3(fixer: Fixer, repository: Path) -> None:
    (repository / "w.yml").write_text("commands:\n  - name: test\n    command: no-such-program\n", encoding="utf-8")
    done = fixer("doctor", "w.yml", cwd=repository)
    assert done.code == ExitCode.DEPENDENCY
    assert "no-such-program is not on the PATH" in done.stdout
