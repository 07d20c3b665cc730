"""The failures of a log that have nothing to do with the first one: each taken on, on top of the fixes so far."""

from fixer.errors import FixerError, InterruptedRunError, JournalError
from fixer.repair.delivering import deliver, take_it
from fixer.repair.diagnosing import Base, diagnose
from fixer.repair.draft import Draft, Suite
from fixer.repair.fixing import Fixing
from fixer.repair.packages import only
from fixer.repair.remaining import SuiteRun, counted, is_red, run_suites, suite_of
from fixer.repair.reproducing import show_next
from fixer.repair.same_way import same_way
from fixer.repair.workshop import Workshop
from fixer.schema.failure import Failure
from fixer.schema.report import Outcome, Remaining

MOST_ROUNDS = 5
NO_PATCH = "it fails here, but no patch for it passed every check"
NO_TIME_FOR_PATCH = "it fails here, but the time ended before a patch was verified"
UNFIXED = (NO_PATCH, NO_TIME_FOR_PATCH)
NO_TIME = "the time ended before it was taken on"
NO_ROUND = f"one run takes on {MOST_ROUNDS} failures; run again once the fixes are merged"
NOT_SHOWN = "it was not taken on: none of the failures tried before it shows here"


def go_on(draft: Draft, shop: Workshop, base: Base, *, gone: bool) -> None:
    """Take on what the log shows beside the first failure, and say how the run ended as a whole.

    Args:
        draft: the first round is in it, fixed or not.
        shop: of the run.
        base: where the first fix began.
        gone: whether the first failure does not show on the base any more.
    """
    first, _ = draft.shown()
    others = [failure for failure in counted(draft) if not same_way(first, failure)]
    if shop.given.request.existing_test_path is not None or not others:
        return
    if gone:
        draft.gone |= {failure.id: suite_of(*draft.shown()) for failure in draft.failures if same_way(first, failure)}
    elif not draft.now.commit:
        _unfixed(draft, shop)
    try:
        left, last = _rounds(draft, shop, base)
    except (InterruptedRunError, JournalError):
        raise
    except FixerError as error:
        # What was delivered stays delivered.
        left, last = tuple(f for f in counted(draft) if f.id not in draft.gone and not _mended(draft, f)), error.message
    _end(draft, left, last, gone=gone)


def _rounds(draft: Draft, shop: Workshop, base: Base) -> tuple[tuple[Failure, ...], str]:
    """Work until nothing is left or nothing more can be done; return what is left, and why it was not taken on."""
    tip = base
    while True:
        if draft.delivery is not None:
            tip = base.model_copy(update={"commit": draft.delivery.commit, "note": ""})
        shop.round += 1
        only(draft.requirements(), shop)
        left = _left(draft, shop, tip.commit)
        open_ = tuple(failure for failure in left if draft.refused.get(failure.id) not in UNFIXED)
        if not open_:
            return left, ""
        if len(draft.rounds) >= MOST_ROUNDS:
            return left, NO_ROUND
        if shop.is_over("fix", shop.given.settings.budget.fix):
            return left, NO_TIME
        shop.talk(f"taking on what else the log shows: {len(open_)} failure(s)")
        # Those that were not tried yet come first: what did not show before may have been hidden, and rarely was.
        untried = sorted(open_, key=lambda failure: failure.id in draft.refused)
        if not show_next(draft, shop, tuple(untried), tip.commit):
            left = tuple(failure for failure in left if failure.id not in draft.gone)
            _look_again(draft, shop, tip.commit)
            return left, NO_TIME if shop.phase.stop() else NOT_SHOWN
        _take_on(draft, shop, tip)


def _take_on(draft: Draft, shop: Workshop, tip: Base) -> None:
    diagnose(draft, shop)
    attempt = Fixing(draft, shop, tip).search()
    if attempt is not None:
        deliver(draft, shop, tip, attempt)
    else:
        _unfixed(draft, shop)


def _unfixed(draft: Draft, shop: Workshop) -> None:
    failure, _ = draft.shown()
    why = NO_TIME_FOR_PATCH if shop.phase.stop() else NO_PATCH
    draft.refused |= {other.id: why for other in draft.failures if same_way(failure, other)}


def _left(draft: Draft, shop: Workshop, commit: str) -> tuple[Failure, ...]:
    """Run every suite that is known on `commit`; return the failures of the log that are not known to be gone."""
    runs = _look_again(draft, shop, commit)
    left = []
    for failure in counted(draft):
        red = is_red(failure, runs)
        if failure.id not in draft.gone and (red or (red is None and not _mended(draft, failure))):
            left.append(failure)
    return tuple(left)


def _mended(draft: Draft, failure: Failure) -> bool:
    """Whether a delivered fix is for this failure: the gate saw it go."""
    return any(one.commit and one.failure and same_way(failure, one.failure) for one in draft.rounds)


def _look_again(draft: Draft, shop: Workshop, commit: str) -> list[SuiteRun]:
    suites: list[Suite] = []
    shown = [(one.failure, one.reproduction) for one in draft.rounds]
    for suite in (*(suite_of(f, r) for f, r in shown if f and r), *draft.gone.values()):
        if suite not in suites:
            suites.append(suite)
    name = "suites" if not draft.gone else f"suites.{len(suites)}"
    runs = shop.step(name, list[SuiteRun], lambda: run_suites(suites, draft.failures, commit, shop))
    draft.final_runs = tuple(run.result for run in runs)
    return runs


def _end(draft: Draft, left: tuple[Failure, ...], last: str, *, gone: bool) -> None:
    fixed = [one for one in draft.rounds if one.commit]
    draft.remaining = tuple(
        Remaining(failure=failure, reason=draft.refused.get(failure.id) or last or NO_PATCH) for failure in left
    )
    if not fixed and not (gone and left):
        return  # The first round has said how it ended.
    if draft.delivery is None:
        draft.end(Outcome.PARTIAL, f"{draft.summary} Of the log's other failures {_count(left)} not fixed.")
        return
    done = "; ".join(one.attempts[-1].patch.summary for one in fixed)
    ready = f"verified on {draft.delivery.base_name}, ready on the branch {draft.delivery.branch}"
    if not left:
        draft.end(Outcome.FIXED, f"{done}: {ready}. Nothing that the log shows failing is left.", *take_it(draft))
        return
    draft.end(
        Outcome.PARTIAL,
        f"{done}: {ready}. Of the log's {len(draft.failures)} failures {_count(left)} not fixed.",
        *take_it(draft),
        f"once it is merged, take on what is left with a log of the next build: {draft.given.again}",
    )


def _count(left: tuple[Failure, ...]) -> str:
    return f"{len(left)} {'is' if len(left) == 1 else 'are'}"
