"""A project's folder in; out: its commit, whether its files differ from it, and a key of exactly this state."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from fixer.git import DIFF_FLAGS, Git
from fixer.schema.base import content_id


@dataclass(frozen=True)
class ProjectState:
    """What was measured."""

    commit: str
    """Full id of HEAD; empty: not in git, or no commit yet."""
    dirty: bool
    key: str
    """The same for the same commit and the same changes since."""


def state_of(folder: Path) -> ProjectState:
    """Look at the files of a project; one that is not in git has no commit and counts as changed."""
    git = Git(folder)
    commit = git.commit_of("HEAD") if shutil.which("git") else None
    if commit is None:
        return ProjectState("", True, content_id("state", str(folder)))  # noqa: FBT003 - a record's fields
    changes = git.run("status", "--porcelain", "-z", "--untracked-files=all").stdout
    new = [entry[3:] for entry in changes.split("\0") if entry.startswith("?? ")]
    stamps = []
    for name in new:
        path = folder / name
        if path.is_file():
            status = path.stat()
            stamps.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    diff = git.run("diff", *DIFF_FLAGS, "HEAD").stdout if changes else ""
    return ProjectState(commit, bool(changes), content_id("state", commit, changes, diff, *stamps))
