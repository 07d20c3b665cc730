import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.rates import interval, lower_bound, upper_bound


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


def test_no_failure_in_a_hundred_runs_bounds_the_rate_by_three_percent() -> None:
    assert upper_bound(100) == pytest.approx(0.0295, abs=1e-4)
    assert upper_bound(0) == 1


def test_the_bound_is_the_rate_at_which_the_count_is_improbable() -> None:
    assert lower_bound(1, 100) == pytest.approx(1 - 0.95 ** (1 / 100), rel=1e-6)
    assert lower_bound(0, 100) == 0.0
