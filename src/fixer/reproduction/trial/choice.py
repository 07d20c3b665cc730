"""Chooses what runs a failure again: the user's own test, else the runner and the command that are nearest to it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fixer.project import find_place
from fixer.registry import modules
from fixer.reproduction.base import Project, Runner
from fixer.reproduction.command.failing_command import FailingCommand, find_command, plain_commands
from fixer.reproduction.trial import Lab, NotReproduced, Trial, only_knows_commands
from fixer.schema.execution import Execution
from fixer.schema.failure import Failure
from fixer.schema.reproduction import Shown


def runners() -> dict[str, Runner]:
    """Return every runner of the room by the name of its tool."""
    found = (module.RUNNER() for module in modules("reproduction", ("RUNNER",)))
    return {runner.tool: runner for runner in found}


def found(failure: Failure, execution: Execution, lab: Lab) -> Trial | NotReproduced:
    """Choose the runner by the failure's tool, and the command by the settings, the log and the CI files."""
    room = runners()
    root = lab.tree.path
    # What knows its tool comes before what only knows commands.
    choice = [room[failure.tool]] if failure.tool in room else sorted(room.values(), key=only_knows_commands)
    given = [replace(command, origin="project.test_command") for command in plain_commands(lab.test_command, root)]
    accepted = (command for command in given if _first_to_accept(choice, command.argv))
    found = next(accepted, None) or find_command(
        execution, failure.step, root, lambda argv: _first_to_accept(choice, argv) is not None, failure.log_line
    )
    runner = _first_to_accept(choice, found.argv) if found else None
    if found is not None and runner is not None:
        return Trial(failure, execution, lab, runner, _project(lab, found), found.origin)
    if failure.tool in room:
        origin = f"{failure.tool}'s own default, as no step or CI file holds a plain command of it"
        return Trial(failure, execution, lab, choice[0], Project(lab.tree.path, lab.python), origin)
    return NotReproduced(
        f"fixer does not know how '{failure.tool}' is run (it knows {', '.join(room)}), and neither the log nor the CI "
        "files hold a plain command that only checks; name the command as `project.test_command` in fixer.toml",
        Shown.NONE,
    )


def _first_to_accept(choice: Sequence[Runner], argv: Sequence[str]) -> Runner | None:
    return next((runner for runner in choice if runner.accepts(argv)), None)


def _project(lab: Lab, found: FailingCommand) -> Project:
    return Project(lab.tree.path, lab.python, found.argv, found.cwd, dict(found.env))


def existing(failure: Failure, execution: Execution, named: str | None, lab: Lab) -> Trial | NotReproduced | None:
    """Choose what runs the test that the user named: pytest if it finds tests there, else unittest, else a script."""
    if named is None:
        return None
    room, root = runners(), lab.tree.path
    path = named.partition("::")[0]
    is_file = (root / path).exists()
    dotted = (
        named
        if not is_file
        else ".".join(Path(path).with_suffix("").parts) + "".join(f".{part}" for part in named.split("::")[1:])
    )
    place = find_place(root, ".", path) + named[len(path) :]
    tries: list[tuple[str, str | None, tuple[str, ...] | None]] = [("pytest", place, None)] if is_file else []
    tries.append(("unittest", dotted, None))
    tries += [("traceback", None, ("python", place))] if is_file and "::" not in named else []
    results = []
    for tool, test, command in tries:
        if tool not in room:
            continue
        sought = failure.model_copy(update={"test": test, "tool": tool, "file": path if is_file else failure.file})
        # The step's own options and variables hold for the user's test as well.
        found = None if command else find_command(execution, failure.step, root, room[tool].accepts)
        project = _project(lab, found) if found else Project(root, lab.python, command)
        trial = Trial(sought, execution, lab, room[tool], project, "existing-test-path")
        outcome = trial.runner.outcome(trial.run(trial.runner.narrowed(sought, project)), project)
        results += trial.results
        only_imported = outcome.failed == {path} and not re.search(r"(^|/)(test_[^/]*|[^/]*_test)\.py$", path)
        if outcome.readable and not (tool == "pytest" and only_imported):
            return trial
    return NotReproduced(
        f"existing-test-path '{named}' is no test that could be run in {root}", Shown.NONE, tuple(results)
    )
