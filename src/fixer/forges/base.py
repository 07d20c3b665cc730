"""The contract of the room: a forge takes a verified patch to the place where people look at it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fixer.schema.patch import Patch
from fixer.schema.report import Delivery
from fixer.worktree import Worktree


@dataclass(frozen=True)
class Fix:
    """A verified patch, ready to be delivered."""

    run_id: str
    key: str
    """Made of repository, base commit and fingerprint: what was delivered under it is found again, never made twice."""
    name: str
    """Branch name without its `fix/`."""
    patch: Patch
    base: str
    base_name: str
    proof: tuple[str, ...]
    """One line a check of the gate, for the commit message."""
    folder: Path
    """Where the patch file goes."""
    root: str = ""
    """Where the branch begins, when `base` is the commit of an earlier fix of the same run; else empty."""


class Forge(Protocol):
    """What each module of the room defines at its top level."""

    def deliver(self, fix: Fix, tree: Worktree) -> Delivery:
        """Deliver once: look for what an earlier, killed or finished run delivered before making anything."""
        ...
