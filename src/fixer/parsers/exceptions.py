"""Uncaught exceptions and broken assertions of other languages: Java, node, .NET, Ruby, Perl, C."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_STATED = re.compile(
    r"(?:Exception in thread \"[^\"]*\" |Unhandled exception[.:] |Uncaught (?:Exception )?)"
    r"(?P<type>[\w.$]+)(?:: (?P<said>.*))?$"
    r"|(?P<node>(?:[A-Z]\w*)?Error)(?: \[\w+\])?: .+$"
)
_FRAME = re.compile(
    r"\s+at (?:async )?(?:(?P<in>[^()]+?) ?\()?(?:file://)?(?P<file>(?:[A-Za-z]:)?[^\s:()]+):(?P<line>\d+)(?::\d+)?\)?$"
    r"|\s+at (?P<in2>.+) in (?P<file2>.+):line (?P<line2>\d+)$"
)
_FOREIGN = ("node_modules", "node:", "internal/")
_ONE_LINE: tuple[tuple[re.Pattern[str], FailureKind, RootCause], ...] = (
    (
        re.compile(r"(?:\S+: )?(?P<file>[^\s:]+):(?P<line>\d+): .{1,200}: (?P<message>Assertion [`'].+' failed.*)"),
        FailureKind.EXCEPTION,
        RootCause.LOGIC_ERROR,
    ),
    (
        re.compile(r"(?P<message>Can't locate \S+\.pm in @INC.*? at (?P<file>\S+) line (?P<line>\d+)\.?)$"),
        FailureKind.DEPENDENCY,
        RootCause.MISSING_DEPENDENCY,
    ),
    (
        re.compile(r"(?P<message>Can't locate \S+\.pm in @INC.*)"),
        FailureKind.DEPENDENCY,
        RootCause.MISSING_DEPENDENCY,
    ),
    (
        re.compile(r"(?P<message>(?:syntax error|Global symbol .+) at (?P<file>\S+) line (?P<line>\d+).*)"),
        FailureKind.COMPILE,
        RootCause.COMPILE_ERROR,
    ),
    (
        re.compile(r"(?P<file>[^\s:]+\.rb):(?P<line>\d+):in [`'].+': (?P<message>.+ \([A-Z]\w*(?:::\w+)*\))$"),
        FailureKind.EXCEPTION,
        RootCause.LOGIC_ERROR,
    ),
)
LONGEST = 40


class Exceptions:
    """See the module."""

    tool: ClassVar[str] = "exceptions"
    rank: ClassVar[int] = 50
    needles: ClassVar[tuple[str, ...]] = (
        *("Exception in thread", "Unhandled exception", "Uncaught ", "Error: ", "Error ["),
        *("Assertion `", "Assertion '", "Can't locate ", "syntax error at ", "Global symbol ", ".rb:"),
    )
    claims: ClassVar[bool] = False

    def __init__(self) -> None:
        """Start before the first line."""
        self._stated: tuple[LogLine, str, str] | None = None
        self._frames: list[tuple[str, int, str]] = []

    @property
    def active(self) -> bool:
        """Whether the stack of an exception may follow."""
        return self._stated is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        if self._stated:
            frame = _FRAME.match(text)
            if frame:
                if len(self._frames) < LONGEST:
                    file, at = frame["file"] or frame["file2"], frame["line"] or frame["line2"]
                    self._frames.append((file, int(at), frame["in"] or frame["in2"] or ""))
                return ()
            if text.startswith(("    at ", "\tat ")) and line.number < self._stated[0].number + LONGEST:
                return ()
            return [*self.finish(), *self.feed(line)]
        stated = _STATED.match(text) if len(text) < 1000 else None
        if stated:
            kind = stated["type"] or stated["node"]
            self._stated = (line, kind, text if stated["node"] else f"{kind}: {stated['said'] or ''}".rstrip(": "))
            return ()
        for pattern, sort, cause in _ONE_LINE:
            found = pattern.match(text)
            if found:
                said = found.groupdict()
                at = (int(said["line"]) if said.get("line") else None, None)
                return [
                    new_failure(self.tool, sort, found["message"], line, file=said.get("file"), at=at, root_cause=cause)
                ]
        return ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open: without a stack it may have been any line."""
        stated, frames = self._stated, self._frames
        self._stated, self._frames = None, []
        if stated is None or not frames:
            return []
        line, kind, message = stated
        own = next((frame for frame in frames if not any(part in frame[0] for part in _FOREIGN)), None)
        return [
            new_failure(
                self.tool,
                FailureKind.EXCEPTION,
                message,
                line,
                file=own[0] if own else None,
                at=(own[1] if own else None, None),
                exception=kind,
                frames=tuple(frames[::-1]),
                otherwise=RootCause.COMPILE_ERROR if kind == "SyntaxError" else RootCause.LOGIC_ERROR,
            )
        ]


PARSER: type[Parser] = Exceptions
