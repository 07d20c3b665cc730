from pathlib import Path

from fixer.own_files import make_ignored, replace
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
