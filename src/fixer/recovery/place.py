"""Where fixer works beside the user's files: a worktree with the project as it is on disk, a sandbox, and time."""

import contextlib
import hashlib
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from fixer.budget import Budget
from fixer.journal import RUN_VARIABLE, ProcessMark
from fixer.own_files import make_ignored
from fixer.project import find_python, with_python_path
from fixer.recovery import byproducts
from fixer.recovery.snapshot import linked_folders
from fixer.recovery.work import INSIDE, Ground
from fixer.sandbox import ProcessEvent, Sandbox
from fixer.schema.command import CommandResult, Invocation
from fixer.worktree import Worktree, close_worktree, open_worktree

HELD = "worktree"
"""Kind of resource in the journal; `fixer gc` takes away what a run left."""
KEPT = ".fixer"
"""Folder in the worktree, unseen by git, that survives a reset: packages that a patch needs are put there."""


class LinkedTree(Worktree):
    """A worktree that sees the project's ignored folders of packages; every reset makes the links again."""

    def __init__(self, repository: Path, path: Path, links: tuple[str, ...]) -> None:
        """Bind to a worktree that is open; nothing is changed yet."""
        super().__init__(repository, path)
        self.links = links
        self.flags = byproducts.flags(repository)

    def reset(self, commit: str | None = None) -> None:
        """Make the tree exactly that of `commit`, with the links and the folder of packages."""
        target = self.git.line("rev-parse", "--verify", "--end-of-options", f"{commit or 'HEAD'}^{{commit}}")
        self.git.run("checkout", "--quiet", "--force", "--detach", target)
        self.git.run("clean", "-ffdxq", "--exclude", f"/{KEPT}")
        self._link()

    def diff(self) -> str:
        """Return every change against the commit, without the links."""
        with self._unlinked():
            return super().diff()

    def commit_all(self, message: str) -> str:
        """Commit every change on the detached HEAD, without the links, and return the commit's id."""
        with self._unlinked():
            return super().commit_all(message)

    @contextlib.contextmanager
    def _unlinked(self) -> Iterator[None]:
        """Take the links away for a moment: `node_modules/` in a .gitignore is about folders, and not about links."""
        for name in self.links:
            if (self.path / name).is_symlink():
                (self.path / name).unlink()
        try:
            yield
        finally:
            self._link()

    def _link(self) -> None:
        for name in self.links:
            place = self.path / name
            if not place.exists() and not place.is_symlink():
                place.symlink_to(self.repository / name, target_is_directory=True)


class Place:
    """A worktree and a sandbox, made when they are first needed. Closing it leaves nothing behind but the journal."""

    def __init__(self, ground: Ground, base: str, budget: Budget, name: str) -> None:
        """Make nothing yet.

        Args:
            ground: whose project it is.
            base: the commit that stands for the project as it is on disk.
            budget: the time.
            name: what it is for; one word, which tells the places of one run apart.
        """
        self.ground = ground
        self.base = base
        self.budget = budget
        self._name = name
        self._tree: LinkedTree | None = None
        self._sandbox: Sandbox | None = None
        self._python = ""
        self._marks: dict[int, ProcessMark] = {}

    def __enter__(self) -> Self:
        """End what a killed process of this run left running."""
        for mark in self.ground.run.leftover_processes():
            os.killpg(mark.pid, signal.SIGKILL)
            self.ground.run.forget_process(mark)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the sandbox and take the worktree away."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
        path = self._path()
        if self._tree is not None or path.exists():
            close_worktree(self.ground.repository, path)
            self.ground.run.let_go(HELD, str(path))
        self._tree = None

    @property
    def tree(self) -> LinkedTree:
        """The worktree, on a commit that holds the project as it is on disk."""
        if self._tree is None:
            path = self._path()
            self.ground.run.hold(HELD, str(path))
            open_worktree(self.ground.repository, path, self.base)
            self._tree = LinkedTree(self.ground.repository, path, linked_folders(self.ground.repository))
            self._tree.reset(self.base)
            self._prepare(self._tree)
        return self._tree

    def _prepare(self, tree: LinkedTree) -> None:
        """Change what a worktree that was just opened holds beyond the commit: nothing here."""

    @property
    def overlay(self) -> Path:
        """Where packages are put that a patch needs: seen by whatever sees the worktree, and by git never."""
        folder = self.tree.path / KEPT / "packages"
        make_ignored(self.tree.path / KEPT)
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def python(self) -> str:
        """The interpreter of the project's environment."""
        if not self._python:
            self._python = find_python(self.ground.repository, self.ground.settings.project, None)[0]
        return self._python

    def stop(self) -> bool:
        """Whether no new work may be started."""
        return self.budget.stop()

    def run(self, invocation: Invocation, *, network: bool | None = None) -> CommandResult:
        """Run a command in the worktree, in the sandbox, no longer than there is time."""
        limit = invocation.timeout_seconds or self.ground.settings.sandbox.command_seconds
        whole = with_python_path(invocation, self.tree.path)
        timeout = max(1.0, min(limit, self.budget.left))
        return self.sandbox.run(whole, timeout=timeout, network=network)

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox around it; raises PolicyError where the settings require one that this machine has not."""
        if self._sandbox is None:
            python, repository = Path(self.python), self.ground.repository
            links = [repository / name for name in self.tree.links]
            self._sandbox = Sandbox(
                self.ground.settings.sandbox,
                self.tree.path,
                readable=[python.parent.parent, repository / ".fixer" / "errors", *links],
                path=[python.parent],
                env={INSIDE: self.ground.run.id, RUN_VARIABLE: self.ground.run.id},
                mask=self.ground.mask,
                on_process=self._note_process,
            )
        return self._sandbox

    def _note_process(self, pid: int, event: ProcessEvent) -> None:
        if event == "started":
            self._marks[pid] = self.ground.run.mark_process(pid)
        elif mark := self._marks.pop(pid, None):
            self.ground.run.forget_process(mark)

    def _path(self) -> Path:
        """A place outside of the user's tree: tools look for their configuration in every folder above."""
        named = self.ground.settings.worktree_dir
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        usable = os.access(cache if cache.exists() else cache.parent, os.W_OK | os.X_OK)
        base = Path(named).expanduser() if named else (cache if usable else Path(tempfile.gettempdir()))
        folder = base if named else base / "fixer" / "worktrees"
        place = hashlib.sha256(str(self.ground.repository).encode()).hexdigest()[:12]
        return folder.absolute() / f"{place}-{self.ground.run.id}-{self._name}" / "tree"
