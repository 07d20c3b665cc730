"""From failures to one that shows here: chosen, run, and kept on its own branch."""

from fixer.repair.draft import Draft
from fixer.repair.keeping import Kept, keep, keep_here, refuse_unsafe
from fixer.repair.reading import failing_commit
from fixer.repair.workshop import Workshop
from fixer.reproduction import NotReproduced, reproduce, target
from fixer.schema.base import Record, content_id
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.report import Outcome
from fixer.schema.reproduction import Reproduction

TRIED = 3
"""Failures of one log that are tried, the first causes first, before the run says that none shows here."""


class Reproduced(Record):
    """What the step leaves in the journal."""

    failure: Failure | None = None
    reproduction: Reproduction | None = None
    reasons: tuple[str, ...] = ()


def show_here(draft: Draft, shop: Workshop) -> bool:
    """Make a failure of the log show here; the draft says how it ended where none does."""
    shop.begin("reproduction", shop.given.settings.budget.reproduction)
    if shop.given.commit_here:
        refuse_unsafe(shop.git, shop.given.branch)
    found = shop.step("reproduce", Reproduced, lambda: _reproduce(draft, shop))
    if found.reproduction is None or found.failure is None:
        _not_shown(draft, shop, found)
        return False
    draft.sandbox = shop.sandbox.describe()
    draft.failure, draft.reproduction = found.failure, found.reproduction
    shop.talk(f"it fails here as well: {draft.reproduction.name}")
    draft.reproduction_branch = shop.step("keep_reproduction", Kept, lambda: _keep(draft, shop)).branch
    return True


def _reproduce(draft: Draft, shop: Workshop) -> Reproduced:
    if draft.execution is None:
        raise RuntimeError("nothing was read yet")
    commit = failing_commit(draft, shop)
    reasons = []
    for failure in _worth_trying(draft.failures, shop.given.request.existing_test_path):
        if shop.phase.stop():
            reasons.append("the time for reproductions ended")
            break
        lab = shop.lab(failure.tool)
        shop.tree.reset(commit)
        what = shop.given.request.existing_test_path or failure.test or failure.file or failure.tool
        shop.talk(f"running {what}")
        found = reproduce(failure, draft.execution, shop.given.request, lab)
        if not isinstance(found, NotReproduced):
            return Reproduced(failure=target(failure, found, shop.failures_in), reproduction=found)
        reasons.append(f"{what}: {found.reason}")
    return Reproduced(reasons=tuple(reasons))


def _worth_trying(failures: tuple[Failure, ...], named: str | None) -> list[Failure]:
    """Take the first of each kind: a hundred tests that fail alike need one try."""
    if named is not None:
        # The user's own test says what fails; the log's first failure says how, where there is a log.
        return [*failures[:1]] or [
            Failure(
                id=content_id("named", named),
                tool="pytest",
                kind=FailureKind.TEST,
                message="",
                test=named,
                fingerprint="",
            )
        ]
    kinds: dict[tuple[str, str], Failure] = {}
    for failure in failures:
        kinds.setdefault((failure.tool, failure.fingerprint), failure)
    return list(kinds.values())[:TRIED]


def _keep(draft: Draft, shop: Workshop) -> Kept:
    failure, reproduction = draft.shown()
    key = content_id("repro", shop.given.repository, reproduction.commit, failure.fingerprint)
    if shop.given.commit_here:
        return keep_here(reproduction, shop.tree, shop.given.branch, key)
    return keep(reproduction, shop.tree, shop.given.head, key)


def _not_shown(draft: Draft, shop: Workshop, found: Reproduced) -> None:
    again = f"fixer run {shop.given.request_path}"
    draft.no_reproduction = "; ".join(found.reasons) or "the log names no failure that fixer could run again"
    if not draft.failures and shop.given.request.existing_test_path is None:
        draft.end(
            Outcome.FAILED,
            "No failure could be read from the log.",
            "check that the log is the one of the failed job, and that it is whole",
            f'name a test that fails as "existing-test-path" in {shop.given.request_path}, then: {again}',
        )
        return
    draft.end(
        Outcome.PARTIAL if draft.failures else Outcome.FAILED,
        f"The failure could not be shown on this machine, so nothing was changed. {draft.no_reproduction}",
        f"make sure that the failing commit is checked out, or name it: {again} --commit COMMIT",
        "make sure that the project's own tests run here: fixer doctor",
        'if it comes and goes, set "deterministic": false and run again',
    )
