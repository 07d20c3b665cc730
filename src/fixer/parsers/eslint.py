"""ESLint and tools with its stylish form (stylelint, xo, tsd): a file, then `line:column  error  message  rule`."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_FILE = re.compile(r"((?:[A-Za-z]:|\.{0,2})?[\w@./\\ ()\[\]-]{1,300}\.\w{1,8})$")
_FINDING = re.compile(r"\s+(\d+):(\d+)\s+(?:error|✖)\s+(.+?)(?:\s{2,}([\w@/-]+))?$")
# tsd and xo put the mark first
_MARKED = re.compile(r"\s+✖\s+(\d+):(\d+)\s+(.+?)(?:\s{2,}([\w@/-]+))?$")
_PLACED = re.compile(r"\s*(\S+\.\w{1,8}):\d+:\d+$")
_WARNING = re.compile(r"\s+\d+:\d+\s+(?:warning|⚠)\s")
_UNIX = re.compile(r"(\S[^:]{0,300}\.\w{1,8}):(\d+):(\d+): (.+) \[Error/([\w@/-]+)\]$")


class Eslint:
    """See the module."""

    tool: ClassVar[str] = "eslint"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("  error  ", " ✖ ", "[Error/")
    lookback: ClassVar[int] = 30

    def __init__(self) -> None:
        """Start before the first line."""
        self._file: LogLine | None = None

    @property
    def active(self) -> bool:
        """Whether a file's findings may follow."""
        return self._file is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        finding = _FINDING.match(text) or _MARKED.match(text)
        if finding:
            file = self._file.text.strip() if self._file else None
            return [_failure(line, finding[3].strip(), finding[4], (file, int(finding[1]), int(finding[2])))]
        if _WARNING.match(text):
            return ()
        unix = _UNIX.match(text)
        if unix:
            return [_failure(line, unix[4], unix[5], (unix[1], int(unix[2]), int(unix[3])))]
        placed = _PLACED.match(text)
        if placed:
            self._file = LogLine(line.number, placed[1], line.step)
        else:
            self._file = line if text[:1] not in {" ", "\t", ""} and _FILE.match(text) else None
        return ()

    def finish(self) -> Iterable[Failure]:
        """Nothing is open that was not said."""
        return ()


def _failure(line: LogLine, message: str, rule: str | None, place: tuple[str | None, int, int]) -> Failure:
    syntax = message.startswith("Parsing error")
    return new_failure(
        Eslint.tool,
        FailureKind.COMPILE if syntax else FailureKind.LINT,
        f"{message}  {rule}" if rule else message,
        line,
        file=place[0],
        at=place[1:],
        code=rule,
        root_cause=RootCause.COMPILE_ERROR if syntax else RootCause.LINT,
    )


PARSER: type[Parser] = Eslint
