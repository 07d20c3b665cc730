"""Runs what was chosen until it is sure that it shows the failure, how often, or that it does not."""

import os
import shlex
import time
from concurrent.futures import ThreadPoolExecutor

from fixer.project import python_path, with_python_path
from fixer.rates import upper_bound
from fixer.reproduction.proof.reproduction_files import Evidence, files_for, name_for
from fixer.reproduction.proof.same_failure import is_part, same_test
from fixer.reproduction.trial import NotReproduced, Trial, only_knows_commands
from fixer.reproduction.trial.enough import known_well_enough
from fixer.schema.base import content_id
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.reproduction import Reproduction, Shown

RUNS_WITHOUT_FAILURE = 100
"""Runs after which a failure that never showed is given up (spec B8: at least 100 iterations)."""
MAX_RUNS = 300
KEPT = 3
"""Runs of each kind whose output is kept while a command is repeated."""
_LONGEST_MESSAGE = 200
REPEAT_SECONDS = 300.0
"""Time that repeating gets at most (spec B8)."""


def once_and_again(trial: Trial, narrowed: Invocation, *, by_user: bool) -> Reproduction | NotReproduced:
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


def by_test(trial: Trial, narrowed: Invocation) -> Reproduction | NotReproduced:
    """Run the command of a test that was written for the failure, twice: it shows just that failure, or nothing."""
    first = trial.run(narrowed)
    shown = trial.shows(first)
    if shown is not Shown.SAME:
        return trial.give_up(f"the test does not show the failure: {_in_words(trial, first, shown)}", shown)
    return _confirmed(trial, narrowed, trial.runner.suite(trial.failure, trial.project), first)


def _confirmed(
    trial: Trial, command: Invocation, suite: Invocation, first: CommandResult
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


def _seen_instead(trial: Trial, result: CommandResult) -> Failure:
    """Return the failure that the user's own test shows; the log's where the run's cannot be read."""
    return next(iter(trial.lab.failures_in(result.output)), trial.failure)


def repeat(trial: Trial, narrowed: Invocation, *, by_user: bool) -> Reproduction | NotReproduced:
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


def _ran(trial: Trial, result: CommandResult) -> bool:
    """Whether a run got as far as the test: a test that is not there is not worth 100 runs."""
    return trial.shows(result) is Shown.SAME or trial.runner.outcome(result, trial.project).readable


def _made(  # noqa: PLR0913 - one keyword a fact
    trial: Trial,
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


def _test_as_the_runner_names_it(trial: Trial, result: CommandResult) -> str | None:
    """Return the test by the name that `Runner.outcome` uses: logs name tests from other folders."""
    if only_knows_commands(trial.runner):
        return None
    test, failed = trial.failure.test, sorted(trial.runner.outcome(result, trial.project).failed, key=len)
    if test is None:
        return failed[0] if len(failed) == 1 and trial.failure.kind is FailureKind.TEST else None
    if any(is_part(name, test) for name in failed):
        return test
    return next((name for name in failed if same_test(name, test)), test)


def _in_words(trial: Trial, result: CommandResult, shown: Shown) -> str:
    """Say what a run showed: its command, and what it ended with instead of the failure."""
    own = result.argv[0] == trial.lab.python
    command = shlex.join(["python", *result.argv[1:]] if own else result.argv)
    if shown is Shown.OTHER:
        seen = list(dict.fromkeys(_short(found.message) for found in trial.lab.failures_in(result.output)))
        ended = result.reason or (f"exit code {result.exit_code}" if result.exit_code is not None else result.ending)
        more = f"; and {len(seen) - 3} more" if len(seen) > 3 else ""
        return f"`{command}` failed differently: {'; '.join(seen[:3]) or ended}{more}"
    outcome = trial.runner.outcome(result, trial.project)
    if not outcome.readable:
        return f"`{command}` ran nothing that could be read: {outcome.reason}"
    if outcome.skipped and not outcome.passed:
        return f"`{command}` skipped the test"
    return f"`{command}` passed"


def _short(message: str) -> str:
    """Put a message on one line of readable length; the whole of it is in the evidence."""
    line = " ".join(message.split())
    return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1].rstrip() + "…"
