from pathlib import Path

from fixer.branches import KEY_TRAILER, find, find_or_create, key_of
from fixer.git import Git
from tests.repositories import commit, git, make_repository, users_state


def keyed(folder: Path, key: str) -> str:
    """A commit with fixer's trailer, reachable from no branch."""
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    return git(folder, "commit-tree", tree, "-p", "HEAD", "-m", f"Mend it\n\n{KEY_TRAILER}: {key}")


def test_makes_a_branch_and_finds_it_again(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    before = users_state(folder)
    made = keyed(folder, "k1")
    assert find_or_create(Git(folder), "fix/a", made, "k1") == ("fix/a", made, True)
    again = keyed(folder, "k1")
    assert find_or_create(Git(folder), "fix/a", again, "k1") == ("fix/a", made, False)
    assert find(Git(folder), "fix/a", "k1") == "fix/a"
    assert key_of(Git(folder), made) == "k1"
    assert users_state(folder) == before


def test_leaves_somebody_elses_branch_alone(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    git(folder, "branch", "fix/a")
    theirs = git(folder, "rev-parse", "fix/a")
    made = keyed(folder, "k1")
    assert find_or_create(Git(folder), "fix/a", made, "k1") == ("fix/a-2", made, True)
    assert git(folder, "rev-parse", "fix/a") == theirs
    assert find(Git(folder), "fix/a", "k1") == "fix/a-2"
    assert find(Git(folder), "fix/a", "other") is None


def test_another_key_gets_another_name(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    find_or_create(Git(folder), "fix/a", keyed(folder, "k1"), "k1")
    commit(folder, {"a.txt": "b\n"})
    assert find_or_create(Git(folder), "fix/a", keyed(folder, "k2"), "k2")[0] == "fix/a-2"


def test_goes_on_with_its_own_branch_unless_somebody_stands_on_it(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    first = keyed(folder, "k1")
    find_or_create(Git(folder), "fix/a", first, "k1")
    second = git(folder, "commit-tree", f"{first}^{{tree}}", "-p", first, "-m", f"More\n\n{KEY_TRAILER}: k2")
    third = git(folder, "commit-tree", f"{first}^{{tree}}", "-p", second, "-m", f"More\n\n{KEY_TRAILER}: k3")
    assert find_or_create(Git(folder), "fix/a", second, "k2", onto=first) == ("fix/a", second, True)
    assert find_or_create(Git(folder), "fix/a", keyed(folder, "k1"), "k1") == ("fix/a", first, False)
    git(folder, "checkout", "--quiet", "fix/a")
    assert find_or_create(Git(folder), "fix/a", third, "k3", onto=second) == ("fix/a-2", third, True)
    assert git(folder, "rev-parse", "fix/a") == second
