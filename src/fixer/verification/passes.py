"""How many passes in a row are enough: a measured failure rate comes in, a number of runs goes out."""

import math

from fixer.rates import lower_bound

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
