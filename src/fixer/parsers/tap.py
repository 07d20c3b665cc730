"""TAP (node:test, tap, prove, bats): `not ok N - title`, the message in the YAML block or comment below it."""

import re
from collections.abc import Iterable
from typing import ClassVar

from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_NOT_OK = re.compile(r"(\s*)not ok \d+(?: -)? (.+?)(?:\s+# (?:time=.*|duration_ms.*))?$")
_ALLOWED = re.compile(r"# (?:todo|skip)\b", re.IGNORECASE)
_SAID = re.compile(r"\s*(?:error|message): (?!\|-?$)['\"]?(.+?)['\"]?$|\s*#\s+(\S.*)$")
_BLOCK = re.compile(r"\s*(?:error|message): \|-?$")
_CONTAINER = re.compile(r"\d+ subtests? failed|subtestsFailed")
LONGEST = 30


class Tap:
    """See the module."""

    tool: ClassVar[str] = "tap"
    rank: ClassVar[int] = 5
    needles: ClassVar[tuple[str, ...]] = ("not ok ",)

    def __init__(self) -> None:
        """Start before the first line."""
        self._test: tuple[LogLine, str] | None = None
        self._said: tuple[str, LogLine] | None = None
        self._opened = False

    @property
    def active(self) -> bool:
        """Whether a message is awaited."""
        return self._test is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        failed = _NOT_OK.match(line.text)
        if failed and not _ALLOWED.search(line.text):
            done = list(self.finish())
            self._test = (line, failed[2].strip())
            return done
        if self._test is None:
            return ()
        if self._opened and line.text.strip():
            self._said = (line.text.strip(), line)
            return self.finish()
        self._opened = _BLOCK.match(line.text) is not None
        said = _SAID.match(line.text)
        if said and (said[1] or said[2]):
            self._said = (said[1] or said[2], line)
            return self.finish()
        ended = re.match(r"\s*(?:ok |1\.\.\d|\.\.\.$)", line.text)
        return self.finish() if ended or line.number > self._test[0].number + LONGEST else ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        test, said = self._test, self._said
        self._test, self._said, self._opened = None, None, False
        if test is None or (said and _CONTAINER.search(said[0])):
            return []
        message, line = said or (f"{test[1]} failed", test[0])
        kind = FailureKind.TEST
        return [new_failure(self.tool, kind, message, line, test=test[1], otherwise=RootCause.TEST_FAILURE)]


PARSER: type[Parser] = Tap
