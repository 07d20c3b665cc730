"""Python's doctest, run alone or by Sphinx: the example that failed, what it expected and what it got."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_HEADER = re.compile(r'File "([^"]+)", line (\d+), in (\S.*)$')
_STARS = "*" * 60
LONGEST = 60


class Doctest:
    """See the module."""

    tool: ClassVar[str] = "doctest"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("Failed example:",)
    lookback: ClassVar[int] = 1

    def __init__(self) -> None:
        """Start before the first line."""
        self._header: tuple[str, int, str, int] | None = None
        self._line: LogLine | None = None
        self._said: list[str] = []

    @property
    def active(self) -> bool:
        """Whether an example is open."""
        return self._line is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        if self._line is None:
            header = _HEADER.match(text)
            if header:
                self._header = (header[1], int(header[2]), header[3], line.number)
            elif text.startswith("Failed example:") and self._header and self._header[3] == line.number - 1:
                self._line, self._said = line, [text]
            return ()
        if text.startswith((_STARS, "##[")) or line.number > self._line.number + LONGEST:
            return self.finish()
        if text.strip() and len(self._said) < 20:
            self._said.append(text.strip())
        return ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        header, line, said = self._header, self._line, self._said
        self._header, self._line, self._said = None, None, []
        if header is None or line is None:
            return []
        at = (header[1], None)
        cause = RootCause.TEST_FAILURE
        message = " ".join(said)
        return [
            new_failure(
                self.tool, FailureKind.TEST, message, line, test=header[2], file=header[0], at=at, otherwise=cause
            )
        ]


PARSER: type[Parser] = Doctest
