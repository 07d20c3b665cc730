"""The contract of the room: a parser is fed one line after the other and yields failures."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Protocol

from fixer.causes import cause_of
from fixer.fingerprint import fingerprint
from fixer.schema.base import content_id
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

LONGEST_MESSAGE = 600
MOST_FRAMES = 60
MOST_FAILURES = 500
"""Failures that one parser may say of one log; nobody reads more, and memory must not grow."""

# a build says many things often
_cause_by_words = lru_cache(1000)(cause_of)
_fingerprint = lru_cache(1000)(fingerprint)


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

    # A parser may also define `lookback: ClassVar[int]`: as many lines before the one that wakes it are shown first;
    # and `claims`, False while it is active only to see whether the lines are its own, so that others see them too.

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line; return the failures that are complete with it."""
        ...

    def finish(self) -> Iterable[Failure]:
        """Say what was still open when the log ended."""
        ...


@dataclass(frozen=True)
class Rule:
    """One form of an error that fits into one line."""

    pattern: re.Pattern[str]
    """Matched at the line's start; the groups file, line, column, code, test and message are taken where named."""
    kind: FailureKind
    cause: RootCause | None = None
    """None: what the words of the message say, else `otherwise`."""
    otherwise: RootCause = RootCause.UNKNOWN


class LineParser:
    """A parser whose errors fit into one line each: subclasses only say `tool`, `needles` and `rules`."""

    tool: ClassVar[str]
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]]
    rules: ClassVar[tuple[Rule, ...]]
    active: ClassVar[bool] = False

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line; the first rule that fits says what it is."""
        text = unmarked(line.text)
        for rule in self.rules:
            found = rule.pattern.match(text)
            if found:
                return [by_rule(self.tool, rule, found, line)]
        return ()

    def finish(self) -> Iterable[Failure]:
        """Nothing is ever open."""
        return ()


def by_rule(tool: str, rule: Rule, found: re.Match[str], line: LogLine) -> Failure:
    """Build the failure that a rule's match states."""
    said = found.groupdict()
    code = said.get("code")
    message = said.get("message") or found[0].strip()
    if code and not message.startswith(code):
        message = f"{code} {message}"
    return new_failure(
        tool,
        rule.kind,
        message,
        line,
        test=said.get("test"),
        file=said.get("file"),
        at=(_number(said.get("line")), _number(said.get("column"))),
        code=code,
        root_cause=rule.cause,
        otherwise=rule.otherwise,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def new_failure(  # noqa: PLR0913 - one keyword a field
    tool: str,
    kind: FailureKind,
    message: str,
    line: LogLine,
    *,
    test: str | None = None,
    shown_as: str | None = None,
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
        shown_as: as the log words it, where that differs.
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
    mark = _fingerprint(message)
    return Failure(
        id=content_id(tool, test or "", file or "", ":".join(str(place) for place in at if place), mark),
        tool=tool,
        kind=kind,
        message=message,
        test=test,
        shown_as=shown_as if shown_as != test else None,
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
        root_cause=root_cause or _cause(kind, message, otherwise),
    )


def _cause(kind: FailureKind, message: str, otherwise: RootCause) -> RootCause:
    """Return the cause by the message's words; what a test says of rights and settings is mostly its own subject."""
    cause = _cause_by_words(message, otherwise)
    if kind is not FailureKind.TEST and message.startswith("ImportError"):
        return RootCause.MISSING_DEPENDENCY
    own = kind is FailureKind.TEST and cause in {RootCause.ENVIRONMENT, RootCause.AUTH_ERROR, RootCause.MISSING_TOOL}
    return otherwise if own else cause


def unmarked(text: str) -> str:
    """Return the line without the mark of a CI service that a tool's message was shown under."""
    if text.startswith("##["):
        for mark in ("##[error]", "##[warning]", "##[notice]"):
            if text.startswith(mark):
                return text[len(mark) :]
    if text.startswith(("::error", "::warning")):
        return text.split("::", 2)[-1]
    return text


def failed_test(  # noqa: PLR0913 - one keyword a field
    tool: str,
    line: LogLine,
    message: str,
    *,
    test: str,
    own: tuple[str, int | None] | tuple[str, int, str] | None,
    exception: str | None = None,
    frames: Sequence[tuple[str, int, str]] = (),
) -> Failure:
    """Build the failure of a test of which the log shows a stack.

    Args:
        tool: name of the parser.
        line: where the log states the message.
        message: the error itself.
        test: as its runner takes it.
        own: file and line of the project, where one is known.
        exception: type of the exception.
        frames: of the stack, innermost first, as most tools print them.
    """
    return new_failure(
        tool,
        FailureKind.TEST,
        message,
        line,
        test=test,
        file=own[0] if own else None,
        at=(own[1] if own else None, None),
        exception=exception,
        frames=tuple(frames[::-1][-MOST_FRAMES:]),
        otherwise=RootCause.TEST_FAILURE,
    )
