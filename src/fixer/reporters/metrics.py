"""What analysis tools measured, now and before, goes in; a table for people or JSON for programs comes out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from fixer.reporters.quoting import clean_line
from fixer.schema.analysis import Measurement, Metric, ToolRun
from fixer.schema.recovery import Recovery
from fixer.schema.root_cause import RootCause
from fixer.terminal import untrusted

if TYPE_CHECKING:
    from rich.console import Console

Verdict = Literal["better", "worse", "same", "changed", "new"]
_COLOURS: dict[Verdict, str] = {"better": "green", "worse": "red", "same": "dim", "changed": "yellow", "new": ""}
_TITLES = ("TOOL", "METRIC", "NOW", "BEFORE", "CHANGE")
_HISTORY_TITLES = ("TOOL", "METRIC", "VALUE", "MEASURED", "COMMIT")
_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


@dataclass(frozen=True)
class Comparison:
    """One number beside the one of the last time."""

    metric: Metric
    before: float | None
    """None: it was not measured before."""

    @property
    def verdict(self) -> Verdict:
        """Whether it got better; within the metric's noise it is the same."""
        if self.before is None:
            return "new"
        change = self.metric.value - self.before
        if abs(change) <= self.metric.noise * max(abs(self.before), abs(self.metric.value)):
            return "same"
        if not self.metric.better:
            return "changed"
        return "better" if (change > 0) == (self.metric.better == "higher") else "worse"


@dataclass(frozen=True)
class Analysed:
    """How one tool ended, beside its history."""

    ended: ToolRun
    earlier: Sequence[Measurement] = ()
    """Measurements of the same series from before this run, newest first."""
    recovery: Recovery | None = field(default=None)
    """What was done to mend it, where that was asked for."""

    def comparisons(self) -> list[Comparison]:
        """Return each number beside the newest earlier one of its name and subject."""
        return [Comparison(metric, _before(metric, self.earlier)) for metric in self.ended.metrics]


def _before(metric: Metric, earlier: Sequence[Measurement]) -> float | None:
    values = (
        old.value
        for measurement in earlier
        for old in measurement.metrics
        if (old.name, old.subject, old.unit) == (metric.name, metric.subject, metric.unit)
    )
    return next(values, None)


def print_analysis(analysed: Sequence[Analysed], console: "Console") -> None:
    """Print the table of all numbers, then what failed and how to mend it."""
    rows = []
    for one in analysed:
        for compared in one.comparisons():
            metric = compared.metric
            before = "" if compared.before is None else amount(compared.before, metric.unit)
            cells = (
                one.ended.series.label,
                _name(metric),
                amount(metric.value, metric.unit),
                before,
                _change(compared),
            )
            rows.append((cells, _COLOURS[compared.verdict]))
    if rows:
        _print_rows(_TITLES, rows, console)
    for one in analysed:
        for text, style in _words(one):
            console.print(untrusted(text, style), soft_wrap=True)


def print_history(measurements: Sequence[Measurement], console: "Console") -> None:
    """Print every number that was kept, series by series, newest first."""
    rows = [
        ((
            one.series.label,
            _name(metric),
            amount(metric.value, metric.unit),
            when(one.at),
            f"{one.commit[:10] or 'not in git'}{' with changes' if one.commit and one.dirty else ''}",
        ), "")
        for one in measurements
        for metric in one.metrics
    ]  # fmt: skip
    _print_rows(_HISTORY_TITLES, rows, console)


def in_one_line(runs: Sequence[ToolRun]) -> str:
    """Return the numbers, or what failed, of several tools: `coverage (python): lines 85 %, branches 70 %; …`."""
    return "; ".join(
        f"{one.series.label}: "
        + (
            ", ".join(f"{_name(metric)} {amount(metric.value, metric.unit)}" for metric in one.metrics)
            if one.passed and one.metrics
            else clean_line(one.reason)
        )
        for one in runs
    )


def as_json(analysed: Sequence[Analysed]) -> list[dict[str, object]]:
    """Return the tools with their numbers, each beside the one before, for programs."""
    return [
        {
            **one.ended.model_dump(mode="json", exclude={"metrics", "result", "series"}),
            **one.ended.series.model_dump(mode="json"),
            "passed": one.ended.passed,
            "command": list(one.ended.result.argv) if one.ended.result else [],
            "exit_code": one.ended.result.exit_code if one.ended.result else None,
            "metrics": [
                {**compared.metric.model_dump(mode="json"), "before": compared.before, "verdict": compared.verdict}
                for compared in one.comparisons()
            ],
            "recovery": one.recovery.model_dump(mode="json") if one.recovery else None,
        }
        for one in analysed
    ]


def amount(value: float, unit: str) -> str:
    """Return a number with its unit; times in the unit that fits them."""
    if unit == "s":
        scale, unit = next(((scale, name) for scale, name in _TIMES if abs(value) >= scale), _TIMES[-1])
        return f"{value / scale:.4g} {unit}"
    text = f"{value:,.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:.6g}"
    return text if unit in {"files", "findings"} else f"{text} {unit}".rstrip()


def when(at: float) -> str:
    """Return a time as the user's clock shows it."""
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _name(metric: Metric) -> str:
    return clean_line(f"{metric.subject}: {metric.name}" if metric.subject else metric.name)


def _change(compared: Comparison) -> str:
    if compared.before is None:
        return ""
    change = compared.metric.value - compared.before
    if compared.verdict == "same":
        return "same" if change == 0 else "same (within its noise)"
    share = f", {change / abs(compared.before):+.1%}" if compared.metric.unit == "s" and compared.before else ""
    sign = "+" if change > 0 else ""
    return f"{sign}{amount(change, compared.metric.unit)}{share} {compared.verdict}"


def _words(one: Analysed) -> list[tuple[str, str]]:
    """Return the lines about one tool that its numbers do not say, with their styles."""
    ended, recovery = one.ended, one.recovery
    label = ended.series.label
    lines = []
    if ended.cached_at is not None:
        lines.append((f"{label}: as it was measured at {when(ended.cached_at)} for the same commit", "dim"))
    if recovery is not None and recovery.recovered:
        last = recovery.attempts[-1] if recovery.attempts else None
        where = f" (commit {recovery.commit[:10]})" if recovery.commit else ""
        lines.append(
            (f"{label} was recovered{where}: {clean_line(last.summary) if last else ''}".rstrip(": "), "green")
        )
    if ended.passed:
        return [*lines, *([(f"{label}: {clean_line(ended.reason)}", "")] if ended.reason else [])]
    cause = ended.root_cause.value if ended.root_cause else ""
    lines.append((f"{label} failed: {clean_line(ended.reason)} ({cause})", "bold red"))
    if recovery is not None and recovery.reason:
        lines.append((f"    not recovered: {clean_line(recovery.reason)}", ""))
    if ended.result is not None and ended.result.argv and not ended.missing:
        lines.append((f"    command: {clean_line(' '.join(ended.result.argv))}", ""))
    steps = list(recovery.manual_steps) if recovery is not None else []
    steps = steps or _mended_by(ended)
    return [*lines, *((f"    mend it: {clean_line(step)}", "") for step in steps)]


def _mended_by(ended: ToolRun) -> list[str]:
    """Return what to type, where that is known without looking into the failure."""
    again = f"fixer analyze {ended.tool}"
    if ended.root_cause is RootCause.TIMEOUT:
        own = ended.series.ecosystem == "settings"
        return [f"raise analysis.{ended.tool}.timeout_seconds in the settings" if own else f"{again} --timeout 3600"]
    if ended.root_cause is RootCause.OUT_OF_MEMORY:
        return [f"FIXER_SANDBOX_MEMORY_MB=16384 {again}"]
    return [ended.install] if ended.install else []


def _print_rows(titles: tuple[str, ...], rows: Sequence[tuple[tuple[str, ...], str]], console: "Console") -> None:
    """Print padded columns; the last one carries the colour. Nothing is cut off: a long name is searched for."""
    cells = [tuple(map(clean_line, row)) for row, _ in rows]
    widths = [max(map(len, column)) for column in zip(titles, *cells, strict=True)]
    for row, style in [(titles, "bold"), *zip(cells, (style for _, style in rows), strict=True)]:
        padded = [cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True)]
        line = untrusted("  ".join(padded) + "  ", "bold" if row is titles else "")
        line.append_text(untrusted(row[-1], style))
        line.rstrip()
        console.print(line, soft_wrap=True)
