"""Takes an error in any of the forms that records hold it in, and returns its text."""

import json
from collections.abc import Iterator

from pydantic import JsonValue

_MESSAGES = (
    "message",
    "msg",
    "detail",
    "details",
    "description",
    "reason",
    "error_description",
    "errorDescription",
    "errorMessage",
    "error_message",
    "errorSummary",
    "error_summary",
    "faultstring",
    "statusText",
    "hint",
    "text",
    "title",
)
_INNER = (
    "error",
    "cause",
    "innerError",
    "inner_error",
    "innererror",
    "originalError",
    "errors",
    "suberrors",
    "subErrors",
    "errorCauses",
    "messages",
    "issues",
    "violations",
    "validationErrors",
    "validation_errors",
    "fieldErrors",
    "field_errors",
    "invalidParams",
    "invalid_params",
    "invalid-params",
    "failures",
    "fault",
    "exception",
    "extensions",
    "response",
    "data",
    "body",
)
_CODES = ("code", "status", "statusCode", "status_code", "type", "name", "errorCode", "error_code")
MAX_CHARACTERS = 20_000
_SAYS_NOTHING = {"error", "failed", "failure", "fail"}
_DEPTH = 12
_LINES = 3
"""Of text around a structure, one of them after it, that make it a line of a log."""
_FRAMES = ("at ", "File ", "from ", "...", "}", "]", "Caused by")
_ATTEMPTS = 4
"""Places of a text where a structure may begin that are tried."""


def error_text(value: JsonValue) -> str:
    """Return the words of an error: a string, an object with a message (and a code), errors in errors, or a list.

    What several levels say is kept, the outermost first, each text once; at most `MAX_CHARACTERS`. A string that holds
    JSON, alone or after words of its own, reads like those words and that structure.
    """
    found: list[str] = []
    _gather(value, found, 0)
    kept: list[str] = []
    for text in found:
        if text and not any(text in other for other in kept):
            kept.append(text)
    return ": ".join(kept)[:MAX_CHARACTERS]


def structure_in(text: str) -> tuple[str, JsonValue]:
    """Return the words before the first JSON object or list of objects in a text, and it; None where there is none.

    There is none, either, where it is one line of a log: the other lines say more than it.
    """
    for start in _beginnings(text[:MAX_CHARACTERS]):
        try:
            value, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if _in_a_log(text, start, end):
            return text, None
        if end - start > 2 and (isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict))):
            return text[:start].rstrip(" \t\r\n:-=\"'"), value
    return text, None


def _in_a_log(text: str, start: int, end: int) -> bool:
    """Whether what stands around a structure is a log of which it is one line; a stack trace after it is none."""
    after = [line for line in text[end:].splitlines()[1:] if line.strip() and not line.lstrip().startswith(_FRAMES)]
    return bool(after) and len(after) + text.count("\n", 0, start) >= _LINES


def _beginnings(text: str) -> Iterator[int]:
    at, tried = -1, 0
    while tried < _ATTEMPTS and (places := [p for sign in "{[" if (p := text.find(sign, at + 1)) >= 0]):
        at, tried = min(places), tried + 1
        if text[at + 1 : at + 200].lstrip()[:1] in {'"', "{"}:
            yield at


def _gather(value: JsonValue, found: list[str], depth: int) -> None:
    if depth > _DEPTH or value is None or isinstance(value, bool):
        return
    if isinstance(value, list) and len(value) > _LINES and all(isinstance(item, str) for item in value):
        found.append("\n".join(map(str, value))[:MAX_CHARACTERS])
    elif isinstance(value, list):
        for item in value[:20]:
            _gather(item, found, depth + 1)
    elif isinstance(value, dict):
        _gather_object(value, found, depth)
    elif isinstance(value, str) and (held := structure_in(value))[1] is not None:
        before = len(found)
        words, structure = held
        found += [words] if words else []
        _gather(structure, found, depth + 1)
        if len(found) == before:
            found.append(value.strip())
    else:
        found.append(str(value).strip())


def _gather_object(value: dict[str, JsonValue], found: list[str], depth: int) -> None:
    before = len(found)
    codes = [str(value[key]) for key in _CODES if isinstance(value.get(key), str | int) and value[key] != ""]
    words = [value[key] for key in _MESSAGES if value.get(key)]
    if words:
        own: list[str] = []
        for word in words:
            _gather(word, own, depth + 1)
        own = list(dict.fromkeys(own))
        if own:
            shown = [code for code in codes if code.lower() not in _SAYS_NOTHING and "://" not in code]
            found.append(f"[{' '.join(shown)}] {': '.join(own)}" if shown else ": ".join(own))
    for key in _INNER:
        _gather(value.get(key), found, depth + 1)
    if len(found) == before:
        found += codes or list(_by_name(value, depth))


def _by_name(value: dict[str, JsonValue], depth: int) -> Iterator[str]:
    """Yield what is said of each key of an object that has none of the usual ones: `{"email": ["is invalid"]}`."""
    for key, part in list(value.items())[:20]:
        said: list[str] = []
        if isinstance(part, dict | list):
            _gather(part, said, depth + 1)
        elif isinstance(part, str | int | float):
            said = [str(part)]
        if said:
            words = ", ".join(said)
            yield f"{key}:\n{words}" if "\n" in words else f"{key}: {words}"
