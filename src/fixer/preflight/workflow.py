"""Takes a workflow and says what its steps would need and what is missing: programs, folders, prompt files."""

import os
import shutil
from collections.abc import Iterator, Sequence

from fixer.input.known_commands import KnownCommands
from fixer.input.step_links import branches, nested
from fixer.preflight.finding import Finding, Level
from fixer.schema.workflow import Workflow, WorkflowStep


def check_workflow(workflow: Workflow, known: KnownCommands, remarks: Sequence[str]) -> list[Finding]:
    """Return what was found, the steps in their order; nothing is run.

    Args:
        workflow: as it was read.
        known: the names that steps without a command may have; its project is the folder that the steps run in.
        remarks: what is right in the file, but probably not meant.
    """
    found = [_order(workflow)]
    for number, top in enumerate(workflow.steps):
        for step in nested(top):
            found += _step(step, known, first=number == 0 and step is top)
    found += [Finding("workflow", Level.WARNING, remark, "write what is meant, or leave it") for remark in remarks]
    return found


def _order(workflow: Workflow) -> Finding:
    only_named = branches(workflow.steps)
    names = [step.name for step in workflow.steps]
    seen = f"in this order: {', '.join(name for name in names if name not in only_named)}"
    if only_named:
        seen += f"; only when named: {', '.join(name for name in names if name in only_named)}"
    return Finding("workflow", Level.OK, seen)


def _step(step: WorkflowStep, commands: KnownCommands, *, first: bool) -> Iterator[Finding]:
    """Look at one step. What an earlier step may make yet is a warning, and no problem."""
    name = f"step {step.name}"
    folder = commands.project / step.working_dir
    if not folder.is_dir():
        level = Level.PROBLEM if first else Level.WARNING
        mend = f"mkdir -p {step.working_dir}, unless an earlier step makes it"
        yield Finding(name, level, f"its working_dir {folder} does not exist", mend)
    if not step.command:
        known = commands.find(step.name)
        what = (
            f"the prompt file {known.prompt}" if known and known.prompt else f"the tool {known.tool if known else '?'}"
        )
        yield Finding(name, Level.OK, what)
        return
    program = step.command[0]
    if "/" in program:
        if os.access(folder / program, os.X_OK) and (folder / program).is_file():
            yield Finding(name, Level.OK, str(folder / program))
        else:
            level = Level.PROBLEM if first else Level.WARNING
            mend = f"make {program} and allow it to be run (chmod +x), unless an earlier step does"
            yield Finding(name, level, f"{program} is no program in {folder}", mend)
        return
    place = shutil.which(program, path=step.env.get("PATH", os.environ.get("PATH", os.defpath)))
    if place is None:
        yield Finding(name, Level.PROBLEM, f"{program} is not on the PATH", f"install {program}, or correct its name")
    else:
        yield Finding(name, Level.OK, place)
