"""The bytes of a log in; steps, failures and the weighed lines around which the context is built, out."""

import re
from collections import deque
from collections.abc import Iterable
from typing import BinaryIO

from fixer.ci_log.clean import placed, raw_lines
from fixer.ci_log.steps import StepReader
from fixer.distiller.weights import NOTHING, weigh
from fixer.parsers import LogLine, Reader
from fixer.schema.execution import Step
from fixer.schema.failure import Failure

BEFORE = 40
"""Lines before a hit that are at hand."""
MOST_HITS = 6000
SAME = 3
"""Hits of the same wording that are kept: the first ones."""
WHOLE = 40_000
"""Characters up to which a log is kept as a whole."""
LONGEST = 700
"""Characters of one line in the context."""

_KEY = re.compile(r"[0-9a-f]{6,}|\d+")
_SERVICE = re.compile(
    r"\[task [^\]]{1,40}\]\s+(?:\d\d:\d\d:\d\d\s+[A-Z]+ - )?(?:PID \d+ \| )?|[\w.-]{1,40}_\d+ +\|(?: |$)"
    r"|#\d+ \d+\.\d+ |\[[\w /-]{1,40}\]\s+\| "
)


class Scan:
    """Reads a log once. Memory is bounded by `MOST_HITS` and their surroundings."""

    def __init__(self) -> None:
        """Start before the first line."""
        self.lines = 0
        self.hits: dict[int, int] = {}
        """Line -> weight."""
        self.texts: dict[int, str] = {}
        """The lines that the context may show."""
        self.step_of: dict[int, int] = {}
        self.whole: dict[int, str] | None = {}
        self._whole_size = 0
        self._reader = Reader()
        self._steps = StepReader()
        self._before: deque[tuple[int, str]] = deque(maxlen=BEFORE)
        self._owed = 0
        self._same: dict[str, int] = {}
        self._failures: list[Failure] | None = None

    @property
    def steps(self) -> list[Step]:
        """The steps of the log."""
        return self._steps.steps

    @property
    def commit(self) -> str | None:
        """The commit that the log names."""
        return self._steps.commit

    @property
    def failures(self) -> list[Failure]:
        """All failures, ranked; to be asked for after `finish`."""
        if self._failures is None:
            self._failures = self._reader.failures(self.steps)
        return self._failures

    def read(self, stream: BinaryIO, name: str | None) -> None:
        """Read one file of the log to its end."""
        if name is not None:
            self._steps.begin(self.lines + 1, name)
        for raw in raw_lines(stream):
            self.lines += 1
            text, place = placed(raw.decode("utf-8", "replace"))
            self._line(self.lines, text, place)

    def finish(self) -> None:
        """The log ended."""
        self._steps.finish(self.lines)
        for number, text in list(self._before)[-30:]:
            self.texts.setdefault(number, text[:LONGEST])

    def _line(self, number: int, text: str, place: str | None) -> None:
        self._steps.feed(number, text, place)
        step = self._steps.current
        bare = _SERVICE.sub("", text, count=1) if text[:1] in "[#" or "|" in text[:50] else text
        before = len(self._reader.found)
        self._reader.feed(LogLine(number, bare, step))
        shown = text if len(text) <= LONGEST else _around(text)
        if self.whole is not None:
            self._keep_whole(number, shown)
        if step is not None and (number == 1 or self.step_of.get(-1) != step):
            self.step_of[-1] = step
        weight = weigh(bare) if bare else NOTHING
        if len(self._reader.found) > before:
            self._keep_failures(self._reader.found[before:])
        if weight.score and self._is_new(bare, step):
            self._hit(number, weight.score, weight.before)
            self._owed = max(self._owed, weight.after + 1)
        if self._owed:
            self._owed -= 1
            self.texts[number] = shown
        self._before.append((number, shown))

    def _keep_whole(self, number: int, shown: str) -> None:
        assert self.whole is not None
        self.whole[number] = shown
        self._whole_size += len(shown) + 1
        if self._whole_size > WHOLE:
            self.whole = None

    def _is_new(self, text: str, step: int | None) -> bool:
        key = f"{step} {_KEY.sub('0', text)[:160]}"
        seen = self._same.get(key, 0)
        if seen >= SAME:
            return False
        if len(self._same) > 4 * MOST_HITS:
            self._same.clear()
        self._same[key] = seen + 1
        return True

    def _hit(self, number: int, score: int, before: int) -> None:
        self.hits[number] = score
        for at, text in list(self._before)[-before:] if before else ():
            self.texts.setdefault(at, text)
        if len(self.hits) > MOST_HITS:
            self._prune()

    def _keep_failures(self, found: Iterable[Failure]) -> None:
        wanted = {failure.log_line for failure in found}
        if any(line not in self.texts for line in wanted):
            for at, text in self._before:
                if any(line and -2 <= at - line <= 6 for line in wanted):
                    self.texts.setdefault(at, text)

    def _prune(self) -> None:
        """Keep the better half of the hits, and of the rest the newest; forget what was kept around the others."""
        order = sorted(self.hits, key=lambda number: (self.hits[number], number), reverse=True)
        kept = set(order[: MOST_HITS // 2])
        self.hits = {number: self.hits[number] for number in sorted(kept)}
        near = {at for number in kept for at in range(number - BEFORE, number + 14)}
        lines = {failure.log_line or 0 for failure in self._reader.found}
        near |= {at for line in lines for at in range(line - 3, line + 8)}
        self.texts = {number: text for number, text in self.texts.items() if number in near}


def _around(text: str) -> str:
    """Shorten a long line, keeping its beginning and its end."""
    return f"{text[: LONGEST - 200]} [...] {text[-180:]}"
