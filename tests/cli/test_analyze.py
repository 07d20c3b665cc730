"""`fixer analyze`: what is measured, what has changed, and the exit code for each way that it can end."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.journal import open_journal
from tests.conftest import Fixer, git

NUMBER = """[analysis.size]
command = "cat size.txt"
pattern = '\\d+'
unit = "kB"
better = "lower"
"""


@pytest.fixture
def project(repository: Path) -> Path:
    (repository / "fixer.toml").write_text(NUMBER, encoding="utf-8")
    (repository / "size.txt").write_text("10\n", encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "-m", "a size")
    return repository


def test_measures_with_real_tools_and_compares_with_the_last_time(fixer: Fixer, project: Path) -> None:
    python = {"FIXER_PROJECT_PYTHON": sys.executable}
    first = fixer("analyze", cwd=project / "tests", env=python)
    assert first.code == ExitCode.OK, first.stderr
    assert [line.split()[:2] for line in first.stdout.splitlines()[1:]] == [
        *[["coverage", "(python)"]] * 2, *[["lint", "(python)"]] * 2, ["size", "(settings)"],
    ]  # fmt: skip
    assert first.stderr.splitlines() == [
        "coverage (python): coverage.py", "lint (python): ruff", "size (settings): cat", "fixer: every tool ran",
    ]  # fmt: skip
    (project / "size.txt").write_text("8\n", encoding="utf-8")
    second = fixer("analyze", "size", cwd=project)
    assert second.stdout.splitlines()[1].split("  ") == ["size (settings)", "value", " 8 kB", "10 kB", " -2 kB better"]
    assert git(project, "status", "--porcelain") == "M size.txt"


def test_json_history_and_the_journal(fixer: Fixer, project: Path) -> None:
    run = json.loads(fixer("analyze", "size", "--json", cwd=project).stdout)
    assert (run["schema_version"], run["exit_code"]) == (1, 0)
    (tool,) = run["tools"]
    assert (tool["tool"], tool["passed"], tool["command"], tool["exit_code"]) == ("size", True, ["cat", "size.txt"], 0)
    assert tool["metrics"] == [
        {"name": "value", "value": 10, "unit": "kB", "better": "lower", "subject": "", "noise": 0, "before": None,
         "verdict": "new"},
    ]  # fmt: skip
    again = json.loads(fixer("analyze", "size", "--json", "--max-cache-age", "600", cwd=project).stdout)
    assert again["tools"][0]["cached_at"] is not None
    history = json.loads(fixer("analyze", "--history", "5", "--json", cwd=project).stdout)["measurements"]
    # What was only looked up was not measured again.
    assert [(one["metrics"][0]["value"], one["commit"], one["dirty"]) for one in history] == [
        (10, git(project, "rev-parse", "HEAD"), False)
    ]
    assert "10 kB" in fixer("analyze", "size", "--history", "1", cwd=project).stdout
    listed = json.loads(fixer("runs", "--json", cwd=project).stdout)["runs"]
    assert [(one["kind"], one["state"]) for one in listed] == [("analysis", "done")] * 2
    assert "analyze: size (settings)" in fixer("events", run["run"], cwd=project).stdout


def test_a_tool_that_failed_leaves_with_1(fixer: Fixer, project: Path) -> None:
    (project / "size.txt").unlink()
    done = fixer("analyze", "size", cwd=project)
    assert done.code == ExitCode.NOT_FIXED
    assert "size (settings) failed: cat ended with exit code 1: cat: size.txt: No such file" in done.stdout
    assert done.stderr.splitlines()[-1].startswith("fixer: size (settings) failed; `fixer events ")
    listed = json.loads(fixer("runs", "--json", cwd=project).stdout)["runs"]
    assert listed[0]["state"] == "failed"


def test_a_tool_that_is_missing_leaves_with_3(fixer: Fixer, project: Path) -> None:
    (project / "fixer.toml").write_text(
        '[analysis.deps]\ncommand = "no-such-tool-here --all"\ninstall = "pipx install no-such-tool"\n',
        encoding="utf-8",
    )
    done = fixer("analyze", "deps", cwd=project)
    assert done.code == ExitCode.DEPENDENCY
    assert done.stdout.splitlines() == [
        "deps (settings) failed: no-such-tool-here is not installed (missing_tool)",
        "    mend it: pipx install no-such-tool",
    ]


@pytest.mark.parametrize("arguments", [["covrage"], ["--history", "1", "covrage"], ["bench", "--timeout", "0"]])
def test_a_slip_leaves_with_2_and_nothing_behind(arguments: list[str], fixer: Fixer, repository: Path) -> None:
    done = fixer("analyze", *arguments, cwd=repository)
    assert (done.code, done.stdout) == (ExitCode.USAGE, "")
    assert "hint: " in done.stderr
    assert not (repository / ".fixer").exists()


def test_a_folder_with_nothing_to_measure_leaves_with_2(fixer: Fixer, tmp_path: Path) -> None:
    done = fixer("analyze", cwd=tmp_path)
    assert done.code == ExitCode.USAGE
    assert "there is nothing to measure in" in done.stderr
    assert fixer("analyze", "--history", "3", cwd=tmp_path).code == ExitCode.OK


def test_what_was_recovered_is_measured_and_committed(fixer: Fixer, repository: Path) -> None:
    pytest.importorskip("fixer.recovery", reason="the room `recovery` is not there yet")
    (repository / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n', encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "-m", "settings")
    (repository / "cart.py").write_text("def totl(prices):\n    return sum(prices)\n", encoding="utf-8")
    git(repository, "commit", "--quiet", "-am", "a slip")
    python = {"FIXER_PROJECT_PYTHON": sys.executable}
    by_hand = fixer("analyze", "coverage", cwd=repository, env=python)
    assert (by_hand.code, git(repository, "log", "-1", "--format=%s")) == (ExitCode.NOT_FIXED, "a slip")
    done = fixer("analyze", "coverage", "--auto-recover", cwd=repository, env=python)
    assert done.code == ExitCode.OK, done.stdout + done.stderr
    assert "coverage (python)  lines" in done.stdout
    commit = git(repository, "rev-parse", "--short=10", "HEAD")
    assert f"coverage (python) was recovered (commit {commit}): " in done.stdout


def test_a_run_that_was_killed_is_resumed(fixer: Fixer, project: Path, tmp_path: Path) -> None:
    started = tmp_path / "started"
    slow = f"sh -c 'test -e {started} || {{ touch {started}; sleep 60; }}'"
    (project / "fixer.toml").write_text(NUMBER + f'[analysis.slow]\ncommand = "{slow}"\n', encoding="utf-8")
    command = [sys.executable, "-m", "fixer", "analyze", "size", "slow", "--repo", str(project)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
        for _ in range(1000):
            if started.exists():
                break
            time.sleep(0.02)
        assert started.exists()
        os.kill(killed.pid, signal.SIGKILL)
    done = fixer("resume", cwd=project)
    assert done.code == ExitCode.OK, done.stderr
    assert "slow (settings): it passed" in done.stdout
    with open_journal(project / ".fixer") as journal:
        (run,) = journal.runs()
        steps = [(step.name, step.attempt, step.state.value) for step in journal.steps(run.id)]
    assert steps == [
        ("analyze: size (settings)", 1, "done"),
        ("analyze: slow (settings)", 1, "interrupted"),
        ("analyze: slow (settings)", 2, "done"),
    ]
