"""A workflow of 200 steps, killed with SIGKILL at random moments and resumed, ends as one that was never killed.

The long form, `make chaos`, sets FIXER_CHAOS_KILLS=100; `make test` kills a few times.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from fixer.journal import RunState, StepState, open_journal
from fixer.schema.workflow_report import WorkflowReport
from tests.conftest import SOURCE
from tests.repositories import make_repository

KILLS = int(os.environ.get("FIXER_CHAOS_KILLS", "4"))
STEPS = 200
pytestmark = [pytest.mark.chaos, pytest.mark.slow]
ECHO = "sh -c 'echo \"$0\" >> effects'"


def workflow() -> str:
    """Steps in sequence, and among them a loop, a nested repair and outputs that later steps use."""
    parts = []
    for number in range(STEPS - 4):
        parts.append(f"  - name: step-{number}\n    command: {ECHO} step-{number}\n")
        if number == 60:
            parts.append(
                "  - name: test\n    command: sh -c 'echo test >> effects; test -f mended'\n"
                "    conditions: [{exit_code: 1, next: mend}]\n"
                "  - name: mend\n    command: touch mended\n    conditions: [{exit_code: 0, next: test}]\n"
            )
        if number == 120:
            parts.append(
                "  - name: said\n    command: sh -c 'test -f nested && basename \"$PWD\"'\n    capture_output: true\n"
                "    on_failure: {name: nested, command: touch nested}\n"
                f'  - name: use\n    command: {ECHO}\n    args: ["use ${{said.output}}"]\n'
            )
    return f"commands:\n{''.join(parts)}"


class Place:
    """One project with the workflow in it."""

    def __init__(self, folder: Path) -> None:
        self.project = make_repository(folder / "project", {"a.txt": "a\n"})
        (self.project / "w.yml").write_text(workflow(), encoding="utf-8")
        self.finished: set[tuple[str, str]] = set()

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "fixer", *arguments], cwd=self.project, text=True, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(SOURCE)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def kill_after(self, child: "subprocess.Popen[str]", steps: int, seconds: float) -> None:
        """Kill it once so many more steps have had their effect, and a moment later."""
        wanted = len(self.effects()) + steps
        while child.poll() is None and len(self.effects()) < wanted:
            time.sleep(0.005)
        time.sleep(seconds)
        child.kill()

    def check_nothing_lost(self) -> RunState | None:
        """What was finished before the last kill is finished still, with the same output, and ran once."""
        if not (self.project / ".fixer" / "fixer.db").exists():
            return None
        with open_journal(self.project / ".fixer") as journal:
            if not journal.runs():
                return None
            [record] = journal.runs()
            steps = journal.steps(record.id)
        done = {(step.name, json.dumps(step.output)) for step in steps if step.state is StepState.DONE}
        assert self.finished <= done
        assert len(done) == len({name for name, _ in done}), "a finished step ran again"
        began = Counter(step.name.split()[1] for step in steps)
        for name, times in Counter(self.effects()).items():
            assert times <= began[name.split()[0]], (
                f"{name} ran {times} times, and began {began[name.split()[0]]} times"
            )
        self.finished = done
        return record.state

    def effects(self) -> list[str]:
        path = self.project / "effects"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def end(self) -> list[object]:
        """What a user sees of the end: each step with its result, and the effects in their order, repeats left out."""
        [path] = (self.project / ".fixer" / "reports").glob("*.json")
        report = WorkflowReport.model_validate_json(path.read_bytes())
        assert len(list((self.project / "outputs").glob("*.md"))) == 1
        seen = [(s.number, s.name, s.place, s.visit, s.status, s.exit_code, s.captured) for s in report.steps]
        loop = [line for line in self.effects() if line == "test"]
        return [report.outcome, report.summary, seen, list(dict.fromkeys(self.effects())), len(loop) >= 2]

    def is_quiet(self) -> bool:
        """Whether no process is left in the project."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                where = (process / "cwd").readlink()
            except OSError:
                continue
            if where == self.project:
                return False
        return True


def test_killed_at_random_moments(tmp_path: Path) -> None:
    whole = Place(tmp_path / "whole")
    out, err = whole.start("run", "w.yml").communicate(timeout=120)
    assert whole.check_nothing_lost() is RunState.DONE, out + err
    expected = whole.end()
    kills = 0
    number = 0
    chance = random.Random(KILLS)
    while kills < KILLS:
        number += 1
        place = Place(tmp_path / str(number))
        command = ["run", "w.yml"]
        while True:
            child = place.start(*command)
            if kills < KILLS:
                place.kill_after(child, chance.randrange(120), chance.uniform(0, 0.01))
            out, err = child.communicate(timeout=120)
            state = place.check_nothing_lost()
            kills += state is RunState.DEAD and bool(place.finished)
            if state is RunState.DONE:
                break
            assert child.returncode == -signal.SIGKILL, out + err
            command = ["run", "w.yml"] if state is None else ["resume"]
        assert place.end() == expected
        assert place.is_quiet()
    assert kills >= KILLS
