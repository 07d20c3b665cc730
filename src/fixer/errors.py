"""Every error that fixer raises, and the only table of exit codes.

Raise where it is known; catch only to add context, or in `cli/app.py`, which prints `message`, then `hint`.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the shell sees; the same for every command (spec A8)."""

    OK = 0
    """Fixed, nothing to fix, or done."""
    NOT_FIXED = 1
    """Analysed, but not fixed."""
    USAGE = 2
    """The command line, an input file or a setting is wrong; nothing ran."""
    DEPENDENCY = 3
    """Something that fixer depends on failed: GitHub, the model, git, a tool."""
    BUDGET = 4
    """The budget, the time or the circuit breaker ended it."""
    REFUSED = 5
    """A policy refused it."""
    BUG = 70
    """A bug in fixer; the path of the log is printed."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C or SIGTERM; the run can be resumed."""


@dataclass(frozen=True, slots=True)
class Passing:
    """What stood in the way passes by itself: a limit that is renewed, a service that is down."""

    at: float | None = None
    """From when on it is worth trying again, in seconds since the epoch; None: nobody said when."""


class FixerError(Exception):
    """An error with a user's words for it.

    `message` says what happened, to what, and where; `hint` says what to type next.
    """

    code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, message: str, hint: str, *, passing: Passing | None = None) -> None:
        """Keep the two texts, which are shown to the user; and whether what they tell of passes by itself."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.passing = passing


class ConfigError(FixerError):
    """The command line, an input file or a setting is wrong."""

    code = ExitCode.USAGE


class DependencyError(FixerError):
    """Something outside of fixer that it needs did not work."""

    code = ExitCode.DEPENDENCY


class SourceError(DependencyError):
    """An execution or its log could not be had."""


class GitError(DependencyError):
    """A git command failed; the message carries the command, its exit code and what it printed."""


class ToolError(DependencyError):
    """A tool that the run needs is missing or broken."""


class ModelError(DependencyError):
    """A language model could not be asked, or gave nothing that can be used."""


class JournalError(DependencyError):
    """The state database could not be opened, read or written."""


class BudgetError(FixerError):
    """A budget of time, money or attempts is used up."""

    code = ExitCode.BUDGET


class PolicyError(FixerError):
    """A policy refuses what was asked; the message names the rule."""

    code = ExitCode.REFUSED


class InterruptedRunError(FixerError):
    """The run was stopped from outside (Ctrl-C, SIGTERM, `fixer cancel`)."""

    code = ExitCode.INTERRUPTED
