"""A step that failed goes in, everything that whoever mends it should know comes out."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fixer.causes import cause_of
from fixer.git import Git
from fixer.redact.masker import is_secret_name
from fixer.schema.command import CommandResult
from fixer.schema.failure import Failure
from fixer.schema.recovery import ErrorContext
from fixer.schema.root_cause import RootCause
from fixer.schema.workflow import WorkflowStep

COMMITS = 5
MAX_FAILURES = 20


def failures_of(result: CommandResult) -> tuple[Failure, ...]:
    """Read the failures out of a command's output."""
    from fixer.parsers import failures_in, lines_of  # noqa: PLC0415 - sixty formats, which a passing step does not need

    return tuple(failures_in(lines_of(result.output.splitlines())))[:MAX_FAILURES]


def describe(
    step: WorkflowStep,
    result: CommandResult,
    failures: tuple[Failure, ...],
    project: Path,
    mask: Callable[[str], str],
) -> ErrorContext:
    """Return the context of a failed step, without secrets: the values of variables with such names are left out."""
    git = Git(project)
    commits = git.run("log", f"-{COMMITS}", "--format=%h %s", check=False).stdout.splitlines()
    changed = git.run("status", "--porcelain", "--no-renames", check=False).stdout.splitlines()
    recent = git.run("diff", "--name-only", "HEAD~1", "HEAD", check=False)
    files = [line[3:] for line in changed] + (recent.stdout.splitlines() if recent.exit_code == 0 else [])
    environment = {**os.environ, **step.env}
    return ErrorContext(
        subject=step.name,
        phase="test" if any(failure.test for failure in failures) else "workflow",
        result=result,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        folder=str((project / step.working_dir).resolve()),
        environment={k: mask(v) for k, v in sorted(environment.items()) if not is_secret_name(k)},
        recent_commits=tuple(commits),
        changed_files=tuple(dict.fromkeys(files)),
        failures=failures,
        root_cause=_cause(result, failures),
    )


def _cause(result: CommandResult, failures: tuple[Failure, ...]) -> RootCause:
    known = [failure.root_cause for failure in failures if failure.root_cause is not RootCause.UNKNOWN]
    if known:
        return known[0]
    if result.ending.value == "not_started" and "not found" in result.reason:
        return RootCause.MISSING_TOOL
    return cause_of(result.output[-2000:])
