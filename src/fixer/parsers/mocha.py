"""mocha, and jasmine's numbered list: `1) suite`, nested titles, the error and its stack after `N failing`."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, failed_test
from fixer.schema.failure import Failure

_FAILING = re.compile(r"\s*(?:✖ )?\d+ (?:failing|tests? failed)\b|Failed tests:$")
_TITLE = re.compile(r"\s+(\d{1,4})\) (.+)$")
_FRAME = re.compile(r"\s+at (?:(.+?) \()?((?:[A-Za-z]:)?[^\s:()]+):(\d+):(\d+)\)?$")
_TYPED = re.compile(r"(?:Uncaught )?([A-Z]\w*(?:Error|Exception))\b")
LONGEST = 120
_END = ("##[", "npm ", "error ", "info ", "travis_", "The command ", "=====", "-----", "ELIFECYCLE")


class Mocha:
    """See the module."""

    tool: ClassVar[str] = "mocha"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (" failing", " failed", "Failed tests:")

    def __init__(self) -> None:
        """Start before the first line."""
        self._listing: LogLine | None = None
        self._title: list[str] | None = None
        self._titled = False
        self._said: tuple[str, LogLine] | None = None
        self._frames: list[tuple[str, int, str]] = []

    @property
    def active(self) -> bool:
        """Whether the list of failing tests is being read."""
        return self._listing is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        if _FAILING.match(text):
            self._listing = line
            return ()
        if self._listing is None:
            return ()
        if text.startswith(_END) or line.number > self._listing.number + LONGEST:
            done = list(self.finish())
            self._listing = None
            return done
        title = _TITLE.match(text)
        if title:
            done = list(self.finish())
            self._title, self._listing, self._titled = [title[2].strip()], line, title[2].rstrip().endswith(":")
            return done
        if self._title is not None:
            self._block(line, text)
        return ()

    def _block(self, line: LogLine, text: str) -> None:
        assert self._title is not None
        frame = _FRAME.match(text)
        if frame:
            self._frames.append((frame[2], int(frame[3]), frame[1] or ""))
        elif not text.strip():
            self._titled = True
        elif not self._titled and len(self._title) < 20:
            self._title.append(text.strip())
            self._titled = text.rstrip().endswith(":")
        elif self._said is None:
            self._said = (text.strip(), line)

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        title, said, frames, where = self._title, self._said, self._frames, self._listing
        self._title, self._said, self._frames, self._titled = None, None, [], False
        if title is None or where is None:
            return []
        name = " ".join(title).removesuffix(":")
        message, line = said or (f"{name} failed", where)
        own = next(
            (f for f in frames if "node_modules" not in f[0] and not f[0].startswith(("node:", "internal/"))), None
        )
        typed = _TYPED.match(message)
        return [
            failed_test(
                self.tool, line, message, test=name, own=own, exception=typed[1] if typed else None, frames=frames
            )
        ]


PARSER: type[Parser] = Mocha
