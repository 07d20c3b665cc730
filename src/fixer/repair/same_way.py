"""Failures in; which of them are one failure in several places, by what a patch for one has to do for all, out."""

import re
from collections.abc import Iterable, Sequence

from fixer.reproduction.proof.same_failure import same_test
from fixer.schema.failure import Failure
from fixer.schema.reproduction import SuiteOutcome

_NUMBER = re.compile(r"\d+")


def same_way(one: Failure, other: Failure) -> bool:
    """Whether two failures are one in two places: the same tool and fingerprint, and no sign of two causes.

    A fingerprint leaves quoted names out, so that two missing names share one. What ties failures together beside it:
    one test function, one place in the code that raised, or one message but for its numbers.
    """
    if (one.tool, one.fingerprint) != (other.tool, other.fingerprint):
        return False
    if not one.test and not other.test and one.file != other.file:
        return False  # A finding is mended file by file.
    function = _function(one)
    return (
        bool(function and function == _function(other))
        or bool(one.frames and other.frames and one.frames[-1][::2] == other.frames[-1][::2])
        or _NUMBER.sub("", one.message) == _NUMBER.sub("", other.message)
    )


def _function(failure: Failure) -> str:
    return (failure.test or "").partition("[")[0]


def together(failure: Failure, failures: Iterable[Failure], baseline: SuiteOutcome) -> frozenset[str]:
    """Return the tests, as the runner names them, that fail in the same way as `failure` and are red in the baseline.

    Args:
        failure: the one that is taken on.
        failures: of the log, and of the baseline's own run.
        baseline: the suite before any change.
    """
    alike = [other.test for other in failures if other.test and same_way(failure, other)]
    return frozenset(name for test in alike for name in named(test, baseline.failed))


def named(test: str, names: frozenset[str]) -> Sequence[str]:
    """Return the runner's names for what a log calls `test`: the very name, else its parts and what holds it."""
    return [test] if test in names else [name for name in names if same_test(name, test)]
