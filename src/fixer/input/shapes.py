"""What may stand at one place of a YAML file: each shape finds what is wrong there, and gives its JSON Schema.

Both come from one object, so that what an editor accepts and what fixer accepts cannot drift apart.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from fixer.input.nodes import Member, Node
from fixer.input.problems import nearest
from fixer.input.yaml_text import kind_of

Found = tuple[int, str, str]
"""Offset, what is wrong, what to write instead."""
Schema = dict[str, JsonValue]


class Shape(Protocol):
    """One kind of value."""

    def problems(self, key: str, node: Node) -> Iterator[Found]:
        """Yield what is wrong with the value of `key`, with its place."""
        ...

    def schema(self) -> Schema:
        """Return the JSON Schema that accepts the same values."""
        ...


def _not(key: str, wanted: str, node: Node) -> str:
    return f"'{key}' is empty" if node.kind == "null" else f"'{key}' takes {wanted}, this is {kind_of(node)}"


@dataclass(frozen=True)
class Text:
    """A text that matches `pattern` as a whole; `rule` says in words what the pattern asks for."""

    example: str
    pattern: str = r"[^\u0000]*\S[^\u0000]*"
    rule: str = "may not be blank, and holds no NUL"
    longest: int = 65_536
    literal: bool = False
    """Whether numbers and booleans count as the text that they are written as: the programs true and false."""

    def problems(self, key: str, node: Node) -> Iterator[Found]:
        """Yield what is wrong."""
        scalar = node.kind in {"number", "boolean"}
        if not isinstance(node.value, str) and not (scalar and self.literal):
            yield node.offset, _not(key, "a text", node), f'"{node.text[:60]}"' if scalar else self.example
        elif "\0" in node.text:
            yield node.offset, f"'{key}' holds a NUL character", "the text without it"
        elif not node.text.strip():
            yield node.offset, f"'{key}' is empty", self.example
        elif len(node.text) > self.longest:
            yield node.offset, f"'{key}' is longer than {self.longest} characters", self.example
        elif re.fullmatch(self.pattern, node.text) is None:
            yield node.offset, f"'{key}' {self.rule}: {node.text[:60]!r}", self.example

    def schema(self) -> Schema:
        """Return the schema."""
        kinds: JsonValue = ["string", "number", "boolean"] if self.literal else "string"
        return {"type": kinds, "pattern": f"^(?:{self.pattern})$", "maxLength": self.longest}


@dataclass(frozen=True)
class Literal:
    """A text, or a number or boolean that is taken as it is written."""

    def problems(self, key: str, node: Node) -> Iterator[Found]:
        """Yield what is wrong."""
        if node.value is None:
            yield node.offset, _not(key, "a text", node), '"" for an empty text, else the text'
        elif "\0" in node.text:
            yield node.offset, f"'{key}' holds a NUL character", "the text without it"

    def schema(self) -> Schema:
        """Return the schema."""
        return {"type": ["string", "number", "boolean"], "pattern": r"^[^\u0000]*$"}


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def problems(self, key: str, node: Node) -> Iterator[Found]:
        """Yield what is wrong."""
        if not isinstance(node.value, bool):
            word = str(node.value).strip().lower()
            instead = {"true": "true, without quotes", "false": "false, without quotes", "yes": "true", "on": "true"}
            instead |= {"no": "false", "off": "false", "1.0": "true", "0.0": "false"}
            yield node.offset, _not(key, "true or false", node), instead.get(word, "true or false")

    def schema(self) -> Schema:
        """Return the schema."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Number:
    """A number between two bounds, both included unless `above` is set, which excludes the lower one."""

    least: float
    most: float
    whole: bool = False
    above: bool = False

    def problems(self, key: str, node: Node) -> Iterator[Found]:
        """Yield what is wrong."""
        wanted = "a whole number" if self.whole else "a number"
        lower = f"above {self.least:.15g}" if self.above else f"from {self.least:.15g}"
        instead = f"{wanted} {lower} to {self.most:.15g}"
        value = node.value
        if not isinstance(value, float):
            yield node.offset, _not(key, wanted, node), instead
        elif math.isnan(value) or not self.least <= value <= self.most or (self.above and value == self.least):
            yield node.offset, f"'{key}' is {node.text[:40]}", instead
        elif self.whole and not value.is_integer():
            yield node.offset, f"'{key}' takes a whole number, this is {node.text[:40]}", instead

    def schema(self) -> Schema:
        """Return the schema."""
        lower = "exclusiveMinimum" if self.above else "minimum"
        return {"type": "integer" if self.whole else "number", lower: self.least, "maximum": self.most}


@dataclass(frozen=True)
class ListOf:
    """A list whose items have one shape."""

    item: Shape
    example: str
    least: int = 0

    def problems(self, key: str, node: Node) -> Iterator[Found]:
        """Yield what is wrong."""
        if node.items is None:
            yield node.offset, _not(key, "a list", node), self.example
            return
        if len(node.items) < self.least:
            yield node.offset, f"'{key}' has no entry", self.example
        for item in node.items:
            yield from self.item.problems(key, item)

    def schema(self) -> Schema:
        """Return the schema."""
        return {"type": "array", "items": self.item.schema(), "minItems": self.least}


@dataclass(frozen=True)
class Table:
    """A mapping whose keys the user chooses; they match `pattern`, and their values have one shape."""

    value: Shape
    pattern: str
    example: str

    def problems(self, key: str, node: Node) -> Iterator[Found]:
        """Yield what is wrong."""
        if node.members is None:
            yield node.offset, _not(key, "a mapping", node), self.example
            return
        yield from twice(node.members)
        for member in node.members:
            if re.fullmatch(self.pattern, member.key) is None:
                yield member.offset, f"'{member.key[:60]}' cannot be a name under '{key}'", self.example
            yield from self.value.problems(member.key, member.value)

    def schema(self) -> Schema:
        """Return the schema."""
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^(?:{self.pattern})$"},
            "additionalProperties": self.value.schema(),
        }


@dataclass(frozen=True)
class Key:
    """One key of a mapping of fixer's own."""

    shape: Shape
    says: str
    """What it means, for the schema."""
    required: bool = False


@dataclass(frozen=True)
class Keys:
    """A mapping with known keys; `name` is what it is called in messages."""

    name: str
    keys: Mapping[str, Key]
    example: str
    reference: str = ""
    """Where its schema stands in `$defs`; empty: in its place."""

    def problems(self, key: str, node: Node) -> Iterator[Found]:  # noqa: ARG002 - the form of a shape
        """Yield what is wrong, in keys and values."""
        if node.members is None:
            yield node.offset, f"{self.name} is a mapping of keys and values; this is {kind_of(node)}", self.example
            return
        yield from twice(node.members)
        present = {member.key for member in node.members}
        for member in node.members:
            if member.key in self.keys:
                yield from self.keys[member.key].shape.problems(member.key, member.value)
            else:
                yield self.unknown(member, present)
        for name, rule in self.keys.items():
            if rule.required and name not in present:
                yield node.offset, f"the key '{name}' of {self.name} is missing", self.example

    def right(self, node: Node) -> dict[str, Node]:
        """Return the values of the known keys that are right, or whose parts the caller looks through by itself."""
        found: dict[str, Node] = {}
        for member in node.members or ():
            rule = self.keys.get(member.key)
            if rule is None or member.key in found:
                continue
            value, shape = member.value, rule.shape
            looked_into = isinstance(shape, Keys) and value.members is not None
            looked_into = looked_into or (isinstance(shape, ListOf) and value.items is not None)
            if looked_into or next(shape.problems(member.key, value), None) is None:
                found[member.key] = value
        return found

    def unknown(self, member: Member, present: set[str]) -> Found:
        """Say which known key a misspelt one may be meant to be."""
        near = nearest(member.key, [key for key in self.keys if key not in present] or self.keys)
        instead = f"{near} (did you mean '{near}'?)" if near else f"one of {', '.join(self.keys)}; or remove it"
        return member.offset, f"'{member.key[:60]}' is not a key of {self.name}", instead

    def schema(self) -> Schema:
        """Return the schema, or a pointer to it."""
        return {"$ref": f"#/$defs/{self.reference}"} if self.reference else self.full_schema()

    def full_schema(self) -> Schema:
        """Return the schema itself."""
        return {
            "type": "object",
            "properties": {name: {**rule.shape.schema(), "description": rule.says} for name, rule in self.keys.items()},
            "required": [name for name, rule in self.keys.items() if rule.required],
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Either:
    """The first of two mappings unless a key that only the second one has is there."""

    first: Keys
    second: Keys

    def problems(self, key: str, node: Node) -> Iterator[Found]:
        """Yield what is wrong."""
        marks = set(self.second.keys) - set(self.first.keys)
        present = {member.key for member in node.members or ()}
        yield from (self.second if present & marks else self.first).problems(key, node)

    def schema(self) -> Schema:
        """Return the schema."""
        return {"anyOf": [self.first.schema(), self.second.schema()]}


def twice(members: tuple[Member, ...]) -> Iterator[Found]:
    """Yield the keys that stand in one mapping for a second time."""
    seen: set[str] = set()
    for member in members:
        if member.key in seen:
            yield member.offset, f"'{member.key[:60]}' stands here for a second time", "one of them"
        seen.add(member.key)
