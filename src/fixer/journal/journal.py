"""The journal as everybody uses it: submit a run, own it, look at it, cancel it."""

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from pydantic import JsonValue

from fixer.errors import ConfigError, FixerError, JournalError
from fixer.interrupts import TerminatedError
from fixer.journal import process, tables
from fixer.journal.database import FILE, Database
from fixer.journal.lease import PATIENCE_SECONDS, Lease, is_held
from fixer.journal.owned_run import OwnedRun
from fixer.journal.pauses import Pauses
from fixer.journal.process import ProcessMark
from fixer.journal.records import Cancellation, Event, Resource, RunRecord, StepRecord, agent_of
from fixer.journal.refusals import busy, no_such_run
from fixer.journal.states import FencedError, RunState, check_transition
from fixer.journal.stream import follow_events, read_events


class Journal:
    """Every run of one repository. Safe for many processes at once; a forked child opens its own."""

    def __init__(self, folder: Path, database: Database, clock: Callable[[], float]) -> None:
        """Take over an open database; use `open_journal`."""
        self.folder = folder
        self.database = database
        self._clock = clock
        self._pauses = Pauses(database, clock)

    def __enter__(self) -> Self:
        """Give the journal itself; leaving closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def now(self) -> float:
        """Return the time in seconds since the epoch."""
        return self._clock()

    def changes(self) -> int:
        """Return a number that is another one once another process has written to the journal."""
        # https://www.sqlite.org/pragma.html#pragma_data_version: only other connections' changes count.
        return int(self.database.rows("PRAGMA data_version")[0][0])

    def problems(self) -> list[str]:
        """Check the whole database file; return what is wrong with it, nothing where it is sound."""
        return self.database.problems()

    def close(self) -> None:
        """Close the database. A run that is still owned keeps its lease."""
        self.database.close()

    def submit(self, kind: str, given: JsonValue, key: str, *, fresh: bool = False) -> RunRecord:
        """Return the run of `key` that is still open (queued, running or dead), else a new one, queued.

        One key has at most one open run, also when many processes submit at once: so a command typed twice, or again
        after a crash, meets its own run. The open run keeps the `given` that it began with. After an end the next
        submit makes a new attempt, numbered on. With `fresh` an open run that nobody runs is cancelled first.

        Args:
            kind: what drives the run, such as `repair`.
            given: the run's input, enough to go on with after a crash.
            key: what the run is about; the same for the same work.
            fresh: do not go on with an earlier run.

        Raises:
            BusyError: `fresh`, and a live process has the open run.
            PolicyError: what the run is about was paused.
        """
        now = self._clock()
        self._pauses.refuse(agent_of(kind, given))
        with self.database.transaction() as connection:
            row = connection.execute(tables.RUNS + " WHERE key = ? ORDER BY attempt DESC LIMIT 1", (key,)).fetchone()
            previous = None if row is None else self._record(row)
            if previous is not None and not previous.state.ended:
                if not fresh:
                    return previous
                if is_held(self._lock(previous.id)):
                    raise busy(previous)
                note = "a fresh run was started in its place"
                tables.end_run(connection, previous.id, now, RunState.CANCELLED, result=None, error=note)
            run_id = secrets.token_hex(6)
            attempt = 1 if previous is None else previous.attempt + 1
            connection.execute(
                "INSERT INTO runs(id, kind, key, attempt, given, state, created, updated) "
                "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                (run_id, kind, key, attempt, tables.to_json(given), RunState.QUEUED.value, now, now),
            )
            tables.append_event(connection, run_id, now, "run.queued", {"kind": kind, "key": key, "attempt": attempt})
        return self.run(run_id)

    def run(self, run_id: str) -> RunRecord:
        """Return one run by its id or the beginning of it.

        Raises:
            ConfigError: no run, or more than one, begins so.
        """
        found = self.database.rows(
            tables.RUNS + " WHERE substr(id, 1, ?) = ? ORDER BY created DESC LIMIT 6",
            (len(run_id), run_id),
        )
        exact = [row for row in found if row[0] == run_id]
        # Every id begins with an empty text: a variable of a script that was not set names no run.
        if run_id and (len(found) == 1 or exact):
            return self._record((exact or found)[0])
        if run_id and found:
            names = ", ".join(row[0] for row in found)
            raise ConfigError(f"more than one run begins with '{run_id}': {names}", "give a few letters more of the id")
        known = [row[0] for row in self.database.rows("SELECT id FROM runs ORDER BY created DESC LIMIT 200")]
        raise no_such_run(run_id, self.folder, known)

    def latest(self, key: str) -> RunRecord | None:
        """Return the newest attempt under a key, or None where there is none."""
        rows = self.database.rows(tables.RUNS + " WHERE key = ? ORDER BY attempt DESC LIMIT 1", (key,))
        return self._record(rows[0]) if rows else None

    def runs(self, limit: int = 50) -> list[RunRecord]:
        """Return the newest runs, newest first, each with its real state."""
        rows = self.database.rows(tables.RUNS + " ORDER BY created DESC, rowid DESC LIMIT ?", (limit,))
        return [self._record(row) for row in rows]

    def due(self) -> list[RunRecord]:
        """Return the runs that go on by themselves, the first that is due first; not those whose agent is paused."""
        rows = self.database.rows(tables.RUNS + " WHERE state IN ('queued', 'running') ORDER BY created, rowid")
        paused = {one.agent for one in self._pauses.all()} if rows else set()
        records = [one for one in map(self._record, rows) if one.due is not None and one.agent not in paused]
        return sorted(records, key=lambda one: one.due or 0.0)

    @contextlib.contextmanager
    def own(self, run_id: str) -> Iterator[OwnedRun]:
        """Take a run, which is queued or whose owner died, and be the only one to work on it.

        Leaving without `finish` or `fail` gives the run back: it then counts as dead and can be resumed. Left by
        Ctrl-C, it goes on only when somebody resumes it.

        Raises:
            BusyError: a live process has it; the message names the process.
            TransitionError: the run has ended.
            ConfigError: there is no such run.
            PolicyError: what it is about was paused.
        """
        record = self.run(run_id)
        if record.state.ended:
            check_transition(record.id, record.state, RunState.RUNNING)
        self._pauses.refuse(record.agent)
        lease = Lease(self._lock(record.id))
        if not lease.take(0) and (self._owner_is_seen(record.id) or not lease.take(PATIENCE_SECONDS)):
            raise busy(self.run(record.id))
        owned = None
        try:
            owned = self._begin(record)
            yield owned
        except KeyboardInterrupt as stop:
            if owned is not None and not isinstance(stop, TerminatedError):
                with contextlib.suppress(FencedError, JournalError):
                    owned.interrupt()
            raise
        finally:
            lease.release(remove=self._has_ended(record.id))

    def cancel(self, run_id: str) -> Cancellation:
        """End a run as cancelled; a live owner is sent SIGTERM, and fenced whatever it does.

        Cancelling twice changes nothing.

        Raises:
            TransitionError: the run is done or failed.
            ConfigError: there is no such run.
        """
        run_id = self.run(run_id).id
        with self.database.transaction() as connection:
            before = self._record(_select(connection, run_id))
            if before.state is not RunState.CANCELLED:
                stored = RunState.RUNNING if before.state is RunState.DEAD else before.state
                check_transition(run_id, stored, RunState.CANCELLED)
                at = self._clock()
                if before.state is RunState.DEAD:
                    tables.close_steps(connection, run_id, ended=tables.last_event(connection, run_id), now=at)
                tables.end_run(connection, run_id, at, RunState.CANCELLED, result=None, error="")
        signalled = None
        if before.alive and before.owner is not None and process.terminate(before.owner):
            signalled = before.owner.pid
        return Cancellation(run=self.run(run_id), signalled=signalled)

    def steps(self, run_id: str) -> list[StepRecord]:
        """Return every attempt of every step of a run, in the order in which they began."""
        rows = self.database.rows(tables.STEPS + " WHERE run = ? ORDER BY started, rowid", (self.run(run_id).id,))
        return [tables.step_of(row) for row in rows]

    def events(self, run_id: str | None = None, after: int = 0) -> list[Event]:
        """Return the events behind number `after`, of one run or (None) of all, oldest first."""
        return read_events(self.database, None if run_id is None else self.run(run_id).id, after)

    def follow(self, run_id: str | None = None, after: int = 0) -> Iterator[Event]:
        """Yield events as they come, those behind number `after` first; for outside viewers.

        Ends when the run has ended or its owner is dead; with None it goes on until the caller stops.
        """
        if run_id is None:
            return follow_events(self.folder / FILE, None, after, lambda: False)
        chosen = self.run(run_id).id

        def is_over() -> bool:
            state = self.run(chosen).state
            return state.ended or state in {RunState.DEAD, RunState.WAITING}

        return follow_events(self.folder / FILE, chosen, after, is_over)

    def attempts_since(self, subject: str, since: float) -> tuple[float, ...]:
        """Return when `OwnedRun.attempt` admitted an attempt on `subject` at or after `since`, oldest first."""
        rows = self.database.rows("SELECT at FROM attempts WHERE subject = ? AND at >= ? ORDER BY at", (subject, since))
        return tuple(row[0] for row in rows)

    def is_owned(self, run_id: str) -> bool:
        """Whether a live process has the run, also one that was cancelled a moment ago and is clearing up."""
        return is_held(self._lock(run_id))

    def leftover_processes(self, run_id: str) -> list[ProcessMark]:
        """Return the children of a run that nobody runs and that are verified to be alive still."""
        record = self.run(run_id)
        if self.is_owned(record.id):
            return []
        rows = self.database.rows("SELECT pid, start, boot FROM processes WHERE run = ?", (record.id,))
        marks = [ProcessMark(pid=pid, start=start, boot=boot) for pid, start, boot in rows]
        return [mark for mark in marks if process.group_runs(mark, record.id)]

    def resources(self, run_id: str) -> list[Resource]:
        """Return what a run made outside of the database and has not taken away yet."""
        rows = self.database.rows("SELECT kind, name FROM resources WHERE run = ?", (self.run(run_id).id,))
        return [Resource(kind=kind, name=name) for kind, name in rows]

    def let_go(self, run_id: str, kind: str, name: str) -> None:
        """Take back what a run held, after somebody else has taken the thing away."""
        with self.database.transaction(durable=False) as connection:
            connection.execute("DELETE FROM resources WHERE run = ? AND kind = ? AND name = ?", (run_id, kind, name))

    def ended_before(self, before: float) -> list[str]:
        """Return the runs that ended before a time (seconds since the epoch) and are let go of, the oldest first."""
        rows = self.database.rows("SELECT id FROM runs WHERE ended < ? ORDER BY ended, rowid", (before,))
        # One that was cancelled may be clearing up still.
        return [str(row[0]) for row in rows if not self.is_owned(str(row[0]))]

    def prune(self, before: float) -> int:
        """Forget the runs that ended before a time (seconds since the epoch); return how many.

        Runs that still have a resource to take away stay.
        """
        gone = [(run,) for run in self.ended_before(before)]
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM attempts WHERE at < ?", (before,))
            query = "DELETE FROM runs WHERE id = ? AND id NOT IN (SELECT run FROM resources)"
            return connection.executemany(query, gone).rowcount

    def _begin(self, record: RunRecord) -> OwnedRun:
        """Write that this process has the run; the caller holds the lease."""
        me = process.mark(os.getpid())
        with self.database.transaction() as connection:
            row = _select(connection, record.id)
            # The lease is ours, so a record that says running is a dead owner's.
            before = tables.run_of(row, alive=True)
            check_transition(record.id, before.state, RunState.RUNNING)
            now = self._clock()
            # What does not go on by itself is resumed by a person, who begins the count anew.
            by_itself = tables.run_of(row, alive=False).due is not None and before.state is not RunState.QUEUED
            resumes = before.resumes + 1 if by_itself else 0
            tables.close_steps(connection, record.id, ended=tables.last_event(connection, record.id), now=now)
            connection.execute(
                "UPDATE runs SET state = ?, epoch = epoch + 1, owner_pid = ?, owner_start = ?, owner_boot = ?, "
                "started = coalesce(started, ?), died = NULL, given_back = '', due = NULL, resumes = ? WHERE id = ?",
                (RunState.RUNNING.value, me.pid, me.start, me.boot, now, resumes, record.id),
            )
            data: JsonValue = {"epoch": before.epoch + 1, "pid": me.pid}
            tables.append_event(connection, record.id, now, "run.running", data)
            started = now if before.started is None else before.started
        return OwnedRun(self.database, self._clock, before, before.epoch + 1, started)

    def _record(self, row: tuple[object, ...]) -> RunRecord:
        """Build the record, asking the kernel whether the owner lives.

        The owner writes its end before it lets go of the lease. So where the lease is free and the record, read once
        more, has not moved, the owner is dead; otherwise the newer row is looked at.
        """
        while True:
            if row[5] != RunState.RUNNING or is_held(self._lock(str(row[0]))):
                return tables.run_of(row, alive=True)
            again = self.database.rows(tables.RUNS + " WHERE id = ?", (row[0],))
            if not again or again[0][5:7] == row[5:7]:
                return tables.run_of(row, alive=False)
            row = again[0]

    def _owner_is_seen(self, run_id: str) -> bool:
        record = self.run(run_id)
        return record.alive and record.owner is not None and process.runs(record.owner)

    def _has_ended(self, run_id: str) -> bool:
        try:
            return self.run(run_id).state.ended
        except FixerError:
            # It is asked on the way out, often because of that very error; the lock file may stay.
            return False

    def _lock(self, run_id: str) -> Path:
        return self.folder / "locks" / run_id


def _select(connection: sqlite3.Connection, run_id: str) -> tuple[object, ...]:
    row: tuple[object, ...] = connection.execute(tables.RUNS + " WHERE id = ?", (run_id,)).fetchone()
    return row
