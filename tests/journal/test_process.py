import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.journal import RUN_VARIABLE, process
from fixer.journal.process import ProcessMark

SLEEP = ["sleep", "60"]


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEP, start_new_session=True) as started:
        yield started
        started.kill()


def test_this_process_runs() -> None:
    me = process.mark(os.getpid())
    assert me.boot
    assert process.runs(me)


def test_the_same_pid_with_another_start_or_boot_is_another_process(child: subprocess.Popen[bytes]) -> None:
    real = process.mark(child.pid)
    recycled = real.model_copy(update={"start": real.start - 1})
    rebooted = real.model_copy(update={"boot": "another boot"})
    assert process.runs(real)
    assert not process.runs(recycled)
    assert not process.runs(rebooted)


def test_a_zombie_does_not_run(child: subprocess.Popen[bytes]) -> None:
    mark = process.mark(child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not process.runs(mark)


def test_a_program_name_may_hold_parentheses_and_spaces(tmp_path: Path) -> None:
    program = tmp_path / "a) R 1 (b"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "60"]) as started:
        assert process.runs(process.mark(started.pid))
        started.kill()


def test_only_the_very_process_is_terminated(child: subprocess.Popen[bytes]) -> None:
    real = process.mark(child.pid)
    assert not process.terminate(real.model_copy(update={"start": real.start - 1}))
    assert not process.terminate(real.model_copy(update={"boot": "another boot"}))
    assert child.poll() is None
    assert process.terminate(real)
    assert child.wait() == -signal.SIGTERM
    assert not process.terminate(real)


def test_a_process_does_not_terminate_itself() -> None:
    assert not process.terminate(process.mark(os.getpid()))


def test_a_process_that_is_gone_has_a_mark_that_fits_nobody(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    gone = process.mark(child.pid)
    assert gone.start == -1
    assert not process.runs(gone)
    assert not process.group_runs(gone, "run")


def orphan(run_id: str) -> ProcessMark:
    """Start a group whose leader ends and leaves one member behind."""
    leader = subprocess.Popen(
        ["sh", "-c", "sleep 60 & read line"],
        start_new_session=True,
        stdin=subprocess.PIPE,
        env={**os.environ, RUN_VARIABLE: run_id},
    )
    mark = process.mark(leader.pid)
    time.sleep(0.05)
    leader.communicate(b"\n")
    return mark


def test_a_group_without_its_leader_is_known_by_the_runs_mark() -> None:
    mark = orphan("run-1")
    try:
        assert not process.runs(mark)
        assert process.group_runs(mark, "run-1")
        assert not process.group_runs(mark, "run-2")
        assert not process.group_runs(mark.model_copy(update={"boot": "another boot"}), "run-1")
        assert not process.group_runs(mark.model_copy(update={"start": mark.start + 10**9}), "run-1")
    finally:
        os.killpg(mark.pid, signal.SIGKILL)
