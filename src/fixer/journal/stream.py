"""The append-only stream of events: what was written behind a number, and what comes."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from fixer.journal import tables
from fixer.journal.database import Database, open_database
from fixer.journal.records import Event

POLL_SECONDS = 0.05
"""How often a follower asks whether the file changed: 3 microseconds a question."""
LOOK_SECONDS = 1.0
"""How often a follower looks whether the owner still lives: a death writes no event."""


def read_events(database: Database, run_id: str | None, after: int) -> list[Event]:
    """Return the events behind number `after`, of one run or (None) of all, oldest first."""
    rows = database.rows(
        tables.EVENTS + " WHERE id > ? AND (? IS NULL OR run = ?) ORDER BY id", (after, run_id, run_id)
    )
    return [tables.event_of(row) for row in rows]


def follow_events(path: Path, run_id: str | None, after: int, is_over: Callable[[], bool]) -> Iterator[Event]:
    """Yield the events behind number `after`, then those that come, until `is_over` and all are read.

    Uses a connection of its own: `PRAGMA data_version` tells only of other connections' changes
    (https://www.sqlite.org/pragma.html#pragma_data_version).
    """
    database = open_database(path)
    try:
        seen, looked = -1, float("-inf")
        over = False
        while True:
            # Asked before reading: an end that comes in between is then read with its event.
            if time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                over = is_over()
            version = int(database.rows("PRAGMA data_version")[0][0])
            if version != seen:
                seen, looked, over = version, float("-inf"), False
                for event in read_events(database, run_id, after):
                    after = event.id
                    yield event
            elif over:
                return
            else:
                time.sleep(POLL_SECONDS)
    finally:
        database.close()
