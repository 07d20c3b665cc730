"""Real runs, killed with SIGKILL: no finished step lost, one branch, one commit a fix, one report, nothing left.

The long form, `make chaos`, sets FIXER_CHAOS_KILLS=100; `make test` kills a few times.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fixer.journal import RunState, StepState, open_journal
from tests.repair.projects import branches, left_behind, twice_red_project
from tests.repositories import git, users_state

KILLS = int(os.environ.get("FIXER_CHAOS_KILLS", "6"))
SOURCE = Path(__file__).parents[2] / "src"
pytestmark = [pytest.mark.chaos, pytest.mark.slow]


class Place:
    """One project with a home and a temporary folder of its own, so that everything left behind is seen."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.temporary = folder / "temporary"
        for path in (self.home, self.temporary):
            path.mkdir(parents=True)
        self.project = twice_red_project(folder / "project")
        self.before = users_state(self.project)
        self.finished: set[tuple[str, str]] = set()

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        env = {
            **os.environ,
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": f"{SOURCE}:{SOURCE.parent}",
        }
        env.pop("XDG_CACHE_HOME", None)
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=self.project, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip

    def check_nothing_lost(self) -> RunState:
        """What was finished before the last kill is finished still, with the same output."""
        with open_journal(self.project / ".fixer") as journal:
            record = journal.runs()[0]
            done = {(s.name, json.dumps(s.output)) for s in journal.steps(record.id) if s.state is StepState.DONE}
        assert self.finished <= done
        names = [name for name, _ in done]
        assert len(names) == len(set(names)), f"a finished step ran again: {names}"
        self.finished = done
        return record.state

    def check_the_end(self) -> None:
        [branch] = branches(self.project, "fix/*")
        assert len(branches(self.project, "repro/*")) == 2
        assert git(self.project, "rev-list", "--count", f"main..{branch}") == "2"
        assert len(list((self.project / "outputs").glob("*.md"))) == 1
        with open_journal(self.project / ".fixer") as journal:
            assert [run.state for run in journal.runs()] == [RunState.DONE]
            delivered = [e for e in journal.events() if e.kind == "step.done" and e.data and "deliver" in str(e.data)]
        assert len(delivered) == 2
        assert users_state(self.project) == self.before
        # A kill between the record of the end and the last line leaves an empty lock file; `fixer runs` mends that.
        listed = self.start("-m", "fixer", "runs")
        out, err = listed.communicate(timeout=30)
        assert listed.returncode == 0, out + err
        deadline = time.monotonic() + 5
        while left_behind(self.project, self.home, self.temporary) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert left_behind(self.project, self.home, self.temporary) == []


def test_killed_at_random_moments(tmp_path: Path) -> None:
    kills = 0
    number = 0
    chance = random.Random(KILLS)
    while kills < KILLS:
        number += 1
        place = Place(tmp_path / str(number))
        command = ["-m", "fixer", "run", "info.json"]
        landed = 0
        while True:
            child = place.start(*command)
            try:
                # Enough kills for one run: let it come to its end.
                child.wait(timeout=60 if kills >= KILLS or landed >= 12 else chance.uniform(0.5, 3.0))
            except subprocess.TimeoutExpired:
                os.kill(child.pid, signal.SIGKILL)
            out, err = child.communicate()
            if not (place.project / ".fixer" / "fixer.db").exists():
                continue  # killed before the run began: does not count
            if child.returncode != -signal.SIGKILL:
                assert child.returncode == 0, out + err
                break
            with open_journal(place.project / ".fixer") as journal:
                if not journal.runs():
                    continue
            state = place.check_nothing_lost()
            landed += state is RunState.DEAD
            kills += state is RunState.DEAD
            if state is RunState.DONE:
                break
            command = ["-m", "fixer", "resume"]
        place.check_nothing_lost()
        place.check_the_end()
    assert kills >= KILLS


@pytest.mark.skipif("FIXER_CHAOS_KILLS" not in os.environ, reason="half a minute: a part of `make chaos`")
def test_killed_at_every_boundary_of_a_step(tmp_path: Path) -> None:
    place = Place(tmp_path)
    begun = place.start("-m", "fixer", "run", "info.json")
    while not (place.project / ".fixer" / "runs").exists():
        time.sleep(0.01)
    begun.kill()
    begun.communicate()
    reached = tmp_path / "reached.txt"
    killed = 0
    while True:
        child = place.start(str(Path(__file__).with_name("killed_run.py")), str(place.project), str(reached))
        out, err = child.communicate(timeout=120)
        state = place.check_nothing_lost()
        if state is RunState.DONE:
            break
        assert child.returncode == -signal.SIGKILL, out + err
        killed += 1
    boundaries = reached.read_text(encoding="utf-8").splitlines()
    assert killed >= len(boundaries) - 1
    assert {
        "reproduce: worked",
        "keep_reproduction: worked",
        "deliver: worked",
        "deliver.round2: worked",
        "finish: before",
    } <= set(boundaries)
    place.check_the_end()
