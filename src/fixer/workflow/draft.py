"""What is known about a workflow run so far; becomes its report at any ending."""

import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fixer.errors import ExitCode, Passing
from fixer.llm.budgets import Spent
from fixer.reporters.quoting import command_line
from fixer.schema.execution import Execution, Step
from fixer.schema.report import Status
from fixer.schema.workflow_report import StepRun, WorkflowOutcome, WorkflowReport
from fixer.workflow.given import Given
from fixer.workflow.run_log import RunLog
from fixer.workflow.steps import Steps

EXIT_CODES = {
    WorkflowOutcome.DONE: ExitCode.OK,
    WorkflowOutcome.FAILED: ExitCode.NOT_FIXED,
    WorkflowOutcome.REFUSED: ExitCode.REFUSED,
    WorkflowOutcome.CRASHED: ExitCode.BUG,
    WorkflowOutcome.CANCELLED: ExitCode.INTERRUPTED,
    WorkflowOutcome.OUT_OF_TIME: ExitCode.BUDGET,
    WorkflowOutcome.DEPENDENCY: ExitCode.DEPENDENCY,
}
_STATUS = {
    WorkflowOutcome.DONE: Status.SUCCESS,
    WorkflowOutcome.CANCELLED: Status.PARTIAL,
    WorkflowOutcome.OUT_OF_TIME: Status.PARTIAL,
}


@dataclass
class Draft:
    """Filled while the run goes on."""

    run_id: str
    started: float
    """Seconds since the epoch."""
    given: Given
    outcome: WorkflowOutcome = WorkflowOutcome.CRASHED
    summary: str = ""
    next_steps: list[str] = field(default_factory=list)
    error: str = ""
    obstacle: str = ""
    """What ended it and passes by itself, in words; empty: nothing did."""
    passing: Passing | None = None

    def end(self, outcome: WorkflowOutcome, summary: str, *next_steps: str) -> None:
        """Say how the run ended and what a person should do next."""
        self.outcome = outcome
        self.summary = summary
        self.next_steps = [step for step in next_steps if step]

    def end_by_itself(self, steps: Steps, *, came_to_its_end: bool) -> None:
        """Say how the steps ended."""
        path = shlex.quote(self.given.workflow_path)
        if came_to_its_end:
            failed = [run for run in steps.done if not run.passed]
            handled = f"; {len(failed)} failed and the workflow went on" if failed else ""
            self.end(WorkflowOutcome.DONE, f"Every step was done ({len(steps.done)} ran{handled}).")
            return
        failure = steps.last_failure()
        manual = [step for one in steps.recoveries for step in one.recovery.manual_steps]
        again = f"then run it again: fixer run {path}"
        if steps.too_often:
            summary = (
                f"The step '{steps.too_often}' was asked for once more after its 10th visit: the loop does not end."
            )
            self.end(WorkflowOutcome.FAILED, summary, f"look at the conditions that lead back to it in {path}")
        elif failure is None:
            self.end(WorkflowOutcome.FAILED, "A condition ended the workflow: fail-workflow.", again)
        else:
            first = failure.failures[0] if failure.failures else None
            saw = f" ({first.test or first.file or first.tool}: {first.message.splitlines()[0]})" if first else ""
            command = command_line(failure.command.argv) if failure.command else ""
            by_hand = f"see it fail by hand: {command}" if command and not manual else ""
            summary = f"The step '{failure.name}' failed: {failure.reason}{saw}."
            refused = steps.refused()
            outcome = WorkflowOutcome.OUT_OF_TIME if refused else WorkflowOutcome.FAILED
            if refused:
                by, until = refused.refused_by, refused.opens_again
                summary += f" {by[:1].upper()}{by[1:]} lets nothing mend it until {until}."
                if steps.may_wait():
                    self.obstacle = f"{by} lets nothing mend '{failure.name}' until {until}"
                    self.passing = Passing(datetime.fromisoformat(until).timestamp())
            self.end(outcome, summary, *manual, by_hand, again)

    def report(self, seconds: float, steps: Steps, log: RunLog, used: Spent) -> WorkflowReport:
        """Return the report of what is known now."""
        given = self.given
        return WorkflowReport(
            run_id=self.run_id,
            started=datetime.fromtimestamp(self.started, UTC).isoformat(),
            seconds=round(seconds, 3),
            outcome=self.outcome,
            status=_STATUS.get(self.outcome, Status.FAILED),
            summary=self.summary,
            description=f"workflow-{Path(given.workflow_path).stem}",
            repository=given.repository,
            workflow_path=given.workflow_path,
            argument=given.argument,
            execution=Execution(
                id=self.run_id,
                source="workflow",
                origin=given.workflow_path,
                steps=tuple(map(_step, steps.done)),
                log_path=str(log.path) if log.path.exists() else None,
                lines=max((run.last_line or 0 for run in steps.done), default=0),
            ),
            steps=tuple(steps.done),
            recoveries=tuple(steps.recoveries),
            not_run=() if self.outcome is WorkflowOutcome.DONE else steps.not_reached(),
            next_steps=tuple(self.next_steps),
            error=self.error,
            tokens=used.tokens,
            cost=round(used.usd, 6),
            credits=round(used.credits, 6),
        )


def _step(run: StepRun) -> Step:
    return Step(
        number=run.number,
        name=f"{run.place}: {run.name}" if run.place else run.name,
        command=command_line(run.command.argv) if run.command else None,
        exit_code=run.exit_code,
        status=run.status,
        first_line=run.first_line,
        last_line=run.last_line,
    )
