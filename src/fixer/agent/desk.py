"""Where a model works: one worktree, its reproduction, and what is known about the state that the model left it in."""

import contextlib
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field, field_validator

from fixer.agent.commands import Allowed
from fixer.agent.confined import Confined
from fixer.agent.refusal import Refused
from fixer.errors import GitError
from fixer.git import DIFF_FLAGS
from fixer.schema.base import Record
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.reproduction import Reproduction, Shown
from fixer.worktree import Worktree

ONE_LINE = 100
_DURATION = re.compile(r"(?<=[ (])\d+\.\d+(?= ?(?:s|ms|sec|seconds)\b)")


class Submission(Record):
    """How a model says that it is done. Nothing in it is believed: the gate runs everything again."""

    outcome: Literal["fixed", "gave_up"] = Field(description="fixed, or gave_up where no honest fix is in sight")
    summary: str = Field(
        min_length=3,
        max_length=ONE_LINE,
        description="One line, imperative, fit for a commit: Import datetime in dates.py",
    )
    explanation: str = Field(
        min_length=10,
        max_length=3000,
        description="Root cause, and why the change mends it; for gave_up: what you found and what a person should do",
    )

    @field_validator("summary")
    @classmethod
    def _on_one_line(cls, value: str) -> str:
        if "\n" in value.strip():
            raise ValueError("it has to be one line")
        return value.strip()


@dataclass
class Desk:
    """What the tools of one model work with; used by one conversation at a time."""

    tree: Worktree
    run: Callable[[Invocation], CommandResult]
    """Runs a command in the worktree, in the sandbox; its output is masked."""
    mask: Callable[[str], str]
    commands: tuple[Allowed, ...] = ()
    reproduction: Reproduction | None = None
    shown: Callable[[CommandResult], Shown] | None = None
    """Compares a run of the reproduction with the failure; set where there is a reproduction."""
    refuses: Callable[[str], str] = lambda _: ""
    """Path -> why no change may touch the file; empty: it may."""
    objections: Callable[[str], str] = lambda _: ""
    """Diff -> why it would be refused as it stands; empty: nothing speaks against it."""
    seconds_left: Callable[[], float] = lambda: 300.0
    accepts: Callable[[], str] = lambda: ""
    """Run at a submission: why what is in the worktree is not taken, with what was seen; empty: it is."""
    read_only: bool = False
    """Whether something is only to be found out: then there is no tool to edit, and a submission needs no change."""
    may_be_unchanged: bool = False
    """Whether the task may be done without a change."""
    submission: Submission | None = None
    passed: str | None = None
    """The state (`state`) in which the reproduction last passed."""
    finished: str = ""
    """The diff with which it last passed and nothing spoke against it, whatever was done afterwards."""
    changes: dict[str, bytes] = field(default_factory=dict)
    """File -> digest of what the model last wrote there, or that it took the file away."""

    @property
    def files(self) -> Confined:
        """The files of the worktree."""
        return Confined(self.tree.path)

    @property
    def state(self) -> str:
        """Changes with what the model has written; back where it was, it is the same again."""
        parts = b"".join(name.encode() + b"\0" + digest for name, digest in sorted(self.changes.items()))
        return hashlib.sha256(parts).hexdigest()

    def write(self, name: str, content: bytes) -> None:
        """Write a file and remember that the state changed."""
        self.files.write(name, content)
        self.changes[name] = hashlib.sha256(content).digest()

    def remove(self, name: str) -> None:
        """Take a file away and remember that the state changed."""
        self.files.remove(name)
        self.changes[name] = b"removed"

    def rename(self, name: str, to: str) -> None:
        """Rename a file and remember that the state changed."""
        self.files.rename(name, to)
        self.changes[name] = b"removed"
        self.changes[to] = hashlib.sha256(self.files.read(to)).digest()

    def told(self, text: str) -> str:
        """Return output as a model reads it: paths relative to the project, and the same text for the same result."""
        return plain_output(text, str(self.tree.path))

    def read(self, path: str) -> str:
        """Return a file's text, masked.

        Raises:
            Refused: it is no text, or cannot be read.
        """
        content = self.files.read(path)
        if b"\0" in content:
            raise Refused(f"{path} is no text file")
        return self.mask(content.decode("utf-8", "replace"))

    def diff(self) -> str:
        """Return what is changed: files that the model wrote, and tracked ones that its commands changed.

        What a test run leaves lying about is no part of a fix.

        Raises:
            Refused: the change is no text in UTF-8.
        """
        git = self.tree.git
        for name in sorted(self.changes):
            git.run("--literal-pathspecs", "add", "--intent-to-add", "--", name, check=False)
        diff = git.run("diff", *DIFF_FLAGS, "HEAD").stdout
        if any(0xD800 <= ord(char) <= 0xDFFF for char in diff):
            raise Refused("a file that is no text in UTF-8 was changed; only text can be reviewed")
        return diff

    def reproduce(self) -> tuple[CommandResult, Shown]:
        """Run the reproduction once; only called where there is one."""
        if self.reproduction is None or self.shown is None:
            raise RuntimeError("there is no reproduction to run")
        limit = max(1.0, min(self.reproduction.narrowed.timeout_seconds or 120.0, self.seconds_left()))
        result = self.run(self.reproduction.narrowed.model_copy(update={"timeout_seconds": limit}))
        shown = self.shown(result)
        self.passed = self.state if result.passed and shown is Shown.NONE else None
        if self.passed is not None:
            self._keep()
        return result, shown

    def undo(self) -> None:
        """Make the worktree as it was before the model changed anything.

        Raises:
            GitError: it cannot be; a program that the model had run may have damaged it.
        """
        self.tree.reset()
        self.changes.clear()
        self.passed = None

    def _keep(self) -> None:
        """Remember a change that passes: what comes after it may spoil it."""
        with contextlib.suppress(Refused, GitError):
            diff = self.diff()
            if diff.strip() and not self.objections(diff):
                self.finished = diff

    def unfinished(self) -> str:
        """Return why the worktree is no fix yet: nothing changed, refused as it stands, or still failing; else ''."""
        diff = self.diff()
        if not diff.strip():
            return "" if self.may_be_unchanged else "nothing is changed yet"
        if reason := self.objections(diff):
            return f"the change would be refused as it stands: {reason}"
        if self.reproduction is None:
            return self.accepts()
        if self.passed == self.state:
            return ""
        result, shown = self.reproduce()
        if self.passed == self.state:
            return ""
        return "the reproduction " + ("fails as before" if shown is Shown.SAME else f"does not pass: {ended(result)}")


def plain_output(text: str, *roots: str) -> str:
    """Take out of a program's output what differs from run to run: where the worktree is, and durations."""
    for root in roots:
        text = text.replace(f"{root}/", "").replace(root, ".")
    return _DURATION.sub("_", text)


def ended(result: CommandResult) -> str:
    """Return how a command ended, in a few words."""
    if result.reason:
        return f"{result.ending.value}, {result.reason}"
    return f"exit code {result.exit_code}" if result.exit_code is not None else result.ending.value.replace("_", " ")
