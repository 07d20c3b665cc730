"""Works on a run and kills itself at the first boundary of a step that no earlier process reached.

usage: killed_run.py REPOSITORY REACHED-FILE
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from fixer.journal import Journal, OwnedRun, open_journal
from fixer.repair import resume

T = TypeVar("T")
REACHED = Path(sys.argv[2])


def boundary(name: str) -> None:
    """Note the boundary, then die there, as hard as a process can; one that was noted is passed."""
    known = REACHED.read_text(encoding="utf-8").splitlines() if REACHED.exists() else []
    if name not in known:
        with REACHED.open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
        os.kill(os.getpid(), signal.SIGKILL)


class KilledRun(OwnedRun):
    """A run that dies before a step, after its work, and after its record."""

    def step(self, name: str, returns: type[T] | TypeAdapter[T], body: Callable[[], T]) -> T:
        def work() -> T:
            value = body()
            boundary(f"{name}: worked")
            return value

        if ".round" in name:
            # Of a further round only the worst moment: the work is done, and nobody knows.
            return super().step(name, returns, work)
        boundary(f"{name}: before")
        value = super().step(name, returns, work)
        boundary(f"{name}: recorded")
        return value

    def finish(self, result: object) -> None:
        boundary("finish: before")
        super().finish(result)  # type: ignore[arg-type]
        boundary("finish: recorded")


class KilledJournal(Journal):
    """A journal whose runs die."""

    @contextlib.contextmanager
    def own(self, run_id: str) -> Iterator[OwnedRun]:
        with super().own(run_id) as run:
            killed = KilledRun.__new__(KilledRun)
            killed.__dict__.update(run.__dict__)
            yield killed


def main() -> None:
    with open_journal(Path(sys.argv[1]) / ".fixer") as plain:
        journal = KilledJournal.__new__(KilledJournal)
        journal.__dict__.update(plain.__dict__)
        resume(journal, plain.runs()[0].id, print)


if __name__ == "__main__":
    main()
