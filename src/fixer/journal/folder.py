"""The state folder `<repository>/.fixer`: made where it is missing, out of git's sight, its journal opened."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from fixer.errors import JournalError
from fixer.journal.database import FILE, open_database
from fixer.journal.journal import Journal


def open_journal(folder: Path, clock: Callable[[], float] = time.time) -> Journal:
    """Open the journal in `folder` (`<repository>/.fixer`), making both where they are missing.

    A `.gitignore` in it keeps the folder out of `git status`. `clock` gives seconds since the epoch.

    Raises:
        JournalError: see `open_database`.
    """
    try:
        (folder / "locks").mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise JournalError(
            f"the state folder {folder} could not be made: {error.strerror}",
            "make the repository's folder writable, and give the disk room; `fixer doctor` checks both",
        ) from error
    return Journal(folder, open_database(folder / FILE), clock)


@contextlib.contextmanager
def existing_journal(folder: Path) -> Iterator[Journal | None]:
    """Give the journal where there is one, and None where fixer never ran: looking leaves nothing behind.

    Raises:
        JournalError: see `open_database`.
    """
    if not (folder / FILE).exists():
        yield None
        return
    with open_journal(folder) as journal:
        yield journal
