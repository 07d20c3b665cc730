"""What an analysis tool measured, and how its run ended (spec D6)."""

from typing import Literal

from fixer.schema.base import Record
from fixer.schema.command import CommandResult
from fixer.schema.root_cause import RootCause

Better = Literal["higher", "lower", ""]
"""Which way a metric improves; empty: neither is better."""


class Series(Record):
    """Which measurements can be compared with each other: those of one tool in one folder of the project."""

    tool: str
    """The name that a user types: `coverage`, `lint`, `bench`, or one from the settings."""
    ecosystem: str
    """`python`, `rust`, `javascript`, `go`, or `settings`."""
    folder: str = "."
    """Relative to the project."""

    @property
    def label(self) -> str:
        """The series in words that fit a table: `lint (python, backend)`."""
        where = self.ecosystem if self.folder == "." else f"{self.ecosystem}, {self.folder}"
        return f"{self.tool} ({where})"


class Metric(Record):
    """One number."""

    name: str
    """What is measured: `lines`, `errors`, `mean`, …"""
    value: float
    unit: str = ""
    """`%`, `files`, `findings`, `s`, …"""
    better: Better = ""
    subject: str = ""
    """What it was measured of, where one tool measures several: the name of a benchmark."""
    noise: float = 0
    """Share of the value (0.05: 5 %) within which two measurements do not differ."""


class Measurement(Record):
    """Every number of one run of one tool, and of what state of the project."""

    series: Series
    metrics: tuple[Metric, ...]
    program: str
    """The program that measured: `coverage.py`, `clippy`, …"""
    version: str = ""
    """As the program says it; empty: it does not."""
    commit: str = ""
    """Full id of HEAD; empty: the project is not in git, or has no commit."""
    dirty: bool = False
    """Whether the working tree differed from the commit."""
    run_id: str = ""
    """The journal's run."""
    step: str = ""
    """The step of the run; a run may measure one series several times."""
    at: float
    """Seconds since the epoch."""


class ToolRun(Record):
    """How the run of one tool ended: with metrics, or with what failed, why, and how to mend it."""

    series: Series
    program: str
    version: str = ""
    metrics: tuple[Metric, ...] = ()
    """Empty where it failed, or found nothing to measure."""
    result: CommandResult | None = None
    """Of the command that decided; None where a stored measurement was used."""
    root_cause: RootCause | None = None
    """None where it did not fail."""
    reason: str = ""
    """Why it failed, or why there is no metric, in a sentence."""
    install: str = ""
    """The command that installs what is missing, to be typed in the project's folder."""
    cached_at: float | None = None
    """Seconds since the epoch of the stored measurement that was used."""

    @property
    def tool(self) -> str:
        """The name that a user types."""
        return self.series.tool

    @property
    def passed(self) -> bool:
        """Whether the tool ran to its end. What it found (a lint finding) is a result, not a failure."""
        return self.root_cause is None

    @property
    def missing(self) -> bool:
        """Whether it could not run because a program or module is not installed."""
        return self.root_cause is RootCause.MISSING_TOOL
