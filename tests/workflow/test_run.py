"""`fixer run` of a workflow, and every command that looks at its run afterwards."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.journal import RunState, open_journal
from fixer.schema.workflow_report import WorkflowReport
from tests.conftest import SOURCE, Fixer
from tests.repositories import make_repository


def write(project: Path, steps: str) -> None:
    (project / "w.yml").write_text(f"commands:\n{steps}", encoding="utf-8")
    (project / "fixer.toml").write_text("[recovery]\nenabled = false\n", encoding="utf-8")


TWO = """\
  - name: a
    command: echo one $ARG
  - name: b
    command: sh -c 'echo two; exit 4'
  - name: c
    command: touch c
"""


def test_a_run_and_what_looks_at_it(fixer: Fixer, project: Path) -> None:
    write(project, TWO)
    ran = fixer("run", "w.yml", "--arg", "x y", cwd=project)
    assert ran.code == ExitCode.NOT_FIXED
    assert "    one x y\n    passed" in ran.stderr
    assert "failed" in ran.stdout
    assert "The step 'b' failed: exit code 4." in ran.stdout
    [path] = (project / "outputs").glob("*_workflow-w.md")
    text = path.read_text(encoding="utf-8")
    assert text.startswith('---\nschema_version: 1\nkind: "workflow"\nrun: "')
    assert "Not reached: `c`" in text
    assert str(path) in ran.stderr.splitlines()[-1]

    [listed] = json.loads(fixer("runs", "--json", cwd=project).stdout)["runs"]
    assert (listed["kind"], listed["state"]) == ("workflow", "failed")
    [row] = json.loads(fixer("report", "--json", cwd=project).stdout)["reports"]
    assert (row["status"], row["outcome"], row["report"]) == ("failed", "failed", str(path))
    assert fixer("report", "latest", cwd=project).stdout == text
    report = WorkflowReport.model_validate_json(fixer("report", listed["id"], "--json", cwd=project).stdout)
    assert [(s.name, s.exit_code) for s in report.execution.steps] == [("a", 0), ("b", 4)]
    events = fixer("events", listed["id"], "--json", cwd=project).stdout.splitlines()
    ended = [event["data"] for event in map(json.loads, events) if event["kind"] == "workflow.step"]
    assert [(data["name"], data["status"], data["exit_code"]) for data in ended] == [
        ("a", "passed", 0),
        ("b", "failed", 4),
    ]
    logs = fixer("logs", report.execution.log_path or "", "--json", cwd=project)
    assert "sh -c" in logs.stdout

    again = fixer("run", "w.yml", "--arg", "x y", "--json", cwd=project)
    assert (again.code, json.loads(again.stdout)["kind"]) == (ExitCode.NOT_FIXED, "workflow")
    assert len(json.loads(fixer("runs", "--json", cwd=project).stdout)["runs"]) == 2


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        ((), "w.yml:2:5: the step 'a' uses $ARG, and no value was given"),
        (("--commit", "HEAD"), "--commit is for an info.json"),
        (("--arg",), "requires an argument"),
    ],
)
def test_what_is_refused_before_anything_runs(
    arguments: tuple[str, ...], phrase: str, fixer: Fixer, project: Path
) -> None:
    write(project, TWO)
    ran = fixer("run", "w.yml", *arguments, cwd=project)
    assert (ran.code, ran.stdout) == (ExitCode.USAGE, "")
    assert phrase in ran.stderr
    assert not (project / ".fixer").exists()


def test_every_problem_of_the_file_at_once(fixer: Fixer, project: Path) -> None:
    write(project, "  - name: a\n    comand: x\n  - name: b\n    command: x\n    default: b\n")
    for arguments in (("run", "w.yml"), ("run", "w.yml", "--validate"), ("doctor", "w.yml", "--json")):
        ran = fixer(*arguments, cwd=project)
        assert (ran.code, ran.stdout) == (ExitCode.USAGE, "")
        assert "w.yml:3:5: 'comand' is not a key" in ran.stderr
        assert "w.yml:6:14: 'b' can never come to an end" in ran.stderr
    assert not (project / ".fixer").exists()


def test_arg_is_for_workflows(fixer: Fixer, project: Path) -> None:
    (project / "info.json").write_text("{}", encoding="utf-8")
    ran = fixer("run", "info.json", "--arg", "x", cwd=project)
    assert ran.code == ExitCode.USAGE
    assert "--arg is for workflows" in ran.stderr


def test_outside_of_a_repository(fixer: Fixer, tmp_path: Path) -> None:
    write(tmp_path, TWO)
    ran = fixer("run", "w.yml", "--arg", "x", cwd=tmp_path)
    assert ran.code == ExitCode.DEPENDENCY
    assert "not inside a git repository" in ran.stderr


SLOW = """\
  - name: first
    command: sh -c 'echo first >> ran'
  - name: slow
    command: sh -c 'echo slow >> ran; test -f go || { sleep 300 & echo $! > child; sleep 300; }'
  - name: last
    command: sh -c 'echo last >> ran'
"""


def begin(project: Path) -> "subprocess.Popen[str]":
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    child = subprocess.Popen(
        [sys.executable, "-m", "fixer", "run", "w.yml"], cwd=project, env=env, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not (project / "child").exists() or not (project / "child").read_text():
        assert time.monotonic() < deadline
        assert child.poll() is None
        time.sleep(0.02)
    return child


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_stopped_and_resumed(number: signal.Signals, fixer: Fixer, tmp_path: Path) -> None:
    project = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    write(project, SLOW)
    child = begin(project)
    child.send_signal(number)
    out, err = child.communicate(timeout=30)
    assert child.returncode == (-9 if number is signal.SIGKILL else ExitCode.INTERRUPTED), err
    assert is_gone(int((project / "child").read_text())), "nothing of a step is left running"
    if number is not signal.SIGKILL:
        assert "interrupted" in out
    with open_journal(project / ".fixer") as journal:
        [run] = journal.runs()
        assert run.state is RunState.DEAD
    (project / "go").touch()
    # The file may change meanwhile; the run goes on with what it began with.
    write(project, "  - name: other\n    command: touch other\n")
    resumed = fixer("resume", cwd=project)
    assert resumed.code == ExitCode.OK, resumed.stderr
    assert "[1] first: passed before, not run again" in resumed.stderr
    assert (project / "ran").read_text().split() == ["first", "slow", "slow", "last"]
    assert len(list((project / "outputs").glob("*.md"))) == 1
    assert not (project / "other").exists()
    [row] = json.loads(fixer("report", "--json", cwd=project).stdout)["reports"]
    assert row["outcome"] == "done"


def test_cancelled_while_it_runs(fixer: Fixer, tmp_path: Path) -> None:
    project = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    write(project, SLOW)
    child = begin(project)
    with open_journal(project / ".fixer") as journal:
        [run] = journal.runs()
    busy = fixer("run", "w.yml", cwd=project)
    assert busy.code == ExitCode.USAGE
    assert "is being worked on by process" in busy.stderr
    assert fixer("cancel", run.id, cwd=project).code == ExitCode.OK
    out, err = child.communicate(timeout=30)
    assert child.returncode == ExitCode.INTERRUPTED, out + err
    assert is_gone(int((project / "child").read_text()))
    refused = fixer("resume", run.id, cwd=project)
    assert refused.code == ExitCode.USAGE
    assert "last" not in (project / "ran").read_text()
    [row] = json.loads(fixer("report", "--json", cwd=project).stdout)["reports"]
    assert row["outcome"] == "cancelled"
