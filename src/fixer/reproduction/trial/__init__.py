"""One failure on its way to a reproduction: where it is tried, what was chosen, and every run so far."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fixer.project import with_python_path
from fixer.reproduction.any_command import AnyCommand
from fixer.reproduction.base import Project, Runner
from fixer.reproduction.proof.same_failure import FailuresIn, compare
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.execution import Execution
from fixer.schema.failure import Failure
from fixer.schema.reproduction import Shown
from fixer.worktree import Worktree


@dataclass(frozen=True)
class Lab:
    """Where reproductions are tried."""

    tree: Worktree
    run: Callable[[Invocation], CommandResult]
    """Runs a command in `tree`, in the sandbox."""
    failures_in: FailuresIn
    """Reads the failures from what a run printed."""
    python: str
    """Interpreter of the project's environment."""
    stop: Callable[[], bool]
    """True once no new work may be started."""
    test_command: str = ""
    """The whole suite, where the user's settings name it."""
    jobs: int = 1
    """Runs at the same time, when a failure comes and goes; more than 1 only where `run` may be called by threads."""


@dataclass(frozen=True)
class NotReproduced:
    """Why there is no reproduction, with the runs that say so."""

    reason: str
    """Plain sentences for the user: what was run, what was seen, what can be done."""
    shown: Shown
    commands: tuple[CommandResult, ...] = ()


@dataclass
class Trial:
    """One failure on its way to a reproduction: what was chosen, and every run so far."""

    failure: Failure
    execution: Execution
    lab: Lab
    runner: Runner
    project: Project
    origin: str
    results: list[CommandResult] = field(default_factory=list)

    def run(self, command: Invocation) -> CommandResult:
        """Run a command with the worktree's own code first on its path, and keep the result."""
        result = self.lab.run(with_python_path(command, self.lab.tree.path))
        self.results.append(result)
        return result

    def shows(self, result: CommandResult) -> Shown:
        """Say what a run showed of the failure."""
        return compare(self.failure, result, self.lab.failures_in)

    def give_up(self, reason: str, shown: Shown) -> NotReproduced:
        """Return the answer that there is no reproduction, with every run so far."""
        return NotReproduced(f"{reason} (command from: {self.origin})", shown, tuple(self.results))


def only_knows_commands(runner: Runner) -> bool:
    """Whether a runner starts commands without knowing their tool."""
    return runner.tool == AnyCommand.tool
