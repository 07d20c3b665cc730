"""What a workflow needs beside its file: refused before anything runs, with the place of every step that lacks it."""

from collections.abc import Iterator

from fixer.input.known_commands import KnownCommands
from fixer.input.problems import InputError, Position, Problem
from fixer.schema.workflow import Workflow, WorkflowStep
from fixer.workflow.route import all_steps, needs_argument
from fixer.workflow.services import Services

HINT = "`fixer doctor FILE` looks at everything that a workflow needs; `fixer config` shows the settings in force"


def refuse_unready(workflow: Workflow, known: KnownCommands, services: Services, argument: str | None) -> None:
    """Raise where a step could not be run.

    Raises:
        InputError: with every such step.
    """
    found = list(_problems(workflow, known, services))
    step = needs_argument(workflow)
    if step is not None and argument is None:
        found.append(
            _problem(
                workflow,
                step,
                f"the step '{step.name}' uses $ARG, and no value was given",
                "fixer run FILE --arg VALUE",
            )
        )
    if found:
        raise InputError(found, HINT)


def _problems(workflow: Workflow, commands: KnownCommands, services: Services) -> Iterator[Problem]:
    for step in all_steps(workflow):
        known = None if step.command else commands.find(step.name)
        if known is not None and known.prompt is not None and services.agent is None:
            message = f"the step '{step.name}' is a prompt for an agent ({known.prompt}), and {services.no_agent}"
            instead = f"{services.how_to}; or give '{step.name}' a command"
            yield _problem(workflow, step, message, instead)
        if services.analyst is None and (step.analysis is not None or (known is not None and known.tool)):
            message = f"the step '{step.name}' needs the analysis tools, which are not part of this fixer"
            yield _problem(workflow, step, message, f"a command for '{step.name}'")


def _problem(workflow: Workflow, step: WorkflowStep, message: str, instead: str) -> Problem:
    return Problem(workflow.path, Position(step.line, step.column), message, instead)
