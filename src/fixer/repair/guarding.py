"""What the gate will say, said early: a path or a diff goes in, why it would be refused comes out."""

from collections.abc import Callable

from fixer.schema.failure import Failure, FailureKind
from fixer.schema.patch import new_patch
from fixer.schema.reproduction import Reproduction
from fixer.verification.change import DoesNotApplyError, read_change
from fixer.verification.places import is_ci, is_guard, is_run_configuration, is_test_code, is_test_data
from fixer.verification.tampering import tampering
from fixer.worktree import Worktree

_OF_TESTS_THEMSELVES = {FailureKind.LINT, FailureKind.FORMAT, FailureKind.TYPE, FailureKind.COMPILE}
MAX_FINDINGS = 4


def refuses(failure: Failure, reproduction: Reproduction) -> Callable[[str], str]:
    """Return what says why a path may not be touched by a fix of this failure; empty where it may."""

    def why(path: str) -> str:
        if is_ci(path):
            return "it is a CI file"
        if is_guard(path):
            return "it decides what is loaded, run or reviewed"
        if is_run_configuration(path):
            return "it configures how tests or checks are run"
        if path == failure.file and failure.kind in _OF_TESTS_THEMSELVES:
            return ""
        if path in reproduction.test_files or is_test_code(path):
            return "it is a test, and tests say what is right"
        return "it is data of tests, and they say what is right" if is_test_data(path) else ""

    return why


def objections(tree: Worktree, reproduction: Reproduction, diff: str) -> str:
    """Return what the gate's static rules hold against a diff, in words; empty: nothing."""
    patch = new_patch(reproduction_id=reproduction.id, strategy="draft", summary="draft", explanation="", diff=diff)
    try:
        found = tampering(read_change(patch, reproduction, tree.git))
    except DoesNotApplyError as error:
        return str(error)
    return "; ".join(str(finding) for finding in found[:MAX_FINDINGS])
