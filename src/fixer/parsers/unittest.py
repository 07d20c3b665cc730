"""The standard library's unittest: `FAIL:` and `ERROR:` blocks, sub-tests, fixtures and modules that do not import."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.parsers.traceback import TracebackReader, failure_of, start
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

# `FAIL: test_a (tests.test_x.Case.test_a) (i=1)`; before 3.11 the method was not repeated inside the brackets.
_HEADER = re.compile(r"(FAIL|ERROR|UNEXPECTED SUCCESS): (\S+)(?: \(([\w.<>-]+)\))?((?: [\[(].*)?)$")
# nose and twisted name generated tests freely: believed only where a thin rule follows
_FREE = re.compile(r"(?:FAIL|ERROR): ((\S+?)(?:\(.*\))?|.+)$")
_RULE = "=" * 60
_THIN = "-" * 60
_LOADER = "unittest.loader._FailedTest"


def test_id(name: str, place: str | None) -> str:
    """Return the dotted name that `python -m unittest` takes, of a header's name and brackets."""
    if place is None:
        return name
    if place.startswith(_LOADER):
        inner = place.removeprefix(_LOADER).strip(".")
        return inner or name
    if name in {"setUpClass", "tearDownClass", "setUpModule", "tearDownModule"}:
        return place.removesuffix(f".{name}")
    return place if place.split(".")[-1] == name else f"{place}.{name}"


class Unittest:
    """See the module."""

    tool: ClassVar[str] = "unittest"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("FAIL: ", "ERROR: ", "UNEXPECTED SUCCESS: ")

    def __init__(self) -> None:
        """Start before the first line."""
        self._test: str | None = None
        self._header: LogLine | None = None
        self._sure = True
        self._reader: TracebackReader | None = None

    @property
    def active(self) -> bool:
        """Whether a block is open."""
        return self._header is not None

    @property
    def claims(self) -> bool:
        """Whether the block is known to be unittest's."""
        return self._sure

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        header = _HEADER.match(text) if text.startswith(self.needles) else None
        if header and (header[3] or "_" in header[2]):
            done = list(self.finish())
            if header[1] == "UNEXPECTED SUCCESS":
                return [*done, _unexpected(line, test_id(header[2], header[3]))]
            self._test, self._header, self._sure = test_id(header[2], header[3]), line, True
            return done
        if self._header is None:
            free = _FREE.match(text)
            if free:
                self._test, self._header, self._sure = free[2] or free[1], line, False
            return ()
        return self._inside(line, self._header)

    def _inside(self, line: LogLine, header: LogLine) -> Iterable[Failure]:
        text = line.text
        if not self._sure:
            self._sure = text.startswith(_THIN)
            if not self._sure and line.number > header.number + 1:
                self._header = self._test = None
            return ()
        if self._reader is None:
            self._reader = start(text)
            return self.finish() if line.number > header.number + 30 and not self._reader else ()
        if text.startswith((_RULE, _THIN)) or not self._reader.feed(line):
            return self.finish()
        return ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        reader, test, header = self._reader, self._test, self._header
        self._reader = self._test = self._header = None
        if header is None or test is None or reader is None or reader.raised is None:
            return []
        shown_as = header.text.split(": ", 1)[1].strip()
        return [failure_of(reader.raised, self.tool, FailureKind.TEST, test, shown_as)]


def _unexpected(line: LogLine, test: str) -> Failure:
    cause = RootCause.TEST_FAILURE
    return new_failure(Unittest.tool, FailureKind.TEST, "unexpected success", line, test=test, root_cause=cause)


PARSER: type[Parser] = Unittest
