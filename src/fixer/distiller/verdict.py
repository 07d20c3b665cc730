"""The failures of a log in, the one root cause of the whole log out."""

import re
from collections import Counter
from collections.abc import Sequence

from fixer.schema.execution import Step, StepStatus
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TESTS = re.compile(r"\b(?:py|unit|run)?tests?\b|\bcheck\b|\bspecs?\b|\btox\b|\bnox\b", re.IGNORECASE)
_LINTS = re.compile(
    r"\b(?:lint|format|fmt|style|prettier|eslint|ruff|black|flake8|clippy|mypy|typecheck|type-check|pre-commit)\b",
    re.IGNORECASE,
)


def root_cause(failures: Sequence[Failure], steps: Sequence[Step]) -> RootCause:
    """Return the cause of the first failure that has one; else what the failed step was there for."""
    told = next((failure for failure in failures if failure.root_cause is not RootCause.UNKNOWN), None)
    failed = [step for step in steps if step.status is StepStatus.FAILED]
    purpose = " ".join(f"{step.name} {step.command or ''}" for step in failed)[:2000]
    if told and told.kind in {FailureKind.TYPE, FailureKind.LINT}:
        causes = Counter(failure.root_cause for failure in failures if failure.tool == told.tool)
        return causes.most_common(1)[0][0]
    if told and not (
        told.kind is FailureKind.EXCEPTION and told.root_cause is RootCause.LOGIC_ERROR and _TESTS.search(purpose)
    ):
        return told.root_cause
    if not failures and not failed:
        return RootCause.UNKNOWN
    if _TESTS.search(purpose):
        return RootCause.TEST_FAILURE
    if _LINTS.search(purpose):
        return RootCause.LINT
    return told.root_cause if told else RootCause.UNKNOWN
