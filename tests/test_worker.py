"""Real workers, each with real resumes, on workflows whose steps write down when they began and ended."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.errors import PolicyError
from fixer.input.known_commands import KnownCommands
from fixer.input.workflow_file import parse_workflow
from fixer.journal import RUN_VARIABLE, RunRecord, RunState, StepState, open_journal
from fixer.schema.settings import Settings
from fixer.worker import Told, Worker
from fixer.workflow.given import Given
from tests.conftest import SOURCE, Fixer
from tests.repositories import make_repository

STEPS = 3
BODY = "echo begin $0 >> effects; until test -e go || test -e go-$0; do sleep 0.05; done; echo end $0 >> effects"
"""Of a step: it goes on once there is a file that lets it."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "project", {"a.txt": "a\n"})


def leave_dead(project: Path, name: str, kind: str = "workflow", *, deaths: int = 1, ago: float = 0) -> str:
    """Leave a run behind whose processes were gone, so many seconds ago, before its first step; return its id."""
    steps = (f"{name}-{number}" for number in range(STEPS))
    lines = [f"  - name: {step}\n    command: sh -c '{BODY}'\n    args: [{step}]\n" for step in steps]
    text = f"commands:\n{''.join(lines)}".encode()
    given = Given(
        workflow=parse_workflow(text, f"{name}.yml", KnownCommands(project)),
        workflow_path=str(project / f"{name}.yml"),
        repository=str(project),
        settings=Settings(),
        argument=None,
    )
    with open_journal(project / ".fixer", lambda: time.time() - ago) as journal:
        run = journal.submit(kind, given.model_dump(mode="json"), name)
        for _ in range(deaths):
            with journal.own(run.id):
                pass
    return run.id


def start(project: Path, *arguments: str) -> "subprocess.Popen[str]":
    env = {name: value for name, value in os.environ.items() if name != RUN_VARIABLE}
    return subprocess.Popen(
        [sys.executable, "-m", "fixer", "worker", "--json", *arguments],
        cwd=project, env={**env, "PYTHONPATH": str(SOURCE)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def told(out: str) -> list[Told]:
    lines = [json.loads(line) for line in out.splitlines()]
    assert {line.pop("schema_version") for line in lines} <= {1}
    return [Told.model_validate(line) for line in lines]


def effects(project: Path) -> list[str]:
    path = project / "effects"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def wait_for(condition: Callable[[], bool], process: "subprocess.Popen[str] | None" = None) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        assert process is None or process.poll() is None, process.communicate()
        time.sleep(0.01)


def record(project: Path, run_id: str) -> RunRecord:
    with open_journal(project / ".fixer") as journal:
        return journal.run(run_id)


def check_done_once(project: Path, run_id: str, name: str) -> None:
    """The run is done, each of its steps was recorded once, and none that was recorded began again."""
    with open_journal(project / ".fixer") as journal:
        run, steps = journal.run(run_id), journal.steps(run_id)
    assert (run.state, run.due) == (RunState.DONE, None)
    done = [step.name for step in steps if step.state is StepState.DONE]
    assert len(done) == len(set(done)) == STEPS
    began = Counter(line for line in effects(project) if line.startswith("begin"))
    assert sum(count for line, count in began.items() if f" {name}-" in line) <= len(steps)
    assert [line for line in effects(project) if line.startswith(f"end {name}-")] == [
        f"end {name}-{number}" for number in range(STEPS)
    ]


def test_two_workers_at_once_take_each_run_once(project: Path) -> None:
    runs = {name: leave_dead(project, name) for name in ("one", "two")}
    (project / "go").touch()
    workers = [start(project, "--once") for _ in range(2)]
    ended = []
    for worker in workers:
        out, err = worker.communicate(timeout=60)
        assert worker.returncode == 0, err
        ended += [one.run for one in told(out) if one.event == "ended"]
    assert sorted(ended) == sorted(runs.values())
    for name, run_id in runs.items():
        check_done_once(project, run_id, name)
        # Begun by the process that died, resumed by one worker.
        assert record(project, run_id).epoch == 2


@pytest.mark.chaos
def test_killed_at_a_random_moment_the_next_worker_takes_over(project: Path) -> None:
    chance = random.Random(20261121)
    run_id = leave_dead(project, "work")
    first = start(project)
    wait_for(lambda: "begin work-0" in effects(project), first)
    time.sleep(chance.uniform(0, 0.2))
    first.kill()
    first.wait()
    # The process that works on the run lives on, and nobody takes the run from it.
    second = start(project, "--once")
    out, _ = second.communicate(timeout=60)
    assert (second.returncode, [one.event for one in told(out)]) == (0, ["waiting"])
    (project / "go-work-0").touch()
    wait_for(lambda: "begin work-1" in effects(project))
    owner = record(project, run_id).owner
    assert owner is not None
    time.sleep(chance.uniform(0, 0.2))
    os.kill(owner.pid, signal.SIGKILL)
    wait_for(lambda: record(project, run_id).state is not RunState.RUNNING)
    killed = record(project, run_id)
    assert (killed.state, killed.resumes) == (RunState.DEAD, 0)
    (project / "go").touch()
    third = start(project, "--once")
    out, err = third.communicate(timeout=60)
    assert third.returncode == 0, err
    assert [one.event for one in told(out)] == ["resuming", "ended", "waiting"]
    assert "passed before, not run again" in err
    check_done_once(project, run_id, "work")
    for process in (first, second, third):
        process.communicate()


def test_it_waits_for_work_and_ends_the_run_under_way_when_it_is_stopped(project: Path) -> None:
    worker = start(project)
    assert worker.stdout is not None
    assert told(worker.stdout.readline())[0].text == "no run waits for its time"
    run_id = leave_dead(project, "work")
    wait_for(lambda: "begin work-0" in effects(project), worker)
    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=60)
    assert worker.returncode == 130, err
    assert [one.event for one in told(out)] == ["resuming", "stopped"]
    assert f"the worker was stopped, and run {run_id} with it" in err
    left = record(project, run_id)
    # Stopped by a machine, not by a person: the next worker goes on.
    assert (left.state, left.due is None, left.waits) == (RunState.DEAD, False, "")


def test_what_is_not_due_is_left_alone(project: Path, fixer: Fixer) -> None:
    waiting, stopped = leave_dead(project, "waiting"), leave_dead(project, "stopped")
    with open_journal(project / ".fixer") as journal:
        with journal.own(waiting) as owned:
            due = owned.put_off("a quota is used up", journal.now() + 5000)
        with journal.own(stopped) as owned:
            owned.interrupt()
    ran = fixer("worker", "--once", cwd=project)
    assert ran.code == 0
    assert effects(project) == []
    line = rf"\d\d:\d\d:\d\d the next run is {waiting}: it goes on at .* with `fixer resume {waiting}`, or by itself"
    assert re.match(line, ran.stdout)
    assert record(project, waiting).due == due


def test_a_run_that_cannot_go_on_comes_later_and_is_given_up(project: Path, fixer: Fixer) -> None:
    run_id = leave_dead(project, "work", "of another version", deaths=3, ago=3600)
    ran = fixer("worker", "--once", cwd=project)
    assert ran.code == 0
    assert f"going on with run {run_id} (of another version): its process was gone" in ran.stdout
    assert f"run {run_id} goes on with `fixer resume {run_id}`: given up: its process died, and 3 resumes" in ran.stdout
    assert record(project, run_id).due is None
    again = fixer("worker", "--once", cwd=project)
    assert "going on" not in again.stdout


def test_where_fixer_never_ran_looking_leaves_nothing_behind(project: Path, fixer: Fixer) -> None:
    assert fixer("worker", "--once", cwd=project).code == 0
    assert not (project / ".fixer").exists()


def test_a_run_never_resumes_another_one(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RUN_VARIABLE, "abc")
    with (
        open_journal(project / ".fixer") as journal,
        pytest.raises(PolicyError, match="was started inside of run abc"),
    ):
        Worker(journal, project, lambda _: None)
