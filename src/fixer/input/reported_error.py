"""Takes what a step gave, and returns the error that is reported in it, as it stands there; None where there is none.

Many tools mark a step as done whose answer says that it failed: `{"ok": false, "message": …}`, `{"statusCode": 404}`.
"""

import re
from collections.abc import Callable, Iterable

from pydantic import JsonValue

_ERRORS = ("error", "errors", "errorMessage", "error_message", "exception")
_TRUTHS = ("ok", "success", "successful", "succeeded")
_CODES = ("statusCode", "status_code", "httpStatus", "httpCode", "status", "code")
_WORDS = (
    "message",
    "msg",
    "reason",
    "detail",
    "details",
    "description",
    "statusText",
    "title",
    "stderr",
)
_WRAPPERS = ("response", "body", "data", "json", "output", "result")
_BEGINS = re.compile(r"(?i)\s*(?:[\w.]*(?:error|exception)\b|traceback \(|fatal\b|failed\b|fehler\b|erreur\b|erro\b)")
_DEPTH = 4


def reported(result: JsonValue, is_failure: Callable[[str], bool], *, failed: bool, depth: int = 0) -> JsonValue:
    """Return the error that a step's result tells of.

    Args:
        result: what the step gave.
        is_failure: whether a word of a status means a failure.
        failed: the step is known as failed: then plain words of its result are its error.
        depth: of the result inside of another one.
    """
    if isinstance(result, str):
        return result if result.strip() and (failed or _BEGINS.match(result)) else None
    if isinstance(result, dict):
        return _of_object(result, is_failure, failed=failed, depth=depth)
    items = result[:20] if isinstance(result, list) else []
    return _first((item for item in items if isinstance(item, dict)), is_failure, depth)


def _of_object(
    result: dict[str, JsonValue], is_failure: Callable[[str], bool], *, failed: bool, depth: int
) -> JsonValue:
    for key in _ERRORS:
        told = result.get(key)
        if told is True:
            return result
        if told and isinstance(told, str | dict | list):
            return told
    if _says_no(result, is_failure) or (failed and any(_is_said(result.get(key)) for key in _WORDS)):
        return result
    inside = (result.get(key) for key in _WRAPPERS)
    return _first((part for part in inside if isinstance(part, dict | list)), is_failure, depth)


def _first(parts: Iterable[JsonValue], is_failure: Callable[[str], bool], depth: int) -> JsonValue:
    if depth >= _DEPTH:
        return None
    found = (reported(part, is_failure, failed=False, depth=depth + 1) for part in parts)
    return next((one for one in found if one), None)


def _says_no(result: dict[str, JsonValue], is_failure: Callable[[str], bool]) -> bool:
    if any(result.get(key) is False for key in _TRUTHS):
        return True
    for key in _CODES:
        value = result.get(key)
        number = int(value) if isinstance(value, str) and re.fullmatch(r"[45]\d\d", value) else value
        if isinstance(number, int | float) and not isinstance(number, bool) and 400 <= number < 600:
            return True
    word = result.get("status")
    return isinstance(word, str) and is_failure(word)


def _is_said(value: JsonValue) -> bool:
    return bool(value) and isinstance(value, str | dict | list)
