"""The contract of the room: a strategy looks at a case and offers patches; the gate decides about them."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from fixer.errors import Passing
from fixer.git import DIFF_FLAGS
from fixer.llm.base import ModelClient
from fixer.own_files import link_in
from fixer.sandbox import OwnProgram
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.diagnosis import Diagnosis
from fixer.schema.failure import Failure
from fixer.schema.patch import Patch, new_patch
from fixer.schema.report import Attempt
from fixer.schema.reproduction import Reproduction, Shown
from fixer.schema.settings import Settings
from fixer.strategies.codebase.change import Change
from fixer.worktree import Worktree


@dataclass(frozen=True)
class Workspace:
    """A further worktree, with means to run in it; several may be worked in side by side."""

    tree: Worktree
    """At the commit that the fix starts from."""
    run: Callable[[Invocation], CommandResult]
    """Runs a command in it, in a sandbox of its own; may be called from any thread."""
    scratch: Path
    """A private folder beside the tree, which commands see at the same place; gone with the workspace."""
    cancel: Callable[[], None]
    """Kills what runs in it, now and from now on; may be called from any thread."""


class OpenWorkspace(Protocol):
    """Makes a workspace that is gone when its block ends."""

    def __call__(self, own_program: OwnProgram | None = None) -> AbstractContextManager[Workspace]:
        """Make it.

        Args:
            own_program: a program of the user's own, which has the network and what it needs of the user's files; what
                is run is a part of it. None: everything is shut in as the project's commands are.
        """
        ...


@dataclass(frozen=True)
class Outside:
    """What strategies use that ask a model or another program."""

    settings: Settings
    environment: Mapping[str, str]
    """fixer's own; only named variables of it may reach another program."""
    no_model: str
    """Why no model can be asked, and what to do about it; empty: one can."""
    open_model: Callable[[str], ModelClient]
    """Model's name ('': the settings' one) -> its client, within the run's budget; raises ConfigError, ModelError."""
    open_workspace: OpenWorkspace
    shown: Callable[[CommandResult], Shown]
    """Compares a run of the reproduction with the failure."""
    refuses: Callable[[str], str]
    """Path -> why the gate lets no patch touch it; empty: it may be touched."""
    objections: Callable[[str], str]
    """Diff -> what the gate's static rules hold against it; empty: nothing."""
    seconds_left: Callable[[], float]
    record: Callable[[str, JsonValue], None]
    """Appends to the run's events; what is in it is masked already."""
    talk: Callable[[str], None]
    mask: Callable[[str], str]
    prompts: Path
    """The user's project, whose own prompts come before fixer's."""
    request: str = ""
    """What the user said."""


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
    attempts: tuple[Attempt, ...] = ()
    """Patches for this failure that the gate has decided about by now."""
    outside: Outside | None = None

    @property
    def root(self) -> Path:
        """The folder of `tree`."""
        return self.tree.path

    def diff_with(self, changes: Mapping[str, bytes | None]) -> str:
        """Return the diff that these files make (path -> new content; None: removed); the tree is clean afterwards."""
        self.tree.reset()
        for name, content in changes.items():
            path = self.root / name
            if link_in(path, self.root) is not None:
                raise NotMine(f"{name} is a symbolic link, and what it points to may be outside of the project")
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
    """Place in the cascade, cheapest first: linters 10, imports 20, compilers' suggestions 25, names 30, what is not
    declared 40 and on, reverts 90, agent 95, command 97. A module may define `ROUNDS` too: how often it is asked
    again, once the gate has refused its patches."""

    def propose(self, case: Case) -> Iterator[Patch]:
        """Yield patches, the most likely first; none where the case is not its own.

        Raises:
            NotMine: with the reason, shown in the report, why it has nothing to offer.
        """
        ...


class NotMine(Exception):  # noqa: N818 - not an error: the answer "not for me", with its reason
    """The strategy has nothing to offer for this case; the text says why."""

    def __init__(self, reason: str, passing: Passing | None = None) -> None:
        """Keep the reason; and, where it is one that passes by itself, when it is worth asking again."""
        super().__init__(reason)
        self.passing = passing
