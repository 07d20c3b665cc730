"""Julia's Test: `title: Test Failed at test/a.jl:12` with the expression below, and errors inside of tests."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_FAILED = re.compile(r"(?:(?P<test>.{1,300}?): )?(?:Test Failed|Error During Test) at (?P<file>\S+\.jl):(?P<line>\d+)$")
_SAID = re.compile(r"\s+(?:Expression|Evaluated|Got exception .+|Test threw exception): ?(.*)$")
LONGEST = 4


class Julia:
    """See the module."""

    tool: ClassVar[str] = "julia"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("Test Failed at ", "Error During Test at ")

    def __init__(self) -> None:
        """Start before the first line."""
        self._open: tuple[LogLine, re.Match[str]] | None = None
        self._said = ""

    @property
    def active(self) -> bool:
        """Whether the expression is awaited."""
        return self._open is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        failed = _FAILED.match(text)
        if failed:
            done = list(self.finish())
            self._open = (line, failed)
            return done
        if self._open is None:
            return ()
        said = _SAID.match(text)
        if said and line.number <= self._open[0].number + LONGEST:
            self._said = text.strip()
            return ()
        return () if not self._said and line.number < self._open[0].number + LONGEST else self.finish()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        opened, said = self._open, self._said
        self._open, self._said = None, ""
        if opened is None:
            return []
        line, place = opened
        return [
            new_failure(
                self.tool,
                FailureKind.TEST,
                said or place[0],
                line,
                test=place["test"] or f"{place['file']}:{place['line']}",
                file=place["file"],
                at=(int(place["line"]), None),
                otherwise=RootCause.TEST_FAILURE,
            )
        ]


PARSER: type[Parser] = Julia
