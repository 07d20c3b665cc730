"""Where a workflow goes on after a step: the sequence, the branches, and the conditions (spec D1). No I/O."""

from collections.abc import Iterator

from fixer.input.placeholders import ARGUMENT, placeholders
from fixer.input.step_links import branches, nested
from fixer.schema.workflow import CONTINUE, Workflow, WorkflowStep

VISITS = 10
"""How often one step of `commands` may be run in one run of its workflow."""
FAILED = ""
"""A step failed and nothing says where to go: beside `continue-workflow`, `fail-workflow` and the names of steps."""
_OPERATORS = frozenset({"|", "||", "&&", ";", "&", ">", ">>", "<", "<<", "2>", "2>&1", "&>"})


class Route:
    """The way through one workflow."""

    def __init__(self, workflow: Workflow) -> None:
        """Tell the sequence from the branches."""
        self.branches = branches(workflow.steps)
        self.sequence = tuple(step for step in workflow.steps if step.name not in self.branches)
        self._named = {step.name: step for step in workflow.steps}

    def named(self, name: str) -> WorkflowStep:
        """Return the step that a `next` means."""
        return self._named[name]

    def place(self, step: WorkflowStep) -> int | None:
        """Return where in the sequence a step stands; None for a branch."""
        return None if step.name in self.branches else self.sequence.index(step)


def after(step: WorkflowStep, exit_code: int, *, passed: bool) -> str:
    """Return where to go after a step that ended so: a name, `continue-workflow`, `fail-workflow`, or `FAILED`."""
    for condition in step.conditions:
        if condition.exit_code == exit_code:
            return condition.next
    return step.default or (CONTINUE if passed else FAILED)


def is_taken_up(step: WorkflowStep, exit_code: int) -> bool:
    """Whether the workflow itself says what follows when this step fails with `exit_code`."""
    return step.on_failure is not None or after(step, exit_code, passed=False) != FAILED


def all_steps(workflow: Workflow) -> Iterator[WorkflowStep]:
    """Yield every step of a workflow, nested ones included."""
    for step in workflow.steps:
        yield from nested(step)


def needs_argument(workflow: Workflow) -> WorkflowStep | None:
    """Return the first step that uses $ARG, or None."""
    for step in all_steps(workflow):
        for text in (*step.command, *step.args, *step.env.values()):
            if ARGUMENT in placeholders(text):
                return step
    return None


def remarks(workflow: Workflow) -> list[str]:
    """Return what is right but probably not meant: words of a shell that go to a program as arguments."""
    said = []
    for step in all_steps(workflow):
        words = [word for word in step.command if word in _OPERATORS]
        if words:
            said.append(
                f"{workflow.path}:{step.line}:{step.column}: in step '{step.name}', {words[0]} goes to "
                f"{step.command[0]} as an argument, since no shell is used; for one, write: command: sh -c '…'"
            )
    return said
