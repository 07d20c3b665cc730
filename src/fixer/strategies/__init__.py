"""Ways to make a patch, cheapest first: one file each."""

from collections.abc import Sequence
from typing import cast

from fixer.errors import ConfigError
from fixer.registry import modules
from fixer.strategies.base import Strategy


def cascade(only: Sequence[str] = ()) -> list[tuple[str, Strategy]]:
    """Return every strategy of the room with its name, in the order in which they are tried.

    Args:
        only: the names of those that are wanted; empty: all.

    Raises:
        ConfigError: there is no strategy of such a name.
    """
    found = [(module.__name__.rpartition(".")[2], module) for module in modules("strategies", ("ORDER", "propose"))]
    found.sort(key=lambda pair: (pair[1].ORDER, pair[0]))
    names = [name for name, _ in found]
    if unknown := [name for name in only if name not in names]:
        raise ConfigError(f"there is no strategy '{unknown[0]}'", f"`strategies` takes some of: {', '.join(names)}")
    return [(name, cast("Strategy", module)) for name, module in found if not only or name in only]


def rounds_of(strategy: Strategy) -> int:
    """Return how often a strategy is asked as long as the gate refuses what it offers."""
    return int(getattr(strategy, "ROUNDS", 1))
