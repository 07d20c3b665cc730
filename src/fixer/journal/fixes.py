"""The fixes of one workspace: offered, applied with what their files held before, undone, watched (spec E6)."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from fixer.errors import ConfigError
from fixer.journal.database import Database
from fixer.schema.explanation import FixState, RecordedFix, SuggestedFix
from fixer.schema.root_cause import RootCause
from fixer.schema.workspace import option_for

_COLUMNS = (
    "SELECT workspace, id, execution, agent, cause, fix, state, offered, applied, undone, outcome, succeeded FROM fixes"
)
_LEGAL = {
    FixState.OFFERED: {FixState.APPLYING},
    FixState.APPLYING: {FixState.APPLIED, FixState.OFFERED},
    FixState.APPLIED: {FixState.UNDOING},
    FixState.UNDOING: {FixState.UNDONE, FixState.APPLIED},
    FixState.UNDONE: {FixState.APPLYING},
}
"""Which state may follow which. An applying or undoing that was cut short goes on or back, as its files tell."""
Files = Mapping[str, tuple[bytes | None, bytes | None]]
"""Path -> content before and after; None: the file is not there."""


class Fixes:
    """The fixes of one workspace; no method reaches another one's rows."""

    def __init__(self, database: Database, clock: Callable[[], float], workspace: str) -> None:
        """Bind to a workspace."""
        self.workspace = workspace
        self._database = database
        self._clock = clock

    def offer(self, execution: str, agent: str, cause: RootCause, fix: SuggestedFix) -> None:
        """Record a fix that an explanation offers, once by its id."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO fixes(workspace, id, execution, agent, cause, fix, state, offered) "
                "VALUES(?, ?, ?, ?, ?, ?, 'offered', ?)",
                (
                    self.workspace,
                    fix.id,
                    execution,
                    agent,
                    cause.value,
                    fix.model_dump_json(by_alias=True),
                    self._clock(),
                ),
            )

    def all(self) -> list[RecordedFix]:
        """Return every fix, newest offer first."""
        rows = self._database.rows(
            _COLUMNS + " WHERE workspace = ? ORDER BY offered DESC, rowid DESC", (self.workspace,)
        )
        return [_fix(row) for row in rows]

    def one(self, id_: str) -> RecordedFix:
        """Return a fix by its id or the beginning of it.

        Raises:
            ConfigError: none, or more than one, of this workspace begins so.
        """
        rows = self._database.rows(
            _COLUMNS + " WHERE workspace = ? AND substr(id, 1, ?) = ? ORDER BY id LIMIT 5",
            (self.workspace, len(id_), id_),
        )
        exact = [row for row in rows if row[1] == id_]
        if id_ and (exact or len(rows) == 1):
            return _fix((exact or rows)[0])
        if id_ and rows:
            names = ", ".join(row[1] for row in rows)
            raise ConfigError(f"more than one fix begins with '{id_}': {names}", "give a few letters more of the id")
        raise no_such_fix(id_, self.workspace)

    def begin_apply(self, id_: str, files: Files) -> None:
        """Note, before any file is written, what they hold now and what they will hold.

        Raises:
            ConfigError: the fix is applied already.
        """
        with self._database.transaction() as connection:
            self._move(connection, id_, FixState.APPLYING)
            connection.execute(
                "UPDATE fixes SET outcome = NULL, succeeded = NULL WHERE workspace = ? AND id = ?",
                (self.workspace, id_),
            )
            connection.execute("DELETE FROM fix_files WHERE workspace = ? AND fix = ?", (self.workspace, id_))
            connection.executemany(
                "INSERT INTO fix_files(workspace, fix, path, before, after) VALUES(?, ?, ?, ?, ?)",
                [(self.workspace, id_, path, before, after) for path, (before, after) in files.items()],
            )

    def files(self, id_: str) -> dict[str, tuple[bytes | None, bytes | None]]:
        """Return what the files of a fix held before it and after it."""
        rows = self._database.rows(
            "SELECT path, before, after FROM fix_files WHERE workspace = ? AND fix = ? ORDER BY path",
            (self.workspace, id_),
        )
        return {path: (before, after) for path, before, after in rows}

    def move(self, id_: str, state: FixState) -> None:
        """Write that a fix has reached a state, with its time.

        Raises:
            ConfigError: the fix is not in a state that this one may follow.
        """
        with self._database.transaction() as connection:
            self._move(connection, id_, state)

    def watch(self, agent: str, execution: str, *, succeeded: bool, at: float) -> None:
        """Count an execution as the outcome of the agent's applied fixes that had none yet.

        It counts where it began after the fix was applied, and is not the one that the fix was made for.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE fixes SET outcome = ?, succeeded = ? WHERE workspace = ? AND agent = ? AND state = 'applied' "
                "AND outcome IS NULL AND execution != ? AND applied <= ?",
                (execution, int(succeeded), self.workspace, agent, execution, at),
            )

    def _move(self, connection: sqlite3.Connection, id_: str, state: FixState) -> None:
        row = connection.execute(
            "SELECT state FROM fixes WHERE workspace = ? AND id = ?", (self.workspace, id_)
        ).fetchone()
        if row is None:
            raise no_such_fix(id_, self.workspace)
        before = FixState(row[0])
        if state not in _LEGAL[before]:
            raise ConfigError(
                f"fix {id_} is {before.value} and cannot become {state.value}",
                f"`fixer fix list{option_for(self.workspace)}` shows each one's state",
            )
        column = {FixState.APPLIED: "applied", FixState.UNDONE: "undone"}.get(state)
        if column is None:
            connection.execute(
                "UPDATE fixes SET state = ? WHERE workspace = ? AND id = ?", (state.value, self.workspace, id_)
            )
            return
        connection.execute(
            f"UPDATE fixes SET state = ?, {column} = ? WHERE workspace = ? AND id = ?",  # noqa: S608 - one of two names above
            (state.value, self._clock(), self.workspace, id_),
        )


def no_such_fix(id_: str, workspace: str) -> ConfigError:
    """Build the error for an id that no fix of a workspace has, whether another workspace has it or not."""
    return ConfigError(
        f"there is no fix '{id_}' in workspace '{workspace}'", f"`fixer fix list{option_for(workspace)}` lists them"
    )


def _fix(row: tuple[Any, ...]) -> RecordedFix:
    workspace, id_, execution, agent, cause, fix, state, offered, applied, undone, outcome, succeeded = row
    return RecordedFix(
        workspace=workspace,
        id=id_,
        execution=execution,
        agent=agent,
        root_cause=RootCause(cause),
        fix=SuggestedFix.model_validate(json.loads(fix)),
        state=FixState(state),
        offered_at=offered,
        applied_at=applied,
        undone_at=undone,
        outcome=outcome or "",
        succeeded=None if succeeded is None else bool(succeeded),
    )
