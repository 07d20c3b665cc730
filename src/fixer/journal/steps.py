"""Steps of a run as rows: an output that is stored already, a start, an end. Each in its caller's transaction."""

import json
import sqlite3
from dataclasses import dataclass
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from fixer.errors import FixerError, InterruptedRunError, JournalError
from fixer.journal import tables
from fixer.journal.states import StepState

T = TypeVar("T")


@dataclass(frozen=True)
class Ending:
    """How one attempt of a step ended."""

    state: StepState
    output: str = "null"
    """JSON."""
    error: str = ""


def failed(error: BaseException) -> Ending:
    """Return the ending of an attempt that raised."""
    stopped = not isinstance(error, Exception) or isinstance(error, InterruptedRunError)
    return Ending(StepState.INTERRUPTED if stopped else StepState.FAILED, error=_words(error))


def _words(error: BaseException) -> str:
    if isinstance(error, FixerError):
        return error.message
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def output_of(connection: sqlite3.Connection, run: str, name: str) -> str | None:
    """Return the stored output of a step that is done, as JSON; None where it is not."""
    row = connection.execute(
        "SELECT output FROM steps WHERE run = ? AND name = ? AND state = 'done'", (run, name)
    ).fetchone()
    return None if row is None else str(row[0])


def start(connection: sqlite3.Connection, run: str, name: str, now: float) -> int:
    """Write that a further attempt of a step begins; return its number."""
    last = connection.execute(
        "SELECT coalesce(max(attempt), 0) FROM steps WHERE run = ? AND name = ?", (run, name)
    ).fetchone()
    attempt = int(last[0]) + 1
    connection.execute(
        "INSERT INTO steps(run, name, attempt, state, started) VALUES(?, ?, ?, ?, ?)",
        (run, name, attempt, StepState.RUNNING.value, now),
    )
    tables.append_event(connection, run, now, "step.running", {"name": name, "attempt": attempt})
    return attempt


def end(  # noqa: PLR0913, PLR0917 - which attempt of which step of which run, how and when
    connection: sqlite3.Connection, run: str, name: str, attempt: int, ending: Ending, now: float
) -> None:
    """Write how an attempt ended; one that is done ends the row of resumes that got nowhere."""
    connection.execute(
        "UPDATE steps SET state = ?, output = ?, error = ?, ended = ? WHERE run = ? AND name = ? AND attempt = ?",
        (ending.state.value, ending.output, ending.error, now, run, name, attempt),
    )
    if ending.state is StepState.DONE:
        connection.execute("UPDATE runs SET resumes = 0 WHERE id = ? AND resumes > 0", (run,))
    data: dict[str, JsonValue] = {"name": name, "attempt": attempt}
    if ending.error:
        data["error"] = ending.error
    tables.append_event(connection, run, now, f"step.{ending.state}", data)


def read(run: str, name: str, adapter: TypeAdapter[T], stored: str) -> T:
    """Return an output as the type that it has.

    Raises:
        JournalError: it does not have it: another version of fixer wrote it.
    """
    try:
        return adapter.validate_python(json.loads(stored))
    except ValidationError as error:
        raise JournalError(
            f"the output of step '{name}' of run {run} does not have the form that this fixer reads: {error}",
            f"the run was begun by another version of fixer: `fixer cancel {run}`, then run it anew",
        ) from error
