"""Uncaught Python exceptions: tracebacks, chained ones, exception groups and syntax errors."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

HEADER = "Traceback (most recent call last):"
_FRAME = re.compile(r'File "([^"]+)", line (\d+)(?:, in (.+))?')
_ENDING = re.compile(r"([A-Za-z_][\w.]*?)(?::(?: (.*))?)?$", re.DOTALL)
_LINKS = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
MOST_FRAMES = 60
_FOREIGN = ("site-packages", "dist-packages", "/lib/python", "\\lib\\", "<frozen", "<string>", "/hostedtoolcache/")
LONGEST = 400
"""Lines of one traceback; what is longer is not one."""


@dataclass
class Raised:
    """One exception as Python printed it."""

    line: LogLine
    """Where it is stated."""
    exception: str
    message: str
    """With the type: `KeyError: 'price'`."""
    frames: tuple[tuple[str, int, str], ...] = ()


@dataclass
class TracebackReader:
    """Reads one traceback with everything that is chained to it; `raised` is the last one, which ended the program."""

    prefix: str
    """What stands before each of its lines: indentation, or the margin of an exception group."""
    frames: list[tuple[str, int, str]] = field(default_factory=list)
    raised: Raised | None = None
    seen: int = 0
    linked: bool = False
    _open: bool = True

    def feed(self, line: LogLine) -> bool:
        """Take the line after; return whether it still belongs to this traceback."""
        self.seen += 1
        if self.seen > LONGEST:
            return False
        text = line.text
        if self.prefix and not text.startswith(self.prefix.rstrip()):
            return False
        text = text[len(self.prefix) :]
        return self._inside(line, text) if self._open else self._after(text)

    def _inside(self, line: LogLine, text: str) -> bool:
        if text.startswith((" ", "\t")) or not text:
            frame = _FRAME.match(text.strip())
            if frame and len(self.frames) < MOST_FRAMES:
                self.frames.append((frame[1], int(frame[2]), frame[3] or "<module>"))
            return bool(text) or not self.frames
        if text.startswith(("| ", "+-", "+ ")):
            return True
        ending = _ENDING.match(text)
        if not ending or " " in ending[1]:
            return False
        message = text.rstrip().rstrip(":") if not ending[2] else text
        self.raised = Raised(line, ending[1], message, tuple(self.frames))
        self._open = False
        return True

    def _after(self, text: str) -> bool:
        if not text.strip():
            return True
        if text in _LINKS:
            self.linked = True
            return True
        if HEADER in text and self.linked:
            self.linked, self._open, self.frames = False, True, []
            return True
        return text.startswith(("  | ", "  +", "    | ", "    +"))


def start(text: str) -> TracebackReader | None:
    """Return a reader where a traceback starts in this line."""
    at = text.find(HEADER)
    if at < 0:
        return None
    before = text[:at]
    if before.endswith("Exception Group "):
        # `  + Exception Group Traceback`: the lines that follow have the margin `  | `
        margin = before.removesuffix("Exception Group ")
        return TracebackReader(margin.replace("+", "|"))
    return TracebackReader(before if not before.strip() or len(before) < 80 else "")


def own_frame(frames: Iterable[tuple[str, int, str]], *, only: bool = False) -> tuple[str, int, str] | None:
    """Return the innermost frame that is not of an installed package or the standard library.

    Where there is none: with `only` None, else the innermost frame of all.
    """
    inner = list(frames)[::-1]
    own = next((frame for frame in inner if not any(part in frame[0] for part in _FOREIGN)), None)
    return own or (inner[0] if inner and not only else None)


class Traceback:
    """See the module."""

    tool: ClassVar[str] = "traceback"
    rank: ClassVar[int] = 50
    needles: ClassVar[tuple[str, ...]] = (HEADER, 'File "', "Error: ")

    def __init__(self) -> None:
        """Start before the first line."""
        self._reader: TracebackReader | None = None
        self._bare: tuple[LogLine, str, int] | None = None

    @property
    def active(self) -> bool:
        """Whether a traceback is open."""
        return self._reader is not None or self._bare is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        line = LogLine(line.number, unmarked(line.text), line.step) if line.text.startswith("##[") else line
        if self._reader:
            if self._reader.feed(line):
                return ()
            done = list(self.finish())
            return [*done, *self.feed(line)]
        self._reader = start(line.text)
        return () if self._reader else self._syntax_error(line)

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        reader, self._reader = self._reader, None
        self._bare = None
        if reader and reader.raised:
            yield failure_of(reader.raised, self.tool)

    def _syntax_error(self, line: LogLine) -> Iterable[Failure]:
        """Read the form without a header, as `python -m compileall` and the interpreter print it for the main file."""
        text = line.text
        frame = _FRAME.search(text)
        if frame and frame[3] is None:
            self._bare = (line, frame[1], int(frame[2]))
        elif self._bare:
            first, file, at = self._bare
            text = text.strip()
            if re.match(r"(?:Sorry: )?(?:SyntaxError|IndentationError|TabError): ", text):
                self._bare = None
                kind = text.removeprefix("Sorry: ").split(":")[0]
                frames = ((file, at, "<module>"),)
                return [failure_of(Raised(line, kind, text.removeprefix("Sorry: "), frames), self.tool)]
            if line.number > first.number + 4:
                self._bare = None
        return ()


def failure_of(
    raised: Raised,
    tool: str,
    kind: FailureKind = FailureKind.EXCEPTION,
    test: str | None = None,
    shown_as: str | None = None,
) -> Failure:
    """Return the failure that an uncaught exception is."""
    frame = own_frame(raised.frames)
    return new_failure(
        tool,
        kind,
        raised.message,
        raised.line,
        test=test,
        shown_as=shown_as,
        file=frame[0] if frame else None,
        at=(frame[1] if frame else None, None),
        exception=raised.exception,
        frames=raised.frames,
        otherwise=RootCause.TEST_FAILURE if kind is FailureKind.TEST else RootCause.LOGIC_ERROR,
    )


PARSER: type[Parser] = Traceback
