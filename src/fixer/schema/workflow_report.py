"""Everything that the report of one workflow run says: each step as often as it ran, and what it came to."""

from enum import StrEnum
from typing import Literal

from fixer.schema.base import SCHEMA_VERSION, Record
from fixer.schema.command import CommandResult
from fixer.schema.execution import Execution, StepStatus
from fixer.schema.failure import Failure
from fixer.schema.recovery import Recovery
from fixer.schema.report import Status


class WorkflowOutcome(StrEnum):
    """How a workflow ended, as a user would say it."""

    DONE = "done"
    FAILED = "failed"
    """A step failed, and nothing in the workflow takes that up."""
    REFUSED = "refused"
    CRASHED = "crashed"
    CANCELLED = "cancelled"
    OUT_OF_TIME = "out_of_time"
    """A budget or the circuit breaker ended it."""
    DEPENDENCY = "dependency"
    """Something that fixer depends on failed."""


class StepRun(Record):
    """One time that one step ran."""

    number: int
    """1-based, over all steps of the run, in the order in which they ran."""
    name: str
    place: str = ""
    """For a nested step: the step above it and which of the two it is, `test on_failure`; empty at the top."""
    visit: int = 1
    """How often this step has run by now."""
    status: StepStatus
    exit_code: int
    """What conditions look at: that of the command; 128 and the signal, 124 out of time, 127 not started, 1 else."""
    reason: str = ""
    """Why it failed, in words; empty where it passed."""
    command: CommandResult | None = None
    """Output is shortened; None for an analysis tool that ran no command of its own."""
    summary: str = ""
    """What analysis tools measured."""
    recoveries: tuple[Recovery, ...] = ()
    """Of its analysis tools; what was done for the step itself is in the report's own."""
    commit: str = ""
    """The commit that it left, where one is required."""
    captured: str | None = None
    """Its standard output, masked, where it is kept."""
    failures: tuple[Failure, ...] = ()
    """What the parsers read from the output of a step that failed."""
    first_line: int | None = None
    """1-based line of the run's log."""
    last_line: int | None = None

    @property
    def passed(self) -> bool:
        """Whether it did what it should."""
        return self.status is StepStatus.PASSED


class StepRecovery(Record):
    """What recovery did after one failure of one step."""

    number: int
    """That of the step run that failed."""
    name: str
    recovery: Recovery


class WorkflowReport(Record):
    """What one workflow run did."""

    schema_version: int = SCHEMA_VERSION
    kind: Literal["workflow"] = "workflow"
    run_id: str
    started: str
    """ISO 8601, UTC."""
    seconds: float
    outcome: WorkflowOutcome
    status: Status
    summary: str
    """One or two plain sentences."""
    description: str
    """Slug for the file name."""
    repository: str
    workflow_path: str
    argument: str | None = None
    """What $ARG stood for."""
    execution: Execution
    steps: tuple[StepRun, ...] = ()
    recoveries: tuple[StepRecovery, ...] = ()
    not_run: tuple[str, ...] = ()
    """Steps of the sequence that were not reached."""
    next_steps: tuple[str, ...] = ()
    error: str = ""
    """What ended the run, where something did."""
    tokens: int = 0
    """Of every model call; 0 where no model was used."""
    cost: float = 0.0
    """Of every model call, in US dollars."""
    credits: float = 0.0
    """Of every model call; 0 where they are not counted."""
