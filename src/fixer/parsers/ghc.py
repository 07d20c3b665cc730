"""GHC: `a.hs:3:18: error:` with its message on the lines below, and Hspec's numbered failures."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_OPENED = re.compile(
    r"(?P<file>[^\s:][^:]{0,300}\.hs):(?P<line>\d+):(?P<column>\d+)(?:-\d+)?:(?: error:(?: \[.+\])?)?$"
)
_HSPEC_PLACE = re.compile(r"  (?P<file>\S+\.hs):(?P<line>\d+)(?::\d+)?:? *$")
_HSPEC_TITLE = re.compile(r"  \d{1,4}\) (.+)$")
LONGEST = 3
"""Lines below the place in which the message begins."""


class Ghc:
    """See the module."""

    tool: ClassVar[str] = "ghc"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (".hs:",)

    def __init__(self) -> None:
        """Start before the first line."""
        self._place: tuple[LogLine, re.Match[str]] | None = None
        self._title: str | None = None

    @property
    def active(self) -> bool:
        """Whether a message is awaited."""
        return self._place is not None

    @property
    def claims(self) -> bool:
        """Whether the lines are surely this parser's own."""
        return self._title is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        opened = _OPENED.match(text) or _HSPEC_PLACE.match(text)
        if opened:
            self._place, self._title = (line, opened), None
            return ()
        if self._place is None:
            return ()
        first, place = self._place
        title = _HSPEC_TITLE.match(text) if place.re.pattern == _HSPEC_PLACE.pattern else None
        if title and self._title is None:
            self._title = title[1]
            return ()
        if (
            line.number > first.number + LONGEST
            or not text.startswith("    ")
            or (place.re.pattern == _HSPEC_PLACE.pattern) != bool(self._title)
        ):
            self._place = None
            return ()
        title_said, self._place = self._title, None
        return [self._failure(line, place, text.strip().removeprefix("• "), title_said)]

    def _failure(self, line: LogLine, place: re.Match[str], message: str, test: str | None) -> Failure:
        column = place.groupdict().get("column")
        lost = message.startswith(("Could not find module", "Could not load module"))
        return new_failure(
            self.tool,
            FailureKind.TEST if test else FailureKind.DEPENDENCY if lost else FailureKind.COMPILE,
            message,
            line,
            test=test,
            file=place["file"],
            at=(int(place["line"]), int(column) if column else None),
            root_cause=RootCause.MISSING_DEPENDENCY if lost else None,
            otherwise=RootCause.TEST_FAILURE if test else RootCause.COMPILE_ERROR,
        )

    def finish(self) -> Iterable[Failure]:
        """A place without a message is no failure."""
        return ()


PARSER: type[Parser] = Ghc
