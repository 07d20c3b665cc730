"""What a look at something that a run needs came to."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a finding bears on a run."""

    OK = "ok"
    WARNING = "warning"
    """A run goes on, with less."""
    PROBLEM = "problem"
    """A run cannot start."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    level: Level
    seen: str
    """What was found."""
    mend: str = ""
    """What to type to mend it; empty where nothing needs mending."""
