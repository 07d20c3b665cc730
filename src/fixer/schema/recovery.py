"""A command that failed, described for whoever is to mend it, and what came of that (spec D7)."""

from fixer.schema.base import Record
from fixer.schema.command import CommandResult
from fixer.schema.failure import Failure
from fixer.schema.root_cause import RootCause


class ErrorContext(Record):
    """Everything known about one failed command; the error specification is written from it."""

    subject: str
    """What failed, by name: an analysis tool, a test command, a workflow step."""
    phase: str
    """`analysis`, `test` or `workflow`."""
    result: CommandResult
    at: str
    """ISO 8601, UTC."""
    folder: str
    """Absolute working directory."""
    environment: dict[str, str] = {}
    """Names and values, without secrets."""
    recent_commits: tuple[str, ...] = ()
    """Newest first: short id and subject."""
    changed_files: tuple[str, ...] = ()
    """Changed in the working tree or by those commits."""
    failures: tuple[Failure, ...] = ()
    """What the parsers read from the output."""
    root_cause: RootCause = RootCause.UNKNOWN
    install: str = ""
    """The command that installs what is missing, where that is the cause and the command is known."""


class RecoveryAttempt(Record):
    """One recovery command or playbook, and the retry after it."""

    number: int
    """1, 2, …"""
    by: str
    """The playbook's name, or the command line."""
    summary: str
    """One line: what it changed, or why it changed nothing."""
    diff: str = ""
    """What it changed in the worktree."""
    environment: dict[str, str | None] = {}
    """Variables that the retry ran with (None: taken away)."""
    result: CommandResult | None = None
    """Of the recovery command; None for a playbook that runs none."""
    retry: CommandResult | None = None
    """Of the command that had failed; None where it was not run again."""


class Recovery(Record):
    """What recovery came to."""

    recovered: bool
    reason: str = ""
    """Why not, where not."""
    attempts: tuple[RecoveryAttempt, ...] = ()
    specification: str = ""
    """Path of the error specification."""
    commit: str = ""
    """The recovery's own commit in the project, where it changed files."""
    manual_steps: tuple[str, ...] = ()
    """What a person would type, in the project's top folder, to mend it, or to finish what was mended."""
    opens_again: str = ""
    """ISO 8601: until when `refused_by` lets nothing mend it; empty: nothing refused."""
    refused_by: str = "the circuit breaker"
    """In words; the model's limit refuses as well."""
