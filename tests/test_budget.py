from dataclasses import dataclass

from fixer.budget import Budget


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_stops_starting_work_at_nine_tenths() -> None:
    clock = Clock()
    budget = Budget("fix", 10, clock=clock)
    clock.now += 8.9
    assert not budget.stop()
    clock.now += 0.1
    assert budget.stop()
    assert round(budget.left, 6) == 1


def test_time_of_killed_processes_counts() -> None:
    budget = Budget("total", 10, spent_before=9.5, clock=Clock())
    assert budget.stop()
    assert budget.left == 0.5


def test_ends_with_the_budget_around_it() -> None:
    clock = Clock()
    total = Budget("total", 10, clock=clock)
    clock.now += 9.5
    part = Budget("fix", 100, outer=total, clock=clock)
    assert part.stop()
    assert round(part.left, 6) == 0.5


def test_nothing_is_left_after_the_end() -> None:
    clock = Clock()
    budget = Budget("fix", 1, clock=clock)
    clock.now += 5
    assert budget.left == 0
