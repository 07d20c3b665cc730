"""An interpreter that died or was stopped: faulthandler's `Fatal Python error` and pytest-timeout's dump of stacks."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.parsers.traceback import own_frame
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_FATAL = re.compile(r".{0,200}?(Fatal Python error: .+)")
_TIMEOUT = re.compile(r".{0,200}?\+{5,} Timeout \+{5,}$")
_FRAME = re.compile(r'\s+File "([^"]+)", line (\d+),? in (\S+)$')
_STACK = re.compile(r"(?:Current thread |Thread |Stack \(|~+ Stack of )")
LONGEST = 400


class FatalPython:
    """See the module."""

    tool: ClassVar[str] = "fatal_python"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("Fatal Python error: ", "+++ Timeout +++")

    def __init__(self) -> None:
        """Start before the first line."""
        self._line: LogLine | None = None
        self._message = ""
        self._frames: list[tuple[str, int, str]] = []
        self._current = False

    @property
    def active(self) -> bool:
        """Whether stacks are being read."""
        return self._line is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        if self._line is None:
            fatal, timeout = _FATAL.match(text), _TIMEOUT.match(text)
            if fatal or timeout:
                self._line, self._message = line, fatal[1] if fatal else "Timeout: a test ran longer than it may"
            return ()
        if _STACK.match(text):
            self._current = text.startswith(("Current", "Stack (")) or "Stack of MainThread" in text
            return ()
        frame = _FRAME.match(text)
        if frame and self._current and len(self._frames) < LONGEST:
            self._frames.append((frame[1], int(frame[2]), frame[3]))
        ended = _TIMEOUT.match(text) or text.startswith(("##[", "Extension modules:", "[Pipeline]"))
        more = frame or not text.strip() or text.startswith(("    ", "~", "<"))
        return () if more and not ended and line.number < self._line.number + LONGEST else self.finish()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        line, message, frames, self._current = self._line, self._message, self._frames, False
        self._line, self._frames = None, []
        if line is None:
            return []
        timeout = message.startswith("Timeout")
        # faulthandler prints the innermost frame first, pytest-timeout last
        frames = frames if timeout else frames[::-1]
        test = next((f for f in frames if f[2].startswith("test") and "/_pytest/" not in f[0]), None)
        own = own_frame(frames)
        return [
            new_failure(
                self.tool,
                FailureKind.TEST if test else FailureKind.EXCEPTION,
                message,
                line,
                test=f"{test[0]}::{test[2]}" if test else None,
                file=own[0] if own else None,
                at=(own[1] if own else None, None),
                frames=tuple(frames[-60:]),
                root_cause=RootCause.TIMEOUT if timeout else RootCause.LOGIC_ERROR,
            )
        ]


PARSER: type[Parser] = FatalPython
