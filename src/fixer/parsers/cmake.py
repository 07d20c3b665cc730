"""cmake: `CMake Error at FILE:LINE (command):` and the message below it."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_HEADER = re.compile(r" {0,8}CMake Error(?: at ([^:]+):(\d+) \((\w+)\))?: ?(.*)")
_MISSING = re.compile(
    r"Could NOT find|find_package|could not be found|Could not find a package|find_program", re.IGNORECASE
)
LONGEST = 12


class Cmake:
    """See the module."""

    tool: ClassVar[str] = "cmake"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("CMake Error",)

    def __init__(self) -> None:
        """Start before the first line."""
        self._open: tuple[LogLine, re.Match[str]] | None = None
        self._said: list[str] = []
        self._stated: LogLine | None = None

    @property
    def active(self) -> bool:
        """Whether the message is awaited."""
        return self._open is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        header = _HEADER.match(text)
        if header:
            done = list(self.finish())
            self._open, self._said = (line, header), [header[4]] if header[4] else []
            return done
        if self._open is None:
            return ()
        if text.startswith("  ") or (not text.strip() and not self._said):
            if text.strip():
                self._stated = self._stated or line
                self._said.append(text.strip())
            return ()
        too_long = line.number > self._open[0].number + LONGEST
        return self.finish() if text.strip() or too_long or self._said else ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        opened, said, stated = self._open, self._said, self._stated
        self._open, self._said, self._stated = None, [], None
        if opened is None:
            return []
        line, header = opened
        message = " ".join(said)[:400] or header[0]
        missing = header[3] == "find_package" or _MISSING.search(message)
        return [
            new_failure(
                self.tool,
                FailureKind.DEPENDENCY if missing else FailureKind.COMPILE,
                message,
                stated or line,
                file=header[1],
                at=(int(header[2]) if header[2] else None, None),
                root_cause=RootCause.MISSING_DEPENDENCY if missing else None,
                otherwise=RootCause.COMPILE_ERROR,
            )
        ]


PARSER: type[Parser] = Cmake
