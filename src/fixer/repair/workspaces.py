"""Further worktrees of a run, for attempts side by side: a commit goes in, a tree with its own sandbox comes out."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.agent.tools.search import PROGRAM
from fixer.sandbox import OwnProgram, Sandbox
from fixer.schema.command import CommandResult, Invocation
from fixer.strategies.base import Workspace
from fixer.worktree import close_worktree, open_worktree

if TYPE_CHECKING:
    from fixer.repair.workshop import Workshop

_LONGEST_OWN_PROGRAM = 3600.0


class Workspaces:
    """Makes the workspaces of one run; safe between threads."""

    def __init__(self, shop: "Workshop", commit: str) -> None:
        """Bind to the run and the commit that fixes start from."""
        self._shop = shop
        self._commit = commit
        self._numbers = itertools.count(1)

    @contextlib.contextmanager
    def open(self, own_program: OwnProgram | None = None) -> Iterator[Workspace]:
        """Make one; see `OpenWorkspace`."""
        shop = self._shop
        tree_path = shop.further_tree_path(next(self._numbers))
        shop.hold_worktree(tree_path)
        try:
            tree = open_worktree(shop.repository, tree_path, self._commit)
            sandbox = self._sandbox(tree_path, own_program)
            try:
                limit = _LONGEST_OWN_PROGRAM if own_program is not None else shop.given.settings.sandbox.command_seconds

                def run(invocation: Invocation) -> CommandResult:
                    seconds = min(invocation.timeout_seconds or limit, limit, max(1.0, shop.phase.left))
                    plain = own_program is not None
                    return sandbox.run(invocation if plain else shop.prepared(invocation, tree_path), timeout=seconds)

                yield Workspace(tree=tree, run=run, scratch=sandbox.scratch, cancel=sandbox.close)
            finally:
                sandbox.close()
        finally:
            close_worktree(shop.repository, tree_path)
            shop.let_go_worktree(tree_path)

    def _sandbox(self, tree: Path, own_program: OwnProgram | None) -> Sandbox:
        shop = self._shop
        if own_program is None:
            return shop.make_sandbox(tree, readable=[PROGRAM], keep=_but_searches(shop))
        return shop.make_sandbox(tree, own=own_program)


def _but_searches(shop: "Workshop") -> Callable[[CommandResult], None]:
    """Keep commands as evidence, but not the agent's own searches: they say nothing about the project."""

    def keep(result: CommandResult) -> None:
        if str(PROGRAM) not in result.argv:
            shop.keep(result)

    return keep
