import os
import signal
import subprocess
from pathlib import Path

from fixer.journal import RUN_VARIABLE, Journal, Mismatch, RunState, StepState, compare
from tests.journal.conftest import Clock
from tests.journal.programs import holding


def test_a_sound_journal_has_no_differences(journal: Journal, folder: Path) -> None:
    queued = journal.submit("test", None, "queued")
    running = journal.submit("test", None, "running")
    with holding(folder, running.id):
        assert compare(journal, mend=True) == []
    with journal.own(queued.id) as owned:
        owned.hold("worktree", "/tree")
        assert {difference.run_id for difference in compare(journal, mend=False)} == {running.id}


def test_a_death_is_found_noted_once_and_taken_back_by_a_resume(journal: Journal, folder: Path, clock: Clock) -> None:
    run = journal.submit("test", None, "key")
    with holding(folder, run.id) as holder:
        holder.kill()
        holder.wait()
    found = compare(journal, mend=False)
    assert [(d.kind, d.run_id, d.mended) for d in found] == [(Mismatch.DEAD_RUN, run.id, False)]
    assert [d.mended for d in compare(journal, mend=True)] == [True]
    assert compare(journal, mend=True) == []
    dead = journal.run(run.id)
    assert (dead.state, dead.died) == (RunState.DEAD, clock.seconds)
    assert [step.state for step in journal.steps(run.id)] == [StepState.INTERRUPTED]
    assert [event.kind for event in journal.events(run.id)][-2:] == ["step.interrupted", "run.dead"]
    with journal.own(run.id) as owned:
        assert journal.run(run.id).died is None
        owned.finish(None)
    assert compare(journal, mend=True) == []


def test_leftover_children_of_a_killed_run_are_verified(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    environment = {**os.environ, RUN_VARIABLE: run.id}
    with subprocess.Popen(["sleep", "60"], start_new_session=True, env=environment) as child:
        with journal.own(run.id) as owned:
            mark = owned.mark_process(child.pid)
            gone = owned.mark_process(child.pid)
            assert gone == mark
            # Its own children are not leftovers.
            assert owned.leftover_processes() == []
            assert journal.leftover_processes(run.id) == []
        assert [d.kind for d in compare(journal, mend=False)] == [Mismatch.DEAD_RUN, Mismatch.PROCESS]
        assert journal.leftover_processes(run.id) == [mark]
        with journal.own(run.id) as owned:
            assert owned.leftover_processes() == [mark]
            with journal.database.transaction() as connection:
                connection.execute("UPDATE processes SET start = start + 1")
            # The pid is the same, the process is another: it must not be touched, and is forgotten.
            assert owned.leftover_processes() == []
            assert journal.database.rows("SELECT count(*) FROM processes") == [(0,)]
        assert child.poll() is None
        os.killpg(child.pid, signal.SIGKILL)


def test_a_child_that_was_waited_for_is_forgotten(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as child, journal.own(run.id) as owned:
        owned.forget_process(owned.mark_process(child.pid))
        child.kill()
    assert journal.leftover_processes(run.id) == []


def test_what_an_ended_run_left_behind_is_named(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    with journal.own(run.id) as owned:
        owned.hold("worktree", "/tree")
        journal.cancel(run.id)
        # Its process lives and may be clearing up.
        assert compare(journal, mend=False) == []
    found = {difference.kind: difference for difference in compare(journal, mend=True)}
    assert found[Mismatch.RESOURCE].text == f"run {run.id} has ended, and its worktree /tree was not taken away"
    assert not found[Mismatch.RESOURCE].mended
    assert set(found) == {Mismatch.RESOURCE}
    assert not list((journal.folder / "locks").iterdir())


def test_a_lock_file_that_nobody_needs_is_removed(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    with journal.own(run.id):
        pass
    journal.cancel(run.id)
    assert [(d.kind, d.mended) for d in compare(journal, mend=True)] == [(Mismatch.LOCK_FILE, True)]
    assert not list((journal.folder / "locks").iterdir())
