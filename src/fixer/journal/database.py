"""The SQLite file: opened safely, brought to the newest version, written in short transactions, its errors in words."""

import contextlib
import fcntl
import os
import shlex
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fixer.errors import ConfigError, JournalError
from fixer.journal.migrations import MIGRATIONS

FILE = "fixer.db"
APPLICATION_ID = 0x46495852
"""`FIXR`: tells fixer's databases from other SQLite files (https://www.sqlite.org/fileformat.html, offset 68)."""
BUSY_SECONDS = 60.0
"""How long a write waits for other processes; a transaction takes about a millisecond."""


class Database:
    """One connection to one file. Threads may share it (they take turns); a forked child may not use it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take over a connection that `open_database` prepared."""
        self.path = path
        self._connection = connection
        self._process = os.getpid()
        self._file = _identity(path)
        self._turn = threading.RLock()

    @contextlib.contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Write as one unit: all of it is there afterwards, or nothing.

        A kill loses nothing that was committed. `durable` also waits until the disk has it, for the case that the
        machine loses power; without it a power cut may lose the last transactions, whole ones only.

        Raises:
            JournalError: the database could not be written (full, read-only, damaged, replaced, busy too long).
        """
        with self._turn, self._explained():
            self._check_use()
            # NORMAL in WAL mode never damages the file: https://www.sqlite.org/pragma.html#pragma_synchronous
            self._connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """Return the rows of one SELECT.

        Raises:
            JournalError: the database could not be read.
            ConfigError: a value is text that is not UTF-8, as an argument may be.
        """
        with self._turn, self._explained():
            self._check_use()
            return self._connection.execute(query, values).fetchall()

    def problems(self) -> list[str]:
        """Check the whole file; return what SQLite finds wrong, nothing where it is sound."""
        found = [str(row[0]) for row in self.rows("PRAGMA integrity_check") if row[0] != "ok"]
        return found + [f"{row[0]} row {row[1]} points at no {row[2]}" for row in self.rows("PRAGMA foreign_key_check")]

    def close(self) -> None:
        """Close the connection; the database cannot be used afterwards."""
        with self._turn:
            self._connection.close()

    def _check_use(self) -> None:
        if self._process != os.getpid():
            raise JournalError(
                f"{self.path} was opened by process {self._process} and used by its child {os.getpid()}",
                "this is a bug in fixer: a forked process opens the journal itself",
            )
        if _identity(self.path) != self._file:
            raise JournalError(
                f"the state database {self.path} was removed or replaced while fixer was using it",
                "start the command again; what ended before is in the reports under outputs/",
            )

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise explain(self.path, error) from error
        except UnicodeEncodeError as error:
            raise ConfigError(f"{error.object[:200]!r} is not text in UTF-8", "type it in UTF-8") from error


def _named(path: Path, ending: str) -> str:
    """Return the command that moves a file away."""
    return f"mv {shlex.quote(str(path))} {shlex.quote(f'{path}.{ending}')}"


def open_database(path: Path, migrations: Sequence[str] = MIGRATIONS) -> Database:
    """Open the file, making it where there is none, and bring its tables to the newest version.

    Raises:
        JournalError: it cannot be opened or written, is damaged, is another program's, or was made by a newer fixer.
    """
    if path.is_dir():
        raise JournalError(f"{path} is a folder, and fixer's state is a file of that name", _named(path, "old"))
    try:
        with _alone(path.parent):
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            try:
                _prepare(path, connection, migrations)
                return Database(path, connection)
            except BaseException:
                connection.close()
                raise
    except sqlite3.Error as error:
        raise explain(path, error) from error
    except OSError as error:
        raise JournalError(
            f"the state database {path} could not be opened: {error.strerror}",
            "make the folder writable, and give the disk room; `fixer doctor` checks both",
        ) from error


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Open one process after the other: the change to WAL mode does not wait for other connections by itself."""
    with (folder / "open.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _prepare(path: Path, connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    version = _number(connection, "user_version")
    owner = _number(connection, "application_id")
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and owner != APPLICATION_ID:
        raise JournalError(
            f"{path} is a database of another program",
            f"move it away ({_named(path, 'other')}); fixer then makes its own",
        )
    if version > len(migrations):
        raise JournalError(
            f"{path} was written by a newer fixer (its version is {version}, this fixer knows {len(migrations)})",
            "upgrade fixer (pip install --upgrade fixer), or move the file away to begin with an empty one",
        )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    if version < len(migrations):
        _migrate(connection, version, migrations)


def _migrate(connection: sqlite3.Connection, version: int, migrations: Sequence[str]) -> None:
    """Run the migrations that are missing, each with its version number in one transaction."""
    for number, statements in enumerate(migrations[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(statements):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _statements(script: str) -> Iterator[str]:
    """Split a script; `executescript` would commit the open transaction first."""
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def explain(path: Path, error: sqlite3.Error) -> JournalError:
    """Put an error of SQLite into words: which file, what is wrong, what to do."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    hints = {
        sqlite3.SQLITE_NOTADB: _beginning_anew(path),
        sqlite3.SQLITE_CORRUPT: _beginning_anew(path),
        sqlite3.SQLITE_FULL: "free some disk space, then use `fixer resume`",
        sqlite3.SQLITE_IOERR: "check the disk (space, quota, hardware), then use `fixer resume`",
        sqlite3.SQLITE_READONLY: f"make {path.parent} and the files in it writable for you",
        sqlite3.SQLITE_CANTOPEN: f"make {path.parent} and the files in it writable for you",
        sqlite3.SQLITE_PERM: f"make {path.parent} and the files in it writable for you",
        sqlite3.SQLITE_BUSY: f"another process has held {path} for {BUSY_SECONDS:.0f} seconds: `fuser {path}` names it",
    }
    words = {
        sqlite3.SQLITE_NOTADB: "is damaged",
        sqlite3.SQLITE_CORRUPT: "is damaged",
        sqlite3.SQLITE_FULL: "could not be written: the disk is full",
    }
    return JournalError(
        f"the state database {path} {words.get(code, 'could not be used')} ({error})",
        hints.get(code, "`fixer doctor` checks the database"),
    )


def _beginning_anew(path: Path) -> str:
    return (
        f"move it away ({_named(path, 'damaged')}) and start again with an empty one; "
        "reports under outputs/ and finished branches are not touched by this"
    )
