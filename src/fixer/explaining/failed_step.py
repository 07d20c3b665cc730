"""A failed execution comes in, the step that made it fail goes out: the first cause, not the last consequence."""

import re

from fixer.schema.execution_record import ExecutionRecord, RecordStatus, RecordStep
from fixer.schema.explanation import FailedStep

_CONSEQUENCE = re.compile(
    r"(?i)\b(?:skipp(?:ed|ing)|not (?:run|executed|started)|aborted|cancell?ed)\b[^.\n]{0,40}"
    r"\b(?:because|since|due to|after|as)\b"
    r"|\b(?:previous|earlier|preceding|prior|upstream|parent|dependent) (?:step|task|action|node|job)s?\b"
    r"|\bstep \d+ (?:has )?failed\b|\bdependency failed\b"
)
"""Words that say: this failed because something else did."""
_NUMBERED = re.compile(r"(?i)\b(?:step|schritt|étape|etape|paso|passo|stap|krok|шаг)\s*#?\s*(\d{1,4})\b")


def failed_step(record: ExecutionRecord) -> tuple[FailedStep, RecordStep | None]:
    """Return the step that failed, as it is told and as it was recorded.

    Every step is read. One that was tried again and then passed did not make the execution fail; one that says it
    was skipped because of another is a consequence. Where only the execution itself has an error, the step that it
    names counts, then the one that was still running; with none of these the step number is 0.
    """
    step = _cause(record) or _named(record)
    if step is None:
        return FailedStep(step_number=0, action="", error=record.error, timestamp=record.end_time), None
    told = FailedStep(
        step_number=step.number, action=step.action, error=step.error or record.error, timestamp=step.timestamp
    )
    return told, step


def _cause(record: ExecutionRecord) -> RecordStep | None:
    failed = [step for step in record.steps if step.status is RecordStatus.FAILED]
    told = [step for step in record.steps if step.error and step.status is not RecordStatus.SKIPPED]
    for steps in (failed, told):
        left = [step for step in steps if not _passed_later(step, record)] or steps
        own = [step for step in left if not _CONSEQUENCE.search(step.error)] or left
        with_words = [step for step in own if step.error] or own
        if with_words:
            return with_words[0]
    return None


def _passed_later(step: RecordStep, record: ExecutionRecord) -> bool:
    """Whether the same action was tried again later and passed."""
    return any(
        later.action == step.action and later.status is RecordStatus.COMPLETED and not later.error
        for later in record.steps[step.number :]
    )


def _named(record: ExecutionRecord) -> RecordStep | None:
    """Find the step that the execution's own error is about."""
    if not record.error:
        return None
    if number := _NUMBERED.search(record.error):
        place = int(number[1])
        if 1 <= place <= len(record.steps):
            return record.steps[place - 1]
    by_name = [step for step in record.steps if len(step.action) > 2 and step.action.lower() in record.error.lower()]
    unfinished = [step for step in record.steps if step.status in {RecordStatus.RUNNING, RecordStatus.CANCELLED}]
    open_ = [step for step in record.steps if step.status is RecordStatus.UNKNOWN]
    found = by_name or unfinished or (open_ if len(open_) < len(record.steps) else [])
    return found[0] if found else None
