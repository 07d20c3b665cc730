from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.errors import GitError
from fixer.recovery import snapshot
from fixer.recovery.landing import Landing, land, plan
from fixer.worktree import open_worktree
from tests.repositories import commit, git, make_repository, users_state, write

FILES = {"a.txt": "one\ntwo\nthree\nfour\nfive\nsix\n", "gone.txt": "gone\n"}


def planned(root: Path, tmp_path: Path, changes: dict[str, str | None]) -> Landing:
    base = snapshot.take(root)
    tree = open_worktree(root, tmp_path / "trees" / "tree", base)
    for name, text in changes.items():
        if text is None:
            (tree.path / name).unlink()
        else:
            write(tree.path, {name: text})
    mended = tree.commit_all("mended")
    tree.remove()
    return plan(root, base, mended, "Mend it", "key")


def test_files_come_change_and_go_beside_what_the_user_is_working_on(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "project", FILES)
    write(root, {"a.txt": FILES["a.txt"].replace("six", "6"), "mine.txt": "mine\n"})
    new = FILES["a.txt"].replace("six", "6").replace("one", "1")

    assert land(root, planned(root, tmp_path, {"a.txt": new, "new/b.txt": "b\n", "gone.txt": None})) == ""

    assert git(root, "show", "--name-status", "--format=%s", "HEAD").split() == [
        "Mend", "it", "M", "a.txt", "D", "gone.txt", "A", "new/b.txt",
    ]  # fmt: skip
    assert (root / "a.txt").read_text(encoding="utf-8") == new
    assert (root / "new/b.txt").is_file()
    assert not (root / "gone.txt").exists()
    assert git(root, "diff", "--cached") == ""
    assert git(root, "status", "--porcelain").split() == ["M", "a.txt", "??", "mine.txt"]


@pytest.mark.parametrize("done", [0, 1, 2])
def test_killed_in_the_middle_the_rest_is_done_later(tmp_path: Path, done: int) -> None:
    root = make_repository(tmp_path / "project", FILES)
    landing = planned(root, tmp_path, {"a.txt": "1\n", "b.txt": "b\n"})
    entries = [f"{c.index_after[0]},{c.index_after[1]},{c.path}" for c in landing.changes]
    if done >= 1:
        git(root, "update-index", "--add", *(word for entry in entries for word in ("--cacheinfo", entry)))
    if done >= 2:
        write(root, {"a.txt": "1\n"})

    assert land(root, landing) == ""
    assert land(root, landing) == ""

    assert git(root, "status", "--porcelain") == ""
    assert git(root, "rev-list", "--count", "HEAD") == "2"


def edit(root: Path) -> None:
    write(root, {"a.txt": "edited\n"})


def move(root: Path) -> None:
    commit(root, {"other.txt": "1\n"})


def stage(root: Path) -> None:
    edit(root)
    git(root, "add", "a.txt")
    write(root, FILES)


@pytest.mark.parametrize(("meanwhile", "reason"), [(edit, "edited since"), (move, "has moved"), (stage, "staged anew")])
def test_what_the_user_did_meanwhile_is_left_alone(
    tmp_path: Path, meanwhile: Callable[[Path], None], reason: str
) -> None:
    root = make_repository(tmp_path / "project", FILES)
    landing = planned(root, tmp_path, {"a.txt": "1\n"})
    meanwhile(root)
    before = users_state(root)

    assert reason in land(root, landing)
    assert users_state(root) == before


def test_git_failing_in_the_middle_leaves_everything_as_it_was(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "project", FILES)
    landing = planned(root, tmp_path, {"a.txt": "1\n"})
    lock = root / ".git" / "refs" / "heads" / "main.lock"
    lock.touch()
    before = users_state(root)

    with pytest.raises(GitError):
        land(root, landing)

    lock.unlink()
    after = users_state(root)
    assert {**after, "index": ""} == {**before, "index": ""}
    assert git(root, "status", "--porcelain") == ""


def test_a_change_of_staged_lines_is_refused(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "project", FILES)
    write(root, {"a.txt": FILES["a.txt"].replace("one", "staged")})
    git(root, "add", "a.txt")
    write(root, FILES)

    landing = planned(root, tmp_path, {"a.txt": FILES["a.txt"].replace("one", "mended")})

    assert "staged" in landing.refused


def test_a_detached_head_moves_alone(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "project", FILES)
    main = git(root, "rev-parse", "main")
    git(root, "checkout", "--quiet", "--detach")

    assert land(root, planned(root, tmp_path, {"a.txt": "1\n"})) == ""

    assert git(root, "rev-parse", "main") == main
    assert git(root, "rev-parse", "HEAD~1") == main
