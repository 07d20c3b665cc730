"""How sure a rate is, from counts: how often something happened and was looked at in, the bounds of its rate out."""

import math

CONFIDENCE_Z = 1.959964
"""Quantile of the normal distribution for two-sided 95 %."""
ONE_SIDED = 0.05
"""Chance of being wrong that an upper bound from no events at all allows."""


def interval(events: int, runs: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate; (0, 1) where nothing was looked at.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if runs == 0:
        return 0.0, 1.0
    z2 = CONFIDENCE_Z**2
    rate = events / runs
    centre = (rate + z2 / (2 * runs)) / (1 + z2 / runs)
    half = CONFIDENCE_Z * math.sqrt(rate * (1 - rate) / runs + z2 / (4 * runs**2)) / (1 + z2 / runs)
    return max(0.0, centre - half), min(1.0, centre + half)


def upper_bound(runs: int) -> float:
    """Return what a rate is below, at 95 %, when none of `runs` runs showed the event: 1 - 0.05^(1/runs)."""
    return 1.0 if runs == 0 else 1 - ONE_SIDED ** (1 / runs)


def lower_bound(events: int, runs: int, confidence: float = 0.95) -> float:
    """Return the one-sided lower bound of a rate (Clopper-Pearson): 0.0 where there was no event.

    It is the rate at which `events` or more in `runs` would be seen with probability 1 - confidence.
    """
    if events <= 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_least(events, runs, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def _at_least(events: int, runs: int, rate: float) -> float:
    """Return the probability of `events` or more in `runs` at `rate`."""
    fewer = (math.comb(runs, seen) * rate**seen * (1 - rate) ** (runs - seen) for seen in range(events))
    return max(0.0, 1 - math.fsum(fewer))
