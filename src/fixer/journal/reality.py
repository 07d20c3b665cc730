"""Compares the record with reality, mends what the record alone can mend, and names the rest.

What only needs the record set right (a run whose owner died, a lock file nobody needs) is mended here. What would touch
the world (processes, worktrees) is named, for the caller who knows how to take it away.
"""

import contextlib
from enum import StrEnum
from pathlib import Path

from fixer.journal import tables
from fixer.journal.journal import Journal
from fixer.journal.lease import is_held
from fixer.journal.states import RunState
from fixer.schema.base import Record


class Mismatch(StrEnum):
    """In what way record and reality differ."""

    DEAD_RUN = "dead_run"
    """Recorded as running, and nobody runs it."""
    PROCESS = "process"
    """A child of a run that nobody runs is alive."""
    RESOURCE = "resource"
    """A run has ended and something that it made is still recorded as there."""
    LOCK_FILE = "lock_file"
    """A lock file of a run that ended or was pruned."""


class Difference(Record):
    """One thing in which record and reality differ."""

    kind: Mismatch
    run_id: str
    text: str
    """The difference in words."""
    mended: bool


def compare(journal: Journal, *, mend: bool) -> list[Difference]:
    """Find the differences; with `mend` set the record right where that is all it takes.

    Raises:
        JournalError: the database could not be read or, with `mend`, written.
    """
    unfinished = journal.database.rows(
        "SELECT id FROM runs WHERE state = 'running' AND died IS NULL OR id IN (SELECT run FROM processes) "
        "OR id IN (SELECT run FROM resources)"
    )
    found = [difference for (run_id,) in unfinished for difference in _of_run(journal, run_id, mend=mend)]
    return found + _lock_files(journal, mend=mend)


def _of_run(journal: Journal, run_id: str, *, mend: bool) -> list[Difference]:
    run = journal.run(run_id)
    found: list[Difference] = []
    if journal.is_owned(run_id):
        return found
    if run.state is RunState.DEAD and run.died is None:
        text = f"run {run_id} is recorded as running, and nobody runs it"
        found.append(
            Difference(kind=Mismatch.DEAD_RUN, run_id=run_id, text=text, mended=mend and _note_death(journal, run_id))
        )
    for mark in journal.leftover_processes(run_id):
        text = f"process group {mark.pid} of run {run_id} is alive, and nobody waits for it"
        found.append(Difference(kind=Mismatch.PROCESS, run_id=run_id, text=text, mended=False))
    if run.state.ended:
        for resource in journal.resources(run_id):
            text = f"run {run_id} has ended, and its {resource.kind} {resource.name} was not taken away"
            found.append(Difference(kind=Mismatch.RESOURCE, run_id=run_id, text=text, mended=False))
    return found


def _note_death(journal: Journal, run_id: str) -> bool:
    """Write the death down, unless somebody else did, or resumed the run meanwhile."""
    with journal.database.transaction() as connection:
        # Nobody can take the run over now: that needs the write lock that this transaction has.
        run = journal.run(run_id)
        if run.state is not RunState.DEAD or run.died is not None:
            return False
        seen = tables.last_event(connection, run_id)
        now = journal.now()
        tables.close_steps(connection, run_id, ended=seen, now=now)
        connection.execute("UPDATE runs SET died = ? WHERE id = ?", (now, run_id))
        tables.append_event(connection, run_id, now, "run.dead", {"last_seen": seen})
    return True


def _lock_files(journal: Journal, *, mend: bool) -> list[Difference]:
    found = []
    for path in sorted((journal.folder / "locks").iterdir()):
        rows = journal.database.rows("SELECT state FROM runs WHERE id = ?", (path.name,))
        if (rows and not RunState(rows[0][0]).ended) or is_held(path):
            continue
        text = f"the lock file {path.name} belongs to no run that is open"
        found.append(Difference(kind=Mismatch.LOCK_FILE, run_id=path.name, text=text, mended=mend and _remove(path)))
    return found


def _remove(path: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    return True
