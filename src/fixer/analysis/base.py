"""The contract of the room: a project goes in, the tools of one ecosystem come out; a tool turns output into metrics.

Every module of the room (not `base`, not sub-packages) is one ecosystem and satisfies `Ecosystem`.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from fixer.causes import cause_of
from fixer.schema.analysis import Metric, Series
from fixer.schema.command import CommandResult, Ending
from fixer.schema.root_cause import RootCause
from fixer.schema.settings import Settings

COVERAGE, LINT, BENCH = "coverage", "lint", "bench"
BUILT_IN = (COVERAGE, LINT, BENCH)
"""The names that every ecosystem answers to, in the order in which they run."""
LOW_COVERAGE = 80.0
"""Percent of its lines below which a file counts as a file with low coverage."""
READ_LINES = 2000
"""The last lines of an output, in which its cause is looked for."""
BENCH_NOISE = 0.05
"""Two runs of one benchmark on one machine differ by this share without any change of the code."""
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, OSError)
"""What reading an output of another form than the documented one raises; it becomes a failure of the tool."""
_NO_PACKAGE = re.compile(
    r"^(?:E\s+)?ModuleNotFoundError: No module named|\bERR_MODULE_NOT_FOUND\b|^\W*(?:Error: )?Cannot find module '",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Project:
    """What an ecosystem looks at to find its tools."""

    root: Path
    """Absolute."""
    settings: Settings


class Session(Protocol):
    """What a tool measures with: commands run in its folder, and places for what they write."""

    folder: Path
    """Absolute; commands run here."""
    home: Path
    """The same folder in the user's own project: other than `folder` when a retry runs in a worktree."""
    scratch: Path
    """Empty folder for outputs; gone afterwards."""
    cache: Path
    """Folder of fixer's own that stays from run to run, out of git's sight."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The user's variables as commands see them."""
        ...

    def run(
        self, *argv: str, env: Mapping[str, str] | None = None, timeout_seconds: float | None = None
    ) -> CommandResult:
        """Run a command to its end with the user's environment and `env`; nothing that it does raises."""
        ...

    def which(self, program: str) -> str | None:
        """Return the path of a program on the PATH that commands see, or None."""
        ...


@dataclass(frozen=True)
class Measured:
    """What came of one use of a tool."""

    metrics: tuple[Metric, ...] = ()
    result: CommandResult | None = None
    """Of the command that decided."""
    version: str = ""
    root_cause: RootCause | None = None
    """None: it did not fail."""
    reason: str = ""
    """Why it failed, or why there is no metric."""
    install: str = ""
    """What to type in the project's folder to install what is missing."""


@dataclass(frozen=True)
class Tool:
    """One tool in one folder of the project."""

    series: Series
    program: str
    """What measures, for people: `coverage.py`."""
    measure: Callable[[Session], Measured]
    applies: bool = True
    """Whether it runs where no tool is named; a benchmark does not where there are no benchmarks."""
    byproducts: tuple[str, ...] = field(default=())
    """Files in its folder that it may make and that are removed again where they were not there."""


class Ecosystem(Protocol):
    """What each module of the room defines at its top level."""

    ECOSYSTEM: str

    @property
    def find(self) -> Callable[[Project], list[Tool]]:
        """The tools of this ecosystem for a project; none where the project has no part in it. Runs nothing."""
        ...


def missing(what: str, shown: CommandResult, install: str) -> Measured:
    """Return the failure of a tool that is not installed.

    Args:
        what: says so in a sentence.
        shown: of the command that shows it.
        install: what to type in the project's folder to mend it.
    """
    return Measured(result=shown, root_cause=RootCause.MISSING_TOOL, reason=what, install=install)


def failed(result: CommandResult, otherwise: RootCause = RootCause.UNKNOWN, reason: str = "") -> Measured:
    """Return the failure of a command that ran: its cause by how it ended, else by its words, else `otherwise`."""
    causes = {Ending.TIMED_OUT: RootCause.TIMEOUT, Ending.OUT_OF_MEMORY: RootCause.OUT_OF_MEMORY,
              Ending.NOT_STARTED: RootCause.MISSING_TOOL, Ending.TOO_MUCH_OUTPUT: RootCause.ENVIRONMENT}  # fmt: skip
    cause, line = causes.get(result.ending), ""
    if cause is None:
        cause, line = _cause_in(result, otherwise)
    return Measured(result=result, root_cause=cause, reason=reason or how_it_ended(result, line))


def _cause_in(result: CommandResult, otherwise: RootCause) -> tuple[RootCause, str]:
    """Return what the first telling line names, and the line; a failed test is one, but where a package is missing."""
    if otherwise is RootCause.TEST_FAILURE:
        return (RootCause.MISSING_DEPENDENCY if _NO_PACKAGE.search(result.output) else otherwise), ""
    for line in result.output.splitlines()[-READ_LINES:]:
        if line.strip() and (cause := cause_of(line)) is not RootCause.UNKNOWN:
            return cause, line
    return otherwise, ""


def how_it_ended(result: CommandResult, line: str = "") -> str:
    """Say how a command ended, with the line that tells why, else the last one that it printed."""
    said = [text.strip() for text in (result.stderr.strip() or result.stdout.strip()).splitlines() if text.strip()]
    said += [line.removeprefix("E  ").strip()] if line else []
    last = f": {said[-1][:300]}" if said else "; it printed nothing"
    if result.ending is Ending.EXITED:
        return f"{result.argv[0]} ended with exit code {result.exit_code}{last}"
    if result.ending is Ending.SIGNALLED:
        return f"{result.argv[0]} was ended by signal {result.signal}{last}"
    return f"{result.argv[0]}: {result.reason or result.ending.value.replace('_', ' ')}"


def percent(part: float, whole: float) -> float:
    """Return a share in percent; of nothing, everything is covered (as coverage.py and Istanbul have it)."""
    return round(100 * part / whole, 2) if whole else 100.0


def coverage_metrics(
    lines: float, files: Mapping[str, float], *, branches: float | None = None, functions: float | None = None
) -> tuple[Metric, ...]:
    """Return the metrics of a coverage run; all arguments are percentages, `files` those of the lines of each file."""
    shares = {"lines": lines, "branches": branches, "functions": functions}
    low = sum(share < LOW_COVERAGE for share in files.values())
    return (
        *(
            Metric(name=name, value=round(share, 2), unit="%", better="higher")
            for name, share in shares.items()
            if share is not None and math.isfinite(share)
        ),
        Metric(name=f"files below {LOW_COVERAGE:g} %", value=low, unit="files", better="lower"),
    )


def lint_metrics(errors: int, warnings: int | None = None) -> tuple[Metric, ...]:
    """Return the metrics of a lint run; None: the tool knows no warnings."""
    counted = {"errors": errors} if warnings is None else {"errors": errors, "warnings": warnings}
    return tuple(Metric(name=name, value=n, unit="findings", better="lower") for name, n in counted.items())


def bench_metrics(times: Iterable[tuple[str, str, float, float]]) -> tuple[Metric, ...]:
    """Return the metrics of benchmarks: each its name, `mean` or `min`, seconds, and the share that is noise."""
    return tuple(
        Metric(
            name=name,
            value=seconds,
            unit="s",
            better="lower",
            subject=subject,
            noise=round(min(max(BENCH_NOISE, noise if math.isfinite(noise) else 0), 1), 4),
        )
        for subject, name, seconds, noise in times
        if math.isfinite(seconds)
    )
