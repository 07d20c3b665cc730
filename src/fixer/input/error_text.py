"""Takes an error in any of the forms that records hold it in, and returns its text."""

from pydantic import JsonValue

_MESSAGES = ("message", "msg", "detail", "details", "description", "reason", "error_description", "text", "title")
_INNER = ("error", "cause", "innerError", "inner_error", "originalError", "errors", "response", "data", "body")
_CODES = ("code", "status", "statusCode", "status_code", "type", "name", "errorCode", "error_code")
MAX_CHARACTERS = 20_000
_DEPTH = 12


def error_text(value: JsonValue) -> str:
    """Return the words of an error: a string, an object with a message (and a code), errors in errors, or a list.

    What several levels say is kept, the outermost first, each text once; at most `MAX_CHARACTERS`.
    """
    found: list[str] = []
    _gather(value, found, 0)
    kept: list[str] = []
    for text in found:
        if text and not any(text in other for other in kept):
            kept.append(text)
    return ": ".join(kept)[:MAX_CHARACTERS]


def _gather(value: JsonValue, found: list[str], depth: int) -> None:
    if depth > _DEPTH or value is None or isinstance(value, bool):
        return
    if isinstance(value, list):
        for item in value[:20]:
            _gather(item, found, depth + 1)
    elif isinstance(value, dict):
        _gather_object(value, found, depth)
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
        found.append(" ".join(part for part in (f"[{' '.join(codes)}]" if codes else "", ": ".join(own)) if part))
    for key in _INNER:
        _gather(value.get(key), found, depth + 1)
    if len(found) == before:
        found += codes or [f"{key}: {part}" for key, part in value.items() if isinstance(part, str | int | float)]
