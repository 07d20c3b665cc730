"""Takes an execution record as JSON and returns it in the one form that is explained, or every problem with its place.

Records come from many tools: both spellings of a key are read (`startTime`, `start_time`; `status`, `stepStatus`), what
is missing is taken as not said, further keys are kept as context. What is there with a wrong type is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import JsonValue

from fixer.errors import ConfigError
from fixer.input.error_text import error_text
from fixer.input.json_text import JsonSyntaxError, Member, Node, plain, read
from fixer.input.problems import InputError, decode, nearest, position_of, problem_at
from fixer.schema.base import content_id
from fixer.schema.execution_record import ExecutionRecord, RecordStatus, RecordStep

MAX_BYTES = 16 * 1024 * 1024
HINT = "`fixer schema execution` prints what may stand there"
WORDS: Mapping[RecordStatus, tuple[str, ...]] = {
    RecordStatus.COMPLETED: ("completed", "complete", "success", "succeeded", "successful", "passed", "done", "ok"),
    RecordStatus.FAILED: ("failed", "failure", "fail", "error", "errored", "crashed", "timedout", "timeout"),
    RecordStatus.RUNNING: ("running", "inprogress", "pending", "queued", "waiting", "started", "scheduled"),
    RecordStatus.SKIPPED: ("skipped", "notrun", "ignored"),
    RecordStatus.CANCELLED: ("cancelled", "canceled", "aborted", "stopped", "killed"),
}
"""The words of a status, without case and punctuation."""
_KNOWN = {word: status for status, words in WORDS.items() for word in words}
_MILLISECONDS = 1e11
"""A number above it counts milliseconds since 1970: as seconds it would be the year 5138."""
_LAST_SECOND = 253402300799.0
"""The end of the year 9999, the last that ISO 8601 writes with four digits."""

_Found = tuple[int, str, str]
"""Offset, what is wrong, what to write instead."""


def parse_execution(data: bytes, file: str) -> ExecutionRecord:
    """Read one execution record.

    Args:
        data: the JSON.
        file: its name in messages, kept as the record's origin.

    Raises:
        InputError: with every problem.
        ConfigError: it is too large.
    """
    if len(data) > MAX_BYTES:
        raise ConfigError(
            f"{file}:1:1: the record is larger than {MAX_BYTES // 1024 // 1024} MiB",
            "give the log itself to `fixer logs`, or leave large results out of the record",
        )
    text = decode(data, file, HINT)
    try:
        node = _unwrapped(read(text))
    except JsonSyntaxError as error:
        raise InputError([problem_at(text, file, error.offset, error.message, error.instead)], HINT) from error
    problems = [problem_at(text, file, *found) for found in _Check(text).record(node)]
    if problems:
        raise InputError(problems, HINT)
    return _build(node, file)


def moment(value: JsonValue) -> datetime | None:
    """Return a time of a record: ISO 8601, the form of mail headers, seconds or milliseconds since 1970; else None."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if abs(value) > _MILLISECONDS else float(value)
        return datetime.fromtimestamp(seconds, UTC) if 0 <= seconds <= _LAST_SECOND else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    if re.fullmatch(r"\d{9,13}", text, re.ASCII):
        return moment(int(text))
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = parse(text)
        except (ValueError, TypeError, IndexError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def status_of(word: str) -> RecordStatus | None:
    """Return the status that a word of a record means; None where it is no word for one."""
    return _KNOWN.get(re.sub(r"[^a-z]", "", word.lower()))


def _unwrapped(node: Node) -> Node:
    """Look through `{"execution": {…}}`, the form of many programs' answers."""
    members = node.members or ()
    if len(members) == 1 and members[0].key in {"execution", "run", "data"} and members[0].value.members is not None:
        return members[0].value
    return node


@dataclass(frozen=True)
class _Check:
    text: str

    def record(self, node: Node) -> Iterator[_Found]:
        if node.members is None:
            yield (
                node.offset,
                f"an execution record is an object, this is {_a(node)}",
                '{"status": "failed", "steps": […]}',
            )
            return
        yield from self.members(node, _RECORD)
        steps = _get(node, "steps")
        items = () if steps is None or steps.items is None else steps.items
        for number, item in enumerate(items, 1):
            if item.members is None:
                yield item.offset, f"step {number} is an object, this is {_a(item)}", '{"action": "…", "status": "…"}'
            else:
                yield from self.members(item, _STEP)
        if not any(_get(node, *names) for names in (("status", "executionStatus"), ("steps",), ("error", "errors"))):
            yield (
                node.offset,
                "nothing says how it ended: 'status', 'steps' and 'error' are missing",
                '"status": "failed"',
            )

    def members(self, node: Node, keys: Mapping[str, "_Kind"]) -> Iterator[_Found]:
        seen: dict[str, Member] = {}
        for member in node.members or ():
            if member.key in seen:
                line = position_of(self.text, seen[member.key].offset).line
                yield (
                    member.offset,
                    f"'{member.key[:60]}' stands here for a second time; the first is in line {line}",
                    "one",
                )
                continue
            seen[member.key] = member
            kind = keys.get(_camel(member.key))
            if kind is not None and member.value.kind != "null":
                wrong = kind(member.value)
                if wrong:
                    yield member.value.offset, f"'{member.key[:60]}' {wrong[0]}", wrong[1]


_Kind = Callable[[Node], tuple[str, str] | None]
"""Says what is wrong with a value and what to write instead; None where it is right."""


def _a(node: Node) -> str:
    kind = node.kind
    return kind if kind == "null" else f"{'an' if kind[0] in 'ao' else 'a'} {kind}"


def _string(node: Node) -> tuple[str, str] | None:
    if not isinstance(node.value, str):
        return f"takes a string, this is {_a(node)}", "a string in double quotes"
    return ("holds a NUL character", "the text without it") if "\0" in node.value else None


def _name(node: Node) -> tuple[str, str] | None:
    if isinstance(node.value, float) and not isinstance(node.value, bool):
        return None
    return _string(node)


def _named(node: Node) -> tuple[str, str] | None:
    """A name, or an object that has one."""
    if node.members is not None:
        name = _get(node, "name", "id", "title")
        if name is None:
            return "is an object without 'name' or 'id'", 'its name: "Outreach agent"'
        return _name(name)
    return _name(node)


def _status(node: Node) -> tuple[str, str] | None:
    if wrong := _string(node):
        return wrong
    word = str(node.value)
    if status_of(word) is not None:
        return None
    near = nearest(word, _KNOWN)
    return f"is no status that fixer knows: {word[:60]!r}", f'"{near}"' if near else '"failed" or "completed"'


def _time(node: Node) -> tuple[str, str] | None:
    if node.value == "":
        return None
    if not isinstance(node.value, str | float) or isinstance(node.value, bool):
        return f"takes a time, this is {_a(node)}", '"2026-01-31T09:30:00Z", or milliseconds since 1970'
    if moment(plain(node)) is None:
        return f"is no time: {str(node.value)[:60]}", '"2026-01-31T09:30:00Z", or milliseconds since 1970'
    return None


def _amount(node: Node) -> tuple[str, str] | None:
    if not isinstance(node.value, float) or isinstance(node.value, bool):
        return f"takes a number, this is {_a(node)}", "a number such as 1200"
    if not 0 <= node.value < float("inf"):
        return "is below zero or too large", "a number from 0 on"
    return None


def _truth(node: Node) -> tuple[str, str] | None:
    return None if isinstance(node.value, bool) else (f"is true or false, this is {_a(node)}", "true or false")


def _list(node: Node) -> tuple[str, str] | None:
    return None if node.items is not None else (f"takes an array, this is {_a(node)}", '[{"action": "…"}]')


def _error(node: Node) -> tuple[str, str] | None:
    if isinstance(node.value, bool | float):
        return f"takes a string or an object, this is {_a(node)}", '"what went wrong"'
    return None


_RECORD: Mapping[str, _Kind] = {
    "id": _name,
    "executionId": _name,
    "runId": _name,
    "workspace": _named,
    "workspaceId": _name,
    "agent": _named,
    "agentName": _name,
    "job": _named,
    "workflow": _named,
    "status": _status,
    "executionStatus": _status,
    "startTime": _time,
    "endTime": _time,
    "startedAt": _time,
    "completedAt": _time,
    "steps": _list,
    "error": _error,
    "creditsUsed": _amount,
    "testMode": _truth,
}
_STEP: Mapping[str, _Kind] = {
    "action": _named,
    "status": _string,
    "stepStatus": _string,
    "error": _error,
    "duration": _amount,
    "durationMs": _amount,
    "timestamp": _time,
    "creditsUsed": _amount,
}


def _camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _get(node: Node, *names: str) -> Node | None:
    """Return the value of the first of `names` that is there and not null, in either spelling."""
    for name in names:
        for member in node.members or ():
            if _camel(member.key) == name and member.value.kind != "null":
                return member.value
    return None


def _word(node: Node | None) -> str:
    """Return a name: the string or number itself, or the name of the object."""
    if node is None:
        return ""
    if node.members is not None:
        return _word(_get(node, "name", "id", "title"))
    value = plain(node)
    return str(value).strip()


def _instant(node: Node | None) -> str:
    found = None if node is None else moment(plain(node))
    return "" if found is None else found.isoformat()


def _build(node: Node, file: str) -> ExecutionRecord:
    steps_node = _get(node, "steps")
    items = () if steps_node is None or steps_node.items is None else steps_node.items
    steps = tuple(_step(item, number) for number, item in enumerate(items, 1))
    error = error_text(_plain_of(node, "error", "errors", "errorMessage"))
    said = _get(node, "status", "executionStatus")
    status = status_of(str(said.value)) if said is not None else None
    if status is None:
        failed = bool(error) or any(step.status is RecordStatus.FAILED or step.error for step in steps)
        status = RecordStatus.FAILED if failed else RecordStatus.UNKNOWN
    known = {*_RECORD, "errors", "errorMessage", "trigger", "steps"}
    context = {member.key: plain(member.value) for member in node.members or () if _camel(member.key) not in known}
    mode = _get(node, "testMode")
    return ExecutionRecord(
        id=_word(_get(node, "id", "executionId", "runId")) or f"x{content_id(_canonical(plain(node)))}",
        workspace=_word(_get(node, "workspace", "workspaceId")) or "default",
        agent=_word(_get(node, "agent", "agentName", "job", "workflow")),
        status=status,
        trigger=_trigger(_get(node, "trigger")),
        start_time=_instant(_get(node, "startTime", "startedAt")),
        end_time=_instant(_get(node, "endTime", "completedAt")),
        steps=steps,
        error=error,
        credits_used=_number(_get(node, "creditsUsed")),
        test_mode=mode is not None and mode.value is True,
        origin=file,
        context=context,
    )


def _step(node: Node, number: int) -> RecordStep:
    result = _plain_of(node, "result", "output")
    error = error_text(_plain_of(node, "error", "errors", "errorMessage"))
    if not error and isinstance(result, dict):
        error = error_text(next((result[key] for key in ("error", "errors", "errorMessage") if result.get(key)), None))
    words = [status_of(str(said.value)) for name in ("status", "stepStatus") if (said := _get(node, name)) is not None]
    status = RecordStatus.FAILED if RecordStatus.FAILED in words else next((word for word in words if word), None)
    duration = _get(node, "duration", "durationMs")
    return RecordStep(
        number=number,
        action=_word(_get(node, "action", "name", "tool", "type")) or f"step {number}",
        status=status or RecordStatus.UNKNOWN,
        result=result,
        error=error,
        duration=None if duration is None else _number(duration),
        timestamp=_instant(_get(node, "timestamp", "startTime", "startedAt")),
        credits_used=_number(_get(node, "creditsUsed")),
    )


def _plain_of(node: Node, *names: str) -> JsonValue:
    found = _get(node, *names)
    return None if found is None else plain(found)


def _number(node: Node | None) -> float:
    return node.value if node is not None and isinstance(node.value, float) else 0.0


def _trigger(node: Node | None) -> str:
    return "" if node is None else _word(node) if node.items is None else ""


def _canonical(value: JsonValue) -> str:
    import json  # noqa: PLC0415 - only for records without an id

    return json.dumps(value, sort_keys=True)
