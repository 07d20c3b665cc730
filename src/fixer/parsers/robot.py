"""Robot Framework: `name | FAIL |` and the message below it."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_FAILED = re.compile(r"(\S.*?)\s+\| FAIL \|$")
_SUITE = re.compile(r"\d+ tests?, \d+ passed|Suite setup failed")


class Robot:
    """See the module."""

    tool: ClassVar[str] = "robot"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("| FAIL |",)

    def __init__(self) -> None:
        """Start before the first line."""
        self._test: str | None = None

    @property
    def active(self) -> bool:
        """Whether a message is awaited."""
        return self._test is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        failed = _FAILED.match(line.text)
        if failed:
            self._test = failed[1].split(" :: ")[0]
            return ()
        test, self._test = self._test, None
        if test is None or _SUITE.match(line.text) or not line.text.strip():
            return ()
        cause = RootCause.TEST_FAILURE
        return [new_failure(self.tool, FailureKind.TEST, line.text, line, test=test, otherwise=cause)]

    def finish(self) -> Iterable[Failure]:
        """A name without a message is a suite's."""
        return ()


PARSER: type[Parser] = Robot
