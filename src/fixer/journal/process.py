"""Identity of a process that cannot be mistaken: pid, start time and boot. A recycled pid is another process.

Sources: proc(5) `/proc/PID/stat` fields 3 (state), 5 (process group) and 22 (start time in clock ticks since boot),
`/proc/sys/kernel/random/boot_id` (random(4)), pidfd_open(2). Where there is no /proc nothing can be verified, and then
nothing is signalled.
"""

import contextlib
import os
import signal
from pathlib import Path

from fixer.schema.base import Record

RUN_VARIABLE = "FIXER_RUN"
"""Environment variable with the run's id; whoever starts a child of a run sets it, so that its children are known."""
_PROC = Path("/proc")
_BOOT = _PROC / "sys/kernel/random/boot_id"


class ProcessMark(Record):
    """One process on one boot of one machine; for a child of a run also the leader of its process group."""

    pid: int
    start: int
    """Clock ticks between boot and the process's start."""
    boot: str


class _Stat(Record):
    state: str
    group: int
    start: int


def boot_id() -> str:
    """Return the id of this boot; empty where the system has none."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def mark(pid: int) -> ProcessMark:
    """Describe a process that runs now; start is -1 where it is gone or the system does not tell."""
    stat = _stat(pid)
    return ProcessMark(pid=pid, start=stat.start if stat else -1, boot=boot_id())


def runs(process: ProcessMark) -> bool:
    """Whether exactly this process runs now; a zombie does not."""
    stat = _stat(process.pid)
    return (
        stat is not None and stat.state not in "ZX" and stat.start == process.start and process.boot == boot_id() != ""
    )


def group_runs(leader: ProcessMark, run_id: str) -> bool:
    """Whether the process group of `leader` still has a member that is certainly of the run.

    The leader itself counts when it is the same process. When it is gone, a member counts that started after it and
    carries the run's id in its environment (`RUN_VARIABLE`): the number of the group alone could be another's by now.
    """
    if runs(leader):
        return True
    if leader.boot != boot_id() or leader.start < 0:
        return False
    note = f"{RUN_VARIABLE}={run_id}".encode()
    for entry in _PROC.glob("[0-9]*"):
        stat = _stat(int(entry.name))
        if stat is None or stat.group != leader.pid or stat.state in "ZX" or stat.start < leader.start:
            continue
        with contextlib.suppress(OSError):
            if note in (entry / "environ").read_bytes().split(b"\0"):
                return True
    return False


def terminate(process: ProcessMark) -> bool:
    """Send SIGTERM to exactly this process; return whether it was sent.

    Nothing is sent to a process that is gone, that only has the same number, or that is the caller itself.
    """
    if process.pid == os.getpid() or not runs(process):
        return False
    try:
        # The descriptor pins the process: what `runs` then verifies is what gets the signal.
        handle = os.pidfd_open(process.pid)
    except OSError:
        return False
    try:
        if not runs(process):
            return False
        signal.pidfd_send_signal(handle, signal.SIGTERM)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _stat(pid: int) -> _Stat | None:
    try:
        text = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return None
    # The program's name is in parentheses and may hold spaces and parentheses itself.
    fields = text[text.rindex(b")") + 2 :].split()
    return _Stat(state=fields[0].decode("ascii"), group=int(fields[2]), start=int(fields[19]))
