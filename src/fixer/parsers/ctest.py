"""ctest: the list below `The following tests FAILED:`."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TEST = re.compile(r"\s+\d+ - (.+?) \((.+?)\)(?:\s.*)?$")
_CAUSES = {"Timeout": RootCause.TIMEOUT, "Not Run": RootCause.ENVIRONMENT}


class Ctest:
    """See the module."""

    tool: ClassVar[str] = "ctest"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("The following tests FAILED",)

    def __init__(self) -> None:
        """Start before the first line."""
        self._listing = False

    @property
    def active(self) -> bool:
        """Whether the list is being read."""
        return self._listing

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        if "The following tests FAILED" in line.text:
            self._listing = True
            return ()
        test = _TEST.match(line.text) if self._listing else None
        if test is None:
            self._listing = False
            return ()
        cause = _CAUSES.get(test[2], RootCause.TEST_FAILURE)
        return [new_failure(self.tool, FailureKind.TEST, f"{test[1]}: {test[2]}", line, test=test[1], root_cause=cause)]

    def finish(self) -> Iterable[Failure]:
        """Nothing is open that was not said."""
        return ()


PARSER: type[Parser] = Ctest
