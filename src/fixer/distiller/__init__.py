"""A log of any size in, its steps, failures, root cause and the lines that matter out: one pass, bounded memory."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from fixer.distiller.context import build
from fixer.distiller.scan import Scan
from fixer.distiller.verdict import root_cause
from fixer.parsers import failures_in, read_log
from fixer.ranking import with_reports
from fixer.schema.log_summary import LogSummary

BUDGET = 12_000
"""Characters of the context where nothing else is said."""


def distill(
    source: str,
    parts: Iterable[tuple[str | None, BinaryIO]],
    budget: int = BUDGET,
    reports: Iterable[Path] = (),
) -> LogSummary:
    """Read a log to its end and say what is in it.

    Args:
        source: what the user gave, for the summary.
        parts: the log's files in order, each with the name of the step that it holds, where it holds one.
        budget: characters that the context may have.
        reports: JUnit XML reports that came with the log; what it tells itself counts once.
    """
    scan = Scan()
    for name, stream in parts:
        scan.read(stream, name)
    scan.finish()
    failures = with_reports(scan.failures, [failures_in(read_log(report)) for report in reports])
    return LogSummary(
        source=source,
        lines=scan.lines,
        steps=tuple(scan.steps),
        failures=tuple(failures),
        root_cause=root_cause(failures, scan.steps),
        commit=scan.commit,
        context=(context := build(scan, failures, budget)),
        omitted_lines=scan.lines - sum(place.last_line - place.first_line + 1 for place in context.places),
    )
