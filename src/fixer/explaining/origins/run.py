"""A run of fixer's own becomes an execution record: what its report says, or the journal where there is none yet."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fixer.errors import ConfigError
from fixer.explaining.origins.report import Reported, of_report
from fixer.journal import Journal, RunRecord, RunState, StepState
from fixer.reporters.files import stored_report
from fixer.schema.execution_record import ExecutionRecord, RecordStatus, RecordStep

_STATES = {
    RunState.QUEUED: RecordStatus.RUNNING,
    RunState.RUNNING: RecordStatus.RUNNING,
    RunState.WAITING: RecordStatus.FAILED,
    RunState.DEAD: RecordStatus.FAILED,
    RunState.DONE: RecordStatus.COMPLETED,
    RunState.FAILED: RecordStatus.FAILED,
    RunState.CANCELLED: RecordStatus.CANCELLED,
}
_STEPS = {
    StepState.RUNNING: RecordStatus.RUNNING,
    StepState.DONE: RecordStatus.COMPLETED,
    StepState.FAILED: RecordStatus.FAILED,
    StepState.INTERRUPTED: RecordStatus.CANCELLED,
}
_TOLD = {RunState.DONE, RunState.FAILED, RunState.WAITING}
"""Others have no report yet, or one of an earlier stop."""
_GOOD = {"fixed", "nothing_to_fix", "success", "done"}


def record_of(journal: Journal, run_id: str, workspace: str) -> ExecutionRecord:
    """Return the record of a run.

    Raises:
        ConfigError: no run, or more than one, begins so.
    """
    run = journal.run(run_id)
    last = {step.name: step for step in journal.steps(run.id)}
    steps = tuple(
        RecordStep(
            number=number,
            action=step.name,
            status=_STEPS[step.state],
            error=step.error,
            duration=None if step.ended is None else (step.ended - step.started) * 1000,
            timestamp=_time(step.started),
        )
        for number, step in enumerate(last.values(), 1)
    )
    result = run.result if isinstance(run.result, dict) else {}
    outcome = str(result.get("outcome", ""))
    status = _STATES[run.state]
    if status is RecordStatus.COMPLETED and outcome and outcome not in _GOOD:
        status = RecordStatus.FAILED
    error = run.error or _said(result)
    if run.state is RunState.DEAD:
        error = error or "its process was killed"
    reported = _reported(run)
    if run.state is RunState.WAITING:
        error, steps = run.waits, _with_time(steps, run.due)
        if reported is not None and any(step.status is RecordStatus.FAILED for step in reported.steps):
            # What it waits for stands in the way of mending; why it has to be mended, its report says.
            reported = replace(reported, steps=_with_time(reported.steps, run.due))
        else:
            reported = None
    return ExecutionRecord(
        id=f"run-{run.id}",
        workspace=workspace,
        agent=run.agent,
        status=status,
        trigger="fixer run",
        start_time=_time(run.started or run.created),
        end_time="" if run.ended is None else _time(run.ended),
        steps=steps if reported is None else reported.steps,
        error=error if reported is None else reported.error,
        origin=run.id,
        resumable_run=run.id if run.state in {RunState.DEAD, RunState.WAITING} else "",
        context={} if reported is None else reported.context,
    )


def _with_time(steps: tuple[RecordStep, ...], due: float | None) -> tuple[RecordStep, ...]:
    """Say at the step that failed last when what stood in its way is over."""
    failed = [step.number for step in steps if step.status is RecordStatus.FAILED]
    if due is None or not failed:
        return steps
    details = {"error": {"resetAt": _time(due)}}
    return tuple(step.model_copy(update={"details": details}) if step.number == failed[-1] else step for step in steps)


def _reported(run: RunRecord) -> Reported | None:
    """Return what the kept report says; None for a run that has none, or whose report tells of no build."""
    repository = run.given.get("repository") if isinstance(run.given, dict) else None
    if not isinstance(repository, str) or run.state not in _TOLD:
        return None
    report = stored_report(Path(repository), run.id)
    return None if report is None else of_report(report)


def known(journal: Journal, run_id: str) -> bool:
    """Whether a run begins so."""
    try:
        journal.run(run_id)
    except ConfigError:
        return False
    return True


def _said(result: Mapping[str, object]) -> str:
    return str(result.get("error") or result.get("failure") or result.get("summary") or "")


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
