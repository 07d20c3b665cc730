"""Everything that the report of one run says (spec C8)."""

from enum import StrEnum

from fixer.schema.base import SCHEMA_VERSION, Record
from fixer.schema.command import CommandResult
from fixer.schema.diagnosis import Diagnosis
from fixer.schema.execution import Execution
from fixer.schema.failure import Failure
from fixer.schema.patch import Patch
from fixer.schema.reproduction import Reproduction
from fixer.schema.request import Request
from fixer.schema.verification import Verification


class Outcome(StrEnum):
    """How a run ended, as a user would say it."""

    FIXED = "fixed"
    NOTHING_TO_FIX = "nothing_to_fix"
    PARTIAL = "partial"
    """Analysed, with evidence or a rejected patch, but not fixed."""
    FAILED = "failed"
    REFUSED = "refused"
    CRASHED = "crashed"
    CANCELLED = "cancelled"
    OUT_OF_TIME = "out_of_time"
    DEPENDENCY = "dependency"
    """Something that fixer depends on failed."""


class Status(StrEnum):
    """The three words of the report's summary."""

    SUCCESS = "success"
    PARTIAL = "partial"
    FAILED = "failed"


class Attempt(Record):
    """One patch that was tried, and what the gate said."""

    patch: Patch
    verification: Verification


class Delivery(Record):
    """Where a verified patch went."""

    branch: str
    commit: str
    base: str
    base_name: str
    patch_file: str
    note: str = ""
    """Why there is no pull request, and how to make one."""


class Round(Record):
    """A further failure of the log that one run took on, after the one that the report's own fields are about."""

    number: int
    """2, 3, …: the order in which they were taken on."""
    failure: Failure
    reproduction: Reproduction
    """On top of the fixes of the rounds before."""
    reproduction_branch: str = ""
    diagnosis: Diagnosis | None = None
    attempts: tuple[Attempt, ...] = ()
    not_tried: dict[str, str] = {}
    """Strategy -> why it made no patch."""
    commit: str = ""
    """Its fix on the delivery's branch; empty: it is not fixed."""


class Remaining(Record):
    """A failure of the log that is not known to be gone, and why."""

    failure: Failure
    reason: str


class PhaseTime(Record):
    """Wall clock of one phase beside its budget, in seconds."""

    phase: str
    seconds: float
    budget_seconds: float


class Report(Record):
    """What one run did, claim by claim, each with its command."""

    schema_version: int = SCHEMA_VERSION
    run_id: str
    started: str
    """ISO 8601, UTC."""
    seconds: float
    outcome: Outcome
    status: Status
    summary: str
    """One or two plain sentences."""
    description: str
    """Slug for the file name."""
    repository: str
    request: Request
    request_path: str
    execution: Execution | None = None
    failures: tuple[Failure, ...] = ()
    failure: Failure | None = None
    """The one that this run took on."""
    reproduction: Reproduction | None = None
    reproduction_branch: str = ""
    no_reproduction: str = ""
    """Why there is none, where there is none."""
    diagnosis: Diagnosis | None = None
    attempts: tuple[Attempt, ...] = ()
    not_tried: dict[str, str] = {}
    """Strategy -> why it made no patch."""
    delivery: Delivery | None = None
    """The branch of every verified fix of the run, and its newest commit."""
    rounds: tuple[Round, ...] = ()
    """What was taken on after `failure`, where the log shows several that have nothing to do with each other."""
    remaining: tuple[Remaining, ...] = ()
    """Failures of the log that no delivered fix has mended; filled where the log shows several."""
    final_runs: tuple[CommandResult, ...] = ()
    """Each suite once more, with every fix in place: what the claim rests on that nothing remains."""
    next_steps: tuple[str, ...] = ()
    commands: tuple[CommandResult, ...] = ()
    """Every command of the run in order; output is shortened."""
    phases: tuple[PhaseTime, ...] = ()
    sandbox: str
    """The rung, and in words what it does not stop."""
    error: str = ""
    """What ended the run, where something did."""
    tokens: int = 0
    """Of every model call; 0 where no model was used."""
    cost: float = 0.0
    """Of every model call, in US dollars."""
    credits: float = 0.0
    """Of every model call; 0 where they are not counted."""
