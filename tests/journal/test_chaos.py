"""Real runs killed with SIGKILL, at random moments and at every boundary, and resumed until they are done."""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from fixer.journal import RunState, StepState, open_journal
from tests.journal.programs import output, start

KILLS = int(os.environ.get("FIXER_CHAOS_KILLS", "10"))
STEPS = 8
PAUSE = 0.01


def lines(folder: Path, key: str) -> list[str]:
    log = folder / f"{key}.log"
    return log.read_text().splitlines() if log.exists() else []


def check_ended(folder: Path, key: str, steps: int) -> None:
    """The run is done, every step was recorded once, and no recorded step was begun again."""
    with open_journal(folder / ".fixer") as journal:
        run = journal.latest(key)
        assert run is not None
        assert (run.state, run.attempt, run.result) == (RunState.DONE, 1, {"steps": steps})
        assert journal.database.problems() == []
        attempts = journal.steps(run.id)
        kinds = Counter(event.kind for event in journal.events(run.id))
    done = [step.name for step in attempts if step.state is StepState.DONE]
    assert done == [f"step.{number}" for number in range(steps)]
    for name in done:
        mine = [step for step in attempts if step.name == name]
        assert [step.attempt for step in mine] == list(range(1, len(mine) + 1))
        assert [step.state for step in mine[:-1]] == [StepState.INTERRUPTED] * (len(mine) - 1)
    assert kinds["step.done"] == steps
    assert kinds["step.running"] == len(attempts)
    assert kinds["step.interrupted"] == len(attempts) - steps
    log = lines(folder, key)
    for name in done:
        assert f"end {name}" in log
        if f"recorded {name}" in log:
            assert f"begin {name}" not in log[log.index(f"recorded {name}") :]


@pytest.mark.chaos
@pytest.mark.timeout(60 + 5 * KILLS)
def test_killed_at_random_moments_nothing_is_lost_and_nothing_finished_runs_again(tmp_path: Path) -> None:
    chance = random.Random(20240229)
    kills, rounds = 0, 0
    while kills < KILLS:
        key = f"run-{rounds}"
        rounds += 1
        assert rounds < 10 * KILLS, "the kills do not land inside the runs"
        while True:
            before = len(lines(tmp_path, key))
            process = start("many_steps", tmp_path, key, STEPS, PAUSE, "")
            if kills == KILLS:
                output(process)
                break
            while len(lines(tmp_path, key)) == before and process.poll() is None:
                time.sleep(0.002)
            time.sleep(chance.uniform(0, STEPS * PAUSE * 1.2))
            process.kill()
            process.communicate()
            if process.returncode == 0:
                break
            assert process.returncode == -signal.SIGKILL
            with open_journal(tmp_path / ".fixer") as journal:
                run = journal.latest(key)
                assert run is not None
                if run.state is RunState.DONE:
                    break
                # Inside the run: it was owned, and its death is known at once.
                assert (run.state, run.alive) == (RunState.DEAD, False)
            kills += 1
        check_ended(tmp_path, key, STEPS)


BOUNDARIES = [
    *(f"clock:{question}" for question in range(1, 8)),
    *(f"{word}:step.{number}" for number in range(2) for word in ("begin", "end", "recorded")),
    "recorded:finish",
]
"""Two steps. The clock is asked by submit, own, each step's start and end, and finish: inside each transaction."""


@pytest.mark.chaos
@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_killed_at_a_boundary_the_run_goes_on(tmp_path: Path, boundary: str) -> None:
    victim = start("many_steps", tmp_path, "key", 2, 0, boundary)
    victim.communicate()
    assert victim.returncode == -signal.SIGKILL
    if boundary != "recorded:finish":
        output(start("many_steps", tmp_path, "key", 2, 0, ""))
    check_ended(tmp_path, "key", 2)
    begun = Counter(lines(tmp_path, "key"))
    for number in range(2):
        # Only a body whose end was not recorded runs again.
        again = boundary in {f"begin:step.{number}", f"end:step.{number}", f"clock:{4 + 2 * number}"}
        assert begun[f"begin step.{number}"] == 1 + again


def test_the_boundaries_are_all_there_are(tmp_path: Path) -> None:
    """One question more than listed is asked of the clock by nobody: the list above misses no transaction."""
    output(start("many_steps", tmp_path, "key", 2, 0, "clock:8"))
    check_ended(tmp_path, "key", 2)
