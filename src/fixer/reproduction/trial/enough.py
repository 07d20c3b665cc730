"""When repeating may stop: runs and failures so far in, whether the failure's rate is known well enough out."""

from fixer.rates import interval

MIN_RUNS = 20
MIN_FAILURES = 5
"""With fewer, the interval says little about how many passes would prove a fix."""
MAX_WIDTH = 0.3


def known_well_enough(failures: int, runs: int) -> bool:
    """Whether repeating may stop early: at least 20 runs, 5 failures, and an interval of at most 30 points."""
    low, high = interval(failures, runs)
    return runs >= MIN_RUNS and failures >= MIN_FAILURES and high - low <= MAX_WIDTH
