"""Weighed lines and failures in, the lines that matter within a budget of characters out."""

from collections.abc import Iterator, Sequence

from fixer.distiller.scan import Scan
from fixer.schema.execution import StepStatus
from fixer.schema.failure import Failure
from fixer.schema.log_summary import LogContext, Place

MOST_FAILURES = 60
"""Failures whose lines are put first; a log with more is understood by these."""


def build(scan: Scan, failures: Sequence[Failure], budget: int) -> LogContext:
    """Choose lines until the budget is used up: what failed first, then what looks like errors, then what is around."""
    if scan.whole is not None and sum(len(text) + 1 for text in scan.whole.values()) <= budget:
        return _context(scan, scan.whole, sorted(scan.whole), headers=False)
    chosen = _Choice(scan, budget)
    scores = _scores(scan, failures)
    order = sorted(scores, key=lambda number: (-scores[number], number))
    for share, around in ((0.55, (0, 0)), (0.80, (2, 5)), (0.92, (4, 10)), (1.0, (10, 12))):
        for number in order:
            if chosen.size >= share * budget:
                break
            for line in _near(number, around):
                chosen.add(line, share)
    for number in sorted(scan.texts, reverse=True):
        chosen.add(number, 1.0)
    return _context(scan, scan.texts, sorted(chosen.lines), headers=True)


def _near(number: int, around: tuple[int, int]) -> Iterator[int]:
    yield number
    for distance in range(1, max(around) + 1):
        if distance <= around[1]:
            yield number + distance
        if distance <= around[0]:
            yield number - distance


def _scores(scan: Scan, failures: Sequence[Failure]) -> dict[int, int]:
    """Return line -> score: its own words, what the parsers made of it, its step, and its place in the log."""
    failed = {step.number for step in scan.steps if step.status is StepStatus.FAILED}
    passed = {step.number for step in scan.steps if step.status is StepStatus.PASSED}
    spans = [(step.first_line or 0, step.last_line or 0, step.number) for step in scan.steps]
    scores: dict[int, int] = {}
    at = 0
    for number in sorted(scan.hits):
        while at < len(spans) and spans[at][1] < number:
            at += 1
        step = spans[at][2] if at < len(spans) and spans[at][0] <= number else None
        score = scan.hits[number] + 15 * number // max(scan.lines, 1)
        scores[number] = score + (40 if step in failed else -50 if step in passed else 0)
    for index, failure in enumerate(failures[:MOST_FAILURES]):
        if failure.log_line in scan.texts:
            scores[failure.log_line] = max(scores.get(failure.log_line, 0), 90) + 120 - index
    return scores


class _Choice:
    """The lines chosen so far, and what they cost."""

    def __init__(self, scan: Scan, budget: int) -> None:
        self.scan, self.budget = scan, budget
        self.lines: set[int] = set()
        self.size = 0
        self.header = len(f"--- lines {scan.lines}-{scan.lines}") + 1

    def add(self, number: int, share: float) -> None:
        """Take a line, where there is one and the share of the budget allows it."""
        text = self.scan.texts.get(number)
        if text is None or number in self.lines:
            return
        joins = (number - 1 in self.lines) + (number + 1 in self.lines)
        if not joins and not text.strip():
            return
        cost = len(text) + 1 + self.header * (1 - joins)
        if self.size + cost <= share * self.budget:
            self.lines.add(number)
            self.size += cost


def _context(scan: Scan, texts: dict[int, str], numbers: list[int], *, headers: bool) -> LogContext:
    places: list[Place] = []
    for number in numbers:
        if places and number == places[-1].last_line + 1:
            places[-1] = places[-1].model_copy(update={"last_line": number})
        else:
            places.append(Place(first_line=number, last_line=number, step=_step_at(scan, number)))
    parts = []
    for place in places:
        if headers:
            parts.append(f"--- lines {place.first_line}-{place.last_line}")
        parts.extend(texts[number] for number in range(place.first_line, place.last_line + 1))
    text = "\n".join(parts)
    return LogContext(text=text, characters=len(text), tokens=-(-len(text) // 4), places=tuple(places))


def _step_at(scan: Scan, number: int) -> int | None:
    return next((s.number for s in scan.steps if (s.first_line or 0) <= number <= (s.last_line or 0)), None)
