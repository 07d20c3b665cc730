"""A JSON text, a place in it and a new value in; the text with only that changed out: order, indent, the rest stay."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from fixer.input.json_text import read
from fixer.input.nodes import Node


class NoPlaceError(ValueError):
    """The place is not in the text, and nothing can be put there."""


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


def set_value(text: str, pointer: Sequence[str | int], value: JsonValue) -> str:
    """Return `text` with `value` at `pointer`.

    Args:
        text: JSON.
        pointer: keys and places of lists, from the outside in. The last one may be a key that is missing, or the
            place one past the end of a list: the value is added.
        value: what stands there afterwards.

    Raises:
        NoPlaceError: the way to the place is not in the text.
        JsonSyntaxError: `text` is not JSON.
    """
    node = read(text)
    for depth, step in enumerate(pointer):
        found = _child(node, step)
        if found is None:
            if depth != len(pointer) - 1:
                raise NoPlaceError(f"there is no {_said(pointer[: depth + 1])}")
            return _changed(text, _added(text, node, step, value, pointer))
        node = found
    written = _written(value, _indent_of(text, node.offset), _unit(text))
    return _changed(text, _Edit(node.offset, node.end, written))


def _changed(text: str, edit: _Edit) -> str:
    return text[: edit.start] + edit.text + text[edit.end :]


def _child(node: Node, step: str | int) -> Node | None:
    if node.members is not None and isinstance(step, str):
        return next((member.value for member in reversed(node.members) if member.key == step), None)
    if node.items is not None and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step]
    return None


def _added(text: str, node: Node, step: str | int, value: JsonValue, pointer: Sequence[str | int]) -> _Edit:
    """Put a further member or item behind the last one, in the form of those before."""
    inside: Sequence[tuple[int, int]]
    if node.members is not None and isinstance(step, str):
        inside = [(member.offset, member.value.end) for member in node.members]
        key = f"{json.dumps(step, ensure_ascii=False)}: "
    elif node.items is not None and step == len(node.items):
        inside = [(item.offset, item.end) for item in node.items]
        key = ""
    else:
        raise NoPlaceError(f"there is no {_said(pointer)}, and nothing can be added there")
    unit = _unit(text)
    lines = "\n" in text[node.offset : node.end] if inside else bool(unit)
    outer = _indent_of(text, node.offset)
    inner = _indent_of(text, inside[-1][0]) if inside and lines else outer + unit
    gap = f"\n{inner}" if lines else (" " if inside else "")
    written = key + _written(value, inner if lines else None, unit)
    if inside:
        end = inside[-1][1]
        return _Edit(end, end, f",{gap}{written}")
    return _Edit(node.offset + 1, node.end - 1, f"{gap}{written}" + (f"\n{outer}" if lines else ""))


def _written(value: JsonValue, indent: str | None, unit: str) -> str:
    """Write a value as it would stand at `indent`; on one line where the text has no indent."""
    if not unit or indent is None:
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, indent=unit).replace("\n", f"\n{indent}")


def _indent_of(text: str, offset: int) -> str:
    """Return the white space that the line of `offset` begins with."""
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:offset]
    return line[: len(line) - len(line.lstrip())]


def _unit(text: str) -> str:
    """Return one level of the text's indent; empty where it is written on one line."""
    for line in text.splitlines()[1:]:
        white = line[: len(line) - len(line.lstrip(" \t"))]
        if white and line.strip():
            return white
    return "  " if not text.strip().strip("{}[] ") else ""


def _said(pointer: Sequence[str | int]) -> str:
    return " → ".join(f"'{step}'" if isinstance(step, str) else f"item {step + 1}" for step in pointer)
