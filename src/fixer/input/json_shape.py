"""Kinds of values in a user's JSON: a node comes in, what is wrong with it goes out, or its plain value.

A key may be written in either spelling, `startTime` or `start_time`; what is null counts as not there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import JsonValue

from fixer.input.json_text import JsonSyntaxError, plain, read
from fixer.input.nodes import Member, Node
from fixer.input.problems import InputError, decode, position_of, problem_at

_MILLISECONDS = 1e11
"""A number above it counts milliseconds since 1970: as seconds it would be the year 5138."""
LONGEST_NAME = 1000
"""Characters of a name: it stands in tables, ids and answers."""
_LAST_SECOND = 253402300799.0
"""The end of the year 9999, the last that ISO 8601 writes with four digits."""

Kind = Callable[[Node], tuple[str, str] | None]
"""Says what is wrong with a value and what to write instead; None where it is right."""
Found = tuple[int, str, str]
"""Offset, what is wrong, what to write instead."""


def article(node: Node) -> str:
    """Return the kind of a value with its article: `an array`."""
    kind = node.kind
    return kind if kind == "null" else f"{'an' if kind[0] in 'ao' else 'a'} {kind}"


def a_string(node: Node) -> tuple[str, str] | None:
    """Take a string."""
    if not isinstance(node.value, str):
        return f"takes a string, this is {article(node)}", "a string in double quotes"
    return ("holds a NUL character", "the text without it") if "\0" in node.value else None


def a_name(node: Node) -> tuple[str, str] | None:
    """Take a string or a number, of at most `LONGEST_NAME` characters."""
    if isinstance(node.value, float) and not isinstance(node.value, bool):
        return None if abs(node.value) < float("inf") else ("is too large a number", "the name in double quotes")
    if wrong := a_string(node):
        return wrong
    if len(str(node.value)) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters", "a shorter name"
    return None


def a_named_thing(node: Node) -> tuple[str, str] | None:
    """A name, or an object that has one."""
    if node.members is not None:
        name = get(node, "name", "id", "title")
        if name is None:
            return "is an object without 'name' or 'id'", 'its name: "Outreach agent"'
        return a_name(name)
    return a_name(node)


def a_workspace(node: Node) -> tuple[str, str] | None:
    """Take the name of a workspace: what is kept apart by it must be told apart by people, too."""
    if wrong := a_named_thing(node):
        return wrong
    inner = get(node, "id", "name", "title") if node.members is not None else node
    if inner is not None and (wrong := a_name(inner)):
        return wrong
    visible = word_of(inner).isprintable()
    return None if visible else ("holds characters that cannot be seen", "the name without them")


def a_time(node: Node) -> tuple[str, str] | None:
    """Take a time in one of the forms of `moment`; empty is not said."""
    if node.value == "":
        return None
    if not isinstance(node.value, str | float) or isinstance(node.value, bool):
        return f"takes a time, this is {article(node)}", '"2026-01-31T09:30:00Z", or milliseconds since 1970'
    if moment(plain(node)) is None:
        return f"is no time: {str(node.value)[:60]}", '"2026-01-31T09:30:00Z", or milliseconds since 1970'
    return None


def an_amount(node: Node) -> tuple[str, str] | None:
    """Take a number from 0 on."""
    if not isinstance(node.value, float) or isinstance(node.value, bool):
        return f"takes a number, this is {article(node)}", "a number such as 1200"
    if not 0 <= node.value < float("inf"):
        return "is below zero or too large", "a number from 0 on"
    return None


def a_truth(node: Node) -> tuple[str, str] | None:
    """Take true or false."""
    return None if isinstance(node.value, bool) else (f"is true or false, this is {article(node)}", "true or false")


def a_list(node: Node) -> tuple[str, str] | None:
    """Take an array."""
    return None if node.items is not None else (f"takes an array, this is {article(node)}", '[{"action": "…"}]')


def checked(data: bytes, file: str, hint: str, check: Callable[[str, Node], Iterable[Found]]) -> Node:
    """Return the value of a user's JSON file once nothing is wrong with it.

    Args:
        data: the file.
        file: its name in messages.
        hint: what the user is told beside the problems.
        check: given the text and its value, yields all that is wrong.

    Raises:
        InputError: with every problem.
    """
    text = decode(data, file, hint)
    try:
        node = read(text)
    except JsonSyntaxError as error:
        raise InputError([problem_at(text, file, error.offset, error.message, error.instead)], hint) from error
    problems = [problem_at(text, file, *found) for found in check(text, node)]
    if problems:
        raise InputError(problems, hint)
    return node


def members(text: str, node: Node, kinds: Mapping[str, Kind]) -> Iterator[Found]:
    """Check the members of an object, null ones aside: those with a known key by its kind, and that none stands twice.

    Args:
        text: the whole file, for line numbers.
        node: the object.
        kinds: key in camel case -> what its value may be.
    """
    seen: dict[str, Member] = {}
    for member in node.members or ():
        known = camel(member.key) if camel(member.key) in kinds else member.key
        first = seen.get(known)
        if first is not None and (first.key == member.key or _differ(first.value, member.value)):
            line = position_of(text, first.offset).line
            other = "" if first.key == member.key else f" as '{first.key[:60]}', with another value,"
            message = f"'{member.key[:60]}' stands here for a second time; the first is{other} in line {line}"
            yield member.offset, message, "one"
            continue
        seen.setdefault(known, member)
        kind = kinds.get(known)
        if kind is not None and member.value.kind != "null" and (wrong := kind(member.value)):
            yield member.value.offset, f"'{member.key[:60]}' {wrong[0]}", wrong[1]


def _differ(one: Node, other: Node) -> bool:
    return "null" not in {one.kind, other.kind} and plain(one) != plain(other)


def camel(key: str) -> str:
    """Return a key in camel case."""
    first, *rest = key.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def get(node: Node, *names: str) -> Node | None:
    """Return the value of the first of `names` that is there and not null, in either spelling."""
    for name in names:
        for member in node.members or ():
            if camel(member.key) == name and member.value.kind != "null":
                return member.value
    return None


def word_of(node: Node | None) -> str:
    """Return a name: the string or number itself, or the name of the object."""
    if node is None:
        return ""
    if node.members is not None:
        return word_of(get(node, "name", "id", "title"))
    value = plain(node)
    return str(value).strip()


def workspace_of(node: Node) -> str:
    """Return the workspace that a record or a workspace file says it belongs to; empty: it says none.

    Ids come before names: two workspaces may be called the same, and are not one.
    """
    for name in ("workspaceId", "workspace"):
        found = get(node, name)
        inner = get(found, "id", "name", "title") if found is not None and found.members is not None else found
        if inner is not None and (word := word_of(inner)):
            return word
    return ""


def moment(value: JsonValue) -> datetime | None:
    """Return a time of a record: ISO 8601, the form of mail headers, seconds or milliseconds since 1970; else None.

    What lies outside of the years 1 to 9999 of UTC is no time.
    """
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
            found = found if found.tzinfo else found.replace(tzinfo=UTC)
            found.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return found
    return None
