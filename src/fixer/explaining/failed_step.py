"""A failed execution comes in, the step that made it fail goes out: the first cause, not the last consequence."""

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.schema.execution_record import ExecutionRecord, RecordStatus, RecordStep
from fixer.schema.explanation import FailedStep

_STEP = (
    r"(?:step|task|action|node|job|stage|activity|schritt|aufgabe|aktion|étape|etape|tâche|paso|tarea|acción|passo"
    r"|etapa|tarefa"
    r"|passaggio|fase|stap|taak|krok|zadanie|шаг|задач[аи]|этап)"
)
_CONSEQUENCE = (
    r"\b(?:skipp(?:ed|ing)|not (?:run|executed|started|reached)|aborted|cancell?ed|blocked|stopped)\b[^.\n]{0,40}"
    r"\b(?:because|since|due to|after|as|by)\b"
    rf"|\b(?:previous|earlier|preceding|prior|upstream|parent|dependent|another|required|last) {_STEP}s?\b"
    rf"|\b{_STEP} #?\d+ (?:has |did |was )?(?:failed|not (?:complete|succeed|run)|errored|unsuccessful)"
    r"|\bdependenc(?:y|ies) failed\b|\bdepends on (?:a )?failed\b|\bupstream (?:failed|failure|error)\b"
    r"|\b(?:no|missing) (?:input|output|result) from\b|\boutput of\b[^.\n]{0,40}\b(?:unavailable|missing|not available)"
    r"|übersprungen|vorherige[rnms]? schritt|schritt \d+ (?:ist )?(?:fehlgeschlagen"
    r"|gescheitert)|abgebrochen,? (?:weil|da|wegen)"
    r"|ignorée? car|étape précédente|étape \d+ a échoué|annulée? (?:car|suite)"
    r"|omitid[oa]|paso anterior|el paso \d+ (?:ha )?fall|cancelad[oa] (?:porque|debido|por)"
    r"|ignorad[oa] (?:porque|devido)|(?:etapa|passo) anterior|(?:etapa|passo) \d+ falhou"
    r"|saltat[oa]|passaggio precedente|(?:passaggio|fase) \d+ (?:è )?fallit"
    r"|overgeslagen|vorige stap|stap \d+ (?:is )?mislukt|pominięto|poprzedni krok|krok \d+ nie"
    r"|пропущен|предыдущ\w+ (?:шаг|этап|задач)|スキップ|前のステップ|跳过|上一步|前一步|前置步骤"
)
"""Words that say: this failed because something else did."""
_ENDED_IT = r"\btimed?[ -]?out\b|\btime limit\b|\bexceeded the maximum\b|\bout of memory\b|\boom[ -]?killed\b"
"""Words of a step that was cancelled and is the cause itself."""
_NOTHING_CAME = re.compile(
    r"(?i)\bof (?:undefined|null)\b|\bnone ?type\b|\bnull ?pointer|\bnil\b|\bkeyerror\b|\bindex ?error\b|index out of"
    r"|\b(?:is|was|were|are|got|received|be|=) (?:an? )?(?:empty|null|none|undefined|nan)\b|\bnot iterable\b"
    r"|\b(?:no|zero|0) (?:\w+ ){0,2}(?:data|records?|results?|rows?|items?|contacts?|leads?|input|content|body|response"
    r"|recipients?|events?|messages?|values?|entries|documents?|files?)\b|\bnothing to\b"
    r"|\bno \w+ (?:to \w+|found|returned|available)\b"
    r"|\bempty (?:\w+ )?(?:list"
    r"|input|array|result|response|body|payload|set)\b|\bmissing (?:\w+ )?(?:input|output|data|result|value)\b"
    r"|\b(?:input|output|data|result|value) (?:\w+ )?(?:is |was )?missing\b|\bunexpected end of json"
    r"|keine (?:daten|ergebnisse|einträge|kontakte)|ist leer|aucune? (?:donnée|résultat|contact)|est vide"
    r"|sin (?:datos|resultados)|no hay (?:datos|resultados|contactos)|está vací|sem (?:dados|resultados)|está vazi"
    r"|データがありません|空です|没有数据|为空|нет данных|пуст"
)
"""Words that say: what an earlier step should have given did not come."""
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
    rf"(?i)\b{_STEP}\s*(?:no\.?|nr\.?|number)?\s*[#:]?\s*(\d{{1,4}})\b|(?:ステップ|步骤|第)\s*(\d{{1,4}})"
)
_OPTIONAL = (
    "optional",
    "continueOnError",
    "continueOnFail",
    "allowFailure",
    "ignoreErrors",
    "ignoreError",
    "nonBlocking",
    "handled",
    "recovered",
)


def failed_step(record: ExecutionRecord) -> tuple[FailedStep, RecordStep | None]:
    """Return the step that failed, as it is told and as it was recorded.

    Every step is read. One that was tried again and then passed, or was allowed to fail, did not make the execution
    fail; one that says it was skipped because of another is a consequence, and one that only lacked its input is one
    of an earlier step whose result tells of an error although it is marked as done. Where only the execution itself
    has an error, the step that it names counts, then the one that was still running; with none of these the step
    number is 0.
    """
    step = _cause(record) or _named(record)
    step = (_silent(record, step) if step is not None else None) or step
    if step is None:
        return FailedStep(step_number=0, action="", error=record.error, timestamp=record.end_time), None
    told = FailedStep(
        step_number=step.number, action=step.action, error=step.error or record.error, timestamp=step.timestamp
    )
    return told, step


def _cause(record: ExecutionRecord) -> RecordStep | None:
    failed = [step for step in record.steps if step.status is RecordStatus.FAILED or _was_ended(step)]
    told = [step for step in record.steps if step.error and step.status is not RecordStatus.SKIPPED]
    numbers = {step.number for step in (*failed, *told)}
    either = [step for step in record.steps if step.number in numbers]
    passed = _passed(record)
    groups = (
        [step for step in failed if not _is_consequence(step)],
        [step for step in told if not _is_consequence(step)],
        [step for step in either if (named := _number(step.error, record)) is not None and named is not step],
        failed,
        told,
    )
    for number, steps in enumerate(groups):
        left = [step for step in steps if passed.get(_bare(step.action), 0) <= step.number and not _may_fail(step)]
        if not left and number > 1:
            left = steps
        if number == 2 and left:
            return _number(left[0].error, record)
        if left and says(left[0].error, _ONLY_ON_RETRY) and (again := [one for one in steps if one not in left]):
            return again[0]
        if with_words := [step for step in left if step.error] or left:
            return with_words[0]
    return None


def _silent(record: ExecutionRecord, failed: RecordStep) -> RecordStep | None:
    """Return the earlier step that is marked as done, tells of an error, and left the failed one without its input."""
    if failed.error and not _NOTHING_CAME.search(failed.error):
        return None
    passed = _passed(record)
    earlier = (step for step in record.steps[: failed.number - 1] if step.error)
    return next(
        (
            step
            for step in earlier
            if step.status in {RecordStatus.COMPLETED, RecordStatus.UNKNOWN}
            and not _is_consequence(step)
            and passed.get(_bare(step.action), 0) <= step.number
            and not _may_fail(step)
        ),
        None,
    )


def _was_ended(step: RecordStep) -> bool:
    """Whether a step counts as cancelled because a limit ended it."""
    return step.status is RecordStatus.CANCELLED and says(step.error, _ENDED_IT)


def _is_consequence(step: RecordStep) -> bool:
    return says(step.error, _CONSEQUENCE)


def _may_fail(step: RecordStep) -> bool:
    """Whether the workflow goes on where this step fails."""
    plain = {re.sub(r"[^a-z]", "", key.lower()): value for key, value in step.details.items()}
    if any(plain.get(key.lower()) is True for key in _OPTIONAL):
        return True
    if plain.get("required") is False or plain.get("critical") is False:
        return True
    return str(plain.get("onerror", plain.get("onfailure", ""))).lower() in {"continue", "ignore", "skip"}


def _passed(record: ExecutionRecord) -> dict[str, int]:
    """Return the last step that succeeded of each action: earlier failures of it were mended by trying again."""
    return {
        _bare(step.action): step.number
        for step in record.steps
        if step.status is RecordStatus.COMPLETED and not step.error
    }


def _bare(action: str) -> str:
    """Return an action without the number of its attempt."""
    return _ATTEMPT.sub("", action).strip().lower()


def _number(text: str, record: ExecutionRecord) -> RecordStep | None:
    """Return the step that a text names by its number."""
    found = _NUMBERED.search(text)
    place = int(found[1] or found[2]) if found is not None else 0
    return record.steps[place - 1] if 1 <= place <= len(record.steps) else None


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
