"""Reads YAML 1.2 (core schema) into nodes that know where they stand, and names the usual slips in plain words.

A workflow needs no anchors, tags or second documents, and they are how a small file becomes a large one: refused.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from fixer.input.nodes import Member, Node, TextSyntaxError

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.events import Event, ScalarEvent

MAX_DEPTH = 100
_NUMBER = re.compile(r"[-+]?(?:\d+|0o[0-7]+|0x[0-9a-fA-F]+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_SLIPS = (
    ("mapping values are not allowed", "a second ': ' on this line, or a key that is indented too far", "quotes"),
    ("cannot start any token", "this character cannot begin a value", "quotes"),
    ("found unexpected end of stream", "a quoted text is not closed", "the closing quote"),
    ("could not find expected ':'", "a key without a colon after it", "KEY: VALUE, each on a line of its own"),
    ("unknown escape character", "this is no escape of a text in double quotes", "single quotes, or \\\\"),
    ("expected ',' or ']'", "a list in brackets is not closed, or a comma is missing", "[ONE, TWO]"),
    ("expected ',' or '}'", "a mapping in braces is not closed, or a comma is missing", "{KEY: VALUE}"),
    ("expected <block end>", "this does not line up with what stands above it", "indentation"),
    ("expected '<document start>'", "this does not line up with what stands above it", "indentation"),
    ("expected the node content", "a value should stand here", "a value in quotes"),
    ("sequence entries are not allowed", "a list begins on the line of its key", "the first '- ' on the next line"),
)
"""Words of the reader, what they mean, and what to write instead."""
_SEEN_LATE = ("unexpected end of stream", "could not find expected ':'")
_INSTEAD = {
    "quotes": 'the value in quotes: "…"',
    "indentation": "the same number of spaces before every key of a step, and none but spaces",
}


_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "null": "empty",
    "string": "a text",
    "boolean": "true or false",
    "number": "a number",
}


class YamlSyntaxError(TextSyntaxError):
    """The text is not YAML, or more of YAML than fixer takes."""


def kind_of(node: Node) -> str:
    """Return what a user of YAML would call a value, with its article."""
    return _KINDS[node.kind]


def read(text: str) -> Node:
    """Return the one value that `text` holds.

    Raises:
        YamlSyntaxError: it is not YAML, nested deeper than `MAX_DEPTH`, or has anchors, tags or a second document.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - 70 ms that only a workflow pays
    from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    try:
        return _Builder(text, YAML(typ="safe", pure=True).parse(text)).document()
    except ReaderError as error:
        code = ord(text[error.position])
        raise YamlSyntaxError(
            f"the control character U+{code:04X} stands in the file", "the file without it", error.position
        ) from error
    except MarkedYAMLError as error:
        raise _in_words(text, error) from error


def _in_words(text: str, error: "MarkedYAMLError") -> YamlSyntaxError:
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index if mark is not None else 0, len(text))
    problem = str(error.problem or error.context or "it cannot be read")
    if text[offset : offset + 1] == "\t":
        return YamlSyntaxError("a tab stands where YAML wants spaces", "spaces", offset)
    if error.context_mark is not None and any(words in problem for words in _SEEN_LATE):
        # Where it began says more than where it was noticed.
        offset = min(error.context_mark.index, len(text))
    for words, message, instead in _SLIPS:
        if words in problem:
            return YamlSyntaxError(f"this is not YAML: {message}", _INSTEAD.get(instead, instead), offset)
    return YamlSyntaxError(f"this is not YAML: {problem}", 'a text with special characters in quotes: "…"', offset)


class _Builder:
    """Makes nodes of the reader's events; stops at the first that is refused, so that depth costs nothing."""

    def __init__(self, text: str, events: "Iterator[Event]") -> None:
        self.text = text
        self.events = events
        self.last = 0
        self.end = 0

    def next(self) -> "Event":
        event: Event = next(self.events)
        if event.start_mark is not None:
            self.last = event.start_mark.index
            self.end = event.end_mark.index
        return event

    def document(self) -> Node:
        from ruamel.yaml.events import DocumentStartEvent, StreamEndEvent  # noqa: PLC0415

        self.next()
        if isinstance(self.next(), StreamEndEvent):
            raise YamlSyntaxError("the file holds nothing but comments", "commands:", 0)
        node = self.node(self.next(), 1)
        self.next()
        if isinstance(self.next(), DocumentStartEvent):
            self.refuse("a second document begins here", "one document a file")
        return node

    def refuse(self, message: str, instead: str) -> NoReturn:
        raise YamlSyntaxError(message, instead, self.last)

    def node(self, event: "Event", depth: int) -> Node:
        from ruamel.yaml.events import (  # noqa: PLC0415
            AliasEvent,
            MappingStartEvent,
            ScalarEvent,
            SequenceStartEvent,
        )

        if depth > MAX_DEPTH:
            self.refuse(f"nested deeper than {MAX_DEPTH} levels", "a flatter file")
        if isinstance(event, AliasEvent):
            self.refuse(f"*{event.anchor} is an alias, which fixer does not read", "the value itself")
        assert isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent))
        if event.anchor is not None:
            self.refuse(f"&{event.anchor} is an anchor, which fixer does not read", "the value without it")
        if event.tag is not None and not (isinstance(event, ScalarEvent) and event.implicit[1]):
            self.refuse("a tag stands before this value, and fixer reads none", "the value without the tag")
        if isinstance(event, ScalarEvent):
            return _scalar(event)
        start = event.start_mark.index
        if isinstance(event, MappingStartEvent):
            members = tuple(self.members(depth))
            return Node(start, self.end, members=members)
        items = tuple(self.items(depth))
        return Node(start, self.end, items=items)

    def members(self, depth: int) -> Iterator[Member]:
        from ruamel.yaml.events import MappingEndEvent  # noqa: PLC0415

        while not isinstance(event := self.next(), MappingEndEvent):
            key = self.node(event, depth + 1)
            if key.members is not None or key.items is not None:
                raise YamlSyntaxError(
                    f"{kind_of(key)} stands where a key should", "a plain word and a colon", key.offset
                )
            value = self.node(self.next(), depth + 1)
            if value.text == "" and value.kind == "null":
                # The reader places it at the next thing that it meets.
                value = replace(value, offset=min(value.offset, self.text.find(":", event.end_mark.index) + 1))
            yield Member(key.text, key.offset, value)

    def items(self, depth: int) -> Iterator[Node]:
        from ruamel.yaml.events import SequenceEndEvent  # noqa: PLC0415

        while not isinstance(event := self.next(), SequenceEndEvent):
            yield self.node(event, depth + 1)


def _scalar(event: "ScalarEvent") -> Node:
    text: str = event.value
    offset: int = event.start_mark.index
    if _SURROGATE.search(text):
        try:
            # JSON writes characters beyond U+FFFF as two escapes.
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError as error:
            raise YamlSyntaxError("half of a surrogate pair is no character", "the whole one", offset) from error
    return Node(offset, event.end_mark.index, text if event.style else _resolved(text), text)


def _resolved(text: str) -> str | bool | float | None:
    """Return what an unquoted scalar means (YAML 1.2.2, 10.3.2)."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", "", 1))
    if _NUMBER.fullmatch(text) is None:
        return text
    if text.startswith(("0o", "0x")):
        return float(int(text, 0)) if len(text) < 100 else float("inf")
    return float(text)
