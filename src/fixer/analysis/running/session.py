"""A tool's folder in, commands run there as the user's own out: the user's environment, a group and limits each."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from fixer.journal import RUN_VARIABLE, OwnedRun, ProcessMark
from fixer.own_files import make_ignored
from fixer.sandbox import ProcessEvent, Sandbox
from fixer.sandbox.environment import KEPT
from fixer.schema.command import CommandResult, Invocation, Rung
from fixer.schema.settings import Settings

KEPT_OUTPUT = 20_000
"""Characters of each stream that the journal keeps of a command."""
TOOL_SECONDS = 900.0
"""Time that one command of a tool gets: a whole test suite runs in it, slowed down by measuring."""
_DROPPED = (
    # Output is read by programs: no colours, whatever the user forces.
    "FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS", "TMPDIR", "NODE_V8_COVERAGE",
    # fixer being measured itself must not measure the project's processes.
    "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG", "COVERAGE_RUN", "PYTEST_CURRENT_TEST",
    "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID",
)  # fmt: skip


class Commands:
    """Runs commands in one tree for one run of the journal; every one is recorded there. Closing ends them all."""

    def __init__(  # noqa: PLR0913 - keywords, each one thing that the commands depend on
        self,
        project: Path,
        settings: Settings,
        run: OwnedRun,
        mask: Callable[[str], str],
        *,
        root: Path | None = None,
        changes: Mapping[str, str | None] | None = None,
        timeout_seconds: float = TOOL_SECONDS,
    ) -> None:
        """Make ready.

        Args:
            project: the user's own, where fixer keeps its state.
            settings: limits of memory and output.
            run: the run that commands are recorded in.
            mask: takes secrets out of text.
            root: the tree that commands run in; None: the project itself.
            changes: variables set (None: taken away) in the user's environment.
            timeout_seconds: of one command, where it has no limit of its own.
        """
        self.project = project
        self.root = root or project
        self.state = project / ".fixer"
        self.scratch = self.state / "scratch" / run.id
        """Outputs of tools. By the run's name, so that a resumed run takes away what a killed one left."""
        self.timeout_seconds = timeout_seconds
        self._run = run
        self._marks: dict[int, ProcessMark] = {}
        self.last: CommandResult | None = None
        """Of the newest command."""
        self.environment = users_environment(os.environ, changes or {}) | {RUN_VARIABLE: run.id}
        self._sandbox = Sandbox(
            settings.sandbox,
            self.root,
            mask=mask,
            on_result=self._keep,
            on_process=self._note_process,
            # These are the user's own commands: a build reaches its registry, caches and credentials.
            rung=Rung.PROCESS_GROUP,
        )

    def __enter__(self) -> Self:
        """End what a killed process of the same run left running, and take away what it left."""
        make_ignored(self.state)
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        for mark in self._run.leftover_processes():
            os.killpg(mark.pid, signal.SIGKILL)
            self._run.forget_process(mark)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Kill what still runs, and remove the tools' outputs."""
        self._sandbox.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def run(self, argv: tuple[str, ...], folder: Path, env: Mapping[str, str], seconds: float | None) -> CommandResult:
        """Run one command in `folder`, which lies in the tree."""
        invocation = Invocation(argv=argv, cwd=os.path.relpath(folder, self.root), env={**self.environment, **env})
        self.last = self._sandbox.run(invocation, timeout=seconds or self.timeout_seconds)
        return self.last

    def _keep(self, result: CommandResult) -> None:
        self._run.event("command", result.shortened(KEPT_OUTPUT).model_dump(mode="json"))

    def _note_process(self, pid: int, event: ProcessEvent) -> None:
        if event == "started":
            self._marks[pid] = self._run.mark_process(pid)
        elif mark := self._marks.pop(pid, None):
            self._run.forget_process(mark)


class ToolSession:
    """One use of one tool; satisfies `fixer.analysis.base.Session`. What it wrote is gone when it is left."""

    def __init__(self, commands: Commands, place: str, byproducts: tuple[str, ...]) -> None:
        """Prepare for the folder `place` of the tree of `commands`, and of the user's own project."""
        self.folder = Path(os.path.normpath(commands.root / place))
        self.home = Path(os.path.normpath(commands.project / place))
        self.cache = commands.state / "cache"
        self._commands = commands
        self.scratch = Path(tempfile.mkdtemp(dir=commands.scratch))
        self._new = [path for path in (self.folder / name for name in byproducts) if not path.exists()]

    def __enter__(self) -> Self:
        """Make the cache folder."""
        self.cache.mkdir(exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove what the tool wrote."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        for path in self._new:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    @property
    def environment(self) -> Mapping[str, str]:
        """The user's variables as commands see them."""
        return self._commands.environment

    def run(
        self, *argv: str, env: Mapping[str, str] | None = None, timeout_seconds: float | None = None
    ) -> CommandResult:
        """Run a command in the tool's folder."""
        return self._commands.run(argv, self.folder, env or {}, timeout_seconds)

    def which(self, program: str) -> str | None:
        """Look a program up on the commands' own PATH."""
        return shutil.which(program, path=self._commands.environment.get("PATH"))


def users_environment(outer: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """Return what commands get on top of the sandbox's environment, so that it is the user's own again.

    What the sandbox points at private folders is pointed back; only temporary files stay private.
    """
    home = Path(outer.get("HOME") or Path.home())
    env = {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "GOCACHE": str(Path(outer.get("XDG_CACHE_HOME") or home / ".cache") / "go-build"),
        "npm_config_cache": str(home / ".npm"),
        **{name: value for name, value in outer.items() if name not in _DROPPED},
        "TERM": "dumb",
        # Whatever the user's shell says: measuring leaves nothing in the project.
        "PYTHONDONTWRITEBYTECODE": "1",
        "NO_COLOR": "1",
        "CARGO_TERM_COLOR": "never",
    }
    for name, value in changes.items():
        if value is not None:
            env[name] = value
        elif name in KEPT:
            # The sandbox would pass it on.
            env[name] = ""
        else:
            env.pop(name, None)
    return env
