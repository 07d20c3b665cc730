"""What a workflow asks of other rooms, as narrow protocols; and the one place that says who answers.

Each service is None where it is not to be had: a workflow that needs it is then refused before anything runs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fixer.external_agent import external_agent
from fixer.journal import OwnedRun
from fixer.schema.base import Record
from fixer.schema.command import CommandResult
from fixer.schema.failure import Failure
from fixer.schema.recovery import Recovery
from fixer.schema.settings import Settings
from fixer.schema.workflow import AnalysisRequest

Again = Callable[[Path, Mapping[str, str | None]], CommandResult]
"""Runs the failed command once more: in this folder (the project's, or a worktree of it), with these changes of the
environment (None takes a variable away)."""


@dataclass(frozen=True)
class Ground:
    """The run that a service works for."""

    repository: Path
    settings: Settings
    run: OwnedRun
    talk: Callable[[str], None]
    """Says what is being done, in one line."""
    mask: Callable[[str], str]


class Measured(Record):
    """What analysis tools came to."""

    passed: bool
    summary: str
    """One line: the figures, or what went wrong."""
    command: CommandResult | None = None
    """The tool that failed, or the last one that ran."""
    recoveries: tuple[Recovery, ...] = ()
    """Of the tools that failed; where recovery is off, what a person would type to mend them."""


class Analyst(Protocol):
    """Runs analysis tools and keeps their metrics; recovers one that failed where the request allows it."""

    def measure(self, tools: tuple[str, ...], request: AnalysisRequest, label: str) -> Measured:
        """Run `tools`, by their names; empty: all that apply. `label` is unique in the run and stable over resumes."""
        ...


@dataclass(frozen=True)
class FailedStep:
    """A step that failed, for whoever may mend it."""

    name: str
    phase: str
    """`test` where its output shows failing tests, else `workflow`."""
    result: CommandResult
    folder: Path
    """Absolute; it ran here."""
    environment: Mapping[str, str]
    """Everything that it was given."""
    failures: tuple[Failure, ...]
    """What the parsers read from its output."""
    label: str
    """Unique in the run and stable over resumes."""
    request: AnalysisRequest | None = None
    """What the step itself says about recovery; None: nothing."""


class Recoverer(Protocol):
    """Tries to mend what a step failed on: bounded, in a worktree, and never for itself.

    Where recovery is switched off it only says what a person would do.
    """

    def recover(self, failed: FailedStep, again: Again) -> Recovery:
        """Return what it came to; the project has changed only where it says `recovered`."""
        ...


class Agent(Protocol):
    """Does what a prompt file says, in the project."""

    def work(self, prompt: str, run_command: Callable[[tuple[str, ...]], CommandResult]) -> CommandResult:
        """Return how it ended; `run_command` runs an argument list in the step's folder, under its time limit."""
        ...


@dataclass(frozen=True)
class Services:
    """Who answers; each makes its service for one run."""

    tools: tuple[str, ...] = ()
    """Names of analysis tools beside the built-in ones."""
    analyst: Callable[[Ground], Analyst] | None = None
    recoverer: Callable[[Ground], Recoverer] | None = None
    agent: Callable[[Ground], Agent] | None = None


class CommandAgent:
    """An external coding agent: a command that takes the prompt on its standard input, or as `{prompt_file}`.

    It is a step like any other that the user wrote into the workflow: it works in the project itself, may commit
    there, and runs as the user would run it, so not in the sandbox.
    """

    def __init__(self, ground: Ground) -> None:
        """Take the command line from the settings; the names of known agents stand for theirs.

        Raises:
            ConfigError: it is no command line.
        """
        self.agent = external_agent(ground.settings.agent.external)
        self.folder = ground.repository / ".fixer" / "runs" / ground.run.id

    def work(self, prompt: str, run_command: Callable[[tuple[str, ...]], CommandResult]) -> CommandResult:
        """Run it once."""
        file = self.folder / "prompt.md"
        file.write_text(prompt, encoding="utf-8", errors="replace")
        try:
            return run_command(self.agent.words(file))
        finally:
            file.unlink(missing_ok=True)


def services_for(settings: Settings) -> Services:
    """Return the services of this installation under these settings."""
    from fixer.workflow.analyst import ToolAnalyst  # noqa: PLC0415 - they satisfy the protocols above
    from fixer.workflow.recoverer import StepRecoverer  # noqa: PLC0415

    return Services(
        tools=tuple(settings.analysis),
        analyst=ToolAnalyst,
        recoverer=StepRecoverer,
        agent=CommandAgent if settings.agent.external else None,
    )
