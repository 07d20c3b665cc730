"""The contract of the room: a parser is fed one line after the other and yields failures."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from fixer.causes import cause_of
from fixer.fingerprint import fingerprint
from fixer.schema.base import content_id
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

LONGEST_MESSAGE = 600
MOST_FAILURES = 500
"""Failures that one parser may say of one log; nobody reads more, and memory must not grow."""


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

    Each module of the room defines `PARSER: type[Parser]`; an instance reads one log. A parser that is not `active`
    is only shown lines that hold one of its `needles`; one that is active sees every line.
    """

    tool: ClassVar[str]
    """`Failure.tool` of what it yields."""
    rank: ClassVar[int]
    """0 a tool's own format, 50 something that other formats hold inside (a traceback), 90 words that hint at an error.
    While a parser is active, those of a higher rank are not shown the line."""
    needles: ClassVar[tuple[str, ...]]
    """Texts of which one stands in every line that can wake this parser up; ASCII, case counts."""

    @property
    def active(self) -> bool:
        """Whether it is inside of something that goes on over several lines."""
        ...

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line; return the failures that are complete with it."""
        ...

    def finish(self) -> Iterable[Failure]:
        """Say what was still open when the log ended."""
        ...


def new_failure(  # noqa: PLR0913 - one keyword a field
    tool: str,
    kind: FailureKind,
    message: str,
    line: LogLine,
    *,
    test: str | None = None,
    file: str | None = None,
    at: tuple[int | None, int | None] = (None, None),
    exit_code: int | None = None,
    code: str | None = None,
    exception: str | None = None,
    frames: tuple[tuple[str, int, str], ...] = (),
    root_cause: RootCause | None = None,
    otherwise: RootCause = RootCause.UNKNOWN,
) -> Failure:
    """Build a failure as stated at `line`.

    Args:
        tool: name of the parser.
        kind: what sort of thing failed.
        message: the error itself; cut to `LONGEST_MESSAGE`.
        line: where the log states it.
        test: as its runner takes it.
        file: as the log has it.
        at: line and column in `file`.
        exit_code: of the step.
        code: the rule of a linter or compiler.
        exception: type of the exception.
        frames: of the stack, outermost first.
        root_cause: where the parser knows it.
        otherwise: the root cause where neither the parser nor the words of the message tell.
    """
    message = message.strip()[:LONGEST_MESSAGE]
    mark = fingerprint(message)
    return Failure(
        id=content_id(tool, test or "", file or "", str(at[0] or ""), mark),
        tool=tool,
        kind=kind,
        message=message,
        test=test,
        file=file,
        line=at[0],
        column=at[1],
        exit_code=exit_code,
        log_line=line.number,
        step=line.step,
        code=code,
        exception=exception,
        frames=frames,
        fingerprint=mark,
        root_cause=root_cause or cause_of(message, otherwise),
    )


def unmarked(text: str) -> str:
    """Return the line without the mark of a CI service that a tool's message was shown under."""
    if text.startswith("##["):
        for mark in ("##[error]", "##[warning]", "##[notice]"):
            if text.startswith(mark):
                return text[len(mark) :]
    if text.startswith(("::error", "::warning")):
        return text.split("::", 2)[-1]
    return text
