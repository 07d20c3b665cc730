"""From failures to one that shows here: chosen, run, and kept on its own branch."""

from fixer.repair.draft import Draft, Suite, Taken
from fixer.repair.keeping import Kept, keep, keep_here, refuse_unsafe
from fixer.repair.reading import failing_commit
from fixer.repair.remaining import suite_of
from fixer.repair.same_way import same_way
from fixer.repair.workshop import Workshop
from fixer.repair.writing import can_be_written, write_test
from fixer.reproduction import NotReproduced, reproduce, runners, target
from fixer.schema.base import Record, content_id
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.report import Outcome
from fixer.schema.reproduction import Reproduction, Shown

TRIED = 3
"""Failures of one log that are tried, the first causes first, before the run says that none shows here."""
TRIED_NEXT = 6
"""The same, for a further failure of the log once one was taken on."""


class Reproduced(Record):
    """What the step leaves in the journal."""

    failure: Failure | None = None
    reproduction: Reproduction | None = None
    reasons: tuple[str, ...] = ()
    refused: dict[str, str] = {}
    """Id of a failure that does not show -> why."""
    gone: dict[str, Suite] = {}
    """Id of a failure that shows only without the fixes of the run -> the suite around it."""


def show_here(draft: Draft, shop: Workshop) -> bool:
    """Make a failure of the log show here; the draft says how it ended where none does."""
    shop.begin("reproduction", shop.given.settings.budget.reproduction)
    if shop.given.commit_here:
        refuse_unsafe(shop.git, shop.given.branch)
    found = shop.step("reproduce", Reproduced, lambda: _reproduce(draft, shop))
    if found.reproduction is None and not shop.models.none:
        found = shop.step("write_test", Reproduced, lambda: _written(draft, shop, found))
    if found.reproduction is None or found.failure is None:
        _not_shown(draft, shop, found)
        return False
    draft.sandbox = shop.sandbox.describe()
    draft.refused |= found.refused
    take_on(draft, shop, found, draft.failures)
    return True


def show_next(draft: Draft, shop: Workshop, red: tuple[Failure, ...], commit: str) -> bool:
    """Make one more failure of the log show, on the commit that holds every fix so far.

    One that does not show there, but does without the fixes, is gone; the draft keeps what the others said.
    """
    shop.begin("reproduction", shop.given.settings.budget.reproduction)
    found = shop.step("reproduce", Reproduced, lambda: _reproduce_next(draft, shop, red, commit))
    draft.refused |= found.refused
    draft.gone |= found.gone
    if found.reproduction is None or found.failure is None:
        return False
    draft.rounds.append(Taken())
    others = tuple(failure for failure in red if failure.id not in {found.failure.id, *found.gone})
    take_on(draft, shop, found, (found.failure, *others))
    return True


def take_on(draft: Draft, shop: Workshop, found: Reproduced, red: tuple[Failure, ...]) -> None:
    """Work on this failure from now on, and keep its reproduction on a branch."""
    now = draft.now
    now.failure, now.reproduction = found.failure, found.reproduction
    now.red = red
    shop.talk(f"it fails here as well: {draft.shown()[1].name}")
    now.reproduction_branch = shop.step("keep_reproduction", Kept, lambda: _keep(draft, shop)).branch


def _reproduce_next(draft: Draft, shop: Workshop, red: tuple[Failure, ...], commit: str) -> Reproduced:
    refused: dict[str, str] = {}
    gone: dict[str, Suite] = {}
    for failure in _one_of_each(red):
        if shop.phase.stop():
            break
        found = _try(draft, shop, failure, commit)
        if not isinstance(found, NotReproduced):
            return Reproduced(failure=_as_seen(failure, found, shop), reproduction=found, refused=refused, gone=gone)
        refused[failure.id] = found.reason
        if found.shown is Shown.NONE and failure.tool in runners():
            before = _try(draft, shop, failure, draft.seen_on())
            if not isinstance(before, NotReproduced):
                gone[failure.id] = suite_of(failure, before)
    return Reproduced(refused=refused, gone=gone)


def _written(draft: Draft, shop: Workshop, found: Reproduced) -> Reproduced:
    """Have a model write a test for the log's first failure that no command of the project shows here."""
    failure = next((one for one in draft.failures if can_be_written(one)), None)
    if failure is None or shop.given.request.existing_test_path is not None or shop.phase.stop():
        return found
    written = write_test(draft, shop, failure, failing_commit(draft, shop), found.reasons)
    if isinstance(written, NotReproduced):
        return found.model_copy(update={"reasons": (*found.reasons, written.reason)})
    shown, reproduction = written
    refused = {name: why for name, why in found.refused.items() if name != failure.id}
    return found.model_copy(update={"failure": shown, "reproduction": reproduction, "refused": refused})


def _one_of_each(red: tuple[Failure, ...]) -> list[Failure]:
    kinds: list[Failure] = []
    for failure in red:
        if not any(same_way(failure, kind) for kind in kinds):
            kinds.append(failure)
    return kinds[:TRIED_NEXT]


def _try(draft: Draft, shop: Workshop, failure: Failure, commit: str) -> Reproduction | NotReproduced:
    if draft.execution is None:
        raise RuntimeError("nothing was read yet")
    lab = shop.lab(failure.tool)
    shop.tree.reset(commit)
    shop.talk(f"running {failure.test or failure.file or failure.tool}")
    return reproduce(failure, draft.execution, shop.given.request, lab)


def _as_seen(failure: Failure, reproduction: Reproduction, shop: Workshop) -> Failure:
    """Return the failure with the lines that it has now: the fixes before may have moved them."""
    seen = shop.failures_in(reproduction.files["logs/reproduction.log"])
    alike = [one for one in seen if one.fingerprint == failure.fingerprint and len(one.frames) == len(failure.frames)]
    if not alike:
        return failure
    now = next((one for one in alike if one.test == failure.test), alike[0])
    pairs = zip(failure.frames, now.frames, strict=True)
    frames = tuple((file, line, function) for (file, _, function), (_, line, _) in pairs)
    return failure.model_copy(update={"frames": frames, "line": now.line, "column": now.column})


def _reproduce(draft: Draft, shop: Workshop) -> Reproduced:
    if draft.execution is None:
        raise RuntimeError("nothing was read yet")
    commit = failing_commit(draft, shop)
    reasons = []
    refused: dict[str, str] = {}
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
            return Reproduced(
                failure=target(failure, found, shop.failures_in),
                reproduction=found,
                reasons=tuple(reasons),
                refused=refused,
            )
        reasons.append(f"{what}: {found.reason}")
        refused[failure.id] = found.reason
    return Reproduced(reasons=tuple(reasons), refused=refused)


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
    again = shop.given.again
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
