"""The report of a run of fixer's own comes in; its steps, with what failed in each, and its cause go out."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from fixer.explaining.origins import CAUSE
from fixer.explaining.origins.log import COUNTS, SHOWN, counts_of, steps_of, told
from fixer.schema.execution_record import RecordStatus, RecordStep
from fixer.schema.failure import Failure
from fixer.schema.report import Report
from fixer.schema.root_cause import RootCause
from fixer.schema.workflow_report import StepRun, WorkflowReport

LAST_LINES = 20
"""Lines of a step's output that stand for its error where no parser has read one."""


@dataclass(frozen=True)
class Reported:
    """What a report says of a run's steps, as an execution record has it."""

    steps: tuple[RecordStep, ...]
    error: str
    context: dict[str, JsonValue]


def of_report(report: Report | WorkflowReport) -> Reported | None:
    """Return what a report says; None where the run failed by itself and not by what it worked on."""
    return of_workflow(report) if isinstance(report, WorkflowReport) else of_repair(report)


def of_workflow(report: WorkflowReport) -> Reported:
    """Return the workflow's own steps, each as often as it ran, and the cause of what made the last run of one fail."""
    ran = [_step(number, run) for number, run in enumerate(report.steps, 1)]
    left = [
        RecordStep(number=number, action=name, status=RecordStatus.SKIPPED)
        for number, name in enumerate(report.not_run, len(ran) + 1)
    ]
    passed = {run.name for run in report.steps if run.passed}
    failed = [run for run in report.steps if not run.passed]
    decisive = next((run for run in failed if run.name not in passed), failed[-1] if failed else None)
    failures = decisive.failures if decisive is not None else ()
    return Reported((*ran, *left), report.error or ("" if failed else report.summary), _context(failures))


def of_repair(report: Report) -> Reported | None:
    """Return the steps of the build that was worked on, and the failure with the cause that was found for it."""
    worked_on = report.failure
    if worked_on is None or report.error:
        return None
    others = [failure for failure in report.failures if failure.id != worked_on.id]
    failures = (worked_on, *others)
    given = report.execution.steps if report.execution is not None else ()
    found = report.diagnosis.root_cause if report.diagnosis is not None else RootCause.UNKNOWN
    return Reported(steps_of(given, failures), told(failures[:1]), _context(failures, found))


def _step(number: int, run: StepRun) -> RecordStep:
    failed = not run.passed
    return RecordStep(
        number=number,
        action=f"{run.place}: {run.name}" if run.place else run.name,
        status=RecordStatus.FAILED if failed else RecordStatus.COMPLETED,
        error=_error(run) if failed else "",
        duration=None if run.command is None else run.command.seconds * 1000,
        details={"exitCode": run.exit_code},
    )


def _error(run: StepRun) -> str:
    """Return what the parsers read, else the end of what was printed; and how it ended."""
    printed = run.command.output.strip().splitlines()[-LAST_LINES:] if run.command is not None else ()
    code = f"exit code {run.exit_code}"
    ended = run.reason if code in run.reason or not run.reason else f"{run.reason} ({code})"
    return "\n".join(filter(None, (told(run.failures) or "\n".join(printed), ended or code)))


def _context(failures: Sequence[Failure], found: RootCause = RootCause.UNKNOWN) -> dict[str, JsonValue]:
    cause = failures[0].root_cause if failures and found is RootCause.UNKNOWN else found
    return {
        CAUSE: cause.value,
        COUNTS: counts_of(failures),
        "failures": [failure.model_dump(mode="json") for failure in failures[:SHOWN]],
    }
