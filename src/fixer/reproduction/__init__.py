"""The door of the room: a failure and its execution in; a command that shows it here out, or the reason why not."""

import os
import re
import shlex
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from fixer.errors import FixerError
from fixer.project import find_place, python_path, with_python_path
from fixer.registry import modules
from fixer.reproduction.any_command import AnyCommand
from fixer.reproduction.base import Project, Runner
from fixer.reproduction.command.failing_command import FailingCommand, find_command, plain_commands
from fixer.reproduction.proof.failure_rate import known_well_enough, upper_bound
from fixer.reproduction.proof.reproduction_files import Evidence, files_for, name_for
from fixer.reproduction.proof.same_failure import FailuresIn, compare, is_part, same_test
from fixer.schema.base import content_id
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.execution import Execution
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.reproduction import Reproduction, Shown
from fixer.schema.request import Request
from fixer.worktree import Worktree

__all__ = ["Lab", "NotReproduced", "compare", "reproduce", "runners", "target"]

RUNS_WITHOUT_FAILURE = 100
"""Runs after which a failure that never showed is given up (spec B8: at least 100 iterations)."""
MAX_RUNS = 300
KEPT = 3
"""Runs of each kind whose output is kept while a command is repeated."""
REPEAT_SECONDS = 300.0
"""Time that repeating gets at most (spec B8)."""


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
class _Trial:
    """One failure on its way to a reproduction: what was chosen, and every run so far."""

    failure: Failure
    execution: Execution
    lab: Lab
    runner: Runner
    project: Project
    origin: str
    results: list[CommandResult] = field(default_factory=list)

    def run(self, command: Invocation) -> CommandResult:
        result = self.lab.run(with_python_path(command, self.lab.tree.path))
        self.results.append(result)
        return result

    def shows(self, result: CommandResult) -> Shown:
        return compare(self.failure, result, self.lab.failures_in)

    def give_up(self, reason: str, shown: Shown) -> NotReproduced:
        return NotReproduced(f"{reason} (command from: {self.origin})", shown, tuple(self.results))


def runners() -> dict[str, Runner]:
    """Return every runner of the room by the name of its tool."""
    found = (module.RUNNER() for module in modules("reproduction", ("RUNNER",)))
    return {runner.tool: runner for runner in found}


def target(failure: Failure, reproduction: Reproduction, failures_in: FailuresIn) -> Failure:
    """Return the failure that `reproduction` shows.

    It is `failure`, unless a test that the user named shows it in another way (spec B9).
    """
    if reproduction.failure_id == failure.id:
        return failure
    seen = failures_in(reproduction.files["logs/reproduction.log"])
    return next((found for found in seen if found.id == reproduction.failure_id), failure)


def reproduce(failure: Failure, execution: Execution, request: Request, lab: Lab) -> Reproduction | NotReproduced:
    """Find a command that shows `failure` on the commit that `lab.tree` holds.

    Raises:
        GitError: the worktree's commit cannot be read.
    """
    try:
        trial = _existing(failure, execution, request.existing_test_path, lab) or _found(failure, execution, lab)
        if isinstance(trial, NotReproduced):
            return trial
        narrowed = trial.runner.narrowed(trial.failure, trial.project)
        if not request.deterministic:
            return _repeat(trial, narrowed, by_user=request.existing_test_path is not None)
        return _once_and_again(trial, narrowed, by_user=request.existing_test_path is not None)
    except FixerError as error:
        return NotReproduced(f"{error.message}; {error.hint}", Shown.NONE)


def _found(failure: Failure, execution: Execution, lab: Lab) -> _Trial | NotReproduced:
    """Choose the runner by the failure's tool, and the command by the settings, the log and the CI files."""
    room = runners()
    root = lab.tree.path
    # What knows its tool comes before what only knows commands.
    choice = [room[failure.tool]] if failure.tool in room else sorted(room.values(), key=_only_knows_commands)
    given = [replace(command, origin="project.test_command") for command in plain_commands(lab.test_command, root)]
    accepted = (command for command in given if _first_to_accept(choice, command.argv))
    found = next(accepted, None) or find_command(
        execution, failure.step, root, lambda argv: _first_to_accept(choice, argv) is not None, failure.log_line
    )
    runner = _first_to_accept(choice, found.argv) if found else None
    if found is not None and runner is not None:
        return _Trial(failure, execution, lab, runner, _project(lab, found), found.origin)
    if failure.tool in room:
        origin = f"{failure.tool}'s own default, as no step or CI file holds a plain command of it"
        return _Trial(failure, execution, lab, choice[0], Project(lab.tree.path, lab.python), origin)
    return NotReproduced(
        f"fixer does not know how '{failure.tool}' is run (it knows {', '.join(room)}), and neither the log nor the CI "
        "files hold a plain command that only checks; name the command as `project.test_command` in fixer.toml",
        Shown.NONE,
    )


def _only_knows_commands(runner: Runner) -> bool:
    return runner.tool == AnyCommand.tool


def _first_to_accept(choice: Sequence[Runner], argv: Sequence[str]) -> Runner | None:
    return next((runner for runner in choice if runner.accepts(argv)), None)


def _project(lab: Lab, found: FailingCommand) -> Project:
    return Project(lab.tree.path, lab.python, found.argv, found.cwd, dict(found.env))


def _existing(failure: Failure, execution: Execution, named: str | None, lab: Lab) -> _Trial | NotReproduced | None:
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
    results: list[CommandResult] = []
    for tool, test, command in tries:
        if tool not in room:
            continue
        sought = failure.model_copy(update={"test": test, "tool": tool, "file": path if is_file else failure.file})
        # The step's own options and variables hold for the user's test as well.
        found = None if command else find_command(execution, failure.step, root, room[tool].accepts)
        project = _project(lab, found) if found else Project(root, lab.python, command)
        trial = _Trial(sought, execution, lab, room[tool], project, "existing-test-path")
        outcome = trial.runner.outcome(trial.run(trial.runner.narrowed(sought, project)), project)
        results += trial.results
        only_imported = outcome.failed == {path} and not re.search(r"(^|/)(test_[^/]*|[^/]*_test)\.py$", path)
        if outcome.readable and not (tool == "pytest" and only_imported):
            return trial
    return NotReproduced(
        f"existing-test-path '{named}' is no test that could be run in {root}", Shown.NONE, tuple(results)
    )


def _once_and_again(trial: _Trial, narrowed: Invocation, *, by_user: bool) -> Reproduction | NotReproduced:
    """Run the narrowed command twice; where it does not show the failure, the suite around it."""
    suite = trial.runner.suite(trial.failure, trial.project)
    seen = []
    for command in (narrowed, suite):
        if by_user and command is suite:
            break
        if trial.lab.stop():
            return trial.give_up("the time for the reproduction is up", Shown.NONE)
        result = trial.run(command)
        shown = trial.shows(result)
        if shown is Shown.OTHER and by_user:
            trial.failure = _seen_instead(trial, result)
            shown = trial.shows(result)
        if shown is Shown.SAME:
            return _confirmed(trial, command, suite, result)
        seen.append((command, shown, _in_words(trial, result, shown)))
    worst = Shown.OTHER if any(shown is Shown.OTHER for _, shown, _ in seen) else Shown.NONE
    return trial.give_up("the failure was not seen here: " + "; then ".join(text for _, _, text in seen), worst)


def _confirmed(
    trial: _Trial, command: Invocation, suite: Invocation, first: CommandResult
) -> Reproduction | NotReproduced:
    """Run a command that showed the failure once more: only what fails twice is deterministic."""
    again = trial.run(command)
    if trial.shows(again) is not Shown.SAME:
        return trial.give_up(
            f"the failure comes and goes: of two runs of the same command, the first showed it and in the second "
            f'{_in_words(trial, again, trial.shows(again))}; set "deterministic": false in info.json',
            trial.shows(again),
        )
    return _made(trial, command, suite, first, deterministic=True, failures=2, runs=2)


def _seen_instead(trial: _Trial, result: CommandResult) -> Failure:
    """Return the failure that the user's own test shows; the log's where the run's cannot be read."""
    return next(iter(trial.lab.failures_in(result.output)), trial.failure)


def _repeat(trial: _Trial, narrowed: Invocation, *, by_user: bool) -> Reproduction | NotReproduced:
    """Repeat the narrowed command until the failure rate is known well enough, or runs or time are used up."""
    counts = dict.fromkeys(Shown, 0)
    kept: dict[Shown, list[CommandResult]] = {shown: [] for shown in Shown}
    start, jobs, runs = time.monotonic(), max(1, trial.lab.jobs), 0
    command = with_python_path(narrowed, trial.lab.tree.path)
    with ThreadPoolExecutor(jobs) as pool:
        while not trial.lab.stop() and time.monotonic() - start < REPEAT_SECONDS and not _settled(counts):
            for result in pool.map(trial.lab.run, [command] * jobs):
                shown = trial.shows(result)
                if shown is Shown.OTHER and by_user and not counts[Shown.SAME]:
                    trial.failure = _seen_instead(trial, result)
                    shown = trial.shows(result)
                counts[shown] += 1
                kept[shown] = [*kept[shown], result][:KEPT]
            if not runs and not any(_ran(trial, result) for results in kept.values() for result in results):
                break
            runs = sum(counts.values())
    runs = sum(counts.values())
    trial.results += [result for results in kept.values() for result in results]
    same, other = kept[Shown.SAME], kept[Shown.OTHER]
    if same:
        suite = trial.runner.suite(trial.failure, trial.project)
        failures = counts[Shown.SAME]
        return _made(trial, narrowed, suite, same[0], deterministic=False, failures=failures, runs=runs)
    if not runs:
        return trial.give_up("the time for the reproduction is up before the first run", Shown.NONE)
    bound = f"none of {runs} runs showed the failure: its rate is below {upper_bound(runs):.1%} at 95 %"
    differently = f"; {counts[Shown.OTHER]} went wrong: {_in_words(trial, other[0], Shown.OTHER)}" if other else ""
    return trial.give_up(bound + differently, Shown.OTHER if other else Shown.NONE)


def _settled(counts: dict[Shown, int]) -> bool:
    """Whether more runs would say nothing new: the rate is known, or nothing was seen in 100, or 300 were enough."""
    runs, failures = sum(counts.values()), counts[Shown.SAME]
    given_up = runs >= RUNS_WITHOUT_FAILURE and failures == 0
    return given_up or runs >= MAX_RUNS or known_well_enough(failures, runs)


def _ran(trial: _Trial, result: CommandResult) -> bool:
    """Whether a run got as far as the test: a test that is not there is not worth 100 runs."""
    return trial.shows(result) is Shown.SAME or trial.runner.outcome(result, trial.project).readable


def _made(  # noqa: PLR0913 - one keyword a fact
    trial: _Trial,
    narrowed: Invocation,
    suite: Invocation,
    result: CommandResult,
    *,
    deterministic: bool,
    failures: int,
    runs: int,
) -> Reproduction:
    failure, root, commit = trial.failure, trial.lab.tree.path, trial.lab.tree.commit
    name = name_for(failure)
    evidence = Evidence(
        name=name,
        failure=failure,
        execution=trial.execution,
        command=narrowed,
        origin=trial.origin,
        result=result,
        deterministic=deterministic,
        failures=failures,
        runs=runs,
        code=[os.path.relpath(folder, root) for folder in python_path(root)],
    )
    return Reproduction(
        id=content_id(failure.id, commit, narrowed.cwd, *narrowed.argv),
        failure_id=failure.id,
        name=name,
        commit=commit,
        runner=trial.runner.tool,
        narrowed=narrowed,
        suite=suite,
        test=_test_as_the_runner_names_it(trial, result),
        test_files=trial.runner.test_files(failure, trial.project),
        deterministic=deterministic,
        failure_rate=failures / runs,
        runs=runs,
        files=files_for(evidence),
    )


def _test_as_the_runner_names_it(trial: _Trial, result: CommandResult) -> str | None:
    """Return the test by the name that `Runner.outcome` uses: logs name tests from other folders."""
    if _only_knows_commands(trial.runner):
        return None
    test, failed = trial.failure.test, sorted(trial.runner.outcome(result, trial.project).failed, key=len)
    if test is None:
        return failed[0] if len(failed) == 1 and trial.failure.kind is FailureKind.TEST else None
    if any(is_part(name, test) for name in failed):
        return test
    return next((name for name in failed if same_test(name, test)), test)


def _in_words(trial: _Trial, result: CommandResult, shown: Shown) -> str:
    """Say what a run showed: its command, and what it ended with instead of the failure."""
    own = result.argv[0] == trial.lab.python
    command = shlex.join(["python", *result.argv[1:]] if own else result.argv)
    if shown is Shown.OTHER:
        seen = list(dict.fromkeys(found.message for found in trial.lab.failures_in(result.output)))
        ended = result.reason or (f"exit code {result.exit_code}" if result.exit_code is not None else result.ending)
        return f"`{command}` failed differently: {'; '.join(seen[:3]) or ended}"
    outcome = trial.runner.outcome(result, trial.project)
    if not outcome.readable:
        return f"`{command}` ran nothing that could be read: {outcome.reason}"
    if outcome.skipped and not outcome.passed:
        return f"`{command}` skipped the test"
    return f"`{command}` passed"
