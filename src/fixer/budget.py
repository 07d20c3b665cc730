"""Wall-clock budgets: how much of a phase is left, and when to stop starting work (spec C4)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

LAST_TENTH = 0.9
"""Past this share of a budget no new work is started: the rest is for ending well."""


@dataclass
class Budget:
    """A limit in seconds, counted over every process that worked on the run."""

    name: str
    limit: float
    spent_before: float = 0.0
    """Seconds that earlier, killed processes of the same run used."""
    outer: "Budget | None" = None
    """The budget that this one is a part of; when it ends, this one ends."""
    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)

    def __post_init__(self) -> None:
        """Start counting now."""
        self.started = self.clock()

    @property
    def spent(self) -> float:
        """Seconds used so far."""
        return self.spent_before + self.clock() - self.started

    @property
    def left(self) -> float:
        """Seconds until the limit, of this budget or the outer one; 0 when it is over."""
        own = max(0.0, self.limit - self.spent)
        return own if self.outer is None else min(own, self.outer.left)

    def stop(self) -> bool:
        """Whether no new work may be started."""
        return self.spent >= self.limit * LAST_TENTH or (self.outer is not None and self.outer.stop())
