"""The short form of a report that ends `fixer run`: what failed, why, the fix, the proof, and what to type next."""

from pathlib import Path
from typing import TYPE_CHECKING

from fixer.reporters.markdown import in_words, next_steps
from fixer.reporters.quoting import clean_line, command_line
from fixer.schema.failure import Failure
from fixer.schema.report import Attempt, Report, Status
from fixer.schema.verification import Verdict
from fixer.terminal import clean, untrusted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

MAX_DIFF_LINES = 60
MAX_LEFT = 5
_COLOURS = {Status.SUCCESS: "bold green", Status.PARTIAL: "bold yellow", Status.FAILED: "bold red"}
_LABEL = 10
_NOISE = ("diff --git ", "index ", "similarity index ")
"""Lines of a diff that say to git what the two lines after them say to people."""


def print_report(report: Report, console: "Console", path: Path | None = None) -> None:
    """Print the short form on `console`; `path` is where the whole report was written."""
    printer = _Printer(report, console)
    printer.headline()
    printer.what_failed()
    printer.why()
    printer.fix()
    printer.further()
    printer.left()
    printer.where(path)
    printer.next()


def _place(failure: Failure) -> str:
    return f"{failure.test or failure.file or f'line {failure.log_line} of the log'} ({failure.tool})"


class _Printer:
    def __init__(self, report: Report, console: "Console") -> None:
        self.report = report
        self.console = console
        plain = not (console.encoding or "").lower().startswith("utf")
        self.marks = {True: "+", False: "x"} if plain else {True: "✓", False: "✗"}

    def text(self, text: str = "", style: str = "") -> "Text":
        return untrusted(text, style)

    def write(self, *parts: "Text") -> None:
        # Not wrapped: a path or a command that is cut in two cannot be copied.
        self.console.print(self.text().join(parts), soft_wrap=True, highlight=False)

    def row(self, label: str, value: str, style: str = "") -> None:
        self.write(self.text(f"  {label:<{_LABEL}}", "dim"), self.text(clean_line(value), style))

    def headline(self) -> None:
        report = self.report
        word = report.outcome.value.replace("_", " ")
        mark = self.marks[report.status is Status.SUCCESS]
        self.write(
            self.text(f"{mark} {word}", _COLOURS[report.status]),
            self.text(f"  {clean_line(report.summary) or in_words(report)}"),
            self.text(f"  ({report.seconds:.1f} s)", "dim"),
        )
        if report.error:
            for line in clean(report.error).strip().split("\n"):
                self.write(self.text(f"    {line}", "red"))
        self.write()

    def what_failed(self) -> None:
        failure = self.report.failure
        if failure is None:
            if self.report.execution:
                self.row("failed", f"{len(self.report.failures)} failures were read from the log")
            return
        self.row("failed", _place(failure), "bold")
        self.row("", failure.message, "red")
        others = len(self.report.failures) - 1
        if others > 0:
            self.row("", f"and {others} more in the same log")
        if self.report.reproduction:
            self.row("seen here", command_line(self.report.reproduction.narrowed.argv))
        elif self.report.no_reproduction:
            self.row("not seen", self.report.no_reproduction)

    def why(self) -> None:
        diagnosis = self.report.diagnosis
        if diagnosis is None:
            return
        self.row("why", diagnosis.explanation)
        change = diagnosis.minimal_change
        if change:
            self.row("since", f"{change.culprit[:10]} {change.culprit_subject} ({change.culprit_author})")

    def fix(self) -> None:
        verified = next((a for a in self.report.attempts if a.verification.verdict is Verdict.VERIFIED), None)
        if verified:
            self.verified(verified)
            return
        for attempt in self.report.attempts:
            self.row("rejected", f"{attempt.patch.summary} ({attempt.patch.strategy})", "yellow")
            self.row("", attempt.verification.reason)

    def further(self) -> None:
        for one in self.report.rounds:
            verified = next((a for a in one.attempts if a.verification.verdict is Verdict.VERIFIED), None)
            if verified is None:
                continue
            self.write()
            self.row("also", _place(one.failure), "bold")
            self.row("", one.failure.message, "red")
            self.verified(verified)

    def left(self) -> None:
        left = self.report.remaining
        for number, one in enumerate(left[:MAX_LEFT]):
            self.row("left" if number == 0 else "", f"{_place(one.failure)}: {one.failure.message}", "yellow")
            self.row("", one.reason)
        if len(left) > MAX_LEFT:
            self.row("", f"and {len(left) - MAX_LEFT} more in the report")

    def verified(self, attempt: Attempt) -> None:
        self.row("fix", f"{attempt.patch.summary} ({attempt.patch.strategy})", "bold green")
        self.write()
        self.diff(attempt.patch.diff)
        self.write()
        checks = attempt.verification.checks
        runs = sum(len(check.commands) for check in checks)
        self.row("proof", f"{sum(c.passed for c in checks)} of {len(checks)} checks passed, by {runs} commands")
        for check in checks:
            mark = self.text(f"  {'':<{_LABEL}}{self.marks[check.passed]} ", "green" if check.passed else "red")
            self.write(mark, self.text(f"{clean_line(check.name):<18}"), self.text(clean_line(check.reason), "dim"))
        if attempt.patch.needs_review:
            self.row("look at", attempt.patch.needs_review, "yellow")

    def diff(self, diff: str) -> None:
        lines = [line for line in clean(diff).strip("\n").split("\n") if not line.startswith(_NOISE)]
        for line in lines[:MAX_DIFF_LINES]:
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
            bold = line.startswith(("+++ ", "--- "))
            self.write(self.text(f"    {line}", "bold" if bold else style))
        if len(lines) > MAX_DIFF_LINES:
            self.write(self.text(f"    … {len(lines) - MAX_DIFF_LINES} more lines in the report", "dim"))

    def where(self, path: Path | None) -> None:
        delivery = self.report.delivery
        if delivery:
            self.row("branch", f"{delivery.branch} (made from {delivery.base_name})", "bold")
            self.row("patch", delivery.patch_file)
        if path is not None:
            self.row("report", str(path))

    def next(self) -> None:
        self.write()
        for number, step in enumerate(next_steps(self.report)):
            self.row("next" if number == 0 else "", step.replace("`", ""), "bold")
