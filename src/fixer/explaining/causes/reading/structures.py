"""The structures that an error carries: a failure comes in, its objects go out, and what they hold under a name.

SDKs put what a service answered into their message: as JSON, and in Python as the print of a dictionary.
"""

import ast
import json
from collections.abc import Iterator

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.explaining.causes.base import DEPTH, Scene, leaves, said

_LONGEST = 8_000
_PIECES = 4
"""Structures of one text that are looked at."""
_DEEPEST = 20
_BEGINS = re.compile(r"\{\s*(?:\\?[\"']|\})|\[\s*\{")


def objects_held(scene: Scene, *, only_said: bool = False) -> list[dict[str, JsonValue]]:
    """Return every object of what the failed step and the record say of the error, the outermost first.

    Args:
        scene: the failure.
        only_said: without what was sent, which an error may repeat.
    """
    found: list[dict[str, JsonValue]] = []
    places: list[JsonValue] = []
    if scene.step is not None:
        error = scene.step.details.get("error")
        places += [error if error is not None else scene.step.error]
        result = scene.step.result
        if isinstance(result, dict) and "error" in result:
            # What stands beside the error says where: a channel, an expression; lists are what the step has done.
            places.insert(0, {key: value for key, value in result.items() if not isinstance(value, dict | list)})
        places += [result.get("error", result) if isinstance(result, dict) else result]
    if not any(places):
        places += [scene.record.context.get("error"), scene.record.error]
    for place in places:
        found += [one for one in _objects(place, 0, only_said=only_said) if one not in found]
    return found


def _objects(value: JsonValue, depth: int, *, only_said: bool) -> Iterator[dict[str, JsonValue]]:
    if depth > DEPTH:
        return
    if isinstance(value, str):
        for part in structures(value):
            yield from _objects(part, depth + 1, only_said=only_said)
    elif isinstance(value, dict):
        value = said(value) if only_said else value
        yield value
        for part in value.values():
            yield from _objects(part, depth + 1, only_said=only_said)
    elif isinstance(value, list):
        for part in value[:20]:
            yield from _objects(part, depth + 1, only_said=only_said)


def structures(text: str) -> Iterator[JsonValue]:
    """Yield the objects and lists of objects that a text holds, as JSON or as Python prints them."""
    yield from (value for _, _, value in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[int, int, JsonValue]]:
    """Yield where each structure of a text begins and ends, and what it holds."""
    at, found = 0, 0
    while found < _PIECES and (begin := _BEGINS.search(text[:_LONGEST], at)) is not None:
        found += 1
        start = begin.start()
        end = _end(text, start)
        value = _read(text[start:end]) if end else None
        at = end if end and value is not None else start + 1
        if value is not None:
            yield start, end, value


def in_words(text: str) -> str:
    """Return a text in which each structure is replaced by the texts that it holds, a line each: keys name nothing.

    The words before a structure only lead to it ("Error code: 429 - {…}"): its first sentence follows them.
    """
    parts, at = [], 0
    for start, end, value in _pieces(text):
        held = list(leaves(value))
        said = next((part for part in held if " " in part), "")
        parts += [f"{text[at:start].rstrip(' -')} {said}", *(part for part in held if part != said)]
        at = end
    return "\n".join([*parts, text[at:]]) if parts else text


def _end(text: str, start: int) -> int:
    """Return where the structure that begins at `start` is closed; 0: nowhere."""
    depth, quote, at, last = 0, "", start, min(len(text), start + _LONGEST)
    while at < last:
        sign = text[at]
        if quote:
            if sign == "\\":
                at += 1
            elif sign == quote:
                quote = ""
        elif sign in "\"'":
            quote = sign
        elif sign in "{[":
            depth += 1
            if depth > _DEEPEST:
                return 0
        elif sign in "}]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return 0


def _read(piece: str) -> JsonValue:
    try:
        value = json.loads(piece)
    except (ValueError, RecursionError):
        try:
            value = ast.literal_eval(piece)
            json.dumps(value)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return None
    return value if isinstance(value, dict | list) else None


def told(scene: Scene, keys: frozenset[str]) -> Iterator[JsonValue]:
    """Yield what stands under any of the keys, the innermost object first; keys are compared in plain small letters."""
    for place in reversed(objects_held(scene)):
        for key, value in place.items():
            if value not in (None, "", [], {}) and plain_key(key) in keys:
                yield value


def texts_of(value: JsonValue) -> Iterator[str]:
    """Yield the texts of a value: itself, or those of a list."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list):
        for part in value[:8]:
            yield from texts_of(part)


def plain_key(key: str) -> str:
    """Return a key without what spellings differ in: `templateId`, `template_id` and `template-id` are the same."""
    return re.sub(r"[^a-z0-9]", "", key.lower())
