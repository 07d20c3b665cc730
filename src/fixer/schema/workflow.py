"""A workflow file as it was read: steps, what follows them, and what they need (spec D1)."""

from fixer.schema.base import Record

CONTINUE = "continue-workflow"
FAIL = "fail-workflow"
"""The two words that `next` takes beside the name of a step."""


class AnalysisRequest(Record):
    """`analysis:` on a step: the analysis tools run after it (spec D5)."""

    max_cache_age: float | None = None
    """Seconds that an earlier result stays good for; None: it is measured anew."""
    auto_recover: bool = True
    recovery_command: str = ""
    """Empty: that of the settings."""
    max_recovery_attempts: int | None = None
    """None: that of the settings."""


class Condition(Record):
    """Where to go after a step that ended so."""

    exit_code: int
    next: str


class WorkflowStep(Record):
    """One step. A step with only a name is a command known by that name."""

    name: str
    command: tuple[str, ...] = ()
    """`command` split as a POSIX shell splits words; empty: known by its name."""
    args: tuple[str, ...] = ()
    """Appended to the command; with placeholders, as they are written."""
    env: dict[str, str] = {}
    commit_required: bool = False
    capture_output: bool = False
    on_failure: "WorkflowStep | None" = None
    on_success: "WorkflowStep | None" = None
    conditions: tuple[Condition, ...] = ()
    default: str = ""
    """Where to go where no condition fits; empty: success goes on, failure fails."""
    analysis: AnalysisRequest | None = None
    timeout_seconds: float | None = None
    working_dir: str = ""
    """Relative to the project; empty: the project."""
    line: int = 0
    """1-based, where the step begins in its file."""
    column: int = 0


class Workflow(Record):
    """All steps of one file, in order."""

    path: str
    steps: tuple[WorkflowStep, ...]
    """Those of `commands`; branches, which only run when they are named, among them."""
