"""Turns the lines of a log into its failures: every parser of the room reads along, the ranking decides."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fixer.ci_log.clean import clean_lines
from fixer.ci_log.paths import checkout_of, in_repository
from fixer.parsers.base import MOST_FAILURES, LogLine, Parser
from fixer.ranking import ranked
from fixer.registry import modules
from fixer.schema.execution import Step, StepStatus
from fixer.schema.failure import Failure

__all__ = ["LogLine", "failures_in", "lines_of", "read_log"]


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
    reader = _Reader()
    for line in lines:
        reader.feed(line)
    reader.finish()
    codes = {step.number: step.exit_code for step in steps if step.exit_code is not None}
    passed = frozenset(step.number for step in steps if step.status is StepStatus.PASSED)
    found = (_completed(failure, codes, tuple(reader.roots)) for failure in reader.found)
    return ranked(found, reader.ranks, passed)


class _Reader:
    """Feeds each line to the parsers that may want it."""

    def __init__(self) -> None:
        self.parsers: list[Parser] = [module.PARSER() for module in modules("parsers", ("PARSER",))]
        self.parsers.sort(key=lambda parser: parser.rank)
        self.ranks = {parser.tool: parser.rank for parser in self.parsers}
        self.counts = dict.fromkeys(self.ranks, 0)
        self.found: list[Failure] = []
        self.roots: list[str] = []

    def feed(self, line: LogLine) -> None:
        text = line.text
        busy = 100
        for parser in self.parsers:
            if parser.rank > busy:
                break
            if parser.active or any(needle in text for needle in parser.needles):
                self._keep(parser, parser.feed(line))
                if parser.active and not text.startswith("##["):
                    busy = min(busy, parser.rank)
        if text.startswith("rootdir: ") and len(self.roots) < 10:
            self.roots.append(text[9:].split(",")[0].strip())

    def finish(self) -> None:
        for parser in self.parsers:
            self._keep(parser, parser.finish())

    def _keep(self, parser: Parser, failures: Iterable[Failure]) -> None:
        for failure in failures:
            if self.counts[parser.tool] < MOST_FAILURES:
                self.counts[parser.tool] += 1
                self.found.append(failure)


def _completed(failure: Failure, codes: dict[int, int], roots: tuple[str, ...]) -> Failure:
    """Return the failure with paths inside the repository and the exit code of its step."""
    if failure.test:
        root = checkout_of(failure.test, [frame[0] for frame in failure.frames])
        roots = (*roots, root) if root else roots
    file = in_repository(failure.file, roots) if failure.file else None
    frames = tuple((in_repository(name, roots), line, function) for name, line, function in failure.frames)
    code = failure.exit_code if failure.exit_code is not None else codes.get(failure.step or 0)
    test = failure.test
    if test and "::" in test:
        path, _, node = test.partition("::")
        test = f"{in_repository(path, roots)}::{node}"
    return failure.model_copy(update={"file": file, "frames": frames, "exit_code": code, "test": test})
