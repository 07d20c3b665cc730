"""The executions of one workspace: recorded once by their id, counted by agent and fingerprint."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from fixer.journal.database import Database
from fixer.journal.pauses import Pauses
from fixer.journal.tables import to_json
from fixer.schema.base import Record
from fixer.schema.execution_record import ExecutionRecord, RecordStatus
from fixer.schema.explanation import Explanation
from fixer.schema.root_cause import RootCause

_COLUMNS = "SELECT id, agent, failed, fingerprint, message, cause, at FROM executions"


class Seen(Record):
    """What is counted of one recorded execution."""

    id: str
    agent: str
    failed: bool
    fingerprint: str
    """Empty where it did not fail."""
    message: str
    """The error, normalised."""
    root_cause: RootCause
    at: float
    """Seconds since the epoch: when it ended, else when it was recorded."""


class Executions:
    """Everything recorded under one workspace; no method reaches another one's rows."""

    def __init__(self, database: Database, clock: Callable[[], float], workspace: str) -> None:
        """Bind to a workspace; its rows are there or not."""
        self.workspace = workspace
        self.pauses = Pauses(database, clock, workspace)
        self._database = database
        self._clock = clock

    def record(self, record: ExecutionRecord, seen: Seen) -> bool:
        """Keep an execution, once by its id; return whether it is new, or has ended since it was kept.

        One that had ended keeps what it was.
        """
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT record FROM executions WHERE workspace = ? AND id = ?", (self.workspace, seen.id)
            ).fetchone()
            before = None if row is None else RecordStatus(json.loads(row[0])["status"])
            if before is not None and (before.ended or not record.status.ended):
                return False
            connection.execute(
                "INSERT OR REPLACE INTO executions"
                "(workspace, id, agent, failed, fingerprint, message, cause, at, record) "
                "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self.workspace,
                    seen.id,
                    seen.agent,
                    int(seen.failed),
                    seen.fingerprint,
                    seen.message,
                    seen.root_cause.value,
                    seen.at,
                    to_json(record.model_dump(mode="json", by_alias=True)),
                ),
            )
        return True

    def explain(self, id_: str, explanation: Explanation) -> None:
        """Keep the explanation of a recorded execution."""
        text = to_json(explanation.model_dump(mode="json", by_alias=True))
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE executions SET explanation = ? WHERE workspace = ? AND id = ?", (text, self.workspace, id_)
            )

    def load(self, id_: str) -> tuple[ExecutionRecord, Explanation | None] | None:
        """Return a recorded execution and its explanation; None: this workspace has none of that id."""
        rows = self._database.rows(
            "SELECT record, explanation FROM executions WHERE workspace = ? AND id = ?", (self.workspace, id_)
        )
        if not rows:
            return None
        record, explanation = rows[0]
        told = None if explanation == "null" else Explanation.model_validate(json.loads(explanation))
        return ExecutionRecord.model_validate(json.loads(record)), told

    def seen(self, id_: str) -> Seen | None:
        """Return what is counted of one execution; None: this workspace has none of that id."""
        rows = self._database.rows(_COLUMNS + " WHERE workspace = ? AND id = ?", (self.workspace, id_))
        return _seen(rows[0]) if rows else None

    def last(self, agent: str, limit: int, *, failed_only: bool = True, before: float | None = None) -> list[Seen]:
        """Return the newest executions of an agent, newest first, those that failed alone unless told otherwise."""
        # By an equality the index gives the newest at once; a range would sort all that the agent ever did.
        which = "failed = 1" if failed_only else "failed IN (0, 1)"
        query = f"{_COLUMNS} WHERE workspace = ? AND agent = ? AND {which} AND at <= ?"
        newest = float("inf") if before is None else before
        values = (self.workspace, agent, newest, limit)
        return [_seen(row) for row in self._database.rows(f"{query} ORDER BY at DESC, rowid DESC LIMIT ?", values)]

    def agents(self) -> list[str]:
        """Return the names of all agents that were recorded or paused, in the order of the alphabet."""
        rows = self._database.rows(
            "SELECT agent FROM executions WHERE workspace = ? UNION SELECT agent FROM paused WHERE workspace = ? "
            "ORDER BY 1",
            (self.workspace, self.workspace),
        )
        return [row[0] for row in rows]

    def dismiss(self, agent: str, fingerprint: str) -> None:
        """Say that a pattern is known and not to be shown again."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO dismissed(workspace, agent, fingerprint, at) VALUES(?, ?, ?, ?)",
                (self.workspace, agent, fingerprint, self._clock()),
            )

    def dismissed(self) -> frozenset[tuple[str, str]]:
        """Return (agent, fingerprint) of every dismissed pattern."""
        rows: Sequence[tuple[str, str]] = self._database.rows(
            "SELECT agent, fingerprint FROM dismissed WHERE workspace = ?", (self.workspace,)
        )
        return frozenset(rows)


def _seen(row: tuple[Any, ...]) -> Seen:
    id_, agent, failed, fingerprint, message, cause, at = row
    return Seen(
        id=id_,
        agent=agent,
        failed=bool(failed),
        fingerprint=fingerprint,
        message=message,
        root_cause=RootCause(cause),
        at=at,
    )
