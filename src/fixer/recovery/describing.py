"""A result of a command comes in; out goes the error context: what failed, where, and what changed before it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from fixer.causes import cause_of
from fixer.git import Git
from fixer.parsers import failures_in, lines_of
from fixer.redact.masker import is_secret_name
from fixer.schema.command import CommandResult, Ending
from fixer.schema.failure import Failure
from fixer.schema.recovery import ErrorContext
from fixer.schema.root_cause import RootCause

COMMITS = 5
"""Newest commits that the context names."""
MOST_FILES = 100
"""Changed files that the context names."""


def describe(  # noqa: PLR0913 - keywords, each one thing that only the caller knows
    subject: str,
    phase: str,
    result: CommandResult,
    folder: Path,
    env: Mapping[str, str],
    *,
    repository: Path,
    mask: Callable[[str], str],
    failures: tuple[Failure, ...] | None = None,
    root_cause: RootCause | None = None,
    at: datetime | None = None,
) -> ErrorContext:
    """Gather everything that is known about a failed command.

    Args:
        subject: what failed, by name: an analysis tool, a test command, a workflow step.
        phase: `analysis`, `test` or `workflow`.
        result: what the command did.
        folder: where it ran.
        env: the variables that the command was given, beside those of the sandbox itself.
        repository: top folder of the repository.
        mask: takes secrets out of text; everything that is kept goes through it.
        failures: what the output says; None: it is read here.
        root_cause: why it failed; None: that of the first failure, else what the words of the output tell.
        at: when it ended; None: now.
    """
    result = masked(result, mask)
    found = tuple(failures_in(lines_of(result.output.splitlines()))) if failures is None else failures
    return ErrorContext(
        subject=subject,
        phase=phase,
        result=result,
        at=(at or datetime.now(UTC)).isoformat(timespec="seconds"),
        folder=str(folder),
        environment={name: mask(value) for name, value in sorted(env.items()) if not is_secret_name(name)},
        recent_commits=tuple(map(mask, recent_commits(repository))),
        changed_files=changed_files(repository),
        failures=found,
        root_cause=root_cause or _cause(result, found),
    )


def recent_commits(repository: Path) -> tuple[str, ...]:
    """Return short id and subject of the newest commits, newest first; none where there is no commit."""
    listed = Git(repository).run("log", f"--max-count={COMMITS}", "--format=%h %s", check=False).stdout
    return tuple(line for line in listed.splitlines() if line)


def changed_files(repository: Path) -> tuple[str, ...]:
    """Return the files that differ from the last commit, then those that the newest commits changed, each once."""
    git = Git(repository)
    status = git.run("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", check=False).stdout
    now = [entry[3:] for entry in status.split("\0") if entry]
    command = ("log", f"--max-count={COMMITS}", "--format=", "--name-only", "-z", "--no-renames")
    before = [name for name in git.run(*command, check=False).stdout.split("\0") if name.strip()]
    return tuple(dict.fromkeys([*now, *before]))[:MOST_FILES]


def _cause(result: CommandResult, failures: tuple[Failure, ...]) -> RootCause:
    known = [failure.root_cause for failure in failures if failure.root_cause is not RootCause.UNKNOWN]
    if result.ending is Ending.TIMED_OUT:
        return RootCause.TIMEOUT
    if result.ending is Ending.OUT_OF_MEMORY:
        return RootCause.OUT_OF_MEMORY
    if result.ending is Ending.NOT_STARTED or result.exit_code == 127:
        return RootCause.MISSING_TOOL
    return known[0] if known else cause_of(result.output[-2000:])


def masked(result: CommandResult, mask: Callable[[str], str]) -> CommandResult:
    """Return the result with every text in it masked."""
    texts = {name: mask(getattr(result, name)) for name in ("stdout", "stderr", "reason")}
    return result.model_copy(update={**texts, "argv": tuple(map(mask, result.argv))})
