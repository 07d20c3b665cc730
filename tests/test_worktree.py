from pathlib import Path

import pytest

from fixer.errors import GitError
from fixer.worktree import close_worktree, open_worktree
from tests.repositories import commit, git, make_repository, users_state, write


def project(tmp_path: Path) -> Path:
    folder = make_repository(tmp_path / "my project", {"a.txt": "one\n", "b/c.txt": "two\n", ".gitignore": "*.tmp\n"})
    commit(folder, {"a.txt": "three\n"})
    return folder


def test_the_users_tree_does_not_move(tmp_path: Path) -> None:
    folder = project(tmp_path)
    write(folder, {"a.txt": "uncommitted\n", "new.txt": "untracked\n"})
    git(folder, "add", "new.txt")
    write(folder, {"b/c.txt": "stashed\n"})
    git(folder, "stash", "push", "--quiet", "--", "b/c.txt")
    before = users_state(folder)
    tree = open_worktree(folder, tmp_path / "cache" / "run" / "tree", "HEAD~1")
    assert (tree.path / "a.txt").read_text() == "one\n"
    tree.apply("--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+four\n")
    tree.commit_all("in the worktree")
    tree.remove()
    assert users_state(folder) == before
    assert git(folder, "worktree", "list", "--porcelain").count("worktree ") == 1
    assert not (tmp_path / "cache" / "run").exists()


def test_reset_takes_everything_back(tmp_path: Path) -> None:
    tree = open_worktree(project(tmp_path), tmp_path / "cache" / "run" / "tree", "HEAD")
    write(tree.path, {"a.txt": "changed\n", "left.tmp": "ignored\n", "d/new.txt": "new\n"})
    (tree.path / "b" / "c.txt").unlink()
    tree.reset()
    assert tree.diff() == ""
    assert sorted(p.name for p in tree.path.rglob("*") if p.is_file() and p.name != ".git") == [
        ".gitignore",
        "a.txt",
        "c.txt",
    ]


def test_the_diff_has_new_files_and_applies_elsewhere(tmp_path: Path) -> None:
    folder = project(tmp_path)
    tree = open_worktree(folder, tmp_path / "cache" / "run" / "tree", "HEAD")
    write(tree.path, {"a.txt": "five\n", "d/new.txt": "new\n", "left.tmp": "ignored\n"})
    diff = tree.diff()
    tree.reset()
    tree.apply(diff)
    assert (tree.path / "d" / "new.txt").read_text() == "new\n"
    assert not (tree.path / "left.tmp").exists()
    tree.apply(diff, reverse=True)
    assert (tree.path / "a.txt").read_text() == "three\n"


def test_a_diff_that_does_not_apply_changes_nothing(tmp_path: Path) -> None:
    tree = open_worktree(project(tmp_path), tmp_path / "cache" / "run" / "tree", "HEAD")
    wrong = "--- a/b/c.txt\n+++ b/b/c.txt\n@@ -1 +1 @@\n-two\n+2\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+four\n"
    with pytest.raises(GitError, match="does not apply"):
        tree.apply(wrong)
    assert tree.diff() == ""


def test_takes_over_what_a_killed_run_left(tmp_path: Path) -> None:
    folder = project(tmp_path)
    path = tmp_path / "cache" / "run" / "tree"
    first = open_worktree(folder, path, "HEAD")
    write(first.path, {"a.txt": "half done\n"})
    lock = Path(first.git.line("rev-parse", "--path-format=absolute", "--git-dir")) / "index.lock"
    lock.write_text("")
    second = open_worktree(folder, path, "HEAD~1")
    assert (second.path / "a.txt").read_text() == "one\n"
    second.remove()
    assert not path.exists()


def test_makes_anew_what_is_only_half_there(tmp_path: Path) -> None:
    folder = project(tmp_path)
    path = tmp_path / "cache" / "run" / "tree"
    open_worktree(folder, path, "HEAD")
    (path / ".git").unlink()
    assert (open_worktree(folder, path, "HEAD").path / "a.txt").read_text() == "three\n"


def test_closing_what_is_not_there_does_nothing(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (tmp_path / "precious").mkdir()
    close_worktree(folder, tmp_path / "precious")
    assert (tmp_path / "precious").exists()
