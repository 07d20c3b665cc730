"""Turns the lines of a log into its failures: every parser of the room reads along, the ranking decides."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fixer.ci_log.clean import clean_lines
from fixer.ci_log.paths import checkout_of, in_repository
from fixer.ci_log.prefilter import Prefilter
from fixer.parsers.base import MOST_FAILURES, LogLine, Parser
from fixer.ranking import HINT, ranked
from fixer.registry import modules
from fixer.schema.execution import Step, StepStatus
from fixer.schema.failure import Failure

__all__ = ["LogLine", "Reader", "failures_in", "lines_of", "read_log"]

LOOKBACK = 32
"""Lines before the current one that are at hand for parsers that look back."""
ENOUGH = 10_000
"""Failures after which a parser is not asked any more: a log of millions of errors must come to its end."""


def lines_of(text: Iterable[str], steps: Sequence[Step] = ()) -> Iterator[LogLine]:
    """Number clean lines and say which of the steps printed each."""
    spans = sorted((s.first_line, s.last_line, s.number) for s in steps if s.first_line and s.last_line)
    at = 0
    for number, line in enumerate(text, 1):
        while at < len(spans) and number > spans[at][1]:
            at += 1
        inside = at < len(spans) and spans[at][0] <= number
        yield LogLine(number, line, spans[at][2] if inside else None)


def read_log(path: Path, steps: Sequence[Step] = ()) -> Iterator[LogLine]:
    """Yield the lines of the log at `path`, cleaned, with the step that each belongs to."""
    with path.open("rb") as stream:
        yield from lines_of(clean_lines(stream), steps)


def failures_in(lines: Iterable[LogLine], steps: Sequence[Step] = ()) -> list[Failure]:
    """Return the failures of a log: de-duplicated, the first cause first.

    Args:
        lines: as `read_log` yields them.
        steps: of the execution; they give failures their exit code, and what passed steps printed is left out.
    """
    reader = Reader()
    for line in lines:
        reader.feed(line)
    return reader.failures(steps)


class Reader:
    """Feeds each line to the parsers that may want it, and ranks what they found."""

    def __init__(self) -> None:
        """Start before the first line."""
        self._parsers: list[Parser] = [module.PARSER() for module in modules("parsers", ("PARSER",))]
        self._parsers.sort(key=lambda parser: parser.rank)
        self.ranks = {parser.tool: parser.rank for parser in self._parsers}
        self._counts = dict.fromkeys(self.ranks, 0)
        self._wakes = _wakes(self._parsers)
        self._needles = Prefilter(self._wakes)
        self._woken = list(self._wakes.values())
        self._lookback = [getattr(parser, "lookback", 0) for parser in self._parsers]
        self._before: deque[LogLine] = deque(maxlen=LOOKBACK)
        self._fed = [0] * len(self._parsers)
        self._live: set[int] = set()
        self._first: list[Failure] = []
        self._last: dict[str, deque[Failure]] = {tool: deque(maxlen=MOST_FAILURES // 2) for tool in self.ranks}
        self._explained: set[int | None] = set()
        """Steps in which a tool said itself what is wrong, so that nobody needs hints."""
        self.roots: list[str] = []

    @property
    def needles(self) -> tuple[str, ...]:
        """Of these, in small letters, one stands in every line that can wake a parser."""
        return tuple(self._wakes)

    @property
    def active(self) -> bool:
        """Whether a parser wants the next line, whatever it holds."""
        return bool(self._live)

    def feed(self, line: LogLine) -> list[Failure]:
        """Show the next line to those that may want it; return the failures that are complete with it."""
        text = line.text
        wanted = self._wanted(text)
        busy = 100
        found: list[Failure] = []
        for index in sorted(wanted | self._live):
            parser = self._parsers[index]
            if parser.rank > busy:
                break
            active = index in self._live
            if not active and self._has_enough(parser, line.step):
                continue
            if not active and self._lookback[index]:
                found += self._look_back(index, parser, line.number)
            found += self._keep(parser, parser.feed(line))
            self._fed[index] = line.number
            if parser.active:
                self._live.add(index)
                claims = active and getattr(parser, "claims", True) and not text.startswith("##[")
                busy = min(busy, parser.rank) if claims else busy
            elif active:
                self._live.discard(index)
        self._before.append(line)
        if text.startswith("rootdir: ") and len(self.roots) < 10:
            self.roots.append(text[9:].split(",")[0].strip())
        return found

    def look_back(self, line: LogLine) -> None:
        """Take a line before the next one that nobody was shown, for parsers that look back."""
        self._before.append(line)

    def failures(self, steps: Sequence[Step] = ()) -> list[Failure]:
        """Say what was open at the end, and return all failures, ranked."""
        for parser in self._parsers:
            self._keep(parser, parser.finish())
        codes = {step.number: step.exit_code for step in steps if step.exit_code is not None}
        passed = frozenset(step.number for step in steps if step.status is StepStatus.PASSED)
        failed = frozenset(step.number for step in steps if step.status is StepStatus.FAILED)
        every = [*self._first, *(failure for last in self._last.values() for failure in last)]
        every = [f for f in every if self.ranks[f.tool] < HINT or f.step not in self._explained]
        every.sort(key=lambda failure: failure.log_line or 0)
        found = (_completed(failure, codes, tuple(self.roots)) for failure in every)
        return ranked(found, self.ranks, passed, failed)

    def _wanted(self, text: str) -> set[int]:
        return {index for place in self._needles.within(text) for needle, index in self._woken[place] if needle in text}

    def _has_enough(self, parser: Parser, step: int | None) -> bool:
        """Whether what this parser may find would be left out of the ranking anyway."""
        return self._counts[parser.tool] >= ENOUGH or (parser.rank >= HINT and step in self._explained)

    def _look_back(self, index: int, parser: Parser, number: int) -> list[Failure]:
        first = max(number - self._lookback[index], self._fed[index] + 1)
        found: list[Failure] = []
        for line in self._before:
            if first <= line.number < number:
                found += self._keep(parser, parser.feed(line))
        return found

    def _keep(self, parser: Parser, failures: Iterable[Failure]) -> list[Failure]:
        """Keep the first and the last of what a parser finds."""
        found = list(failures)
        for failure in found:
            self._counts[parser.tool] += 1
            if parser.rank < HINT:
                self._explained.add(failure.step)
            if self._counts[parser.tool] <= MOST_FAILURES // 2:
                self._first.append(failure)
            else:
                self._last[parser.tool].append(failure)
        return found


def _wakes(parsers: Sequence[Parser]) -> dict[str, list[tuple[str, int]]]:
    """Return each needle in small letters -> how it is written, each with the place of its parser."""
    found: dict[str, list[tuple[str, int]]] = {}
    for index, parser in enumerate(parsers):
        for needle in parser.needles:
            found.setdefault(needle.lower(), []).append((needle, index))
    return found


def _completed(failure: Failure, codes: dict[int, int], roots: tuple[str, ...]) -> Failure:
    """Return the failure with paths inside the repository and the exit code of its step."""
    if failure.test:
        root = checkout_of(failure.test, [frame[0] for frame in failure.frames])
        roots = (*roots, root) if root else roots
    file = in_repository(failure.file, roots) if failure.file else None
    frames = tuple((in_repository(name, roots), line, function) for name, line, function in failure.frames)
    code = failure.exit_code if failure.exit_code is not None else codes.get(failure.step or 0)
    test = failure.test
    if test and re.match(r"[^:]*\.\w+::|[A-Za-z]:[^:]*\.\w+::", test):
        path, _, node = test.partition("::")
        test = f"{in_repository(path, roots)}::{node}"
    return failure.model_copy(update={"file": file, "frames": frames, "exit_code": code, "test": test})
