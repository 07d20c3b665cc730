"""Many processes, one database."""

import threading
import time
from collections import Counter
from pathlib import Path

from fixer.journal import RunState, TransitionError, open_journal
from fixer.journal.lease import is_held
from tests.journal.programs import output, start

PROCESSES = 8
RUNS = 100


def test_eight_processes_finish_a_hundred_runs_each_once(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        ids = {journal.submit("test", None, str(number)).id for number in range(RUNS)}
        workers = [start("claim_all", tmp_path) for _ in range(PROCESSES)]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        said = []
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        for worker in workers:
            said += output(worker).split()
        assert Counter(said) == Counter(ids)
        runs = journal.runs(limit=2 * RUNS)
        assert {run.id for run in runs} == ids
        assert all((run.state, run.epoch) == (RunState.DONE, 1) for run in runs)
        kinds = Counter(event.kind for event in journal.events())
        assert kinds == dict.fromkeys(("run.queued", "run.running", "step.running", "step.done", "run.done"), RUNS)
        assert journal.problems() == []


def test_eight_processes_make_one_new_database_and_one_run(tmp_path: Path) -> None:
    """All open a file that does not exist yet, and submit the same key at once."""
    workers = [start("submit_once", tmp_path) for _ in range(PROCESSES)]
    said = {output(worker) for worker in workers}
    assert len(said) == 1
    with open_journal(tmp_path) as journal:
        assert len(journal.runs()) == 1


def test_opening_and_closing_under_load_is_never_locked(tmp_path: Path) -> None:
    """The last connection to close removes the write-ahead log, just when others open."""
    workers = [start("open_often", tmp_path, number) for number in range(4)]
    for worker in workers:
        output(worker)
    with open_journal(tmp_path) as journal:
        assert len(journal.runs(limit=1000)) == 4 * 25
        assert journal.problems() == []


def test_a_viewer_never_sees_a_live_run_dead(tmp_path: Path) -> None:
    """An end that is written between the viewer's look at the record and its look at the lease is not a death."""
    with open_journal(tmp_path) as journal, start("one_after_the_other", tmp_path, 150) as worker:
        seen = Counter[RunState]()
        while worker.poll() is None:
            seen.update(run.state for run in journal.runs(limit=1))
        assert worker.stderr is not None
        assert worker.returncode == 0, worker.stderr.read()
    assert seen[RunState.RUNNING] > 0
    assert seen[RunState.DONE] > 0
    assert seen[RunState.DEAD] == 0


def test_a_run_that_is_cancelled_while_it_is_being_taken_is_let_go(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal, open_journal(tmp_path) as other:
        run = journal.submit("test", None, "key")
        refused: list[TransitionError] = []

        def take() -> None:
            try:
                with other.own(run.id):
                    pass
            except TransitionError as error:
                refused.append(error)

        taker = threading.Thread(target=take)
        with journal.database.transaction() as connection:
            taker.start()
            while not is_held(tmp_path / "locks" / run.id):
                time.sleep(0.001)
            connection.execute("UPDATE runs SET state = 'cancelled'")
        taker.join()
        assert len(refused) == 1
        assert not is_held(tmp_path / "locks" / run.id)
