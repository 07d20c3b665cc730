"""The lease of a run: an flock that the kernel frees at the moment its process dies, whatever killed it.

The lock, not the pid, says whether an owner lives: that holds across containers, and needs no heartbeat.
"""

import contextlib
import fcntl
import os
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from fixer.errors import ConfigError, JournalError

PATIENCE_SECONDS = 0.5
"""How long to try again while somebody has the lock who did not record itself: a reader's probe lasts microseconds."""
_PAUSE = 0.002


class BusyError(ConfigError):
    """A live process has the run; nothing was done."""


class Lease:
    """The lock of one run, held until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        """Bind to the lock file; nothing is taken yet."""
        self.path = path
        self._descriptor: int | None = None

    def take(self, patience_seconds: float) -> bool:
        """Take the lock, trying again for a while; False where another process (or this one, once more) has it.

        Raises:
            JournalError: the lock file cannot be made.
        """
        deadline = time.monotonic() + patience_seconds
        while (descriptor := _try_lock(_make(self.path), fcntl.LOCK_EX)) is None:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE)
        self._descriptor = descriptor
        _HELD.add(self)
        return True

    def release(self, *, remove: bool) -> None:
        """Let go; `remove` takes the file away, which is right only when the run has ended for good.

        A process that opened the file just before gets a lock on a file without a name, and then meets a run whose
        state refuses every transition.
        """
        if self._descriptor is None:
            return
        if remove:
            self.path.unlink(missing_ok=True)
        # Unlocked by hand: a child that was forked a moment ago may still have its copy open.
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self.forget()

    def forget(self) -> None:
        """Close this process's descriptor; the lock stays with whoever else has it open."""
        _HELD.discard(self)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextlib.contextmanager
def claimed(folder: Path, run_id: str) -> Iterator[bool]:
    """Tell whether this process alone is about to resume a run, until the block is left or the process dies.

    It keeps several workers from starting a process each for one run; which of them owns the run, its lease says.

    Args:
        folder: of the journal.
        run_id: of the run.
    """
    lease = Lease(folder / "locks" / f"{run_id}.claim")
    mine = lease.take(0)
    try:
        yield mine
    finally:
        lease.release(remove=True)


def is_held(path: Path) -> bool:
    """Whether a live process holds the lock.

    Raises:
        JournalError: the lock file cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _not_opened(path, error) from error
    locked = _try_lock(descriptor, fcntl.LOCK_SH)
    if locked is None:
        return True
    os.close(locked)
    return False


def _make(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_CREAT, 0o600)
    except OSError as error:
        raise _not_opened(path, error) from error


def _not_opened(path: Path, error: OSError) -> JournalError:
    return JournalError(
        f"the lock file {path} could not be opened: {error.strerror}",
        "make the folder writable, and give the disk room; `fixer doctor` checks both",
    )


def _try_lock(descriptor: int, kind: int) -> int | None:
    """Lock an open file and return it; None, and the file closed, where somebody else has it."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError as error:
        os.close(descriptor)
        raise JournalError(
            f"a lock could not be taken: {error.strerror}", "keep the repository on a local disk: flock is needed"
        ) from error
    return descriptor


_HELD: weakref.WeakSet[Lease] = weakref.WeakSet()


def _forget_all() -> None:
    """Close the locks that a fork copied: a child must not keep alive the lease of a parent that died."""
    for lease in list(_HELD):
        lease.forget()


os.register_at_fork(after_in_child=_forget_all)
