"""The state folder `<repository>/.fixer`: made where it is missing, out of git's sight, its journal opened.

What is in it says which commands are run, and with which rights: one that the repository brings along is refused.
"""

import contextlib
import shlex
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from fixer.errors import JournalError, PolicyError
from fixer.journal.database import FILE, open_database
from fixer.journal.journal import Journal
from fixer.own_files import refuse_links

_COMPRESSED = 4
"""The version of the index in which a path may stand in parts (https://git-scm.com/docs/index-format)."""


def open_journal(folder: Path, clock: Callable[[], float] = time.time) -> Journal:
    """Open the journal in `folder` (`<repository>/.fixer`), making both where they are missing.

    A `.gitignore` in it keeps the folder out of `git status`. `clock` gives seconds since the epoch.

    Raises:
        JournalError: see `open_database`.
        PolicyError: see `refuse_foreign`.
    """
    refuse_foreign(folder)
    try:
        (folder / "locks").mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        if not folder.is_dir() and folder.exists():
            raise JournalError(
                f"{folder} is a file, and fixer keeps its state in a folder of that name", _out_of_the_way(folder)
            ) from error
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
        PolicyError: see `refuse_foreign`.
    """
    if not (folder / FILE).exists():
        yield None
        return
    with open_journal(folder) as journal:
        yield journal


def refuse_foreign(folder: Path) -> None:
    """Refuse a state folder that somebody else could have written.

    Raises:
        PolicyError: it, or something in it, is a symbolic link, or git tracks something in it.
    """
    for path in (folder, *(sorted(folder.iterdir()) if folder.is_dir() else ())):
        refuse_links(path, folder.parent)
    if not _may_be_tracked(folder):
        return
    from fixer.git import Git  # noqa: PLC0415 - 130 ms that small commands must not pay

    listed = Git(folder.parent).run("ls-files", "-z", "--", folder.name, check=False).stdout.split("\0")
    if tracked := [name for name in listed if name]:
        there = shlex.quote(str(folder.parent))
        raise PolicyError(
            f"{folder} came with the repository: git tracks {tracked[0]}. What fixer keeps there says what it runs, so "
            "it takes none that somebody else can write",
            f"take it out of git and out of the way: git -C {there} rm -r --cached {folder.name} && "
            f"mv {shlex.quote(str(folder))} {shlex.quote(f'{folder}.old')}",
        )


def _out_of_the_way(path: Path) -> str:
    return f"move it away: mv {shlex.quote(str(path))} {shlex.quote(f'{path}.old')}"


def _may_be_tracked(folder: Path) -> bool:
    """Whether it is worth asking git: its index holds the whole path of every file, but in two rare forms."""
    place = folder.parent / ".git"
    if place.is_file():
        place = folder.parent / place.read_text(encoding="utf-8", errors="surrogateescape")[len("gitdir: ") :].strip()
    try:
        index = (place / "index").read_bytes()
    except OSError:
        return False
    split = any(place.glob("sharedindex.*"))
    return split or int.from_bytes(index[4:8]) == _COMPRESSED or folder.name.encode() in index
