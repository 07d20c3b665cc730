"""isort: `ERROR: FILE Imports are incorrectly sorted and/or formatted.`."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_UNSORTED = re.compile(r"ERROR: (.+?) (Imports are incorrectly sorted(?: and/or formatted)?\.)")


class Isort:
    """See the module."""

    tool: ClassVar[str] = "isort"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("Imports are incorrectly sorted",)
    active: ClassVar[bool] = False

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        found = _UNSORTED.match(unmarked(line.text))
        if not found:
            return ()
        cause = RootCause.LINT
        return [
            new_failure(
                self.tool,
                FailureKind.FORMAT,
                f"{found[1]}: {found[2]}",
                line,
                file=found[1],
                code="sort",
                root_cause=cause,
            )
        ]

    def finish(self) -> Iterable[Failure]:
        """Nothing is ever open."""
        return ()


PARSER: type[Parser] = Isort
