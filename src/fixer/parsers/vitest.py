"""vitest: ` FAIL  file > suite > test` and the error below it."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, failed_test
from fixer.schema.failure import Failure

_HEADER = re.compile(r"\s*(?:\u276f )?FAIL\s+(?:\|?[\w@/.-]+\|? )?(\S+\.[cm]?[jt]sx?)(?: > (.+)| \[ .+ \])$")
_PLACE = re.compile(r"\s*\u276f (?:(.+) )?(\S+?):(\d+):(\d+)$")
LONGEST = 80


class Vitest:
    """See the module."""

    tool: ClassVar[str] = "vitest"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("FAIL ",)

    def __init__(self) -> None:
        """Start before the first line."""
        self._open: list[tuple[LogLine, str, str | None]] = []
        self._said: tuple[str, LogLine] | None = None
        self._frames: list[tuple[str, int, str]] = []

    @property
    def active(self) -> bool:
        """Whether a test's error is awaited or read."""
        return bool(self._open)

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line; tests that fail alike have their headers one below the other."""
        text = line.text
        header = _HEADER.match(text) if "FAIL" in text else None
        if header:
            done = list(self.finish()) if self._said else []
            if len(self._open) < 100:
                self._open.append((line, header[1], header[2]))
            return done
        if not self._open:
            return ()
        place = _PLACE.match(text)
        if place:
            self._frames.append((place[2], int(place[3]), place[1] or ""))
        elif "⎯⎯" in text or line.number > self._open[-1][0].number + LONGEST:
            return self.finish()
        elif self._said is None and text.strip():
            self._said = (text.strip(), line)
        return ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        opened, said, frames = self._open, self._said, self._frames
        self._open, self._said, self._frames = [], None, []
        return [_failure(line, file, name, said, frames) for line, file, name in opened]


def _failure(
    line: LogLine,
    file: str,
    name: str | None,
    said: tuple[str, LogLine] | None,
    frames: list[tuple[str, int, str]],
) -> Failure:
    message, where = said or (f"{name or file} failed", line)
    own = next((frame for frame in frames if "node_modules" not in frame[0]), None)
    kind = re.match(r"([A-Z]\w*(?:Error|Exception))\b", message)
    return failed_test(
        Vitest.tool,
        where,
        message,
        test=f"{file} > {name}" if name else file,
        own=own or (file, None),
        exception=kind[1] if kind else None,
        frames=frames,
    )


PARSER: type[Parser] = Vitest
