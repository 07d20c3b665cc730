"""One recorded run of steps: a CI run, a workflow run, an agent run."""

from enum import StrEnum

from fixer.schema.base import Record


class StepStatus(StrEnum):
    """How one step ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class Step(Record):
    """One step of an execution."""

    number: int
    """1-based."""
    name: str
    command: str | None = None
    """The command as the log shows it: data, never run as a shell string."""
    exit_code: int | None = None
    status: StepStatus = StepStatus.UNKNOWN
    first_line: int | None = None
    """1-based line of the log."""
    last_line: int | None = None


class Execution(Record):
    """What a source read: where it came from, its steps, and where its (masked) log is kept."""

    id: str
    source: str
    """The name of the source: raw_log, github_actions, execution_json."""
    origin: str
    """What the user gave: a path, a URL, or `text`."""
    steps: tuple[Step, ...] = ()
    log_path: str | None = None
    """Absolute path of the masked copy that the run keeps."""
    lines: int = 0
    commit: str | None = None
    """The commit that failed, where the execution names one."""
    annotations: tuple[str, ...] = ()
    """What the CI service remarked on the failed jobs, masked: `failure: src/a.py:3: message`."""
    reports: tuple[str, ...] = ()
    """Absolute paths of the JUnit XML reports that came with it, masked."""
