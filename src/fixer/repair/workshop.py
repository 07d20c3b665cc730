"""The live things of one run: its worktree, its sandbox, its budgets, and the journal that keeps what was done."""

import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pydantic import JsonValue

from fixer.budget import Budget
from fixer.git import Git
from fixer.journal import RUN_VARIABLE, OwnedRun, ProcessMark
from fixer.llm.budgets import Spent
from fixer.parsers import failures_in, lines_of
from fixer.project import find_python, with_python_path
from fixer.redact import Masker
from fixer.repair.given import Given
from fixer.repair.models import MakeModels, Models, RunModels
from fixer.reproduction import Lab
from fixer.reproduction.base import Project
from fixer.sandbox import OwnProgram, ProcessEvent, Sandbox
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.failure import Failure
from fixer.schema.report import PhaseTime
from fixer.spending import spent_by
from fixer.worktree import Worktree, close_worktree, open_worktree

T = TypeVar("T")
KEPT_OUTPUT = 20_000
"""Characters of each stream that the evidence keeps of a command."""
WORKTREE = "worktree"
IMPORTED = frozenset({"pytest", "ruff", "mypy", "black", "isort", "flake8"})
"""Tools that the project's interpreter must be able to import to run them."""


class Workshop:
    """Everything that a stage of the run works with. Closing it leaves nothing behind but the journal."""

    def __init__(
        self, run: OwnedRun, given: Given, talk: Callable[[str], None], make_models: MakeModels = RunModels
    ) -> None:
        """Prepare for the run; the worktree and the sandbox are made when they are first needed."""
        self.journal = run
        self.given = given
        self.talk = talk
        self.repository = Path(given.repository)
        self.git = Git(self.repository)
        self.masker = Masker(os.environ)
        self.folder = self.repository / ".fixer" / "runs" / run.id
        self.overlay = self.folder / "overlay"
        self.total = Budget("total", given.settings.budget.total, run.active_seconds())
        self.phase = self.total
        self.round = 1
        """Which failure of the log is worked on; steps of further rounds carry it in their names."""
        self.overlaid = False
        """Whether commands see the packages of `overlay`."""
        self._entered: list[Budget] = []
        self._tree: Worktree | None = None
        self._sandbox: Sandbox | None = None
        self._python: str | None = None
        self._marks: dict[int, ProcessMark] = {}
        self._make_models = make_models
        self._models: Models | None = None

    def __enter__(self) -> Self:
        """Make the run's folder, and end what a killed process of this run left running."""
        self.overlay.mkdir(parents=True, exist_ok=True)
        for mark in self.journal.leftover_processes():
            os.killpg(mark.pid, signal.SIGKILL)
            self.journal.forget_process(mark)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close, whatever happened."""
        self.close()

    def close(self) -> None:
        """End the sandbox and take the worktree away; may be called twice."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
        self._tree = None
        for thing in self.journal.held():
            if thing.kind == WORKTREE:
                close_worktree(self.repository, Path(thing.name))
            self.journal.let_go(thing.kind, thing.name)
        shutil.rmtree(self.overlay, ignore_errors=True)

    # -- what the journal keeps

    def step(self, name: str, returns: type[T], body: Callable[[], T]) -> T:
        """Run a step once; a finished one gives back what it gave before."""
        return self.journal.step(name if self.round == 1 else f"{name}.round{self.round}", returns, body)

    def begin(self, phase: str, limit: float) -> None:
        """Enter a phase with its own budget inside of the total one; what earlier rounds used of it is used."""
        self.phase = Budget(phase, limit, self._used().get(phase, 0.0), outer=self.total)
        self._entered.append(self.phase)

    def _used(self) -> dict[str, float]:
        """Return the seconds that each phase took in this process, in the order in which they were entered."""
        ends = [*(budget.started for budget in self._entered[1:]), self.total.clock()]
        seconds: dict[str, float] = {}
        for budget, end in zip(self._entered, ends[: len(self._entered)], strict=True):
            seconds[budget.name] = seconds.get(budget.name, 0.0) + end - budget.started
        return seconds

    def is_over(self, phase: str, limit: float) -> bool:
        """Whether a phase, over all rounds, has no time left to start anything in."""
        return Budget(phase, limit, self._used().get(phase, 0.0), outer=self.total).stop()

    def phases(self) -> list[PhaseTime]:
        """Return the seconds that each phase took in this process, beside its budget."""
        limits = {budget.name: budget.limit for budget in self._entered}
        return [
            PhaseTime(phase=name, seconds=round(seconds, 3), budget_seconds=limits[name])
            for name, seconds in self._used().items()
        ]

    def commands(self) -> list[CommandResult]:
        """Return every command of the run, those of earlier processes included."""
        return [CommandResult.model_validate(event.data) for event in self.journal.events("command")]

    def keep(self, result: CommandResult) -> None:
        """Record a command in the journal, its output shortened."""
        short = result.model_copy(update={"stdout": shorten(result.stdout), "stderr": shorten(result.stderr)})
        self.journal.event("command", short.model_dump(mode="json"))

    def record(self, kind: str, data: JsonValue) -> None:
        """Record an event of a strategy."""
        self.journal.event(kind, data)

    def used(self) -> Spent:
        """Return what models have used, in this process and in those before it."""
        return spent_by(self.journal) if self._models is None else self._models.used

    # -- what the stages use

    @property
    def models(self) -> Models:
        """The models of the run."""
        if self._models is None:
            self._models = self._make_models(self.given, self.journal)
        return self._models

    @property
    def tree(self) -> Worktree:
        """The run's only worktree."""
        if self._tree is None:
            path = self._tree_path()
            self.hold_worktree(path)
            self._tree = open_worktree(self.repository, path, self.given.head)
        return self._tree

    def hold_worktree(self, path: Path) -> None:
        """Record a worktree before it is made: whatever happens, the run's end takes it away."""
        self.journal.hold(WORKTREE, str(path))

    def let_go_worktree(self, path: Path) -> None:
        """Take back `hold_worktree` once it is gone."""
        self.journal.let_go(WORKTREE, str(path))

    def further_tree_path(self, number: int) -> Path:
        """Return the place of a worktree beside the run's own."""
        own = self._tree_path()
        return own.parent.with_name(f"{own.parent.name}-{number}") / own.name

    def _tree_path(self) -> Path:
        """A place outside of the user's tree: tools look for their configuration in every folder above."""
        named = self.given.settings.worktree_dir
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        if not named and not _writable(cache):
            cache = Path(tempfile.gettempdir())
        base = Path(named).expanduser() if named else cache / "fixer" / "worktrees"
        place = hashlib.sha256(self.given.repository.encode()).hexdigest()[:12]
        return base.absolute() / f"{place}-{self.journal.id}" / "tree"

    @property
    def sandbox(self) -> Sandbox:
        """The run's sandbox; raises PolicyError where the settings require one that this machine has not."""
        if self._sandbox is None:
            self._sandbox = self.make_sandbox(self.tree.path)
        return self._sandbox

    def make_sandbox(
        self,
        tree: Path,
        *,
        readable: Sequence[Path] = (),
        env: Mapping[str, str] | None = None,
        keep: Callable[[CommandResult], None] | None = None,
        own: OwnProgram | None = None,
    ) -> Sandbox:
        """Make a sandbox around one worktree; `keep` is told of its results, by default the evidence keeps them.

        Raises:
            PolicyError: the settings require one that this machine has not.
        """
        python = Path(self.python_for(None))
        common = self.git.line("rev-parse", "--path-format=absolute", "--git-common-dir")
        return Sandbox(
            self.given.settings.sandbox,
            tree,
            readable=[Path(common), python.parent.parent, self.overlay, *readable],
            path=[python.parent],
            env={**(env or {}), RUN_VARIABLE: self.journal.id},
            mask=self.masker.mask,
            on_result=keep or self.keep,
            on_process=self._note_process,
            own=own,
        )

    def _note_process(self, pid: int, event: ProcessEvent) -> None:
        """Record a command's process group while it runs: after a kill, the next process of the run ends it."""
        if event == "started":
            self._marks[pid] = self.journal.mark_process(pid)
        elif mark := self._marks.pop(pid, None):
            self.journal.forget_process(mark)

    def python_for(self, tool: str | None) -> str:
        """Find the interpreter that can run `tool`; the first answer is kept for the run."""
        if self._python is None:
            module = tool if tool in IMPORTED else None
            self._python, why = find_python(self.repository, self.given.settings.project, module)
            self.talk(f"interpreter: {self._python} ({why})")
        return self._python

    def run(self, invocation: Invocation) -> CommandResult:
        """Run a command in the worktree, in the sandbox, no longer than the phase has left."""
        limit = invocation.timeout_seconds or self.given.settings.sandbox.command_seconds
        whole = self.prepared(invocation, self.tree.path)
        return self.sandbox.run(whole, timeout=max(1.0, min(limit, self.phase.left)))

    def prepared(self, invocation: Invocation, tree: Path) -> Invocation:
        """Return the invocation so that the code of this worktree is imported, then what was installed for the run."""
        whole = with_python_path(invocation, tree)
        if self.overlaid:
            # Behind the project's own code.
            path = os.pathsep.join([whole.env["PYTHONPATH"], str(self.overlay)])
            whole = whole.model_copy(update={"env": {**whole.env, "PYTHONPATH": path}})
        return whole

    def failures_in(self, text: str) -> list[Failure]:
        """Read the failures out of a command's output."""
        return failures_in(lines_of(text.splitlines()))

    def lab(self, tool: str) -> Lab:
        """What the room `reproduction` works with; a sandbox that policy requires is missed here, not in its midst."""
        python = self.python_for(tool)
        self.sandbox.describe()
        return Lab(
            tree=self.tree,
            run=self.run,
            failures_in=self.failures_in,
            python=python,
            stop=self.phase.stop,
            test_command=self.given.settings.project.test_command,
            jobs=1,
        )

    def project(self, cwd: str) -> Project:
        """What a runner needs to read a result of a command that ran in `cwd`."""
        return Project(root=self.tree.path, python=self.python_for(None), cwd=cwd)


def shorten(text: str, limit: int = KEPT_OUTPUT) -> str:
    """Keep both ends of a text; say how much is missing."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n[… {len(text) - 2 * half} characters omitted …]\n{text[-half:]}"


def _writable(folder: Path) -> bool:
    """Whether `folder` exists or could be made, and files may be made in it."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)
