"""What a repair may know about the place where a failure was seen."""

from collections.abc import Callable
from dataclasses import dataclass

from fixer.strategies.codebase.project import Module


@dataclass(frozen=True)
class Place:
    """Where the failure was seen."""

    lines: tuple[tuple[Module, int], ...]
    """Files of the project with line, innermost first."""
    names_in: Callable[[str], frozenset[str]]
    """Ask the project's interpreter what a module offers; empty where it cannot be imported."""
    installed: Callable[[], frozenset[str]]
    """Ask it which top-level modules there are."""
