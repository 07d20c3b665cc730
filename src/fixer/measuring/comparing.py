"""Outcomes of two versions of a prompt over the same cases go in; which is better, and how sure that is, comes out."""

import math
from typing import Literal

from fixer.schema.base import Record

SURE = 0.05
"""Chance of seeing such a difference, or a greater one, where there is none."""


class Pair(Record):
    """One case under both versions."""

    case: str
    first: bool
    """Fixed with the first version."""
    second: bool


class Comparison(Record):
    """What the pairs say."""

    pairs: int
    first_fixed: int
    second_fixed: int
    only_first: int
    """Cases that only the first version fixed: these and their counterpart decide."""
    only_second: int
    p_value: float
    verdict: Literal["first", "second", "undecided", "not enough"]
    words: str


def sign_test(one: int, other: int) -> float:
    """Return the two-sided p-value of so many differences for one side and the other; 1.0 where there are none.

    Source: McNemar, "Note on the sampling error of the difference between correlated proportions", 1947, in its exact
    form: the binomial with one half, over the pairs that differ.
    """
    differ = one + other
    fewer = sum(math.comb(differ, seen) for seen in range(min(one, other) + 1))
    return min(1.0, 2 * fewer / (1 << differ))


def needed() -> int:
    """Return how many cases have to differ, all of them in one direction, before that is sure."""
    count = 1
    while sign_test(0, count) >= SURE:
        count += 1
    return count


def compared(pairs: list[Pair], first: str, second: str) -> Comparison:
    """Compare two versions over pairs; `first` and `second` are their names for people."""
    only_first = sum(pair.first and not pair.second for pair in pairs)
    only_second = sum(pair.second and not pair.first for pair in pairs)
    chance = sign_test(only_first, only_second)
    verdict: Literal["first", "second", "undecided", "not enough"] = "undecided"
    if chance < SURE:
        verdict = "first" if only_first > only_second else "second"
        ahead, behind = (first, second) if verdict == "first" else (second, first)
        words = f"{ahead} is better than {behind} (p = {chance:.3f}, sign test over the cases that differ)"
    elif only_first + only_second < needed():
        verdict = "not enough"
        words = (
            f"not enough to say: {only_first + only_second} of {len(pairs)} cases differ, and at least {needed()} have "
            "to; add cases"
        )
    else:
        words = f"undecided: the cases that differ speak for both (p = {chance:.2f})"
    return Comparison(
        pairs=len(pairs),
        first_fixed=sum(pair.first for pair in pairs),
        second_fixed=sum(pair.second for pair in pairs),
        only_first=only_first,
        only_second=only_second,
        p_value=chance,
        verdict=verdict,
        words=words,
    )
