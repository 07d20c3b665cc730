"""How many passes in a row are enough: a measured failure rate comes in, a number of runs goes out."""

import math

DETERMINISTIC_PASSES = 5
"""Passes asked of a failure that showed in every run (spec C3); no fewer are asked of one that comes and goes."""
_SMALLEST_RATE = 1e-6


def required_passes(failure_rate: float, confidence: float = 0.95, *, runs: int | None = None) -> int:
    """Return the passes in a row after which an unfixed failure is refuted at `confidence`.

    An unfixed failure of rate p passes n times in a row with probability (1-p)**n, so n = log(1-confidence)/log(1-p).
    With `runs`, the number of runs that the rate was measured on, p is the lower bound of the rate's interval, for
    a rate seen a few times only is uncertain: 5 failures in 100 runs ask for 149 passes, 1 in 100 for 5,839.

    Raises:
        ValueError: the rate or the confidence is outside of (0, 1], so that no number of passes would do.
    """
    if not 0 < failure_rate <= 1 or not 0 < confidence < 1:
        raise ValueError(f"no number of passes follows from rate {failure_rate} at confidence {confidence}")
    if runs is None and failure_rate == 1:
        return DETERMINISTIC_PASSES
    rate = failure_rate if runs is None else lower_bound(round(failure_rate * runs), runs, confidence)
    if rate >= 1:
        return DETERMINISTIC_PASSES
    passes = math.log(1 - confidence) / math.log1p(-max(rate, _SMALLEST_RATE))
    return max(DETERMINISTIC_PASSES, math.ceil(passes))


def lower_bound(failures: int, runs: int, confidence: float = 0.95) -> float:
    """Return the one-sided lower bound of a rate (Clopper-Pearson): 0.0 where nothing failed.

    It is the rate at which `failures` or more in `runs` would be seen with probability 1 - confidence.
    """
    if failures <= 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_least(failures, runs, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def _at_least(failures: int, runs: int, rate: float) -> float:
    """Return the probability of `failures` or more in `runs` at `rate`."""
    fewer = (math.comb(runs, seen) * rate**seen * (1 - rate) ** (runs - seen) for seen in range(failures))
    return max(0.0, 1 - math.fsum(fewer))
