"""Applied fixes and finished runs in, success rates with their intervals out (spec C9, C10)."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from fixer.journal import RunRecord, RunState
from fixer.rates import interval
from fixer.schema.base import Record
from fixer.schema.explanation import FixState, RecordedFix


class Rate(Record):
    """How often something succeeded."""

    name: str
    succeeded: int
    counted: int
    low: float
    """Of the 95 % interval, as `high`: 0 to 1."""
    high: float

    @property
    def words(self) -> str:
        """The rate as people read it."""
        if not self.counted:
            return "not known yet"
        return f"{self.succeeded / self.counted:.0%} ({self.low:.0%} to {self.high:.0%})"


class FixStats(Record):
    """What became of the fixes of a workspace."""

    offered: int
    applied: int
    """Those that were undone again included."""
    undone: int
    watched: int
    """Applied, and followed by an execution of the agent."""
    by_type: tuple[Rate, ...]
    by_cause: tuple[Rate, ...]


class RunStats(Record):
    """What became of the runs of a project."""

    runs: int
    """That ended."""
    by_week: tuple[Rate, ...]
    """Fixed, of those that found something to fix; by ISO week, the oldest first."""
    failures: tuple[tuple[str, int], ...]
    """The most frequent fingerprints, of fixed and unfixed runs."""
    median_seconds_to_fix: float | None
    """None where nothing was fixed."""
    cost_usd: float
    """Of all model calls."""


def rate(name: str, outcomes: Sequence[bool]) -> Rate:
    """Return the rate of True among outcomes."""
    low, high = interval(sum(outcomes), len(outcomes))
    return Rate(name=name, succeeded=sum(outcomes), counted=len(outcomes), low=low, high=high)


def of_fixes(fixes: Sequence[RecordedFix]) -> FixStats:
    """Count the fixes of one workspace; a fix that was undone says nothing about its success."""
    watched = [fix for fix in fixes if fix.succeeded is not None and fix.state is FixState.APPLIED]
    return FixStats(
        offered=len(fixes),
        applied=sum(fix.applied_at is not None for fix in fixes),
        undone=sum(fix.state is FixState.UNDONE for fix in fixes),
        watched=len(watched),
        by_type=_rates(watched, lambda fix: fix.fix.type.value),
        by_cause=_rates(watched, lambda fix: fix.root_cause.value),
    )


def of_runs(runs: Sequence[RunRecord]) -> RunStats:
    """Count the repair runs of one project."""
    ended = [run for run in runs if run.kind == "repair" and run.state in {RunState.DONE, RunState.FAILED}]
    counted = [run for run in ended if _outcome(run) != "nothing_to_fix"]
    weeks: dict[str, list[bool]] = {}
    for run in sorted(counted, key=lambda run: run.created):
        year, week, _ = datetime.fromtimestamp(run.created, UTC).isocalendar()
        weeks.setdefault(f"{year}-W{week:02d}", []).append(_outcome(run) == "fixed")
    failures = Counter(mark for run in ended if (mark := _said(run, "failure")))
    times = sorted(
        run.ended - run.started
        for run in counted
        if _outcome(run) == "fixed" and run.ended is not None and run.started is not None
    )
    return RunStats(
        runs=len(ended),
        by_week=tuple(rate(week, outcomes) for week, outcomes in weeks.items()),
        failures=tuple(failures.most_common(10)),
        median_seconds_to_fix=times[len(times) // 2] if times else None,
        cost_usd=sum(_cost(run) for run in ended),
    )


def _rates(fixes: Sequence[RecordedFix], name: Callable[[RecordedFix], str]) -> tuple[Rate, ...]:
    groups: dict[str, list[bool]] = {}
    for fix in fixes:
        groups.setdefault(name(fix), []).append(bool(fix.succeeded))
    return tuple(rate(group, groups[group]) for group in sorted(groups))


def _outcome(run: RunRecord) -> str:
    return _said(run, "outcome") or "crashed"


def _said(run: RunRecord, key: str) -> str:
    said = run.result.get(key) if isinstance(run.result, dict) else None
    return said if isinstance(said, str) else ""


def _cost(run: RunRecord) -> float:
    paid = run.result.get("cost") if isinstance(run.result, dict) else None
    return float(paid) if isinstance(paid, int | float) else 0.0
