import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.reproduction.proof.failure_rate import interval, known_well_enough, upper_bound


@pytest.mark.parametrize(("failures", "runs"), [(0, 10), (5, 10), (30, 100), (100, 100)])
def test_the_interval_ends_where_the_score_test_does(failures: int, runs: int) -> None:
    """Wilson's definition: at both ends, what was seen is 1.96 standard errors of that end away."""
    for end in interval(failures, runs):
        if 0 < end < 1:
            away = abs(failures / runs - end) / math.sqrt(end * (1 - end) / runs)
            assert away == pytest.approx(1.959964)
    assert interval(0, 0) == (0, 1)


@settings(max_examples=100)
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_that_was_seen(counts: tuple[int, int]) -> None:
    failures, runs = counts
    low, high = interval(failures, runs)
    assert 0 <= low <= failures / runs + 1e-9
    assert failures / runs - 1e-9 <= high <= 1


@pytest.mark.parametrize(
    ("failures", "runs", "enough"), [(0, 1000, False), (4, 40, False), (5, 19, False), (20, 60, True)]
)
def test_when_to_stop(failures: int, runs: int, enough: bool) -> None:  # noqa: FBT001 - a table's column
    assert known_well_enough(failures, runs) is enough


def test_no_failure_in_a_hundred_runs_bounds_the_rate_by_three_percent() -> None:
    assert upper_bound(100) == pytest.approx(0.0295, abs=1e-4)
    assert upper_bound(0) == 1
