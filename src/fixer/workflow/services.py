"""What a workflow asks of other rooms, as narrow protocols; and the one place that says who answers.

Each service is None where it is not to be had: a workflow that needs it is then refused before anything runs.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from fixer.errors import ConfigError
from fixer.external_agent import external_agent
from fixer.journal import OwnedRun
from fixer.schema.base import Record
from fixer.schema.command import CommandResult
from fixer.schema.failure import Failure
from fixer.schema.recovery import Recovery
from fixer.schema.settings import Settings
from fixer.schema.workflow import AnalysisRequest, WorkflowStep

HOW_TO = (
    "for a model: export GEMINI_API_KEY=KEY, or set model.kind, model.base_url and model.name; for an external agent: "
    "export FIXER_AGENT_EXTERNAL=COMMAND"
)
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


@dataclass(frozen=True)
class Task:
    """What a step asks an agent for."""

    file: Path
    """The prompt file."""
    prompt: str
    """Its text with everything filled in."""
    instructions: str
    """The same, but what other steps printed is only named: `[output of NAME]`."""
    outputs: Mapping[str, str]
    """What other steps printed, by those names."""
    label: str
    """Unique in the run and stable over resumes."""
    step: WorkflowStep
    run_command: Callable[[tuple[str, ...]], CommandResult]
    """Runs an argument list as the step's own command: in its folder, with its variables, under its time limit."""


class Agent(Protocol):
    """Does what a prompt file says, in the project."""

    def work(self, task: Task) -> CommandResult:
        """Return how it ended; its standard output is the agent's account."""
        ...


@dataclass(frozen=True)
class Services:
    """Who answers; each makes its service for one run."""

    tools: tuple[str, ...] = ()
    """Names of analysis tools beside the built-in ones."""
    analyst: Callable[[Ground], Analyst] | None = None
    recoverer: Callable[[Ground], Recoverer] | None = None
    agent: Callable[[Ground], Agent] | None = None
    no_agent: str = "no agent is configured"
    """Why there is none, where there is none."""
    how_to: str = HOW_TO
    """What a user types to have one."""


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

    def work(self, task: Task) -> CommandResult:
        """Run it once."""
        file = self.folder / "prompt.md"
        file.write_text(task.prompt, encoding="utf-8", errors="replace")
        try:
            return task.run_command(self.agent.words(file))
        finally:
            file.unlink(missing_ok=True)


def services_for(settings: Settings) -> Services:
    """Return the services of this installation under these settings; an external agent comes before a model."""
    from fixer.workflow.analyst import ToolAnalyst  # noqa: PLC0415 - they satisfy the protocols above
    from fixer.workflow.recoverer import StepRecoverer  # noqa: PLC0415

    found = Services(tools=tuple(settings.analysis), analyst=ToolAnalyst, recoverer=StepRecoverer)
    if settings.agent.external:
        return replace(found, agent=CommandAgent)
    from fixer.llm.access import find_model  # noqa: PLC0415 - knows no kind of model yet

    try:
        model = find_model(settings.model, os.environ)
    except ConfigError as error:
        return replace(found, no_agent=error.message, how_to=error.hint)
    return replace(found, agent=_model_agent) if model is not None else found


def _model_agent(ground: Ground) -> Agent:
    from fixer.workflow.model_agent import ModelAgent  # noqa: PLC0415 - only where a prompt is to be followed

    return ModelAgent(ground)
