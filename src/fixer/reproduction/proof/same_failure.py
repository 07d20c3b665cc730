"""Tells whether a run shows a failure: the failure and what the run printed in; same, other or none out."""

from collections.abc import Callable, Sequence
from pathlib import Path

from fixer.schema.command import CommandResult
from fixer.schema.failure import Failure
from fixer.schema.reproduction import Shown

FailuresIn = Callable[[str], Sequence[Failure]]
"""Reads the failures from what a run printed."""


def compare(failure: Failure, result: CommandResult, failures_in: FailuresIn) -> Shown:
    """Say whether a run showed `failure`, failed differently, or passed, by fingerprint.

    A run that ended with exit code 0 because its test was skipped counts as passed here: whether a test really ran
    is what `Runner.outcome` says.
    """
    if result.passed:
        return Shown.NONE
    alike = [found for found in failures_in(result.output) if _alike(failure, found)]
    return Shown.SAME if alike else Shown.OTHER


def _alike(wanted: Failure, found: Failure) -> bool:
    """Whether two failures are the same one, seen in two places."""
    if wanted.fingerprint != found.fingerprint:
        return False
    if wanted.test and found.test:
        return same_test(wanted.test, found.test) or (wanted.tool != found.tool and wanted.exception == found.exception)
    if wanted.file and found.file and wanted.exception is None:
        return Path(wanted.file).name == Path(found.file).name
    return True


def same_test(one: str, other: str) -> bool:
    """Whether two names are of one test, or one is of the file, class or function that holds the other.

    Logs name a test from other folders: `svc/tests/a.py::t` is `tests/a.py::t`.
    """
    longer, shorter = sorted((one, other), key=len, reverse=True)
    before, _, after = longer.rpartition(shorter)
    return shorter in longer and (not before or before[-1] in "/.") and (not after or after[0] in ":.[")


def is_part(name: str, whole: str) -> bool:
    """Whether `name` is `whole`, or a test, case or parameter below it."""
    return name == whole or (name.startswith(whole) and name[len(whole)] in ":.[")
