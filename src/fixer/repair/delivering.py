"""From a verified patch to a branch, and to the sentence that says how the run ended."""

from pathlib import Path

from fixer.diagnosis.people import people_to_ask
from fixer.errors import DependencyError
from fixer.forges import local_branch
from fixer.forges.base import Fix
from fixer.repair.diagnosing import Base
from fixer.repair.draft import Draft
from fixer.repair.workshop import Workshop
from fixer.schema.base import content_id
from fixer.schema.diagnosis import Diagnosis
from fixer.schema.report import Attempt, Delivery, Outcome


def deliver(draft: Draft, shop: Workshop, base: Base, attempt: Attempt) -> None:
    """Put the patch on `fix/NAME`, behind the fixes that this run put there before, and say what was proved."""
    failure, reproduction = draft.shown()
    shop.begin("deliver", shop.given.settings.budget.prepare)
    fix = Fix(
        run_id=shop.journal.id,
        key=content_id("fix", shop.given.repository, base.commit, failure.fingerprint, attempt.patch.id),
        name=draft.delivery.branch.removeprefix("fix/") if draft.delivery else reproduction.name,
        patch=attempt.patch,
        base=base.commit,
        base_name=base.name,
        proof=tuple(f"{check.name}: {check.reason}" for check in attempt.verification.checks),
        folder=output_folder(shop),
        root=draft.delivery.base if draft.delivery else "",
    )
    delivery = shop.step("deliver", Delivery, lambda: _deliver(fix, shop))
    draft.delivery = delivery
    draft.now.commit = delivery.commit
    if draft.now.diagnosis is not None:
        draft.now.diagnosis = shop.step("people", Diagnosis, lambda: _with_people(draft, shop, base, attempt))
    note = f" {base.note[0].upper()}{base.note[1:]}." if base.note else ""
    summary = f"{attempt.patch.summary}: verified on {base.name}, ready on the branch {delivery.branch}.{note}"
    draft.end(Outcome.FIXED, summary, *take_it(draft))


def _deliver(fix: Fix, shop: Workshop) -> Delivery:
    try:
        return local_branch.deliver(fix, shop.tree)
    except OSError as error:
        raise DependencyError(
            f"the patch file could not be written into {fix.folder}: {error}",
            "make room and check the rights of the folder",
        ) from error


def take_it(draft: Draft) -> list[str]:
    """Return what a person does with the delivered branch."""
    delivery = draft.delivery
    if delivery is None:
        raise RuntimeError("nothing was delivered")
    fixed = [one.attempts[-1].patch for one in draft.rounds if one.commit]
    look = f"git log -p {delivery.base[:12]}..{delivery.branch}" if len(fixed) > 1 else f"git show {delivery.branch}"
    return [
        f"look at the fix: {look}",
        *(f"before merging: {patch.needs_review}" for patch in fixed if patch.needs_review),
        f"take it: git merge {delivery.branch}   (or: git apply {delivery.patch_file})",
    ]


def _with_people(draft: Draft, shop: Workshop, base: Base, attempt: Attempt) -> Diagnosis:
    """Add the people who know the lines that the patch changes."""
    from unidiff.patch import PatchSet  # noqa: PLC0415 - only here, and only for a delivered patch

    diagnosis = draft.now.diagnosis
    if diagnosis is None:
        raise RuntimeError("a fix is delivered after its diagnosis")
    failure, _ = draft.shown()
    lines: list[tuple[str, int]] = []
    files: list[str] = []
    for changed in PatchSet(attempt.patch.diff):
        if not changed.is_added_file:
            files.append(changed.path)
            removed = (line.source_line_no for hunk in changed for line in hunk if line.is_removed)
            lines += [(changed.path, number) for number in removed if number is not None]
    if failure.file and failure.line:
        lines.append((failure.file, failure.line))
    people = people_to_ask(shop.git, base.commit, lines, files)
    return diagnosis.model_copy(update={"people": people or diagnosis.people})


def output_folder(shop: Workshop) -> Path:
    """Where the report and the patch file go."""
    return shop.repository / shop.given.settings.output_dir
