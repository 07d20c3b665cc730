"""Where a recovery is tried: a worktree with the project as it is on disk, a sandbox, and the time that is left."""

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
from fixer.fingerprint import fingerprint
from fixer.journal import RUN_VARIABLE, ProcessMark
from fixer.own_files import make_ignored
from fixer.parsers import failures_in, lines_of
from fixer.project import find_python, with_python_path
from fixer.recovery import byproducts
from fixer.recovery.snapshot import linked_folders
from fixer.recovery.work import INSIDE, Ground
from fixer.reproduction import compare
from fixer.sandbox import ProcessEvent, Sandbox
from fixer.schema.base import content_id
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.patch import new_patch
from fixer.schema.recovery import ErrorContext
from fixer.schema.reproduction import Reproduction, Shown
from fixer.verification.change import DoesNotApplyError, read_change
from fixer.verification.tampering import tampering
from fixer.worktree import Worktree, close_worktree, open_worktree

HELD = "worktree"
"""Kind of resource in the journal; `fixer gc` takes away what a run left."""
KEPT = ".fixer"
"""Folder in the worktree, unseen by git, that survives a reset: packages that a patch needs are put there."""
OURS = frozenset({"HOME", "PATH", "TMPDIR", "TERM", "PWD", "OLDPWD", "SHLVL", "_", INSIDE, RUN_VARIABLE})
"""Variables that the sandbox sets itself; the failed command's own values would lead elsewhere."""


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


class Scene:
    """What playbooks work with. Closing it leaves nothing behind but the journal."""

    def __init__(self, ground: Ground, context: ErrorContext, base: str, budget: Budget) -> None:
        """Prepare; the worktree and the sandbox are made when they are first needed."""
        self.ground = ground
        self.context = context
        self.base = base
        """The commit that stands for the project as it is on disk."""
        self.budget = budget
        self.carried = ""
        """What earlier attempts changed and the next one builds on, against `base`."""
        self._tree: LinkedTree | None = None
        self._sandbox: Sandbox | None = None
        self._python = ""
        self._marks: dict[int, ProcessMark] = {}
        self._seen: CommandResult | None = None

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
        """The worktree, on a commit that holds the project as it is on disk and what was carried over."""
        if self._tree is None:
            path = self._path()
            self.ground.run.hold(HELD, str(path))
            open_worktree(self.ground.repository, path, self.base)
            self._tree = LinkedTree(self.ground.repository, path, linked_folders(self.ground.repository))
            self._tree.reset(self.base)
            if self.carried:
                self._tree.apply(self.carried)
                self._tree.commit_all("what earlier attempts changed")
        return self._tree

    @property
    def overlay(self) -> Path:
        """Where packages are put that a patch needs: seen by whatever sees the worktree, and by git never."""
        folder = self.tree.path / KEPT / "packages"
        make_ignored(self.tree.path / KEPT)
        folder.mkdir(exist_ok=True)
        return folder

    def carry(self, diff: str, context: ErrorContext) -> None:
        """Build the next attempt on `diff` (against `base`), which left the failure of `context`."""
        self.carried = diff
        self.context = context
        self._seen = None
        if self._tree is not None:
            self._tree.reset(self.base)
            self._tree.apply(diff)
            self._tree.commit_all("what earlier attempts changed")

    @property
    def python(self) -> str:
        """The interpreter of the project's environment."""
        if not self._python:
            self._python = find_python(self.ground.repository, self.ground.settings.project, None)[0]
        return self._python

    @property
    def failure(self) -> Failure:
        """The failure that is worked on: the first that could be read, else the end of the output."""
        return failure_of(self.context)

    @property
    def invocation(self) -> Invocation:
        """The failed command, as it can be run in the worktree."""
        environment = {name: value for name, value in self.context.environment.items() if name not in OURS}
        return Invocation(argv=self.context.result.argv, cwd=self.cwd, env=environment)

    @property
    def cwd(self) -> str:
        """The folder of the failed command, relative to the top of the project."""
        folder, top = Path(self.context.folder).resolve(), self.ground.repository.resolve()
        return folder.relative_to(top).as_posix() if folder.is_relative_to(top) else "."

    def stop(self) -> bool:
        """Whether no new work may be started."""
        return self.budget.stop()

    def run(self, invocation: Invocation, *, network: bool | None = None) -> CommandResult:
        """Run a command in the worktree, in the sandbox, no longer than there is time."""
        limit = invocation.timeout_seconds or self.ground.settings.sandbox.command_seconds
        whole = with_python_path(invocation, self.tree.path)
        timeout = max(1.0, min(limit, self.budget.left))
        return self.sandbox.run(whole, timeout=timeout, network=network)

    def as_it_was(self) -> CommandResult:
        """Run the failed command on the unchanged worktree, in fixer's own sandbox, once; leaves the tree clean."""
        if self._seen is None:
            self.tree.reset()
            self._seen = self.run(self.invocation)
            self.tree.reset()
        return self._seen

    def shows_it(self, result: CommandResult) -> bool:
        """Whether a run in fixer's own sandbox failed as the failed command did."""
        if not self.context.failures:
            return not result.passed and result.exit_code == self.context.result.exit_code
        return compare(self.failure, result, self.failures_in) is Shown.SAME

    def failures_in(self, text: str) -> list[Failure]:
        """Read the failures out of a command's output."""
        return failures_in(lines_of(text.splitlines()))

    def refused(self, diff: str) -> str:
        """Return why a diff against the tree's commit must not be taken: what it weakens, or its form; empty: it may.

        The rules are those of the gate that every patch passes.
        """
        failure = self.failure
        patch = new_patch(reproduction_id=failure.id, strategy="recovery", summary="", explanation="", diff=diff)
        try:
            found = tampering(read_change(patch, self.reproduction, self.tree.git))
        except DoesNotApplyError as error:
            return str(error)
        return "; ".join(str(finding) for finding in found[:5])

    @property
    def reproduction(self) -> Reproduction:
        """The failed command as the room of strategies and the gate's rules take it."""
        failure = self.failure
        return Reproduction(
            id=content_id(failure.id, self.base),
            failure_id=failure.id,
            name="recovery",
            commit=self.base,
            runner=failure.tool,
            narrowed=self.invocation,
            suite=self.invocation,
            test=failure.test,
            deterministic=True,
            failure_rate=1.0,
            runs=1,
        )

    @property
    def sandbox(self) -> Sandbox:
        """The recovery's own sandbox; raises PolicyError where the settings require one that this machine has not."""
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
        return folder.absolute() / f"{place}-{self.ground.run.id}-recovery" / "tree"


def failure_of(context: ErrorContext) -> Failure:
    """Return the first failure that could be read, else one made of the last line that was printed."""
    if context.failures:
        return context.failures[0]
    lines = [text.strip() for text in (context.result.output or context.result.reason).splitlines() if text.strip()]
    message = (lines[-1] if lines else f"{context.subject} failed and printed nothing")[:600]
    stable = fingerprint(message)
    return Failure(
        id=content_id(context.subject, stable),
        tool=context.subject,
        kind=FailureKind.OTHER,
        message=message,
        exit_code=context.result.exit_code,
        fingerprint=stable,
        root_cause=context.root_cause,
    )
