"""Ways to make a patch, cheapest first: one file each."""

from typing import cast

from fixer.registry import modules
from fixer.strategies.base import Strategy


def cascade() -> list[tuple[str, Strategy]]:
    """Return every strategy of the room with its name, in the order in which they are tried."""
    found = [(module.__name__.rpartition(".")[2], module) for module in modules("strategies", ("ORDER", "propose"))]
    found.sort(key=lambda pair: (pair[1].ORDER, pair[0]))
    return [(name, cast("Strategy", module)) for name, module in found]


def rounds_of(strategy: Strategy) -> int:
    """Return how often a strategy is asked as long as the gate refuses what it offers."""
    return int(getattr(strategy, "ROUNDS", 1))
