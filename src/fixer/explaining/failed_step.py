"""A failed execution comes in, the step that made it fail goes out: the first cause, not the last consequence."""

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.step_words import (
    ALL_THE_SAME,
    ALLOWED_NAME,
    ALLOWED_TEXT,
    CONSEQUENCE,
    COULD_NOT,
    ENDED_IT,
    NOT_THERE,
    NOTHING_CAME,
    REMARK,
    STEP,
)
from fixer.schema.execution_record import ExecutionRecord, RecordStatus, RecordStep
from fixer.schema.explanation import FailedStep

_ONLY_ON_RETRY = (
    r"\bflak|passed (?:only )?(?:on|after) (?:a |the )?(?:retry|re-?run|second|third)|only (?:on|after) (?:a )?retry"
    r"|every attempt|\d+ (?:of|out of) \d+ attempts"
)
"""Words that say: it passed when it was tried again, and that is not allowed."""
_ATTEMPT = re.compile(
    r"(?i)[\s(\[#_-]*\b(?:attempt|retry|try|retries|versuch|tentative|intento|tentativa)\b[\s#:_-]*\d*(?:\s*(?:of"
    r"|/)\s*\d+)?"
    r"[)\]]?\s*$|^(?:retry(?:ing)?|wiederholung)\b[\s:_-]*|[_-](?:attempt|retry|try)_?\d*$"
)
"""What an action is called when it is tried again."""
_NUMBERED = re.compile(
    rf"(?i)\b{STEP}\s*(?:no\.?|nr\.?|number)?\s*[#:]?\s*(\d{{1,4}})\b|(?:ステップ|步骤|第)\s*(\d{{1,4}})"
)
_OPTIONAL = frozenset(
    """
    optional isoptional continueonerror continueonfail continueonfailure allowfailure allowfail allowedtofail
    ignoreerrors ignoreerror ignorefailure ignorefailures nonblocking noncritical softfail besteffort nevererror
    handled recovered
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_POLICIES = ("onerror", "onfailure", "onfail", "errorhandling", "errorpolicy", "failurepolicy", "failurestrategy")
_GOES_ON = ("continue", "ignore", "skip", "warn", "proceed", "goon")
_SETTINGS = ("options", "settings", "config", "configuration", "policy", "flags", "parameters")
"""Where a step keeps how it is to be run."""
_LONGEST = 300
"""Characters of a result that plainly says that the work was not done; longer ones are the work."""
_SAID = ("message", "summary", "text", "detail", "note", "output", "outcome", "content")


def failed_step(record: ExecutionRecord) -> tuple[FailedStep, RecordStep | None]:
    """Return the step that failed, as it is told and as it was recorded.

    Every step is read. One that was tried again and then passed, or was allowed to fail, did not make the execution
    fail; one that says it was skipped because of another is a consequence, and one that only lacked its input is one
    of an earlier step whose result tells of an error, or that its work was not done, although it is marked as done.
    What a step that was done only remarks is no failure. Where only the execution itself has an error, the step that
    it names counts, then the one that was still running; with none of these the step number is 0.
    """
    step = _cause(record) or _named(record) or _remarked(record)
    step = (_silent(record, step) if step is not None else None) or step
    if step is None:
        return FailedStep(step_number=0, action="", error=record.error, timestamp=record.end_time), None
    told = step.error or ("" if step.status is RecordStatus.FAILED else _not_done(step)) or record.error
    return FailedStep(step_number=step.number, action=step.action, error=told, timestamp=step.timestamp), step


def _cause(record: ExecutionRecord) -> RecordStep | None:
    failed = [step for step in record.steps if step.status is RecordStatus.FAILED or _was_ended(step)]
    told = [step for step in record.steps if step.error and not _is_remark(step)]
    numbers = {step.number for step in (*failed, *told)}
    either = [step for step in record.steps if step.number in numbers]
    passed = _passed(record)
    groups = (
        [step for step in failed if not _is_consequence(step)],
        [step for step in told if not _is_consequence(step)],
        [step for step in either if (named := _blamed(step, record)) is not None and named is not step],
        failed,
        told,
    )
    for number, steps in enumerate(groups):
        left = [step for step in steps if passed.get(_bare(step.action), 0) <= step.number and not _may_fail(step)]
        if not left and number > 1:
            left = steps
        if number == 2 and left:
            return _blamed(left[0], record)
        if left and says(left[0].error, _ONLY_ON_RETRY) and (again := [one for one in steps if one not in left]):
            return again[0]
        if with_words := [step for step in left if step.error] or left:
            return with_words[0]
    return None


def _silent(record: ExecutionRecord, failed: RecordStep) -> RecordStep | None:
    """Return the earlier step that is marked as done, did not do its work, and left the failed one without its input.

    It tells of an error, or its result plainly says that the work was not done.
    """
    nothing = not failed.error or says(failed.error, NOTHING_CAME)
    if not nothing and not says(failed.error, NOT_THERE):
        return None
    passed = _passed(record)
    earlier = (step for step in record.steps[: failed.number - 1] if (nothing and step.error) or _not_done(step))
    return next(
        (
            step
            for step in earlier
            if step.status in {RecordStatus.COMPLETED, RecordStatus.UNKNOWN}
            and not _is_remark(step)
            and not _is_consequence(step)
            and passed.get(_bare(step.action), 0) <= step.number
            and not _may_fail(step)
        ),
        None,
    )


def _not_done(step: RecordStep) -> str:
    """Return the words in which a result plainly says that the work was not done; empty where it does not."""
    said = step.result
    if isinstance(said, dict):
        said = next((part for key in _SAID if isinstance(part := said.get(key), str)), "")
    if not isinstance(said, str) or len(said) > _LONGEST or not said.strip():
        return ""
    return said.strip() if says(said, COULD_NOT) and not says(said, ALL_THE_SAME) else ""


def _remarked(record: ExecutionRecord) -> RecordStep | None:
    """Return the step with a remark where nothing else is said at all."""
    if record.error:
        return None
    return next((step for step in record.steps if step.error and step.status is not RecordStatus.SKIPPED), None)


def _was_ended(step: RecordStep) -> bool:
    """Whether a step counts as cancelled because a limit ended it."""
    return step.status is RecordStatus.CANCELLED and says(step.error, ENDED_IT)


def _is_consequence(step: RecordStep) -> bool:
    return says(step.error, CONSEQUENCE)


def _is_remark(step: RecordStep) -> bool:
    """Whether what stands as the error of a step is none: it was skipped, or was done and only remarks something."""
    if step.status is RecordStatus.SKIPPED:
        return True
    return step.status is RecordStatus.COMPLETED and says(step.error, REMARK)


def _may_fail(step: RecordStep) -> bool:
    """Whether the workflow goes on where this step fails: a setting, its name or its error says so."""
    held = (value for key, value in step.details.items() if _plain_key(key) in _SETTINGS)
    places = [step.details, *(value for value in held if isinstance(value, dict))]
    if any(_is_allowed(_plain_key(key), value) for place in places for key, value in place.items()):
        return True
    return says(step.action, ALLOWED_NAME) or says(step.error, ALLOWED_TEXT)


def _is_allowed(key: str, value: JsonValue) -> bool:
    """Whether a setting of a step says that it may fail."""
    yes, no = value is True or str(value).lower() in {"true", "yes"}, value is False or str(value).lower() == "false"
    if key in _POLICIES:
        return re.sub(r"[^a-z]", "", str(value).lower()).startswith(_GOES_ON)
    return (yes and key in _OPTIONAL) or (no and key in {"required", "critical", "mandatory", "blocking"})


def _plain_key(key: str) -> str:
    return re.sub(r"[^a-z]", "", key.lower())


def _passed(record: ExecutionRecord) -> dict[str, int]:
    """Return the last step that succeeded of each action: earlier failures of it were mended by trying again."""
    return {
        _bare(step.action): step.number
        for step in record.steps
        if step.status is RecordStatus.COMPLETED and (not step.error or _is_remark(step)) and not _not_done(step)
    }


def _bare(action: str) -> str:
    """Return an action without the number of its attempt."""
    return _ATTEMPT.sub("", action).strip().lower()


def _number(text: str, record: ExecutionRecord) -> RecordStep | None:
    """Return the step that a text names by its number."""
    found = _NUMBERED.search(text)
    place = int(found[1] or found[2]) if found is not None else 0
    return record.steps[place - 1] if 1 <= place <= len(record.steps) else None


def _blamed(step: RecordStep, record: ExecutionRecord) -> RecordStep | None:
    """Return the step that a step's error names by its number; None where that one went well: it is only mentioned."""
    named = _number(step.error, record)
    if named is None or named.status is not RecordStatus.COMPLETED:
        return named
    went_well = (not named.error or _is_remark(named)) and not _not_done(named) and named.result not in ("", [], {})
    return None if went_well else named


def _named(record: ExecutionRecord) -> RecordStep | None:
    """Find the step that the execution's own error is about."""
    if not record.error:
        return None
    if (by_number := _number(record.error, record)) is not None:
        return by_number
    said = _plain(record.error)
    by_name = [step for step in record.steps if len(step.action) > 2 and _plain(step.action) in said]
    unfinished = [step for step in record.steps if step.status in {RecordStatus.RUNNING, RecordStatus.CANCELLED}]
    open_ = [step for step in record.steps if step.status is RecordStatus.UNKNOWN]
    found = by_name or unfinished or (open_ if len(open_) < len(record.steps) else [])
    return found[0] if found else None


def _plain(text: str) -> str:
    return re.sub(r"[\s_.-]+", " ", text.lower())
