"""A text and a place in it go in, the calls of tools that are written there come out, in whichever form."""

import ast
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

MAX_CALLS = 20
"""Of one list."""
_FENCE = re.compile(r"\s*(?:```\w*\s*)?")
_FUNCTION = re.compile(r"<function(?:=|\s+name=)[\"']?(?P<name>[\w.]+)[\"']?\s*>")
_PARAMETER = re.compile(r"\s*<parameter(?:=|\s{1,9}name=)[\"']?(?P<key>\w+)[\"']?\s{0,9}>")
_PAIR = re.compile(r"\s*<arg_key>\s{0,9}(?P<key>\w+)\s{0,9}</arg_key>\s{0,9}<arg_value>")
_NAME = re.compile(r"[A-Za-z_][\w.]{0,60}")
_BEFORE_ARGUMENTS = re.compile(
    r"\s{0,9}(?:\[ARGS\]|<\uff5ctool\u2581sep\uff5c>"
    r"|(?:<\|constrain\|>\s{0,9}\w+\s{0,9})?<\|message\|>|:)?"
    r"\s{0,9}(?:```\w*\s{0,9})?(?=\{)"
)
_NAMES = ("name", "tool_name", "tool", "function", "action")
_ARGUMENTS = ("arguments", "parameters", "args", "params", "input", "tool_input", "action_input", "kwargs")
_BESIDE = frozenset({"type", "id", "index", "thought", "thoughts", "reasoning"})


@dataclass(frozen=True)
class Call:
    """A call as it was written."""

    name: str
    arguments: dict[str, JsonValue]


def calls_at(text: str, start: int, *, marked: bool) -> tuple[list[Call], int] | None:
    """Return the calls that begin there, and where they end."""
    fence = _FENCE.match(text, start)
    at = fence.end() if fence else start
    if text[at : at + 1] in {"{", "["} and (read := _value(text, at)):
        return list(_calls_in(read[0])), read[1]
    if function := _FUNCTION.match(text, at):
        return _tagged(text, function)
    if marked and (name := _NAME.match(text, at)):
        if before := _BEFORE_ARGUMENTS.match(text, name.end()):
            value = _value(text, before.end())
            if value and isinstance(value[0], dict):
                return [Call(_own_name(name[0]), value[0])], value[1]
        found, end = _tags(text, name.end(), _PAIR, "</arg_value>")
        if found:
            return [Call(_own_name(name[0]), found)], end
    return _python_calls(text, at)


def _value(text: str, at: int) -> tuple[JsonValue, int] | None:
    """Return the JSON value that begins there and its end; Python's way of writing one is understood too."""
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(text, at)
    except (ValueError, RecursionError):
        end = _closing(text, at)
        value = _literal(text[at:end])
    return (value, end) if isinstance(value, dict | list) else None


def _closing(text: str, at: int) -> int:
    """Return where the bracket that opens there is closed, texts in quotes left out."""
    depth, quote, index = 0, "", at
    while index < len(text):
        char = text[index]
        if quote:
            if char == "\\":
                index += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
            if not depth:
                return index + 1
        index += 1
    return len(text)


def _literal(text: str) -> JsonValue:
    for form in (text, re.sub(r",\s*(?=[}\]])", "", text)):
        try:
            return json.loads(form, strict=False)  # type: ignore[no-any-return] # JSON is nothing else
        except (ValueError, RecursionError):
            continue
    tree = _parsed(text)
    return _constant(tree.body) if tree else None


def _parsed(text: str) -> ast.Expression | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _constant(node: ast.expr) -> JsonValue:
    """Return a Python literal as JSON has it; None for everything else."""
    try:
        value = ast.literal_eval(node)
        return json.loads(json.dumps(value))  # type: ignore[no-any-return] # see `_literal`
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _calls_in(value: JsonValue) -> Iterator[Call]:
    if isinstance(value, list):
        for one in value[:MAX_CALLS]:
            if isinstance(one, dict):
                yield from _calls_in(one)
    elif isinstance(value, dict):
        inner = value.get("tool_calls") or value.get("tool_call") or value.get("function")
        if isinstance(inner, dict | list):
            yield from _calls_in(inner)
            return
        key = next((key for key in _NAMES if isinstance(value.get(key), str)), None)
        if key is not None:
            yield Call(_own_name(str(value[key])), _arguments(value, key))


def _arguments(value: dict[str, JsonValue], name: str) -> dict[str, JsonValue]:
    for key in _ARGUMENTS:
        given = value.get(key)
        if isinstance(given, str) and given.lstrip()[:1] == "{" and (read := _value(given, given.index("{"))):
            given = read[0]
        if isinstance(given, dict):
            return given
    return {key: one for key, one in value.items() if key not in {name, *_BESIDE, *_ARGUMENTS}}


def _own_name(name: str) -> str:
    return name.strip().removeprefix("functions.").removeprefix("default_api.")


def _tagged(text: str, function: re.Match[str]) -> tuple[list[Call], int] | None:
    """Read `<function=NAME>`, with JSON or with a tag for each parameter."""
    name, at = _own_name(function["name"]), function.end()
    if value := _FENCE.match(text, at):
        at = value.end()
    if text[at : at + 1] == "{":
        read = _value(text, at)
        return ([Call(name, read[0])], read[1]) if read and isinstance(read[0], dict) else None
    found, end = _tags(text, at, _PARAMETER, "</parameter>")
    closed = re.compile(r"\s*</function>").match(text, end)
    return ([Call(name, found)], closed.end() if closed else end) if found or closed else None


def _tags(text: str, at: int, opener: re.Pattern[str], closer: str) -> tuple[dict[str, JsonValue], int]:
    """Return the texts between tags that follow each other, and where the last one ends."""
    found: dict[str, JsonValue] = {}
    while opened := opener.match(text, at):
        close = text.find(closer, opened.end())
        if close < 0:
            break
        # The template puts each value on lines of its own.
        found[opened["key"]] = text[opened.end() : close].removeprefix("\n").removesuffix("\n")
        at = close + len(closer)
    return found, at


def _python_calls(text: str, at: int) -> tuple[list[Call], int] | None:
    """Read calls as Python writes them, one or a list, with named arguments that are literals."""
    stop = re.compile(r"\n?```|</tool_call>|<\||\n\n|\Z").search(text, at)
    end = stop.start() if stop else len(text)
    tree = _parsed(text[at:end])
    if tree is None:
        return None
    nodes = tree.body.elts if isinstance(tree.body, ast.List) else [tree.body]
    calls = [_python_call(node) for node in nodes]
    return ([call for call in calls if call], end) if all(calls) else None


def _python_call(node: ast.expr) -> Call | None:
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    name = (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )
    if name == "print" and len(node.args) == 1 and not node.keywords:
        return _python_call(node.args[0])
    if node.args or any(word.arg is None for word in node.keywords):
        return None
    return Call(_own_name(name), {str(word.arg): _constant(word.value) for word in node.keywords})
