"""A log that was read becomes an execution record: its steps, and in each the failures that were found there."""

from collections.abc import Sequence

from pydantic import JsonValue

from fixer.explaining.origins import CAUSE
from fixer.schema.base import content_id
from fixer.schema.execution import Step, StepStatus
from fixer.schema.execution_record import ExecutionRecord, RecordStatus, RecordStep
from fixer.schema.failure import Failure
from fixer.schema.log_summary import LogSummary
from fixer.schema.root_cause import RootCause

COUNTS = "counts"
"""Key of the context: for each cause, how many tests or places failed because of it."""
SHOWN = 3
"""Failures that a step's error tells."""
_STATUS = {
    StepStatus.PASSED: RecordStatus.COMPLETED,
    StepStatus.FAILED: RecordStatus.FAILED,
    StepStatus.SKIPPED: RecordStatus.SKIPPED,
    StepStatus.UNKNOWN: RecordStatus.UNKNOWN,
}


def record_of(summary: LogSummary, job: str, workspace: str) -> ExecutionRecord:
    """Return the record of a log.

    Args:
        summary: what the log says.
        job: whose log it is: failures of one job are compared with each other.
        workspace: where the record belongs.
    """
    failed = bool(summary.failures) or any(step.status is StepStatus.FAILED for step in summary.steps)
    said = sorted(f"{failure.id} {failure.message}" for failure in summary.failures)
    return ExecutionRecord(
        id=f"log-{content_id(summary.source, str(summary.lines), *said)}",
        workspace=workspace,
        agent=job,
        status=RecordStatus.FAILED if failed or summary.root_cause is not RootCause.UNKNOWN else RecordStatus.UNKNOWN,
        trigger="log",
        steps=steps_of(summary.steps, summary.failures),
        error=told(summary.failures),
        origin=summary.source,
        context={
            CAUSE: summary.root_cause.value,
            COUNTS: counts_of(summary.failures),
            "failures": [failure.model_dump(mode="json") for failure in _shown(summary)],
        },
    )


def _shown(summary: LogSummary) -> Sequence[Failure]:
    """Return the first failures, those of the log's own cause before others."""
    return sorted(summary.failures, key=lambda failure: failure.root_cause is not summary.root_cause)[:SHOWN]


def counts_of(failures: Sequence[Failure]) -> dict[str, JsonValue]:
    """Return for each cause how many tests, or else places, failed because of it."""
    things: dict[str, set[str]] = {}
    for failure in failures:
        thing = failure.test or f"{failure.file}:{failure.line}:{failure.message}"
        things.setdefault(failure.root_cause.value, set()).add(thing)
    return {cause: len(leaves(sorted(named))) for cause, named in things.items()}


def leaves(tests: Sequence[str]) -> tuple[str, ...]:
    """Return tests, each once, without those that only failed because a part of them did."""
    whole = {test.rpartition("/")[0] for test in tests}
    return tuple(test for test in dict.fromkeys(tests) if test not in whole)


def steps_of(steps: Sequence[Step], failures: Sequence[Failure]) -> tuple[RecordStep, ...]:
    """Return the steps of a build, each with the failures that were found in it."""
    made = []
    for number, step in enumerate(steps, 1):
        own = [failure for failure in failures if failure.step == step.number]
        status = RecordStatus.FAILED if own else _STATUS[step.status]
        made.append(RecordStep(number=number, action=step.name, status=status, error=told(own)))
    return tuple(made)


def told(failures: Sequence[Failure]) -> str:
    """Return the first failures as a step's error, each with its place."""
    return "\n".join(f"{_where(failure)}{failure.message}" for failure in failures[:SHOWN])


def _where(failure: Failure) -> str:
    place = failure.test or (f"{failure.file}:{failure.line}" if failure.file and failure.line else failure.file)
    return f"{place}: " if place else ""
