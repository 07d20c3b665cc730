"""Runners that list failing tests with a title, a message and a place: ava, jasmine and node's spec reporter."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, failed_test
from fixer.schema.failure import Failure

_AVA = re.compile(r"\s+✘ \[fail\]: (.+)$")
_AVA_PLACE = re.compile(r"\s+(?:file://)?([^\s:]+\.\w+):(\d+)$")
_AVA_DULL = re.compile(r"\s*(?:─|\d+:|\d+ tests? failed|Difference)|\s*$")
_NODE_PLACE = re.compile(r"test at (\S+):(\d+):\d+$")
_NODE = re.compile(r"\s*✖ (.+?) \([\d.]+ms\)$")
_JASMINE = re.compile(r"\d{1,4}\) (.+)$")
_FRAME = re.compile(r"\s+at (?:(.+?) \()?(?:file://)?((?:[A-Za-z]:)?[^\s:()]+):(\d+):(\d+)\)?$")
LONGEST = 80


class Listed:
    """See the module."""

    tool: ClassVar[str] = "listed"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("✘ [fail]", "test at ", "  Message:")
    lookback: ClassVar[int] = 1

    def __init__(self) -> None:
        """Start before the first line."""
        self._form = ""
        self._title: str | None = None
        self._opened: LogLine | None = None
        self._place: tuple[str, int] | None = None
        self._said: tuple[LogLine, str] | None = None
        self._frames: list[tuple[str, int, str]] = []
        self._before: tuple[int, str] | None = None
        self._queue: list[str] = []

    @property
    def active(self) -> bool:
        """Whether a failure is being read."""
        return self._opened is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        title = _JASMINE.match(text)
        before, self._before = self._before, (line.number, title[1]) if title else None
        ava, node = _AVA.match(text), _NODE_PLACE.match(text)
        if ava:
            done = list(self.finish()) if self._form != "ava" or self._said else []
            self._queue.append(ava[1])
            self._open("ava", line, None)
            return done
        if node:
            done = list(self.finish())
            self._open("node", line, None)
            self._place = (node[1], int(node[2]))
            return done
        if text.strip() == "Message:" and before and before[0] == line.number - 1:
            done = list(self.finish())
            self._open("jasmine", line, before[1])
            return done
        return self._inside(line, text) if self._opened else ()

    def _open(self, form: str, line: LogLine, title: str | None) -> None:
        self._form, self._opened, self._title = form, line, title

    def _inside(self, line: LogLine, text: str) -> Iterable[Failure]:
        assert self._opened is not None
        if line.number > self._opened.number + LONGEST or text.startswith(("##[", "[Pipeline]", "section_end")):
            return self.finish()
        frame = _FRAME.match(text)
        if frame:
            self._frames.append((frame[2], int(frame[3]), frame[1] or ""))
        elif self._form == "ava":
            return self._ava(line, text)
        elif self._form == "node" and self._title is None:
            named = _NODE.match(text)
            self._title = named[1] if named else None
            return () if named else self.finish()
        elif self._said is None and text.strip():
            self._said = (line, text.strip())
        elif self._frames and not text.startswith(" "):
            return self.finish()
        return ()

    def _ava(self, line: LogLine, text: str) -> Iterable[Failure]:
        if text.strip() in self._queue:
            done = list(self.finish()) if self._title else []
            if text.strip() in self._queue:
                self._queue.remove(text.strip())
            self._open("ava", line, text.strip())
            return done
        place = _AVA_PLACE.match(text)
        if place and self._title and self._place is None:
            self._place = (place[1], int(place[2]))
        elif self._place and self._said is None and not _AVA_DULL.match(text):
            self._said = (line, text.strip())
        return ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        title, opened, place, said, frames = self._title, self._opened, self._place, self._said, self._frames
        queue = [] if self._form == "ava" and title else self._queue
        self._form, self._title, self._opened, self._place, self._said, self._frames = "", None, None, None, None, []
        if opened is None:
            return []
        names = [title] if title else queue
        self._queue = self._queue if title else []
        own = next(
            (f for f in frames if "node_modules" not in f[0] and "node:" not in f[0] and f[0] != "<Jasmine>"), None
        )
        line, message = said or (opened, "")
        return [
            failed_test(self.tool, line, message or f"{name} failed", test=name, own=own or place, frames=frames)
            for name in names
        ]


PARSER: type[Parser] = Listed
