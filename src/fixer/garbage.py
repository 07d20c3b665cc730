"""A journal in; what no run needs any more comes out with its size, and is taken away when that is asked for.

Runs that are open (queued, running, waiting, dead: all of them may go on) keep everything. Reports, branches,
explanations, fixes, credits and measurements are never garbage.
"""

import contextlib
import os
import shutil
import signal
from enum import StrEnum
from pathlib import Path

from fixer.errors import ConfigError
from fixer.journal import Difference, Journal, Mismatch, compare
from fixer.schema.base import Record
from fixer.worktree import close_worktree

RUN_FOLDERS = ("runs", "scratch")
"""Folders of the state folder that hold one folder a run."""
WORKTREE = "worktree"


class Kind(StrEnum):
    """What is left over."""

    RUN = "run"
    """The record, the steps and events, and the files of a run that ended long ago."""
    FOLDER = "folder"
    """Files of a run that the journal does not know."""
    WORKTREE = "worktree"
    """A worktree that a run which has ended did not take away."""
    PROCESS = "process"
    """A process group that a killed run left running."""
    LOCK_FILE = "lock file"
    """A lock of no run that is open."""


class Garbage(Record):
    """One thing that no run needs any more."""

    kind: Kind
    name: str
    """The run, the path, or the number of the process group."""
    run: str
    bytes: int
    """On the disk; a run's rows in the database are not counted."""
    why: str


def find(journal: Journal, before: float) -> list[Garbage]:
    """Return what can go; nothing is changed.

    Args:
        journal: of the project.
        before: runs that ended earlier are garbage, in seconds since the epoch.

    Raises:
        JournalError: the database could not be read.
    """
    return [*_left_behind(journal), *_ended(journal, before), *_unknown(journal, before)]


def remove(journal: Journal, repository: Path, found: list[Garbage], before: float) -> None:
    """Take away what `find` returned; what came into use since then stays.

    Raises:
        JournalError: the database could not be written.
        ConfigError: a folder could not be removed; what came before it is gone, and a second use goes on.
    """
    for one in found:
        if one.kind is Kind.PROCESS:
            _end_processes(journal, one.run)
        elif one.kind is Kind.WORKTREE and not journal.is_owned(one.run):
            close_worktree(repository, Path(one.name))
            journal.let_go(one.run, WORKTREE, one.name)
        elif one.kind in {Kind.RUN, Kind.FOLDER}:
            for folder in _folders(journal, one.run):
                _remove_folder(folder)
    compare(journal, mend=True)
    journal.prune(before)


def _left_behind(journal: Journal) -> list[Garbage]:
    """Return what runs did not take away themselves, as the comparison of record and reality finds it."""
    found: dict[tuple[Kind, str], Garbage] = {}
    for one in compare(journal, mend=False):
        for kind, name in _things(journal, one):
            size = size_of(Path(name)) if kind is Kind.WORKTREE else 0
            found[kind, name] = Garbage(kind=kind, name=name, run=one.run_id, bytes=size, why=one.text)
    return list(found.values())


def _things(journal: Journal, one: Difference) -> list[tuple[Kind, str]]:
    if one.kind is Mismatch.LOCK_FILE:
        return [(Kind.LOCK_FILE, str(journal.folder / "locks" / one.run_id))]
    if one.kind is Mismatch.PROCESS:
        return [(Kind.PROCESS, str(mark.pid)) for mark in journal.leftover_processes(one.run_id)]
    if one.kind is Mismatch.RESOURCE:
        return [(Kind.WORKTREE, held.name) for held in journal.resources(one.run_id) if held.kind == WORKTREE]
    return []


def _ended(journal: Journal, before: float) -> list[Garbage]:
    return [
        Garbage(
            kind=Kind.RUN,
            name=run,
            run=run,
            bytes=sum(size_of(folder) for folder in _folders(journal, run)),
            why=f"run {run} has ended long enough ago",
        )
        for run in journal.ended_before(before)
    ]


def _unknown(journal: Journal, before: float) -> list[Garbage]:
    """Return the folders of runs that the journal does not know; a young one may be of a run that begins just now."""
    known = {str(row[0]) for row in journal.database.rows("SELECT id FROM runs")}
    found = []
    for name in RUN_FOLDERS:
        parent = journal.folder / name
        for folder in sorted(parent.iterdir()) if parent.is_dir() else ():
            if folder.name not in known and folder.lstat().st_mtime < before:
                why = f"the journal knows no run {folder.name}"
                found.append(
                    Garbage(kind=Kind.FOLDER, name=str(folder), run=folder.name, bytes=size_of(folder), why=why)
                )
    return found


def _folders(journal: Journal, run: str) -> list[Path]:
    places = (journal.folder / name / run for name in RUN_FOLDERS)
    return [place for place in places if os.path.lexists(place)]


def _end_processes(journal: Journal, run: str) -> None:
    # Looked at once more: the run may have been taken up since, and these are then its own.
    for mark in journal.leftover_processes(run):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(mark.pid, signal.SIGKILL)


def _remove_folder(folder: Path) -> None:
    try:
        if folder.is_symlink() or not folder.is_dir():
            folder.unlink(missing_ok=True)
        else:
            shutil.rmtree(folder)
    except OSError as error:
        raise ConfigError(
            f"{error.filename or folder} could not be removed: {error.strerror}",
            "check its rights, then type it again: what is gone already stays gone",
        ) from error


def size_of(path: Path) -> int:
    """Return the bytes of the files below a path, links not followed; 0 where there is nothing."""
    total = 0
    if path.is_symlink():
        return total
    for folder, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(folder) / name).lstat().st_size
    return total
