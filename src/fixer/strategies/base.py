"""The contract of the room: a strategy looks at a case and offers patches; the gate decides about them."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from fixer.git import DIFF_FLAGS
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.diagnosis import Diagnosis
from fixer.schema.failure import Failure
from fixer.schema.patch import Patch, new_patch
from fixer.schema.reproduction import Reproduction, Shown
from fixer.strategies.codebase.change import Change
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

    def diff_with(self, changes: Mapping[str, bytes | None]) -> str:
        """Return the diff that these files make (path -> new content; None: removed); the tree is clean afterwards."""
        self.tree.reset()
        for name, content in changes.items():
            path = self.root / name
            if content is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        diff = self.diff_now()
        self.tree.reset()
        return diff

    def diff_now(self) -> str:
        """Return the diff of the tree as it is: text, and where a hunk is not UTF-8, git's binary form (ASCII)."""
        diff = self.tree.diff()
        if all(not 0xD800 <= ord(char) <= 0xDFFF for char in diff):
            return diff
        with tempfile.NamedTemporaryFile("w", suffix=".gitattributes") as attributes:
            attributes.write("* -diff\n")
            attributes.flush()
            return self.tree.git.run("-c", f"core.attributesFile={attributes.name}", "diff", *DIFF_FLAGS, "HEAD").stdout


def offered(case: Case, strategy: str, changes: Iterator[Change]) -> Iterator[Patch]:
    """Yield the patches that changes make: each once, none that changes nothing, at most `case.max_patches`."""
    seen: set[str] = set()
    for change in islice(changes, 8 * case.max_patches):
        if case.stop() or len(seen) >= case.max_patches:
            return
        contents = change.contents()
        diff = case.diff_with(contents) if contents else ""
        if diff and diff not in seen:
            seen.add(diff)
            yield new_patch(
                reproduction_id=case.reproduction.id,
                strategy=strategy,
                summary=change.summary,
                explanation=change.explanation,
                diff=diff,
                needs_review=change.review,
            )


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
