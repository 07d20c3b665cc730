from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from fixer.circuit_breaker import ADMITTED, LIMIT, WINDOW_SECONDS, admit


@dataclass(frozen=True)
class Happened:
    at: float
    data: JsonValue


@dataclass
class Run:
    """One run's view of attempts that all runs share."""

    shared: dict[tuple[str, str], float]
    id: str
    now: float = 0.0
    own: list[Happened] = field(default_factory=list)

    def attempt(self, subject: str, limit: int, window_seconds: float) -> float | None:
        if (subject, self.id) in self.shared:
            return None
        recent = sorted(at for (s, _), at in self.shared.items() if s == subject and at > self.now - window_seconds)
        if len(recent) >= limit:
            return recent[-limit] + window_seconds
        self.shared[subject, self.id] = self.now
        return None

    def events(self, kind: str) -> Sequence[Happened]:
        return self.own if kind == ADMITTED else []

    def event(self, kind: str, data: JsonValue) -> None:
        assert kind == ADMITTED
        self.own.append(Happened(self.now, data))


def ask(run: Run, key: str, now: float, fingerprint: str = "f") -> float | None:
    run.now = now
    return admit(run, fingerprint, key, now)


def test_three_are_admitted_and_the_fourth_is_told_until_when() -> None:
    run = Run({}, "r")

    assert [ask(run, str(n), 10.0 * n) for n in range(4)] == [None, None, None, WINDOW_SECONDS]
    assert ask(run, "4", WINDOW_SECONDS + 1) is None


def test_other_runs_count_and_other_failures_do_not() -> None:
    shared: dict[tuple[str, str], float] = {}
    for name in "abc":
        assert ask(Run(shared, name), "k", 0.0) is None

    assert ask(Run(shared, "d"), "k", 1.0) == WINDOW_SECONDS
    assert ask(Run(shared, "d"), "k", 1.0, "other") is None


def test_asked_again_after_a_resume_nothing_is_counted_twice() -> None:
    run = Run({}, "r")

    assert [ask(run, "same", float(n)) for n in range(9)] == [None] * 9


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0, 2000)), max_size=30))
@settings(max_examples=60, deadline=None)
def test_no_run_gets_more_than_the_limit_within_the_window(asked: list[tuple[str, float]]) -> None:
    shared: dict[tuple[str, str], float] = {}
    runs = {name: Run(shared, name) for name in "abcd"}
    admitted: list[tuple[str, float]] = []
    now = 0.0
    for number, (name, later) in enumerate(asked):
        now += later
        if ask(runs[name], str(number), now) is None:
            admitted.append((name, now))
    for name, at in admitted:
        assert sum(n == name and at - WINDOW_SECONDS < t <= at for n, t in admitted) <= LIMIT
