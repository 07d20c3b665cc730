"""jest: the `●` blocks of failing tests and of suites that do not run."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_SUITE = re.compile(r"\s?FAIL\s+(?:\S+ )?(\S+\.\w+)(?: \([\d.]+ m?s\))?$")
_BLOCK = re.compile(r"\s{1,4}● (.+)$")
_FRAME = re.compile(r"\s+at (?:(.+?) \()?((?:[A-Za-z]:)?[^\s:()]+):(\d+):(\d+)\)?$")
_SOURCE = re.compile(r"\s*>?\s*\d* \|")
_END = ("Test Suites:", "Tests:  ", "PASS ", " PASS ", "Ran all test suites")
_NOT_TESTS = ("Console", "Cannot log after tests", "Deprecation", "Validation Warning", "Obsolete snapshot")
NOT_RUN = "Test suite failed to run"
LONGEST = 200


class Jest:
    """See the module."""

    tool: ClassVar[str] = "jest"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("FAIL ", " ● ")

    def __init__(self) -> None:
        """Start before the first line."""
        self._suite: str | None = None
        self._block: tuple[LogLine, str] | None = None
        self._said: list[tuple[str, LogLine]] = []
        self._frames: list[tuple[str, int, str]] = []

    @property
    def active(self) -> bool:
        """Whether a block is open."""
        return self._block is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        suite = _SUITE.match(text) if "FAIL" in text else None
        block = _BLOCK.match(text) if "●" in text else None
        if suite or block:
            done = list(self.finish())
            if suite:
                self._suite = suite[1]
            elif block and self._suite and not block[1].startswith(_NOT_TESTS):
                self._block = (line, block[1].strip())
            return done
        if self._block is None:
            return ()
        if text.startswith(_END) or line.number > self._block[0].number + LONGEST:
            return self.finish()
        frame = _FRAME.match(text)
        if frame:
            self._frames.append((frame[2], int(frame[3]), frame[1] or ""))
        elif text.strip() and len(self._said) < 30 and not _SOURCE.match(text):
            self._said.append((text.strip(), line))
        return ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        block, said, frames = self._block, self._said, self._frames
        self._block, self._said, self._frames = None, [], []
        if block is None:
            return []
        name = block[1]
        message, where = _stated(said) or (name, block[0])
        not_run = name == NOT_RUN
        own = [frame for frame in frames if "node_modules" not in frame[0] and not frame[0].startswith("node:")]
        return [
            new_failure(
                self.tool,
                FailureKind.TEST,
                message,
                where,
                test=self._suite if not_run else name,
                file=own[0][0] if own else self._suite,
                at=(own[0][1] if own else None, None),
                exception=_type_of(message),
                frames=tuple(frames[::-1][:60]),
                otherwise=RootCause.COMPILE_ERROR if not_run and "SyntaxError" in message else RootCause.TEST_FAILURE,
            )
        ]


def _stated(said: list[tuple[str, LogLine]]) -> tuple[str, LogLine] | None:
    """Return the error's own line: with the values where it is a bare matcher."""
    if not said:
        return None
    text, line = said[0]
    if text.startswith("expect("):
        values = [value for value, _ in said[1:8] if value.startswith(("Expected", "Received"))]
        text = " ".join([text, *values[:2]])
    return text, line


def _type_of(message: str) -> str | None:
    found = re.match(r"([A-Z]\w*(?:Error|Exception))\b", message)
    return found[1] if found else None


PARSER: type[Parser] = Jest
