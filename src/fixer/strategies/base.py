"""The contract of the room: a strategy looks at a case and offers patches; the gate decides about them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fixer.schema.command import CommandResult, Invocation
from fixer.schema.diagnosis import Diagnosis
from fixer.schema.failure import Failure
from fixer.schema.patch import Patch
from fixer.schema.reproduction import Reproduction, Shown
from fixer.worktree import Worktree


@dataclass(frozen=True)
class Case:
    """Everything that a strategy may use. It is free to edit `tree`: the run resets it afterwards."""

    failure: Failure
    failures: tuple[Failure, ...]
    """All failures of the execution, the one taken on included."""
    reproduction: Reproduction
    diagnosis: Diagnosis | None
    tree: Worktree
    """A clean checkout of the commit that the fix starts from; patches are diffs against it."""
    python: str
    """Interpreter of the project's environment."""
    run: Callable[[Invocation], CommandResult]
    """Runs a command in `tree`, in the sandbox."""
    shows: Callable[[], Shown]
    """Runs the reproduction on `tree` as it is now, once."""
    stop: Callable[[], bool]
    """True once no new work may be started."""
    max_patches: int

    @property
    def root(self) -> Path:
        """The folder of `tree`."""
        return self.tree.path


class Strategy(Protocol):
    """What each module of the room defines at its top level."""

    ORDER: int
    """Place in the cascade, cheapest first: linters 10, imports 20, names 30, dependencies 40, reverts 90."""

    def propose(self, case: Case) -> Iterator[Patch]:
        """Yield patches, the most likely first; none where the case is not its own.

        Raises:
            NotMine: with the reason, shown in the report, why it has nothing to offer.
        """
        ...


class NotMine(Exception):  # noqa: N818 - not an error: the answer "not for me", with its reason
    """The strategy has nothing to offer for this case; the text says why."""
