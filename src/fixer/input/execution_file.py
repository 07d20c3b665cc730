"""Takes an execution record as JSON and returns it in the one form that is explained, or every problem with its place.

Records come from many tools: both spellings of a key are read (`startTime`, `start_time`; `status`, `stepStatus`), what
is missing is taken as not said, further keys are kept as context. What is there with a wrong type is refused.
"""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from fixer.errors import ConfigError
from fixer.input.error_text import error_text, structure_in
from fixer.input.json_shape import (
    Found,
    Kind,
    a_list,
    a_name,
    a_named_thing,
    a_string,
    a_time,
    a_truth,
    a_workspace,
    an_amount,
    article,
    camel,
    checked,
    get,
    members,
    moment,
    word_of,
    workspace_of,
)
from fixer.input.json_text import plain
from fixer.input.nodes import Node
from fixer.input.problems import nearest
from fixer.input.reported_error import reported
from fixer.input.status_words import KNOWN, status_of
from fixer.schema.base import content_id
from fixer.schema.execution_record import ExecutionRecord, RecordStatus, RecordStep

MAX_BYTES = 16 * 1024 * 1024
HINT = "`fixer schema execution` prints what may stand there"


def parse_execution(data: bytes, file: str) -> ExecutionRecord:
    """Read one execution record.

    Args:
        data: the JSON.
        file: its name in messages, kept as the record's origin.

    Raises:
        InputError: with every problem.
        ConfigError: it is too large.

    Returns:
        The record; its `workspace` is among the fields that were set only where the record says one.
    """
    if len(data) > MAX_BYTES:
        raise ConfigError(
            f"{file}:1:1: the record is larger than {MAX_BYTES // 1024 // 1024} MiB",
            "give the log itself to `fixer logs`, or leave large results out of the record",
        )
    node = checked(data, file, HINT, lambda text, node: _check(text, _unwrapped(node)))
    record = _build(_unwrapped(node), file)
    said = workspace_of(_unwrapped(node))
    # A field that was not set tells that the record does not say where it belongs.
    return record.model_copy(update={"workspace": said}) if said else record


def _is_failure(word: str) -> bool:
    return status_of(word) is RecordStatus.FAILED


def _unwrapped(node: Node) -> Node:
    """Look through `{"execution": {…}}`, the form of many programs' answers."""
    members = node.members or ()
    if len(members) == 1 and members[0].key in {"execution", "run", "data"} and members[0].value.members is not None:
        return members[0].value
    return node


def _check(text: str, node: Node) -> Iterator[Found]:
    if node.members is None:
        yield (
            node.offset,
            f"an execution record is an object, this is {article(node)}",
            '{"status": "failed", "steps": […]}',
        )
        return
    yield from members(text, node, _RECORD)
    steps = get(node, "steps")
    items = () if steps is None or steps.items is None else steps.items
    for number, item in enumerate(items, 1):
        if item.members is None:
            yield (
                item.offset,
                f"step {number} is an object, this is {article(item)}",
                '{"action": "…", "status": "…"}',
            )
        else:
            yield from members(text, item, _STEP)
    if not any(get(node, *names) for names in (("status", "executionStatus"), ("steps",), ("error", "errors"))):
        yield (
            node.offset,
            "nothing says how it ended: 'status', 'steps' and 'error' are missing",
            '"status": "failed"',
        )


def _status(node: Node) -> tuple[str, str] | None:
    if wrong := a_string(node):
        return wrong
    word = str(node.value)
    if status_of(word) is not None:
        return None
    near = nearest(word, KNOWN)
    return f"is no status that fixer knows: {word[:60]!r}", f'"{near}"' if near else '"failed" or "completed"'


def _error(node: Node) -> tuple[str, str] | None:
    if isinstance(node.value, bool | float):
        return f"takes a string or an object, this is {article(node)}", '"what went wrong"'
    return None


_RECORD: Mapping[str, Kind] = {
    "id": a_name,
    "executionId": a_name,
    "runId": a_name,
    "workspace": a_workspace,
    "workspaceId": a_workspace,
    "agent": a_named_thing,
    "agentName": a_name,
    "job": a_named_thing,
    "workflow": a_named_thing,
    "status": _status,
    "executionStatus": _status,
    "startTime": a_time,
    "endTime": a_time,
    "startedAt": a_time,
    "completedAt": a_time,
    "steps": a_list,
    "error": _error,
    "creditsUsed": an_amount,
    "testMode": a_truth,
}
_STEP: Mapping[str, Kind] = {
    "action": a_named_thing,
    "status": a_string,
    "stepStatus": a_string,
    "error": _error,
    "duration": an_amount,
    "durationMs": an_amount,
    "timestamp": a_time,
    "creditsUsed": an_amount,
}
_READ_OF_STEP = frozenset(
    {"name", "tool", "type", "result", "output", "errors", "errorMessage", "startTime", "startedAt"}
)


def _instant(node: Node | None) -> str:
    """Return a time as ISO 8601; one before 1970 is what many programs write where there is none."""
    found = None if node is None else moment(plain(node))
    return "" if found is None or found.timestamp() < 0 else found.isoformat()


def _build(node: Node, file: str) -> ExecutionRecord:
    steps_node = get(node, "steps")
    items = () if steps_node is None or steps_node.items is None else steps_node.items
    steps = tuple(_step(item, number) for number, item in enumerate(items, 1))
    error = error_text(_plain_of(node, "error", "errors", "errorMessage"))
    said = get(node, "status", "executionStatus")
    status = status_of(str(said.value)) if said is not None else None
    if status in {None, RecordStatus.CANCELLED}:
        # Whoever stops an execution mostly does so because of what went wrong in it.
        failed = bool(error) or any(step.status is RecordStatus.FAILED or step.error for step in steps)
        status = RecordStatus.FAILED if failed else status or RecordStatus.UNKNOWN
    known = {*_RECORD, "errors", "errorMessage", "trigger", "steps"}
    context = {member.key: plain(member.value) for member in node.members or () if camel(member.key) not in known}
    told = _plain_of(node, "error", "errors", "errorMessage")
    held = structure_in(told)[1] if isinstance(told, str) else told
    context |= {"error": held} if isinstance(held, dict | list) else {}
    mode = get(node, "testMode")
    return ExecutionRecord(
        id=word_of(get(node, "id", "executionId", "runId")) or f"x{content_id(_canonical(plain(node)))}",
        agent=word_of(get(node, "agent", "agentName", "job", "workflow")),
        status=status,
        trigger=_trigger(get(node, "trigger")),
        start_time=_instant(get(node, "startTime", "startedAt")),
        end_time=_instant(get(node, "endTime", "completedAt")),
        steps=steps,
        error=error,
        credits_used=_number(get(node, "creditsUsed")),
        test_mode=mode is not None and mode.value is True,
        origin=file,
        context=context,
    )


def _step(node: Node, number: int) -> RecordStep:
    result = _plain_of(node, "result", "output")
    error = error_text(_plain_of(node, "error", "errors", "errorMessage"))
    words = [status_of(str(said.value)) for name in ("status", "stepStatus") if (said := get(node, name)) is not None]
    status = RecordStatus.FAILED if RecordStatus.FAILED in words else next((word for word in words if word), None)
    duration = get(node, "duration", "durationMs")
    told = _plain_of(node, "error", "errors", "errorMessage")
    if not error:
        told = reported(result, _is_failure, failed=status is RecordStatus.FAILED)
        error = error_text(told)
    if isinstance(told, str):
        told = structure_in(told)[1]
    structure: dict[str, JsonValue] = {"error": told} if isinstance(told, dict | list) else {}
    further = {m.key: plain(m.value) for m in node.members or () if camel(m.key) not in {*_STEP, *_READ_OF_STEP}}
    return RecordStep(
        number=number,
        action=word_of(get(node, "action", "name", "tool", "type")) or f"step {number}",
        status=status or RecordStatus.UNKNOWN,
        result=result,
        error=error,
        duration=None if duration is None else _number(duration),
        timestamp=_instant(get(node, "timestamp", "startTime", "startedAt")),
        credits_used=_number(get(node, "creditsUsed")),
        details=further | structure,
    )


def _plain_of(node: Node, *names: str) -> JsonValue:
    found = get(node, *names)
    return None if found is None else plain(found)


def _number(node: Node | None) -> float:
    return node.value if node is not None and isinstance(node.value, float) else 0.0


def _trigger(node: Node | None) -> str:
    return "" if node is None else word_of(node) if node.items is None else ""


def _canonical(value: JsonValue) -> str:
    import json  # noqa: PLC0415 - only for records without an id

    return json.dumps(value, sort_keys=True)
