"""Folders and files that fixer makes in somebody's repository: unseen by git, whole or not there."""

import os
import stat
from pathlib import Path


def make_ignored(folder: Path) -> None:
    """Make a folder that git leaves alone; one that holds anything already stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    # An empty one may be ours, from a run that was killed before the next line.
    if not any(folder.iterdir()):
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")


def replace(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, sees the old content or the new, never a part; it keeps its rights.

    The draft has one name for each file, so that what a killed run left is written over and not left behind.
    """
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if path.exists():
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
    draft.replace(path)
