"""One setting and a value in; what is wrong with the value, and what the setting takes, out."""

import json
import math
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import JsonValue, ValidationError
from pydantic.fields import FieldInfo

from fixer.schema.settings import Settings


def nested(values: Mapping[str, JsonValue]) -> str:
    """Return values by dotted key as the JSON that `Settings` reads."""
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *tables, name = key.split(".")
        place = tree
        for table in tables:
            place = place.setdefault(table, {})
        place[name] = value
    return json.dumps(tree)


def wrong(key: str, value: JsonValue) -> str | None:
    """Say what is wrong with one value, or None where it is right."""
    if isinstance(value, float) and not math.isfinite(value):
        return f"'{key}' takes a finite number"
    if "\0" in json.dumps(value, ensure_ascii=False) or "\\u0000" in json.dumps(value):
        return f"'{key}' holds a NUL character"
    try:
        Settings.model_validate_json(nested({key: value}), strict=True)
    except ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"].replace("Input should be", "should be")
        return f"'{key}' {said}"
    if key in {"output_dir", "patterns_dir"} and (Path(str(value)).is_absolute() or ".." in Path(str(value)).parts):
        return f"'{key}' leads out of the repository"
    return _wrong_in_analysis(key, str(value)) if key.startswith("analysis.") else None


def _wrong_in_analysis(key: str, value: str) -> str | None:
    """Say what is wrong with a value of `[analysis.NAME]` that its type does not show."""
    name = key.rpartition(".")[2]
    try:
        if name == "command" and not shlex.split(value):
            return f"'{key}' is empty"
        if name == "pattern":
            re.compile(value)
    except (ValueError, re.error) as error:
        return f"'{key}' cannot be read: {error}"
    if name == "folder" and (Path(value).is_absolute() or ".." in Path(value).parts):
        return f"'{key}' leads out of the project"
    return None


def takes(info: FieldInfo) -> str:
    """Say in a few words what a setting takes, with its default."""
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "a string"}
    kind = words.get(info.annotation, "a list of strings") if isinstance(info.annotation, type) else "a list of strings"
    limits = [
        f"{word} {getattr(rule, name)}"
        for rule in info.metadata
        for name, word in (("gt", "above"), ("ge", "at least"), ("le", "at most"))
        if hasattr(rule, name)
    ]
    default = list(info.default) if isinstance(info.default, tuple) else info.default
    return f"{' '.join([kind, ' and '.join(limits)]).strip()} (default: {json.dumps(default)})"
