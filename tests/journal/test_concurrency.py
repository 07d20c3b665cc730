"""Many processes, one database."""

from collections import Counter
from pathlib import Path

from fixer.journal import RunState, open_journal
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
