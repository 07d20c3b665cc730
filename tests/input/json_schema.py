"""A validator for the part of JSON Schema (2020-12) that fixer's own schemas use; what it does not know, it refuses."""

import re
from collections.abc import Callable
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "number": (int, float),
}
IGNORED = {"$schema", "title", "description", "$defs", "properties"}


def accepts(schema: dict[str, Any], value: Any, root: dict[str, Any] | None = None) -> bool:
    whole = root or schema
    return all(KEYWORDS[name](rule, value, schema, whole) for name, rule in schema.items() if name not in IGNORED)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is(kind: str, value: Any) -> bool:
    if isinstance(value, bool) and kind != "boolean":
        return False
    if kind == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return isinstance(value, TYPES[kind])


def _found(pattern: str, value: str) -> bool:
    # ECMA's $ is only the end, Python's also stands before a last line break.
    return re.search(re.sub(r"\$$", r"\\Z", pattern), value) is not None


def _others(rule: Any, value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    known = schema.get("properties", {})
    if not isinstance(value, dict):
        return True
    if not all(accepts(known[key], item, root) for key, item in value.items() if key in known):
        return False
    return all(rule is not False and accepts(rule, item, root) for key, item in value.items() if key not in known)


KEYWORDS: dict[str, Callable[[Any, Any, dict[str, Any], dict[str, Any]], bool]] = {
    "type": lambda rule, value, _, __: any(_is(kind, value) for kind in ([rule] if isinstance(rule, str) else rule)),
    "$ref": lambda rule, value, _, root: accepts(root["$defs"][rule.rpartition("/")[2]], value, root),
    "anyOf": lambda rule, value, _, root: any(accepts(one, value, root) for one in rule),
    "pattern": lambda rule, value, _, __: not isinstance(value, str) or _found(rule, value),
    "maxLength": lambda rule, value, _, __: not isinstance(value, str) or len(value) <= rule,
    "minimum": lambda rule, value, _, __: not _number(value) or value >= rule,
    "exclusiveMinimum": lambda rule, value, _, __: not _number(value) or value > rule,
    "maximum": lambda rule, value, _, __: not _number(value) or value <= rule,
    "minItems": lambda rule, value, _, __: not isinstance(value, list) or len(value) >= rule,
    "items": lambda rule, value, _, root: not isinstance(value, list) or all(accepts(rule, one, root) for one in value),
    "required": lambda rule, value, _, __: not isinstance(value, dict) or set(rule) <= set(value),
    "propertyNames": lambda rule, value, _, root: (
        not isinstance(value, dict) or all(accepts(rule, key, root) for key in value)
    ),
    "additionalProperties": _others,
}
