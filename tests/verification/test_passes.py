import pytest

from fixer.verification import required_passes


def test_a_deterministic_failure_asks_for_five() -> None:
    assert required_passes(1.0) == 5


@pytest.mark.parametrize(("rate", "passes"), [(0.2, 14), (0.1, 29), (0.05, 59), (0.02, 149), (0.01, 299), (0.9, 5)])
def test_passes_that_refute_a_known_rate(rate: float, passes: int) -> None:
    assert required_passes(rate) == passes


@pytest.mark.parametrize(("failures", "runs", "passes"), [(5, 100, 149), (10, 500, 274)])
def test_a_measured_rate_counts_by_its_lower_bound(failures: int, runs: int, passes: int) -> None:
    assert abs(required_passes(failures / runs, runs=runs) - passes) <= 2


def test_few_failures_ask_for_many_passes() -> None:
    assert required_passes(0.01, runs=100) > 5_000
    assert required_passes(1.0, runs=3) == 7


@pytest.mark.parametrize("rate", [0.0, -0.1, 1.1])
def test_no_rate_no_number(rate: float) -> None:
    with pytest.raises(ValueError, match="no number of passes"):
        required_passes(rate)
