"""The door of the room: a failure and its execution in; a command that shows it here out, or the reason why not."""

from pathlib import Path

from fixer.errors import FixerError
from fixer.reproduction.base import Project
from fixer.reproduction.proof.same_failure import FailuresIn, compare
from fixer.reproduction.trial import Lab, NotReproduced, Trial
from fixer.reproduction.trial.choice import existing, found, runners
from fixer.reproduction.trial.runs import by_test, once_and_again, repeat
from fixer.schema.execution import Execution
from fixer.schema.failure import Failure
from fixer.schema.reproduction import Reproduction, Shown
from fixer.schema.request import Request


def reproduce_by(  # noqa: PLR0913 - one keyword a fact
    failure: Failure, execution: Execution, test: str, lab: Lab, *, tool: str, deterministic: bool
) -> Reproduction | NotReproduced:
    """Show `failure` by the file `test` of `lab.tree`, which was written for it, and by nothing else.

    Args:
        failure: without a test of its own.
        execution: of the log.
        test: path of the file.
        lab: whose tree has the file.
        tool: the runner that it was written for, pytest or unittest.
        deterministic: whether every run has to show it, or a share of them.
    """
    name = ".".join(Path(test).with_suffix("").parts) if tool == "unittest" else test
    sought = failure.model_copy(update={"test": name, "file": test, "tool": tool})
    try:
        trial = Trial(
            sought, execution, lab, runners()[tool], Project(lab.tree.path, lab.python), "a test written for it"
        )
        narrowed = trial.runner.narrowed(trial.failure, trial.project)
        return by_test(trial, narrowed) if deterministic else repeat(trial, narrowed, by_user=False)
    except FixerError as error:
        return NotReproduced(f"{error.message}; {error.hint}", Shown.NONE)


__all__ = ["Lab", "NotReproduced", "compare", "reproduce", "reproduce_by", "runners", "target"]


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
        trial = existing(failure, execution, request.existing_test_path, lab) or found(failure, execution, lab)
        if isinstance(trial, NotReproduced):
            return trial
        narrowed = trial.runner.narrowed(trial.failure, trial.project)
        if not request.deterministic:
            return repeat(trial, narrowed, by_user=request.existing_test_path is not None)
        return once_and_again(trial, narrowed, by_user=request.existing_test_path is not None)
    except FixerError as error:
        return NotReproduced(f"{error.message}; {error.hint}", Shown.NONE)
