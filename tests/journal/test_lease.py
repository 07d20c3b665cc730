import os
import signal
import subprocess
from pathlib import Path

import pytest

from fixer.errors import JournalError
from fixer.journal import BusyError, Journal, RunState
from fixer.journal.lease import Lease, is_held
from tests.journal.programs import holding


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = Lease(tmp_path / "lock"), Lease(tmp_path / "lock")
    assert first.take(0)
    assert not second.take(0.01)
    assert is_held(tmp_path / "lock")
    first.release(remove=False)
    assert not is_held(tmp_path / "lock")
    assert second.take(0)
    second.release(remove=True)
    assert not (tmp_path / "lock").exists()
    assert not is_held(tmp_path / "lock")


def test_looking_neither_makes_nor_takes(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()


# Python 3.12 warns of any fork in a process with threads; these children only wait and leave.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_does_not_keep_the_lease_of_its_parent(tmp_path: Path) -> None:
    """A child that outlives a killed parent would otherwise make a dead run look alive."""
    lease = Lease(tmp_path / "lock")
    assert lease.take(0)
    child, ready, go_on = fork()
    os.read(ready, 1)
    assert is_held(tmp_path / "lock")
    # As at the parent's death: its descriptor is closed, and nothing is unlocked.
    lease.forget()
    assert not is_held(tmp_path / "lock")
    os.close(go_on)
    os.waitpid(child, 0)
    os.close(ready)


# Python 3.12 warns of any fork in a process with threads; these children only wait and leave.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_lease_is_given_back_although_a_child_was_just_forked(tmp_path: Path) -> None:
    for _ in range(20):
        lease = Lease(tmp_path / "lock")
        assert lease.take(0)
        child, ready, go_on = fork()
        lease.release(remove=False)
        assert not is_held(tmp_path / "lock")
        os.close(go_on)
        os.waitpid(child, 0)
        os.close(ready)


def fork() -> tuple[int, int, int]:
    """Return a child's pid, a descriptor that it writes to once it runs, and one whose end ends it."""
    ready, say = os.pipe()
    wait, go_on = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go_on)
        os.write(say, b"!")
        os.read(wait, 1)
        os._exit(0)
    os.close(say)
    os.close(wait)
    return child, ready, go_on


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="could not be opened: No such file"):
        Lease(tmp_path / "missing" / "lock").take(0)


def test_a_live_run_is_busy_and_a_killed_one_is_dead_at_once(journal: Journal, folder: Path) -> None:
    run = journal.submit("test", None, "key")
    with holding(folder, run.id) as holder:
        seen = journal.run(run.id)
        assert (seen.state, seen.alive) == (RunState.RUNNING, True)
        assert seen.owner is not None
        assert seen.owner.pid == holder.pid
        with pytest.raises(BusyError, match=f"run {run.id} is being worked on by process {holder.pid}") as busy:
            journal.own(run.id).__enter__()
        assert f"fixer cancel {run.id}" in busy.value.hint
        holder.kill()
        holder.communicate()
        assert holder.returncode == -signal.SIGKILL
        dead = journal.run(run.id)
        assert (dead.state, dead.alive) == (RunState.DEAD, False)
        with journal.own(run.id) as owned:
            assert owned.resumed
            assert owned.epoch == 2


def test_a_stopped_process_is_alive(journal: Journal, folder: Path) -> None:
    """Without heartbeats nothing is called dead for being slow."""
    run = journal.submit("test", None, "key")
    with holding(folder, run.id) as holder:
        holder.send_signal(signal.SIGSTOP)
        assert journal.run(run.id).alive


def test_a_recycled_pid_is_not_the_owner(journal: Journal) -> None:
    """A stranger now has the pid of the dead owner: the run is dead, and the stranger gets no signal."""
    run = journal.submit("test", None, "key")
    with journal.own(run.id):
        pass
    with subprocess.Popen(["sleep", "60"]) as stranger:
        with journal.database.transaction() as connection:
            connection.execute("UPDATE runs SET owner_pid = ?, owner_start = owner_start + 7", (stranger.pid,))
        assert journal.run(run.id).state is RunState.DEAD
        assert journal.cancel(run.id).signalled is None
        assert stranger.poll() is None
        stranger.kill()


def test_a_live_run_with_the_record_of_a_stranger_is_fenced_and_the_stranger_spared(
    journal: Journal, folder: Path
) -> None:
    run = journal.submit("test", None, "key")
    with holding(folder, run.id) as holder:
        with subprocess.Popen(["sleep", "60"]) as stranger:
            with journal.database.transaction() as connection:
                connection.execute("UPDATE runs SET owner_pid = ?", (stranger.pid,))
            cancelled = journal.cancel(run.id)
            assert cancelled.signalled is None
            assert stranger.poll() is None
            stranger.kill()
        _, errors = holder.communicate("go on\n")
        assert "FencedError" in errors
        assert journal.run(run.id).state is RunState.CANCELLED
