"""The contract of the room: a runner knows how one tool is started, narrowed to one failure, and read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

from fixer.schema.command import CommandResult, Invocation
from fixer.schema.failure import Failure
from fixer.schema.reproduction import SuiteOutcome


@dataclass(frozen=True)
class Project:
    """What a runner may know about the project."""

    root: Path
    """The worktree."""
    python: str
    """Interpreter of the project's environment."""
    command: tuple[str, ...] | None = None
    """The failing step's own command, where it is one plain command that this runner's `accepts` took."""
    cwd: str = "."
    """Folder, relative to the worktree, that the command runs in."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables that the command was given in front of it."""


class Runner(Protocol):
    """One tool that can be run again. Each module of the room defines `RUNNER: type[Runner]`."""

    tool: ClassVar[str]
    """`Failure.tool` that it can run again."""

    def accepts(self, argv: Sequence[str]) -> bool:
        """Whether `argv`, found in a log or workflow file, is a plain use of this tool and safe to run again."""
        ...

    def narrowed(self, failure: Failure, project: Project) -> Invocation:
        """Return the command that runs only `failure`, in seconds."""
        ...

    def suite(self, failure: Failure, project: Project) -> Invocation:
        """Return the command that runs everything; its result must be readable by `outcome`."""
        ...

    def outcome(self, result: CommandResult, project: Project) -> SuiteOutcome:
        """Read what a run of `suite` or `narrowed` said, test by test or finding by finding.

        A run that was cut short, or that left nothing readable, is `readable=False` with the reason.
        """
        ...

    def test_files(self, failure: Failure, project: Project) -> tuple[str, ...]:
        """Return the files that state what is right for this failure (the test and the data it compares with)."""
        ...
