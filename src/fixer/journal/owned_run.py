"""A run in the hands of the one process that works on it: steps that are done once, events, and the end."""

import os
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from pydantic import JsonValue, TypeAdapter

from fixer.journal import process, steps, tables
from fixer.journal.database import Database
from fixer.journal.due import put_off_until
from fixer.journal.ledger import Ledger
from fixer.journal.process import ProcessMark
from fixer.journal.records import Event, Resource, RunRecord
from fixer.journal.states import FencedError, RunState, StepState

if TYPE_CHECKING:
    from fixer.schema.analysis import Measurement, Series

T = TypeVar("T")
INTERRUPTED = "stopped with Ctrl-C"
_FENCE = "SELECT state, epoch, given_back FROM runs WHERE id = ?"


class OwnedRun:
    """What `Journal.own` gives. Every write first checks that the run is still this process's.

    All methods raise `FencedError` once the run was cancelled or taken over, and `JournalError` where the database
    cannot be written.
    """

    def __init__(
        self, database: Database, clock: Callable[[], float], before: RunRecord, epoch: int, started: float
    ) -> None:
        """Take over the run as epoch `epoch`; use `Journal.own`."""
        self.id = before.id
        self.kind = before.kind
        self.key = before.key
        self.attempt_number = before.attempt
        self.given: JsonValue = before.given
        self.epoch = epoch
        self.started = started
        """First start, in seconds since the epoch; the same after every resume."""
        self.resumed = before.state is not RunState.QUEUED
        """Whether an earlier process began this run."""
        self.durable_steps = True
        """Whether the end of a step waits until the disk has it. Without, a kill still loses nothing, but a power cut
        may make the last steps run again."""
        self._database = database
        self._clock = clock

    def step(self, name: str, returns: type[T] | TypeAdapter[T], body: Callable[[], T]) -> T:
        """Do one piece of work once, however often the run is killed and resumed.

        A step that is done gives its stored output and does not run `body`. One that was killed or failed runs again,
        as a further attempt: so an outside effect in `body` is looked for before it is made. What is returned has
        always been through JSON, so that a resumed run sees exactly what the first one saw.

        Args:
            name: deterministic, unique in the run; a repeated step carries its number (`verify.2`).
            returns: the type of the output, as pydantic understands it.
            body: the work.

        Raises:
            FencedError: the run is not ours any more; the output was not stored.
            JournalError: the stored output does not fit `returns` (another version of fixer wrote it).
            Exception: whatever `body` raises, after it was recorded.
        """
        adapter: TypeAdapter[T] = returns if isinstance(returns, TypeAdapter) else TypeAdapter(returns)
        with self._database.transaction(durable=False) as connection:
            self._check_fence(connection)
            stored = steps.output_of(connection, self.id, name)
            attempt = 0 if stored is not None else steps.start(connection, self.id, name, self._clock())
        if stored is not None:
            return steps.read(self.id, name, adapter, stored)
        try:
            output = tables.to_json(adapter.dump_python(body(), mode="json"))
            value = steps.read(self.id, name, adapter, output)
        except BaseException as error:
            self._end_step(name, attempt, steps.failed(error))
            raise
        self._end_step(name, attempt, steps.Ending(StepState.DONE, output))
        return value

    def _end_step(self, name: str, attempt: int, ending: steps.Ending) -> None:
        with self._database.transaction(durable=self.durable_steps) as connection:
            self._check_fence(connection)
            steps.end(connection, self.id, name, attempt, ending, self._clock())

    def event(self, kind: str, data: JsonValue) -> None:
        """Append to the run's stream. Secrets are masked by the caller: nothing here looks into `data`."""
        with self._database.transaction(durable=False) as connection:
            self._check_fence(connection)
            tables.append_event(connection, self.id, self._clock(), kind, data)

    def events(self, kind: str) -> list[Event]:
        """Read back what was recorded under `kind`, by this process and by those before it, oldest first."""
        rows = self._database.rows(tables.EVENTS + " WHERE run = ? AND kind = ? ORDER BY id", (self.id, kind))
        return [tables.event_of(row) for row in rows]

    def active_seconds(self, step_prefix: str = "") -> float:
        """Return the time that ended attempts of steps took, so that a budget of time survives a resume.

        Time in which several ran (one inside another, side by side) counts once; time between a kill and the resume
        does not count. A killed attempt counts until the run's last event before the kill. The attempt that is
        running now does not count.
        """
        spans = self._database.rows(
            "SELECT started, ended FROM steps WHERE run = ? AND ended IS NOT NULL AND substr(name, 1, ?) = ? "
            "ORDER BY started",
            (self.id, len(step_prefix), step_prefix),
        )
        total, reached = 0.0, float("-inf")
        for started, ended in spans:
            total += max(0.0, ended - max(started, reached))
            reached = max(reached, ended)
        return total

    def attempt(self, subject: str, limit: int, window_seconds: float) -> float | None:
        """Count this run as an attempt on `subject`, unless `limit` other runs did so within the window.

        One step of reading and writing: of many processes that ask at once only `limit` are admitted. A run counts
        once, however often it is resumed.

        Returns:
            None where it was admitted; else the time (seconds since the epoch) from which on it would be.
        """
        with self._database.transaction() as connection:
            self._check_fence(connection)
            now = self._clock()
            mine = connection.execute("SELECT 1 FROM attempts WHERE subject = ? AND run = ?", (subject, self.id))
            if mine.fetchone() is not None:
                return None
            query = "SELECT at FROM attempts WHERE subject = ? AND at > ? ORDER BY at"
            earlier = connection.execute(query, (subject, now - window_seconds)).fetchall()
            if len(earlier) >= limit:
                return float(earlier[-limit][0] if limit else now) + window_seconds
            connection.execute("INSERT INTO attempts(subject, run, at) VALUES(?, ?, ?)", (subject, self.id, now))
            tables.append_event(connection, self.id, now, "attempt", {"subject": subject, "number": len(earlier) + 1})
        return None

    def store_measurement(self, measurement: "Measurement") -> None:
        """Keep what a tool measured; again in the same step, it takes the place of the earlier one."""
        from fixer.journal import metrics  # noqa: PLC0415 - types that only analysis needs

        with self._database.transaction() as connection:
            self._check_fence(connection)
            metrics.store(connection, measurement.model_copy(update={"run_id": self.id}))

    def measurements(self, series: "Series", limit: int) -> "list[Measurement]":
        """Return what this and earlier runs measured, newest first."""
        from fixer.journal import metrics  # noqa: PLC0415 - as above

        return metrics.history(self._database, series, limit)

    def ledger(self, workspace: str) -> Ledger:
        """Return the credits of a workspace, which runs are paid from."""
        return Ledger(self._database, self._clock, workspace)

    def mark_process(self, pid: int) -> ProcessMark:
        """Record a child (leader of its own process group) right after its start, in case this process is killed."""
        mark = process.mark(pid)
        with self._database.transaction(durable=False) as connection:
            self._check_fence(connection)
            connection.execute(
                "INSERT OR REPLACE INTO processes(run, pid, start, boot, epoch) VALUES(?, ?, ?, ?, ?)",
                (self.id, mark.pid, mark.start, mark.boot, self.epoch),
            )
        return mark

    def forget_process(self, mark: ProcessMark) -> None:
        """Take back `mark_process` after the child's group is gone; also right in a run that was fenced."""
        with self._database.transaction(durable=False) as connection:
            connection.execute(
                "DELETE FROM processes WHERE run = ? AND pid = ? AND start = ? AND boot = ?",
                (self.id, mark.pid, mark.start, mark.boot),
            )

    def leftover_processes(self) -> list[ProcessMark]:
        """Return the children of earlier, killed owners that are verified to be alive still; only these may be killed.

        The caller kills the groups (`os.killpg(mark.pid, …)`) and then calls `forget_process`. Marks whose processes
        are gone are forgotten here.
        """
        rows = self._database.rows(
            "SELECT pid, start, boot FROM processes WHERE run = ? AND epoch < ?", (self.id, self.epoch)
        )
        left = []
        for pid, start, boot in rows:
            mark = ProcessMark(pid=pid, start=start, boot=boot)
            if process.group_runs(mark, self.id):
                left.append(mark)
            else:
                self.forget_process(mark)
        return left

    def hold(self, kind: str, name: str) -> None:
        """Record, before making it, something outside of the database that has to be taken away in the end."""
        with self._database.transaction() as connection:
            self._check_fence(connection)
            connection.execute(
                "INSERT OR IGNORE INTO resources(run, kind, name) VALUES(?, ?, ?)", (self.id, kind, name)
            )

    def let_go(self, kind: str, name: str) -> None:
        """Take back `hold` after the thing is gone; also right in a run that was fenced."""
        with self._database.transaction(durable=False) as connection:
            connection.execute("DELETE FROM resources WHERE run = ? AND kind = ? AND name = ?", (self.id, kind, name))

    def held(self) -> list[Resource]:
        """Return what this run (in this process or earlier ones) holds."""
        rows = self._database.rows("SELECT kind, name FROM resources WHERE run = ? ORDER BY rowid", (self.id,))
        return [Resource(kind=kind, name=name) for kind, name in rows]

    def check(self) -> None:
        """Do nothing while the run is ours; for long bodies that want to stop early.

        Raises:
            FencedError: it was cancelled or taken over.
        """
        self._compare(self._database.rows(_FENCE, (self.id,)))

    def finish(self, result: JsonValue) -> None:
        """End the run as done."""
        self._end(RunState.DONE, result, "")

    def fail(self, error: str, result: JsonValue = None) -> None:
        """End the run as failed, with the reason in words."""
        self._end(RunState.FAILED, result, error or "no reason was given")

    def put_off(self, reason: str, at: float | None) -> float | None:
        """Give the run back because of something that passes by itself; nothing can be written to it afterwards.

        After several resumes in a row that finished no step it is given up: then only somebody's own decision goes on.

        Args:
            reason: what stands in the way, in words.
            at: when that is over, in seconds since the epoch; None: nobody said when.

        Returns:
            From when on the run goes on by itself (seconds since the epoch); None: it was given up.
        """
        with self._database.transaction() as connection:
            self._check_fence(connection)
            [(resumes,)] = connection.execute("SELECT resumes FROM runs WHERE id = ?", (self.id,)).fetchall()
            due = put_off_until(at, self._clock(), resumes)
            if due is None:
                reason = f"given up after {resumes} resumes in a row that did not get it further: {reason}"
            self._give_back(connection, reason, due)
        return due

    def put_off_until(self, at: float | None) -> float | None:
        """Return what `put_off` would return now; nothing is written."""
        [(resumes,)] = self._database.rows("SELECT resumes FROM runs WHERE id = ?", (self.id,))
        return put_off_until(at, self._clock(), resumes)

    def interrupt(self) -> None:
        """Give the run back because somebody stopped it: it goes on when somebody resumes it, never by itself."""
        with self._database.transaction() as connection:
            self._check_fence(connection)
            self._give_back(connection, INTERRUPTED, None)

    def _give_back(self, connection: sqlite3.Connection, reason: str, due: float | None) -> None:
        now = self._clock()
        tables.close_steps(connection, self.id, ended=now, now=now)
        connection.execute("UPDATE runs SET given_back = ?, due = ? WHERE id = ?", (reason, due, self.id))
        if due is None:
            tables.append_event(connection, self.id, now, "given_back", {"reason": reason})
        else:
            tables.append_event(connection, self.id, now, f"run.{RunState.WAITING}", {"reason": reason, "due": due})

    def _end(self, state: RunState, result: JsonValue, error: str) -> None:
        with self._database.transaction() as connection:
            self._check_fence(connection)
            tables.end_run(connection, self.id, self._clock(), state, result=result, error=error)

    def _check_fence(self, connection: sqlite3.Connection) -> None:
        self._compare(connection.execute(_FENCE, (self.id,)).fetchall())

    def _compare(self, rows: list[tuple[str, int, str]]) -> None:
        if rows == [(RunState.RUNNING.value, self.epoch, "")]:
            return
        state, epoch, _ = rows[0] if rows else ("removed", 0, "")
        what = f"was {state} meanwhile"
        if state == RunState.RUNNING:
            what = "was given back" if epoch == self.epoch else "was taken over by another process"
        raise FencedError(
            f"run {self.id} {what}; process {os.getpid()} stops working on it",
            f"`fixer events {self.id}` shows what happened",
        )
