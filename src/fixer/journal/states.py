"""The states of a run and of a step, and the one table that says which transition is legal."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from fixer.errors import ConfigError, InterruptedRunError


class RunState(StrEnum):
    """Who owns a run and whether it ended. Which step a run has reached is not a state: the steps say it."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    """Given back by its own process until something has passed. Stored as running with a time."""
    DEAD = "dead"
    """Seen, never stored: the record says running, and no live process holds the lease."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether no transition leaves this state."""
        return self is not RunState.DEAD and not TRANSITIONS[self]


class StepState(StrEnum):
    """How one attempt of a step ended."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """The body raised; the error is kept."""
    INTERRUPTED = "interrupted"
    """The process was killed or stopped inside the body."""


TRANSITIONS: Mapping[RunState, frozenset[RunState]] = MappingProxyType(
    {
        RunState.QUEUED: frozenset({RunState.RUNNING, RunState.CANCELLED}),
        # running -> running is a resume: another process takes over after the owner's death.
        RunState.RUNNING: frozenset(
            {RunState.RUNNING, RunState.WAITING, RunState.DONE, RunState.FAILED, RunState.CANCELLED}
        ),
        RunState.WAITING: frozenset({RunState.RUNNING, RunState.CANCELLED}),
        # What ended stays as it ended: another try is another run, with the next attempt number under the same key.
        RunState.DONE: frozenset(),
        RunState.FAILED: frozenset(),
        RunState.CANCELLED: frozenset(),
    }
)


class TransitionError(ConfigError):
    """A run was asked to do what its state does not allow, such as to go on after its end."""

    def __init__(self, run_id: str, old: RunState, new: RunState) -> None:
        """Say which run, which transition, and how to begin anew."""
        super().__init__(
            f"run {run_id} is {old} and cannot become {new}",
            f"`fixer events {run_id}` shows how it got there; `fixer run` begins a new attempt",
        )
        self.old = old
        self.new = new


class FencedError(InterruptedRunError):
    """This process no longer owns the run (it was cancelled or taken over): stop, and touch nothing."""


def check_transition(run_id: str, old: RunState, new: RunState) -> None:
    """Do nothing where the table allows the transition.

    Raises:
        TransitionError: it does not.
    """
    if new not in TRANSITIONS[old]:
        raise TransitionError(run_id, old, new)
