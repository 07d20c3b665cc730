"""The failures of a log in, the one root cause of the whole log out."""

from collections import Counter
from collections.abc import Iterator, Sequence

from fixer import lazy_re as re
from fixer.causes import faint_cause, hinted_cause
from fixer.distiller.purpose import by_exit_code, of_command, of_name, of_script, purpose
from fixer.ranking import HINTING
from fixer.schema.execution import Step, StepStatus
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TARGET = re.compile(r"\[(?:\S+:\d+: )?([^\]\s]{1,200})\] Error \d+")
"""The target that make could not build."""
_INNER = re.compile(
    r"process \"(?:/bin/\w+ -\w+ )?(.+)\" did not complete|command '(?:/bin/\w+ -\w+ )?(.+)' returned a non-zero"
)
"""The command of a Dockerfile that failed."""
_OUTER = {RootCause.INVALID_DATA, RootCause.AUTH_ERROR, RootCause.NETWORK_ERROR, RootCause.RATE_LIMIT}
"""Causes outside of the program that raised an exception because of them."""
_REFUSED = {RootCause.AUTH_ERROR, RootCause.RATE_LIMIT}
_NOT_SET = re.compile(r"\benv(?:ironment)?[ _]var(?:iable)?s?\b", re.IGNORECASE)
"""An exception because a variable of the environment is wrong; `hinted_cause` knows the words."""
_NOT_ITS_OWN = {RootCause.ENVIRONMENT, RootCause.INVALID_DATA}
"""Purposes of commands in which an uncaught exception is mostly no fault of the program that raised it: what it was
given is."""


def root_cause(failures: Sequence[Failure], steps: Sequence[Step]) -> RootCause:
    """Return the cause of the first failure that has one; else what the failed step was there for.

    Args:
        failures: ranked, the one that explains the most first.
        steps: of the log.
    """
    failed = [step for step in steps if step.status is StepStatus.FAILED]
    sure = next((f for f in failures if f.root_cause is not RootCause.UNKNOWN and f.tool not in HINTING), None)
    if sure:
        return _of_tool(sure, failures, failed)
    if not failures and not failed:
        return RootCause.UNKNOWN
    return _guessed(failures, failed)


def _of_tool(told: Failure, failures: Sequence[Failure], failed: Sequence[Step]) -> RootCause:
    if told.kind in {FailureKind.TYPE, FailureKind.LINT}:
        causes = Counter(failure.root_cause for failure in failures if failure.tool == told.tool)
        return causes.most_common(1)[0][0]
    if told.kind is FailureKind.EXCEPTION and told.root_cause is RootCause.LOGIC_ERROR:
        return _of_exception(told, failures, failed)
    if told.root_cause is RootCause.NETWORK_ERROR:
        # a source that does not answer, and then says why
        refused = (f.root_cause for f in failures if f.tool == told.tool and f.root_cause in _REFUSED)
        return next(refused, told.root_cause)
    return told.root_cause


def _of_exception(told: Failure, failures: Sequence[Failure], failed: Sequence[Step]) -> RootCause:
    """Return what an uncaught exception means in what it stopped."""
    words = hinted_cause(told.message)
    if words in _OUTER or _NOT_SET.search(told.message):
        return words
    if any("/_actions/" in frame[0] for frame in told.frames):
        return RootCause.INFRASTRUCTURE  # the program is an action of GitHub's, not the project's
    targets = [target[1] for failure in failures if (target := _TARGET.search(failure.message))]
    if RootCause.TEST_FAILURE in {*map(purpose, failed), *map(of_name, targets)}:
        return RootCause.TEST_FAILURE
    meant = next(filter(None, (of_command(step.command or "") for step in failed)), None)
    return meant if meant in _NOT_ITS_OWN else told.root_cause


def _guessed(failures: Sequence[Failure], failed: Sequence[Step]) -> RootCause:
    """Return what the words of the lines that look like errors say, then what the exit code and the command do."""
    words = [failure.root_cause for failure in failures if failure.root_cause is not RootCause.UNKNOWN]
    hints = [hinted_cause(failure.message) for failure in failures[:5]]
    words += [cause for cause in hints if cause is not RootCause.UNKNOWN]
    codes = [cause for cause in map(by_exit_code, failed) if cause]
    known = [step for step in failed if not of_script(step.command or "")]
    meant = [cause for cause in (*_wrapped(failures), *map(purpose, known)) if cause]
    named = [cause for step in failed if (cause := of_script(step.command or ""))]
    if meant and meant[0] in {RootCause.LINT, RootCause.TEST_FAILURE} and (not words or words[0] not in _ABOUT):
        return (codes or meant)[0]
    faint = [cause for f in failures[:5] if (cause := faint_cause(f.message)) is not RootCause.UNKNOWN]
    return next(iter([*words, *codes, *meant, *faint, *named]), RootCause.UNKNOWN)


def _wrapped(failures: Sequence[Failure]) -> Iterator[RootCause | None]:
    """Yield the purposes of the commands and targets that make and docker say have failed."""
    for failure in failures:
        inner, target = _INNER.search(failure.message), _TARGET.search(failure.message)
        if inner:
            yield of_command(inner[1] or inner[2])
        elif target:
            yield of_command(target[1]) or of_name(target[1])


_ABOUT = {
    RootCause.MISSING_DEPENDENCY,
    RootCause.RATE_LIMIT,
    RootCause.OUT_OF_MEMORY,
    RootCause.NETWORK_ERROR,
    RootCause.TIMEOUT,
    RootCause.AUTH_ERROR,
    RootCause.MISSING_TOOL,
    RootCause.ENVIRONMENT,
    RootCause.COMPILE_ERROR,
}
"""Causes that keep a test or a linter from running at all."""
