"""A fix becomes a commit on the local branch `fix/NAME`, and a patch file beside the report."""

from fixer.branches import KEY_TRAILER, find_or_create
from fixer.forges.base import Fix
from fixer.git import Git
from fixer.own_files import make_ignored, refuse_links, replace
from fixer.schema.report import Delivery
from fixer.worktree import Worktree

NO_PULL_REQUEST = "Pull requests are opened by hand for now: git push -u origin {branch}"


def deliver(fix: Fix, tree: Worktree) -> Delivery:
    """Commit the patch on the base, point `fix/NAME` at it, and write `NAME.patch`.

    The branch holds only fixes: one commit on the base, or on the fixes that the same run delivered before (then
    the patch file holds them all). What an earlier run delivered under the same key is found and returned as it is.

    Raises:
        GitError: the patch no longer applies, or the branch could not be made.
        PolicyError: a link leads from the folder of the patch file to elsewhere.
    """
    refuse_links(fix.folder, tree.repository)
    tree.reset(fix.base)
    tree.apply(fix.patch.diff)
    commit = tree.commit_all(_message(fix))
    git = Git(tree.repository)
    branch, commit, new = find_or_create(git, f"fix/{fix.name}", commit, fix.key, fix.base if fix.root else "")
    tree.reset(fix.base)
    whole = git.diff(fix.root, commit) if fix.root else fix.patch.diff
    patch_file = fix.folder / f"{fix.name}.patch"
    make_ignored(fix.folder)
    replace(patch_file, whole.encode("utf-8", "surrogateescape"))
    note = NO_PULL_REQUEST.format(branch=branch)
    if not new:
        note = f"The branch was there already, from an earlier run with the same fix. {note}"
    return Delivery(
        branch=branch,
        commit=commit,
        base=fix.root or fix.base,
        base_name=fix.base_name,
        patch_file=str(patch_file),
        note=note,
    )


def _message(fix: Fix) -> str:
    proof = "\n".join(f"- {line}" for line in fix.proof)
    review = f"\nTo look at before merging: {fix.patch.needs_review}\n" if fix.patch.needs_review else ""
    trailers = f"Fixer-Run: {fix.run_id}\nFixer-Strategy: {fix.patch.strategy}\n{KEY_TRAILER}: {fix.key}\n"
    return f"{fix.patch.summary}\n\n{fix.patch.explanation}\n{review}\nVerified:\n{proof}\n\n{trailers}"
