"""What a runner's own account says about a patch: outcomes come in, what is wrong with them goes out as a text."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from fixer.schema.reproduction import SuiteOutcome

_SHOWN = 5
_IMPORT_FAILED = "unittest.loader._FailedTest."
"""unittest's name for a module that could not be imported; the module's own name follows."""


def chooses_tests(argv: Sequence[str]) -> bool:
    """Whether a command of a test runner chooses tests by name or mark, so that a whole module may be left out."""
    words = list(argv)
    if words[1:2] == ["-m"] and PurePosixPath(words[0]).name.startswith("python"):
        words = words[2:]
    return any(word.startswith(("-k", "-m", "--deselect")) for word in words)


def why_not_passed(outcome: SuiteOutcome, test: str | None) -> str:
    """Return why the account does not say that `test` passed; empty where it does.

    A name that is a file, a module, a class or a parametrised function stands for everything below it. Without a
    test (a linter's finding, a command), nothing may have failed.
    """
    if not outcome.readable:
        return f"the runner left no account that can be read: {outcome.reason or 'no reason given'}"
    if test is None:
        return f"still reported: {_named(outcome.failed)}" if outcome.failed else ""
    failed, skipped, passed = (
        frozenset(name for name in names if _is_or_below(name, test))
        for names in (outcome.failed, outcome.skipped, outcome.passed)
    )
    if failed:
        return f"still failing: {_named(failed)}"
    if test in skipped or (skipped and not passed):
        return f"skipped, not passed: {_named(skipped)}"
    if not passed:
        return f"{test} is not among the tests that ran (passed: {_named(outcome.passed)})"
    return ""


def why_still_red(after: SuiteOutcome, together: frozenset[str], *, tests: bool, chosen: bool = False) -> str:
    """Return which of those that failed in one way are not mended with the patch; empty where all are.

    A test must pass by its runner's own account; a module that could not be collected is one name before, and its
    tests are the names after. A linter's finding must be gone.

    Args:
        after: the suite with the patch.
        together: those that failed in one way before.
        tests: whether the entries are tests.
        chosen: whether the suite's command chooses tests by their names: of a module that is collected again, none
            may be among them.
    """
    red = frozenset(name for name in together if _still_red(after, name, tests=tests, chosen=chosen))
    return f"failed in the same way before and stay red: {_named(red)}" if red else ""


def _still_red(after: SuiteOutcome, name: str, *, tests: bool, chosen: bool) -> bool:
    if not tests:
        return name in after.failed
    if chosen and PurePosixPath(name).suffix == ".py":
        everything = (*after.passed, *after.failed, *after.skipped)
        if not any(_is_or_below(other, name) for other in everything):
            return False
    return bool(why_not_passed(after, name))


def why_broken(before: SuiteOutcome, after: SuiteOutcome, *, tests: bool) -> str:
    """Return what the suite lost with the patch; empty where it lost nothing.

    Args:
        before: the suite on the base.
        after: the suite with the patch.
        tests: whether the entries are tests. A linter's findings are meant to go away; a test is not.
    """
    for moment, outcome in (("before", before), ("after", after)):
        if not outcome.readable:
            reason = outcome.reason or "no reason given"
            return f"the suite's account {moment} the patch cannot be read, so nothing follows from it: {reason}"
    if _nothing_was_run(before) and after.passed:
        return ""
    if failing := before.passed & after.failed:
        return f"passed before and fail with the patch: {_named(failing)}"
    if skipped := (before.passed | before.failed) & after.skipped:
        return f"ran before and are skipped with the patch: {_named(skipped)}"
    return _why_smaller(before, after) if tests else _why_more_findings(before, after)


def _nothing_was_run(outcome: SuiteOutcome) -> bool:
    """Whether no test was reached, because what all of them load could not be imported: then none can be lost."""
    if not outcome.failed or outcome.passed or outcome.skipped:
        return False
    return all(PurePosixPath(name).name == "conftest.py" for name in outcome.failed)


def _why_smaller(before: SuiteOutcome, after: SuiteOutcome) -> str:
    known = after.passed | after.failed | after.skipped
    if gone := before.passed - known:
        return f"passed before and are no longer run: {_named(gone)}"
    # A module that could not be collected is one entry before, and its tests are the entries after.
    gone = frozenset(name for name in before.failed - known if not any(_is_or_below(other, name) for other in known))
    total = len(before.passed | before.failed | before.skipped)
    if gone and len(known) < total:
        return f"failed before and are no longer run: {_named(gone)}"
    if len(known) < total:
        return f"{total} tests were collected before, {len(known)} are with the patch"
    return ""


def _why_more_findings(before: SuiteOutcome, after: SuiteOutcome) -> str:
    new = after.failed - before.failed
    # Findings that only moved to another line are as many as before.
    return f"reported only with the patch: {_named(new)}" if len(after.failed) > len(before.failed) else ""


def _is_or_below(name: str, whole: str) -> bool:
    """Whether `name` is `whole` or a part of it, by the separators of pytest and unittest."""
    whole = whole.rpartition(_IMPORT_FAILED)[2]
    if name == whole:
        return True
    return name.startswith(whole) and name[len(whole) :].startswith(("::", "[", "."))


def _named(names: frozenset[str]) -> str:
    listed = sorted(names)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more if listed else "none"
