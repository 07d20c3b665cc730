"""minitest and Rails' form of it: `Failure:` or `Error:`, the test's name and place, then the message."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, failed_test
from fixer.schema.failure import Failure

_HEADER = re.compile(r"\s*(?:\d+\) )?(Failure|Error):(?: ?(.*))?$")
_NAME = re.compile(r"\s*([A-Z][\w:]*#[\w?!.,'\" -]+?)(?: \[(\S+?):(\d+)\])?:?$")
_OLD_NAME = re.compile(r"\s*(test[\w ]*)\(([\w:]+)\)(?: \[(\S+?):(\d+)\])?:?$")
_PLACE = re.compile(r"\s+(\S+\.rb):(\d+):in [`'](.+)'$")
LONGEST = 40


class Minitest:
    """See the module."""

    tool: ClassVar[str] = "minitest"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("Failure:", "Error:")

    def __init__(self) -> None:
        """Start before the first line."""
        self._header: LogLine | None = None
        self._test: tuple[str, str | None, int | None] | None = None
        self._said: tuple[str, LogLine] | None = None
        self._frames: list[tuple[str, int, str]] = []

    @property
    def active(self) -> bool:
        """Whether a failure is being read."""
        return self._header is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        header = _HEADER.match(text)
        if header and (not header[2] or _NAME.match(header[2])):
            done = list(self.finish())
            self._header = line
            self._name(header[2] or "")
            return done
        if self._header is None:
            return ()
        if self._test is None:
            self._name(text)
            if self._test is None:
                self._header = None
            return ()
        place = _PLACE.match(text)
        if place:
            self._frames.append((place[1], int(place[2]), place[3]))
        elif self._said is None and text.strip():
            self._said = (text.strip(), line)
        elif not text.strip() or line.number > self._header.number + LONGEST:
            return self.finish()
        return ()

    def _name(self, text: str) -> None:
        name, old = _NAME.match(text), _OLD_NAME.match(text)
        if name:
            self._test = (name[1], name[2], int(name[3]) if name[3] else None)
        elif old:
            self._test = (f"{old[2]}#{old[1]}", old[3], int(old[4]) if old[4] else None)

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        header, test, said, frames = self._header, self._test, self._said, self._frames
        self._header, self._test, self._said, self._frames = None, None, None, []
        if header is None or test is None:
            return []
        message, line = said or (f"{test[0]} failed", header)
        own = next((frame for frame in frames if "/gems/" not in frame[0]), None)
        typed = re.match(r"([A-Z]\w*(?:::\w+)*(?:Error|Exception))\b", message)
        return [
            failed_test(
                self.tool,
                line,
                message,
                test=test[0],
                own=(test[1], test[2]) if test[1] else own,
                exception=typed[1] if typed else None,
                frames=frames,
            )
        ]


PARSER: type[Parser] = Minitest
