"""What is known about a run so far; becomes its report at any ending."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fixer.repair.given import Given
from fixer.schema.command import CommandResult
from fixer.schema.diagnosis import Diagnosis
from fixer.schema.execution import Execution
from fixer.schema.failure import Failure
from fixer.schema.report import Attempt, Delivery, Outcome, PhaseTime, Report, Status
from fixer.schema.reproduction import Reproduction

STATUS = {
    Outcome.FIXED: Status.SUCCESS,
    Outcome.NOTHING_TO_FIX: Status.SUCCESS,
    Outcome.PARTIAL: Status.PARTIAL,
    Outcome.OUT_OF_TIME: Status.PARTIAL,
    Outcome.CANCELLED: Status.PARTIAL,
    Outcome.FAILED: Status.FAILED,
    Outcome.REFUSED: Status.FAILED,
    Outcome.CRASHED: Status.FAILED,
    Outcome.DEPENDENCY: Status.FAILED,
}
LONGEST_SLUG = 48


@dataclass
class Draft:
    """Filled stage by stage; a stage that was finished by an earlier process fills it from the journal."""

    run_id: str
    started: float
    """Seconds since the epoch."""
    given: Given
    sandbox: str = "No command was run."
    execution: Execution | None = None
    failures: tuple[Failure, ...] = ()
    failure: Failure | None = None
    reproduction: Reproduction | None = None
    reproduction_branch: str = ""
    no_reproduction: str = ""
    diagnosis: Diagnosis | None = None
    attempts: list[Attempt] = field(default_factory=list)
    not_tried: dict[str, str] = field(default_factory=dict)
    delivery: Delivery | None = None
    next_steps: list[str] = field(default_factory=list)
    outcome: Outcome = Outcome.FAILED
    summary: str = ""
    error: str = ""

    def end(self, outcome: Outcome, summary: str, *next_steps: str) -> None:
        """Say how the run ended and what a person should do next."""
        self.outcome = outcome
        self.summary = summary
        self.next_steps = [*next_steps]

    def shown(self) -> tuple[Failure, Reproduction]:
        """Return the failure that shows here, with its reproduction; only called once there is one."""
        if self.failure is None or self.reproduction is None:
            raise RuntimeError("a stage that needs a reproduction came before there was one")
        return self.failure, self.reproduction

    def report(self, seconds: float, commands: Sequence[CommandResult], phases: Sequence[PhaseTime]) -> Report:
        """Return the report; `seconds` is the work's time over every process of the run."""
        return Report(
            run_id=self.run_id,
            started=datetime.fromtimestamp(self.started, UTC).isoformat(timespec="seconds"),
            seconds=round(seconds, 3),
            outcome=self.outcome,
            status=STATUS[self.outcome],
            summary=self.summary,
            description=slug(self.given.request.prompt),
            repository=self.given.repository,
            request=self.given.request,
            request_path=self.given.request_path,
            execution=self.execution,
            failures=self.failures,
            failure=self.failure,
            reproduction=self.reproduction,
            reproduction_branch=self.reproduction_branch,
            no_reproduction=self.no_reproduction,
            diagnosis=self.diagnosis,
            attempts=tuple(self.attempts),
            not_tried=dict(self.not_tried),
            delivery=self.delivery,
            next_steps=tuple(self.next_steps),
            commands=tuple(commands),
            phases=tuple(phases),
            sandbox=self.sandbox,
            error=self.error,
        )


def slug(prompt: str) -> str:
    """Return the part of the report's file name that stays the same over every ending of one run."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in prompt.lower()).split()
    made = ""
    for word in words:
        if len(made) + len(word) >= LONGEST_SLUG:
            break
        made = f"{made}-{word}" if made else word
    return made or "run"
