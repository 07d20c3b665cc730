"""The contract of the room: a parser is fed one line after the other and yields failures."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from fixer.schema.failure import Failure


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a log, cleaned: no ANSI codes, no control bytes, no timestamp of the CI service, no line end."""

    number: int
    """1-based, in the log as it was given."""
    text: str
    step: int | None = None
    """1-based number of the step that printed it, where the log tells."""


class Parser(Protocol):
    """One log format. Memory must not grow with the log; time must be linear in it.

    Each module of the room defines `PARSER: type[Parser]`; an instance reads one log.
    """

    tool: ClassVar[str]
    """`Failure.tool` of what it yields."""

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line; return the failures that are complete with it."""
        ...

    def finish(self) -> Iterable[Failure]:
        """Say what was still open when the log ended."""
        ...
