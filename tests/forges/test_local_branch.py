from pathlib import Path

from fixer.forges import local_branch
from fixer.forges.base import Fix
from fixer.schema.patch import new_patch
from fixer.worktree import open_worktree
from tests.repositories import git, make_repository, users_state

DIFF = "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+two\n"


def a_fix(folder: Path, key: str = "k1", diff: str = DIFF) -> Fix:
    patch = new_patch(
        reproduction_id="r",
        strategy="names",
        summary="Say two",
        explanation="It said one.",
        diff=diff,
        needs_review="why",
    )
    return Fix(
        run_id="run1", key=key, name="a", patch=patch, base=git(folder, "rev-parse", "main"), base_name="main",
        proof=("stable: 5 of 5 passed",), folder=folder / "outputs",
    )  # fmt: skip


def test_the_branch_holds_only_the_fix(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "one\n"})
    before = users_state(folder)
    tree = open_worktree(folder, tmp_path / "cache" / "run" / "tree", "main")
    made = local_branch.deliver(a_fix(folder), tree)
    tree.remove()
    assert made.branch == "fix/a"
    assert git(folder, "rev-list", "--count", "main..fix/a") == "1"
    assert git(folder, "diff", "--stat", "main", "fix/a").splitlines()[0].split("|")[0].strip() == "a.txt"
    message = git(folder, "log", "-1", "--format=%B", "fix/a")
    assert message.startswith("Say two\n\nIt said one.")
    assert "stable: 5 of 5 passed" in message
    assert Path(made.patch_file).read_text() == DIFF
    assert "git push" in made.note
    assert users_state(folder) == before


def test_delivered_twice_there_is_one_branch(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "one\n"})
    tree = open_worktree(folder, tmp_path / "cache" / "run" / "tree", "main")
    first = local_branch.deliver(a_fix(folder), tree)
    second = local_branch.deliver(a_fix(folder), tree)
    assert (second.branch, second.commit) == (first.branch, first.commit)
    assert "already" in second.note
    assert git(folder, "branch", "--list", "fix/*").split() == ["fix/a"]
