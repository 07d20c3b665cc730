"""Rows in, records out, and the writes that several transactions share. Every function runs in its caller's one."""

import json
import sqlite3
from typing import Any

from pydantic import JsonValue

from fixer.journal.due import due_at
from fixer.journal.process import ProcessMark
from fixer.journal.records import Event, RunRecord, StepRecord
from fixer.journal.states import RunState, StepState

RUNS = (
    "SELECT id, kind, key, attempt, given, state, epoch, owner_pid, owner_start, owner_boot, "
    "result, error, given_back, due, resumes, created, started, updated, ended, died FROM runs"
)
STEPS = "SELECT run, name, attempt, state, output, error, started, ended FROM steps"
EVENTS = "SELECT id, run, at, kind, data FROM events"


def to_json(value: object) -> str:
    """Write a value as ASCII JSON: text that was not UTF-8 (surrogates) and infinite numbers come back unchanged."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def run_of(row: tuple[Any, ...], *, alive: bool) -> RunRecord:
    """Build the record of a row of `RUNS`; `alive` says whether the lease is held."""
    (id_, kind, key, attempt, given, stored, epoch, pid, start, boot, result, error, *rest) = row
    given_back, due, resumes, created, started, updated, ended, died = rest
    state = RunState(stored)
    if state is RunState.RUNNING and due is not None:
        state = RunState.WAITING
    elif state is RunState.RUNNING and not alive:
        state = RunState.DEAD
    return RunRecord(
        id=id_,
        kind=kind,
        key=key,
        attempt=attempt,
        given=json.loads(given),
        state=state,
        alive=state is RunState.RUNNING,
        owner=None if pid is None else ProcessMark(pid=pid, start=start, boot=boot),
        epoch=epoch,
        result=json.loads(result),
        error=error,
        created=created,
        started=started,
        updated=updated,
        ended=ended,
        died=died,
        given_back=given_back,
        due=due_at(state, due=due, given_back=given_back, resumes=resumes, created=created, updated=updated),
        resumes=resumes,
    )


def step_of(row: tuple[Any, ...]) -> StepRecord:
    """Build the record of a row of `STEPS`."""
    run_id, name, attempt, state, output, error, started, ended = row
    return StepRecord(
        run_id=run_id,
        name=name,
        attempt=attempt,
        state=StepState(state),
        output=json.loads(output),
        error=error,
        started=started,
        ended=ended,
    )


def event_of(row: tuple[Any, ...]) -> Event:
    """Build the record of a row of `EVENTS`."""
    number, run_id, at, kind, data = row
    return Event(id=number, run_id=run_id, at=at, kind=kind, data=json.loads(data))


def append_event(connection: sqlite3.Connection, run_id: str, at: float, kind: str, data: JsonValue) -> None:
    """Add to the stream and note that the run moved."""
    connection.execute("INSERT INTO events(run, at, kind, data) VALUES(?, ?, ?, ?)", (run_id, at, kind, to_json(data)))
    connection.execute("UPDATE runs SET updated = max(updated, ?) WHERE id = ?", (at, run_id))


def end_run(  # noqa: PLR0913 - one argument a column
    connection: sqlite3.Connection, run_id: str, at: float, state: RunState, *, result: JsonValue, error: str
) -> None:
    """Write the end of a run, whose transition the caller checked; no attempt of a step stays open."""
    close_steps(connection, run_id, ended=at, now=at)
    connection.execute(
        "UPDATE runs SET state = ?, result = ?, error = ?, ended = ?, given_back = '', due = NULL WHERE id = ?",
        (state.value, to_json(result), error, at, run_id),
    )
    append_event(connection, run_id, at, f"run.{state}", {"error": error} if error else {})


def close_steps(connection: sqlite3.Connection, run_id: str, *, ended: float, now: float) -> None:
    """Mark the attempts that nobody will end any more as interrupted, ended at `ended` (never before they started)."""
    error = "the process was killed or stopped inside the step"
    open_steps = connection.execute(
        "SELECT name, attempt FROM steps WHERE run = ? AND state = 'running' ORDER BY rowid", (run_id,)
    ).fetchall()
    for name, attempt in open_steps:
        connection.execute(
            "UPDATE steps SET state = ?, ended = max(started, ?), error = ? WHERE run = ? AND name = ? AND attempt = ?",
            (StepState.INTERRUPTED.value, ended, error, run_id, name, attempt),
        )
        data: JsonValue = {"name": name, "attempt": attempt, "error": error}
        append_event(connection, run_id, now, f"step.{StepState.INTERRUPTED}", data)


def last_event(connection: sqlite3.Connection, run_id: str) -> float:
    """Return the time of the last event: the last sign of life of a killed owner, in seconds since the epoch."""
    row = connection.execute("SELECT at FROM events WHERE run = ? ORDER BY id DESC LIMIT 1", (run_id,)).fetchone()
    return float(row[0]) if row else 0.0
