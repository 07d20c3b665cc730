"""PHPUnit: the numbered failures after `There was 1 failure:`, with message and place."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, failed_test, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TITLE = re.compile(r"\d{1,4}\) ([\w\\]+::\w+(?: with data set .+)?)$")
_PLACE = re.compile(r"(\S+\.php):(\d+)$")
_FATAL = re.compile(
    r"(?:PHP )?(?P<message>(?:Fatal|Parse) error: .+?) in (?P<file>\S+\.php)(?: on line |:)(?P<line>\d+)"
)
LONGEST = 60


class Phpunit:
    """See the module."""

    tool: ClassVar[str] = "phpunit"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("::test", "Fatal error: ", "Parse error: ")

    def __init__(self) -> None:
        """Start before the first line."""
        self._title: tuple[LogLine, str] | None = None
        self._said: tuple[str, LogLine] | None = None
        self._frames: list[tuple[str, int, str]] = []

    @property
    def active(self) -> bool:
        """Whether a failure is being read."""
        return self._title is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        title = _TITLE.match(text)
        if title:
            done = list(self.finish())
            self._title = (line, title[1])
            return done
        if self._title:
            place = _PLACE.match(text)
            if place:
                self._frames.append((place[1], int(place[2]), ""))
            elif self._frames or line.number > self._title[0].number + LONGEST:
                return self.finish()
            elif self._said is None and text.strip():
                self._said = (text.strip(), line)
            return ()
        fatal = _FATAL.match(text)
        if fatal:
            parse = "Parse error" in fatal["message"]
            kind = FailureKind.COMPILE if parse else FailureKind.EXCEPTION
            cause = RootCause.COMPILE_ERROR if parse else None
            at = (int(fatal["line"]), None)
            return [
                new_failure(
                    self.tool,
                    kind,
                    fatal["message"],
                    line,
                    file=fatal["file"],
                    at=at,
                    root_cause=cause,
                    otherwise=RootCause.LOGIC_ERROR,
                )
            ]
        return ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        title, said, frames = self._title, self._said, self._frames
        self._title, self._said, self._frames = None, None, []
        if title is None:
            return []
        message, line = said or (f"{title[1]} failed", title[0])
        own = next((frame for frame in frames if "/vendor/" not in frame[0]), None)
        typed = re.match(r"([A-Z][\w\\]*(?:Error|Exception)): ", message)
        return [
            failed_test(
                self.tool, line, message, test=title[1], own=own, exception=typed[1] if typed else None, frames=frames
            )
        ]


PARSER: type[Parser] = Phpunit
