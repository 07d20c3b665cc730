from pathlib import Path

from fixer.own_files import link_in, make_ignored, replace
from tests.repositories import git, make_repository


def test_git_does_not_see_the_folder(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    make_ignored(folder / "outputs")
    (folder / "outputs" / "report.md").write_text("# Report\n")
    assert git(folder, "status", "--porcelain") == ""


def test_a_folder_of_the_users_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "mine.txt").write_text("mine\n")
    make_ignored(tmp_path / "outputs")
    assert [path.name for path in (tmp_path / "outputs").iterdir()] == ["mine.txt"]


def test_a_folder_left_half_made_is_finished(tmp_path: Path) -> None:
    (tmp_path / "outputs").mkdir()
    make_ignored(tmp_path / "outputs")
    assert (tmp_path / "outputs" / ".gitignore").read_text() == "*\n"


def test_replaces_a_file_and_the_draft_of_a_killed_run(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old\n")
    (tmp_path / ".a.txt.part").write_text("half a fi")
    replace(tmp_path / "a.txt", b"new \xff\n")
    assert (tmp_path / "a.txt").read_bytes() == b"new \xff\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_writes_through_no_link(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine\n")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / ".a.txt.part").symlink_to(tmp_path / "mine.txt")
    (tmp_path / "project" / "a.txt").symlink_to(tmp_path / "mine.txt")
    replace(tmp_path / "project" / "a.txt", b"new\n")
    assert (tmp_path / "mine.txt").read_text() == "mine\n"
    assert (tmp_path / "project" / "a.txt").read_text() == "new\n"
    assert [path.name for path in (tmp_path / "project").iterdir()] == ["a.txt"]


def test_finds_the_first_link_on_the_way(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "root").symlink_to(tmp_path / "real")
    root = tmp_path / "root"
    (root / "out").symlink_to(tmp_path)
    assert link_in(root / "outputs" / "a.md", root) is None
    assert link_in(root / "out" / "deep" / "a.md", root) == root / "out"
    assert link_in(tmp_path / "elsewhere", root) is None
