"""TAP (node:test, tap, prove, bats): `not ok N - title`, the message in the YAML block or comment below it."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_NOT_OK = re.compile(r"(\s*)not ok \d+(?: -)? (.+?)(?:\s+# (?:time=.*|duration_ms.*))?$")
# what prove leaves of a test in Perl: `#   Failed test 'title'`, `#   at t/a.t line 3.`
_PERL = re.compile(r"\s*#\s+Failed test (?:'(.+)'|\"(.+)\")$")
_PERL_PLACE = re.compile(r"\s*#\s+(?:at|in) (\S+?)(?: at)? line (\d+)\.?$")
_PLACE = re.compile(r"\s*(?:location: |at: |file: )['\"]?(?:file://)?((?:[A-Za-z]:)?[^\s:'\"]+):(\d+)")
_ALLOWED = re.compile(r"# (?:todo|skip)\b", re.IGNORECASE)
_SAID = re.compile(r"\s*(?:error|message): (?!\|-?$)['\"]?(.+?)['\"]?$|\s*#\s+(\S.*)$")
_BLOCK = re.compile(r"\s*(?:error|message): \|-?$")
_CONTAINER = re.compile(r"\d+ subtests? failed|subtestsFailed")
LONGEST = 30


class Tap:
    """See the module."""

    tool: ClassVar[str] = "tap"
    rank: ClassVar[int] = 5
    needles: ClassVar[tuple[str, ...]] = ("not ok ", "#   Failed test ")

    def __init__(self) -> None:
        """Start before the first line."""
        self._test: tuple[LogLine, str] | None = None
        self._said: tuple[str, LogLine] | None = None
        self._opened = False
        self._place: tuple[str, int] | None = None
        self._perl = False

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
        perl = _PERL.match(line.text)
        if perl:
            done = [] if self._test and self._test[1] == (perl[1] or perl[2]) else list(self.finish())
            self._test, self._perl = self._test or (line, perl[1] or perl[2]), True
            return done
        if self._test is None:
            return ()
        return self._inside(line, self._test[0])

    def _inside(self, line: LogLine, first: LogLine) -> Iterable[Failure]:
        place = _PERL_PLACE.match(line.text) if self._perl else _PLACE.match(line.text)
        if place:
            self._place = (place[1], int(place[2]))
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
        return self.finish() if ended or line.number > first.number + LONGEST else ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        test, said, place = self._test, self._said, self._place
        self._test, self._said, self._place, self._opened, self._perl = None, None, None, False, False
        if test is None or (said and _CONTAINER.search(said[0])):
            return []
        message, line = said or (f"{test[1]} failed", test[0])
        return [
            new_failure(
                self.tool,
                FailureKind.TEST,
                message,
                line,
                test=test[1],
                file=place[0] if place else None,
                at=(place[1] if place else None, None),
                otherwise=RootCause.TEST_FAILURE,
            )
        ]


PARSER: type[Parser] = Tap
