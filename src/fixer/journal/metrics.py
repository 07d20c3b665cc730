"""Measurements of analysis tools in, their history out."""

import sqlite3

from fixer.journal.database import Database
from fixer.schema.analysis import Measurement, Metric, Series

_COLUMNS = "tool, ecosystem, folder, program, version, commit_id, dirty, run, step, at"


def store(connection: sqlite3.Connection, measurement: Measurement) -> None:
    """Write one measurement in its caller's transaction; that of the same step of the run is replaced."""
    series = measurement.series
    connection.execute("DELETE FROM measurements WHERE run = ? AND step = ?", (measurement.run_id, measurement.step))
    added = connection.execute(
        f"INSERT INTO measurements({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            series.tool,
            series.ecosystem,
            series.folder,
            measurement.program,
            measurement.version,
            measurement.commit,
            int(measurement.dirty),
            measurement.run_id,
            measurement.step,
            measurement.at,
        ),
    )
    connection.executemany(
        # Two benchmarks may have one name: the first one counts.
        "INSERT OR IGNORE INTO metrics(measurement, name, subject, value, unit, better, noise) "
        "VALUES(?, ?, ?, ?, ?, ?, ?)",
        [(added.lastrowid, m.name, m.subject, m.value, m.unit, m.better, m.noise) for m in measurement.metrics],
    )


def history(database: Database, series: Series, limit: int) -> list[Measurement]:
    """Return the newest measurements of a series, newest first.

    Raises:
        JournalError: the database could not be read.
    """
    rows = database.rows(
        f"SELECT id, {_COLUMNS} FROM measurements "  # noqa: S608 - a constant
        "WHERE tool = ? AND ecosystem = ? AND folder = ? ORDER BY id DESC LIMIT ?",
        (series.tool, series.ecosystem, series.folder, limit),
    )
    return [
        Measurement(
            series=Series(tool=tool, ecosystem=ecosystem, folder=folder),
            metrics=_metrics(database, number),
            program=program,
            version=version,
            commit=commit,
            dirty=bool(dirty),
            run_id=run,
            step=step,
            at=at,
        )
        for number, tool, ecosystem, folder, program, version, commit, dirty, run, step, at in rows
    ]


def all_series(database: Database) -> list[Series]:
    """Return every series that was ever measured, by name.

    Raises:
        JournalError: the database could not be read.
    """
    rows = database.rows("SELECT DISTINCT tool, ecosystem, folder FROM measurements ORDER BY tool, ecosystem, folder")
    return [Series(tool=tool, ecosystem=ecosystem, folder=folder) for tool, ecosystem, folder in rows]


def _metrics(database: Database, measurement: int) -> tuple[Metric, ...]:
    rows = database.rows(
        "SELECT name, value, unit, better, subject, noise FROM metrics WHERE measurement = ? ORDER BY rowid",
        (measurement,),
    )
    return tuple(
        Metric(name=name, value=value, unit=unit, better=better, subject=subject, noise=noise)
        for name, value, unit, better, subject, noise in rows
    )
