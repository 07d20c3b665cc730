"""Real repositories with real histories, and real runs of a small test on them."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fixer.git import Git
from fixer.schema.diagnosis import MinimalChange
from fixer.schema.reproduction import Shown
from fixer.worktree import Worktree, open_worktree

IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}

CHANGE = MinimalChange(
    green="a" * 40,
    culprit="b" * 40,
    culprit_subject="Round totals",
    culprit_author="Ada <ada@example.com>",
    hunks=("diff",),
    hunks_in_culprit=8,
    reduced=True,
)


class History:
    """A repository that a test writes commit by commit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True)
        self.git = Git(path)
        self.git.run("init", "--quiet", "--initial-branch=main")

    def commit(self, message: str, files: Mapping[str, str | bytes | None], **env: str) -> str:
        """Write (None: delete) files and commit them; return the commit's id."""
        for name, content in files.items():
            place = self.path / name
            if content is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.commit_as_is(message, **env)

    def commit_as_is(self, message: str, **env: str) -> str:
        self.git.run("add", "--all")
        self.git.run("commit", "--quiet", "--allow-empty", "-m", message, env={**IDENTITY, **env})
        return self.git.line("rev-parse", "HEAD")

    def branch(self, name: str, start: str) -> None:
        self.git.run("checkout", "--quiet", "-b", name, start)

    def checkout(self, name: str) -> None:
        self.git.run("checkout", "--quiet", name)

    def merge(self, name: str, message: str = "Merge") -> str:
        self.git.run("merge", "--quiet", "--no-ff", "-m", message, name, env=IDENTITY)
        return self.git.line("rev-parse", "HEAD")


@dataclass
class Runs:
    """Runs `check.py` in a worktree: exit code 1 and the word WRONG is the failure, anything else is another."""

    tree: Worktree
    script: str = "check.py"
    seen: list[Shown] = field(default_factory=list)

    def __call__(self) -> Shown:
        done = subprocess.run(
            [sys.executable, "-S", "-E", self.script],
            cwd=self.tree.path,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"]},
        )
        failed = Shown.SAME if "WRONG" in done.stderr else Shown.OTHER
        shown = failed if done.returncode else Shown.NONE
        self.seen.append(shown)
        return shown


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "repository")


@pytest.fixture
def worktree_of(tmp_path: Path) -> Callable[[History, str], Worktree]:
    def make(history: History, commit: str) -> Worktree:
        return open_worktree(history.path, tmp_path / "fixer" / "tree", commit)

    return make
