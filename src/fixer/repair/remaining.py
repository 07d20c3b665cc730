"""A commit and the failures of a log in; which of them are red there, which are gone, by one run of each suite, out."""

from pathlib import Path

from fixer.repair.draft import Draft, Suite
from fixer.repair.same_way import named
from fixer.repair.workshop import Workshop, shorten
from fixer.reproduction import runners
from fixer.reproduction.any_command import AnyCommand
from fixer.reproduction.proof.same_failure import compare
from fixer.schema.base import Record
from fixer.schema.command import CommandResult
from fixer.schema.execution import StepStatus
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.reproduction import Reproduction, Shown, SuiteOutcome


class SuiteRun(Record):
    """One suite, run on one commit."""

    suite: Suite
    result: CommandResult
    outcome: SuiteOutcome
    shown: tuple[str, ...]
    """Ids of the log's failures that its output shows, by fingerprint."""


def suite_of(failure: Failure, reproduction: Reproduction) -> Suite:
    """Return the suite around a reproduction."""
    formats = failure.kind is FailureKind.FORMAT
    return Suite(runner=reproduction.runner, formats=formats, command=reproduction.suite)


def run_suites(suites: list[Suite], failures: tuple[Failure, ...], commit: str, shop: Workshop) -> list[SuiteRun]:
    """Run each suite once on `commit`."""
    done = []
    for suite in suites:
        shop.tree.reset(commit)
        result = shop.run(suite.command)
        outcome = runners()[suite.runner].outcome(result, shop.project(suite.command.cwd))
        shown = tuple(f.id for f in failures if compare(f, result, shop.failures_in) is Shown.SAME)
        short = result.model_copy(update={"stdout": shorten(result.stdout), "stderr": shorten(result.stderr)})
        done.append(SuiteRun(suite=suite, result=short, outcome=outcome, shown=shown))
    return done


def is_red(failure: Failure, runs: list[SuiteRun]) -> bool | None:
    """Say whether the runs show a failure (True) or that it is gone (False); None where they do not tell."""
    own = (failure.tool, failure.kind is FailureKind.FORMAT)
    said = [_says(failure, run) for run in runs if (run.suite.runner, run.suite.formats) == own]
    if failure.tool not in runners():
        said += [_says_by_exit_code(failure, run) for run in runs if run.suite.runner == AnyCommand.tool]
    if True in said:
        return True
    return False if False in said else None


def _says_by_exit_code(failure: Failure, run: SuiteRun) -> bool | None:
    """A command that passes as a whole shows nothing any more; one that fails, what its output says."""
    if not run.outcome.readable:
        return None
    return True if failure.id in run.shown else (None if run.outcome.failed else False)


def _says(failure: Failure, run: SuiteRun) -> bool | None:
    if not run.outcome.readable:
        return None
    if failure.test:
        if named(failure.test, run.outcome.failed):
            return True
        return False if named(failure.test, run.outcome.passed) else None
    if failure.id in run.shown:
        return True
    return False if failure.file and _looked_at(failure.file, run.outcome) else None


def _looked_at(file: str, outcome: SuiteOutcome) -> bool:
    """Whether an account speaks of the file: found clean, or with something else."""
    parts = Path(file).parts
    names = {entry.partition(":")[0] for entry in outcome.passed | outcome.failed}
    return any(parts[-len(own) :] == own for name in names if (own := Path(name).parts))


def counted(draft: Draft) -> tuple[Failure, ...]:
    """Return the failures of the log that have to be gone.

    A line that speaks of an error in no known tool's format counts only where its step is known to have failed, or
    where the log has nothing else: setup steps print such lines and pass.
    """
    room = runners()
    known = tuple(failure for failure in draft.failures if failure.tool in room)
    steps = draft.execution.steps if draft.execution else ()
    failed = {step.number for step in steps if step.status is StepStatus.FAILED}
    hints = tuple(f for f in draft.failures if f.tool not in room and (not known or f.step in failed))
    return (*known, *hints)
