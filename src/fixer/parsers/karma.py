"""Karma and Jasmine in browsers: `Chrome 120 (Linux) suite title FAILED`, and the error below it."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TEST = re.compile(
    r"\s*(?:Headless ?)?(?:Chrome|Chromium|Firefox|PhantomJS|Safari|Edge|ChromeHeadless|Chrome Headless"
    r"|FirefoxHeadless|jsdom)"
    r"[\w .]{0,40}\([^)]{1,60}\):? (?!ERROR)(.{1,300}) FAILED$"
)


class Karma:
    """See the module."""

    tool: ClassVar[str] = "karma"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (" FAILED",)

    def __init__(self) -> None:
        """Start before the first line."""
        self._test: tuple[LogLine, str] | None = None

    @property
    def active(self) -> bool:
        """Whether the message is awaited."""
        return self._test is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        opened = self._test
        if opened:
            self._test = None
            return [_failure(opened[1], line.text.strip() or f"{opened[1]} failed", line)]
        found = _TEST.match(line.text)
        self._test = (line, found[1]) if found else None
        return ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        opened, self._test = self._test, None
        return [_failure(opened[1], f"{opened[1]} failed", opened[0])] if opened else []


def _failure(test: str, message: str, line: LogLine) -> Failure:
    return new_failure(Karma.tool, FailureKind.TEST, message, line, test=test, otherwise=RootCause.TEST_FAILURE)


PARSER: type[Parser] = Karma
