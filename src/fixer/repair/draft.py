"""What is known about a run so far; becomes its report at any ending."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fixer.errors import Passing
from fixer.llm.budgets import Spent
from fixer.repair.given import Given
from fixer.schema.base import Record
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.diagnosis import Diagnosis
from fixer.schema.execution import Execution
from fixer.schema.failure import Failure
from fixer.schema.report import Attempt, Delivery, Outcome, PhaseTime, Remaining, Report, Round, Status
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


class Suite(Record):
    """Everything that one failing step ran."""

    runner: str
    formats: bool
    """Whether it looks at the format: a linter's check says nothing about that, and the other way round."""
    command: Invocation


@dataclass
class Taken:
    """One failure that the run took on, and what is known about it so far."""

    failure: Failure | None = None
    reproduction: Reproduction | None = None
    reproduction_branch: str = ""
    diagnosis: Diagnosis | None = None
    attempts: list[Attempt] = field(default_factory=list)
    not_tried: dict[str, str] = field(default_factory=dict)
    commit: str = ""
    """Its fix; empty: it is not fixed."""
    red: tuple[Failure, ...] = ()
    """The failures of the log that were not known to be gone when it was taken on."""


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
    rounds: list[Taken] = field(default_factory=lambda: [Taken()])
    no_reproduction: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    """Id of a failure of the log -> why it is not fixed: it does not show here, or no patch passed."""
    gone: dict[str, Suite] = field(default_factory=dict)
    """Id of a failure that a fix for another one has mended -> the suite around it."""
    delivery: Delivery | None = None
    remaining: tuple[Remaining, ...] = ()
    final_runs: tuple[CommandResult, ...] = ()
    next_steps: list[str] = field(default_factory=list)
    outcome: Outcome = Outcome.FAILED
    summary: str = ""
    error: str = ""
    obstacle: str = ""
    """What stands in the way and passes by itself, in words; empty: nothing does."""
    passing: Passing | None = None

    def meet(self, obstacle: str, passing: Passing | None) -> None:
        """Keep what stands in the way where it passes by itself: of several the one that was met first."""
        if passing is not None and self.passing is None:
            self.obstacle, self.passing = obstacle, passing

    def end(self, outcome: Outcome, summary: str, *next_steps: str) -> None:
        """Say how the run ended and what a person should do next."""
        self.outcome = outcome
        self.summary = summary
        self.next_steps = [*next_steps]

    def shown(self) -> tuple[Failure, Reproduction]:
        """Return the failure that shows here, with its reproduction; only called once there is one."""
        now = self.now
        if now.failure is None or now.reproduction is None:
            raise RuntimeError("a stage that needs a reproduction came before there was one")
        return now.failure, now.reproduction

    def seen_on(self) -> str:
        """Return the user's commit on which the first failure was seen."""
        first = self.rounds[0].reproduction
        return first.commit if first is not None else self.given.head

    def requirements(self) -> tuple[str, ...]:
        """Return the packages that the fixes so far declare: without them, what stands on them cannot run."""
        fixed = [one.attempts[-1].patch.requirements for one in self.rounds if one.commit]
        return tuple(dict.fromkeys(name for names in fixed for name in names))

    @property
    def now(self) -> Taken:
        """What the run works on."""
        return self.rounds[-1]

    def report(
        self, seconds: float, commands: Sequence[CommandResult], phases: Sequence[PhaseTime], used: Spent
    ) -> Report:
        """Return the report; `seconds` is the work's time over every process of the run, `used` what models took."""
        first = self.rounds[0]
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
            failure=first.failure,
            reproduction=first.reproduction,
            reproduction_branch=first.reproduction_branch,
            no_reproduction=self.no_reproduction,
            diagnosis=first.diagnosis,
            attempts=tuple(first.attempts),
            not_tried=dict(first.not_tried),
            delivery=self.delivery,
            rounds=tuple(_rounds(self.rounds[1:])),
            remaining=self.remaining,
            final_runs=self.final_runs,
            next_steps=tuple(self.next_steps),
            commands=tuple(commands),
            phases=tuple(phases),
            sandbox=self.sandbox,
            error=self.error,
            tokens=used.tokens,
            cost=round(used.usd, 6),
            credits=round(used.credits, 6),
        )


def _rounds(taken: Sequence[Taken]) -> Iterator[Round]:
    for number, one in enumerate(taken, start=2):
        if one.failure is not None and one.reproduction is not None:
            yield Round(
                number=number,
                failure=one.failure,
                reproduction=one.reproduction,
                reproduction_branch=one.reproduction_branch,
                diagnosis=one.diagnosis,
                attempts=tuple(one.attempts),
                not_tried=dict(one.not_tried),
                commit=one.commit,
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
