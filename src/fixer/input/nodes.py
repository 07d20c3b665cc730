"""A value that a user wrote, with its place in the text: what the readers of JSON and of YAML both give."""

from dataclasses import dataclass, field


class TextSyntaxError(ValueError):
    """The text is not what it should be."""

    def __init__(self, message: str, instead: str, offset: int) -> None:
        """Keep what is wrong, what to write instead, and where (in characters from the start)."""
        super().__init__(message)
        self.message = message
        self.instead = instead
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Member:
    """One `key: value` of an object."""

    key: str
    offset: int
    """Of the key, with its quote."""
    value: "Node"


@dataclass(frozen=True, slots=True)
class Node:
    """One value and its place, in characters from the start."""

    offset: int
    end: int
    """Behind its last character; behind a block of YAML the white space that follows belongs to it."""
    value: str | bool | float | None = None
    """Of a string, constant or number; None for null, objects and arrays."""
    text: str = ""
    """Of a string, constant or number: as it is written, without quotes; so 1.10 stays 1.10, and no digit is lost."""
    members: tuple[Member, ...] | None = None
    """Of an object, in order, duplicates included."""
    items: tuple["Node", ...] | None = field(default=None)
    """Of an array."""

    @property
    def kind(self) -> str:
        """What JSON calls it."""
        if self.members is not None:
            return "object"
        if self.items is not None:
            return "array"
        if self.value is None:
            return "null"
        return {str: "string", bool: "boolean", float: "number"}[type(self.value)]
