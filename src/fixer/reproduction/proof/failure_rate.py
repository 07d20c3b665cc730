"""How often something fails, from counts: failures and runs in, the rate's bounds out."""

import math

CONFIDENCE_Z = 1.959964
"""Quantile of the normal distribution for two-sided 95 %."""
ONE_SIDED = 0.05
"""Chance of being wrong that an upper bound from no failures at all allows."""
MIN_RUNS = 20
MIN_FAILURES = 5
"""With fewer, the interval says little about how many passes would prove a fix."""
MAX_WIDTH = 0.3


def interval(failures: int, runs: int) -> tuple[float, float]:
    """Return the 95 % interval of the failure rate.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if runs == 0:
        return 0.0, 1.0
    z2 = CONFIDENCE_Z**2
    rate = failures / runs
    centre = (rate + z2 / (2 * runs)) / (1 + z2 / runs)
    half = CONFIDENCE_Z * math.sqrt(rate * (1 - rate) / runs + z2 / (4 * runs**2)) / (1 + z2 / runs)
    return max(0.0, centre - half), min(1.0, centre + half)


def known_well_enough(failures: int, runs: int) -> bool:
    """Whether repeating may stop early: at least 20 runs, 5 failures, and an interval of at most 30 points."""
    low, high = interval(failures, runs)
    return runs >= MIN_RUNS and failures >= MIN_FAILURES and high - low <= MAX_WIDTH


def upper_bound(runs: int) -> float:
    """Return what the failure rate is below, at 95 %, when none of `runs` runs failed: 1 - 0.05^(1/runs)."""
    return 1.0 if runs == 0 else 1 - ONE_SIDED ** (1 / runs)
