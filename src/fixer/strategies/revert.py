"""Takes back the part of an older commit that makes the reproduction fail: the last resort, for people to judge."""

from collections import Counter
from collections.abc import Iterator, Sequence

from fixer.errors import GitError
from fixer.git import DIFF_FLAGS
from fixer.schema.diagnosis import MinimalChange
from fixer.schema.patch import Patch, new_patch
from fixer.strategies.base import Case, NotMine
from fixer.worktree import Worktree

ORDER = 90
_PURPOSE_LENGTH = 300


def propose(case: Case) -> Iterator[Patch]:
    """Yield the patch that reverses the minimal failure-inducing change on the fix's base.

    Raises:
        NotMine: there is no minimal change, or it cannot be taken back exactly.
    """
    change = _change_of(case)
    base = case.tree.commit
    if case.tree.git.commit_of(change.culprit) is None:
        raise NotMine(f"the commit that made the failure, {change.culprit[:12]}, is not in this repository")
    if not case.tree.git.is_ancestor(change.culprit, base):
        raise NotMine(f"the commit that made the failure, {change.culprit[:12]}, is not part of the fix's base")
    if not _take_back(case.tree, change.hunks, base):
        raise NotMine(
            f"what {change.culprit[:12]} changed was changed again since, so it cannot be taken back exactly; "
            f"to see it: git show {change.culprit[:12]}"
        )
    diff = case.diff_now()
    if not diff:
        raise NotMine(f"what {change.culprit[:12]} changed is already gone from the fix's base")
    whole = _undoes_all(case.tree, change, diff)
    yield new_patch(
        reproduction_id=case.reproduction.id,
        strategy="revert",
        summary=_summary(change, whole=whole),
        explanation=_explanation(case, change),
        diff=diff,
        needs_review=_needs_review(case.tree, change, whole=whole),
    )


def _change_of(case: Case) -> MinimalChange:
    if case.diagnosis is None:
        raise NotMine("there is no diagnosis that could name the change that made the failure")
    change = case.diagnosis.minimal_change
    if change is None:
        raise NotMine(case.diagnosis.no_minimal_change or "no commit was found that made the failure")
    if not change.hunks:
        raise NotMine(f"{change.culprit[:12]} has no change that could be taken back")
    return change


def _take_back(tree: Worktree, hunks: Sequence[str], base: str) -> bool:
    """Reverse the hunks, the last first, as they stand or merged; on failure the tree is as it was."""
    tree.reset(base)
    try:
        for hunk in reversed(hunks):
            tree.apply(hunk, reverse=True)
    except GitError:
        tree.reset(base)
    else:
        return True
    for hunk in reversed(hunks):
        # A three-way merge finds lines that moved; where it meets a conflict its exit code is not 0.
        merged = tree.git.run("apply", "--reverse", "--3way", "--whitespace=nowarn", "-", stdin=hunk, check=False)
        if merged.exit_code != 0:
            tree.reset(base)
            return False
    return True


def _undoes_all(tree: Worktree, change: MinimalChange, diff: str) -> bool:
    """Whether `diff` takes back every line that the culprit changed."""
    ends = ("--end-of-options", change.culprit, change.green)
    return _changed_lines(tree.git.run("diff", *DIFF_FLAGS, *ends).stdout) == _changed_lines(diff)


def _changed_lines(diff: str) -> Counter[str]:
    """Count the lines that say what changes: contents, and what concerns whole files."""
    marks = ("+", "-", "rename ", "old mode ", "new mode ", "new file ", "deleted file ", "literal ", "delta ")
    return Counter(line for line in diff.split("\n") if line.startswith(marks))


def _summary(change: MinimalChange, *, whole: bool) -> str:
    subject = change.culprit_subject
    short = subject if len(subject) <= 50 else subject[:49].rstrip() + "…"
    return f'Revert {"" if whole else "part of "}"{short}"'


def _explanation(case: Case, change: MinimalChange) -> str:
    count = len(change.hunks)
    hunks = "1 hunk" if count == 1 else f"{count} hunks"
    least = "the fewest whose reversal makes it pass" if change.reduced else "not reduced to the fewest"
    return (
        f"{case.failure.test or case.failure.message} passes on {change.green[:12]} and fails since "
        f"{change.culprit[:12]} ('{change.culprit_subject}', {change.culprit_author}). Of the "
        f"{change.hunks_in_culprit} hunks of that commit this takes back {hunks}: {least}."
        + (f" {change.note}." if change.note else "")
    )


def _needs_review(tree: Worktree, change: MinimalChange, *, whole: bool) -> str:
    name = f"commit {change.culprit[:12]} ('{change.culprit_subject}')"
    what = f"This undoes all of {name}" if whole else f"This takes back part of {name}"
    purpose = _purpose(tree, change.culprit)
    told = f"Its author said what it was for: {purpose}" if purpose else "Its message does not say more"
    return f"{what}. {told}. Check that what it was for is no longer wanted, or can be had in another way."


def _purpose(tree: Worktree, commit: str) -> str:
    """Return the first paragraph of the commit's body, on one line."""
    body = tree.git.run("show", "--no-patch", "--no-show-signature", "--format=%b", commit).stdout.strip()
    text = " ".join(body.split("\n\n", 1)[0].split()).rstrip(".")
    return text if len(text) <= _PURPOSE_LENGTH else text[: _PURPOSE_LENGTH - 1].rstrip() + "…"
