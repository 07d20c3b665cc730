"""Delta debugging: from many parts to few of them that still do what all of them do."""

from collections.abc import Callable, Sequence
from typing import TypeVar

MAX_UNITS = 64
"""Units that one search tells apart; more are first taken together (a search costs up to their square in runs)."""

T = TypeVar("T")


def ddmin(units: Sequence[T], works: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return a 1-minimal part of `units`: it works, and without any one of its units it does not.

    The algorithm is ddmin of Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (IEEE
    Transactions on Software Engineering 28(2), 2002), section 3. A set that cannot be judged counts as one that does
    not work. `units` as a whole must work; the caller has seen it.
    """
    current, pieces = list(units), 2
    while len(current) >= 2:
        size = -(-len(current) // pieces)
        chunks = [current[at : at + size] for at in range(0, len(current), size)]
        subset = next((chunk for chunk in chunks if works(chunk)), None)
        if subset is not None:
            current, pieces = subset, 2
            continue
        rests = ([*current[:at], *current[at + size :]] for at in range(0, len(current), size))
        # With two chunks the rests are the chunks again.
        rest = next((rest for rest in rests if works(rest)), None) if len(chunks) > 2 else None
        if rest is not None:
            current, pieces = rest, max(len(chunks) - 1, 2)
        elif size == 1:
            break
        else:
            pieces = min(len(current), 2 * pieces)
    return current


def reduce_levels(
    parts: Sequence[T],
    levels: Sequence[Callable[[Sequence[T]], list[list[T]]]],
    works: Callable[[Sequence[T]], bool],
) -> tuple[list[T], bool]:
    """Reduce from coarse to fine, as hierarchical delta debugging does; return the parts and whether they are minimal.

    Each level groups the parts that are left; at most `MAX_UNITS` groups are told apart at once.
    """
    current, minimal = list(parts), False
    for level in levels:
        while True:
            groups = level(current)
            units = _at_most(groups, MAX_UNITS)
            kept = ddmin(units, lambda chosen: works([part for unit in chosen for part in unit]))
            left = [part for unit in kept for part in unit]
            minimal = len(units) == len(groups)
            if minimal or len(left) == len(current):
                break
            current = left
        current = left
    return current, minimal


def _at_most(groups: list[list[T]], limit: int) -> list[list[T]]:
    """Join neighbours until there are at most `limit` groups."""
    size = -(-len(groups) // limit) or 1
    joined = [groups[at : at + size] for at in range(0, len(groups), size)]
    return [[part for group in some for part in group] for some in joined]
