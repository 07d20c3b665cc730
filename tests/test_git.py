from pathlib import Path

import pytest

from fixer.errors import GitError
from fixer.git import Git, find_repository
from tests.repositories import commit, git, make_repository


def test_a_planted_config_runs_nothing(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    canary = tmp_path / "pwned"
    hook = folder / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
    hook.chmod(0o755)
    git(folder, "config", "core.fsmonitor", f"touch {canary}; false")
    git(folder, "config", "diff.external", f"touch {canary}; false")
    (folder / "a.txt").write_text("b\n")
    Git(folder).run("status", "--porcelain")
    Git(folder).run("checkout", "--quiet", "-b", "other")
    commit(folder, {"a.txt": "c\n"})
    canary.unlink(missing_ok=True)  # the plain git above runs it
    assert "-a" in Git(folder).diff("HEAD~1", "HEAD")
    Git(folder).run("checkout", "--quiet", "--detach")
    assert not canary.exists()


def test_a_failing_command_says_what_where_and_why(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    with pytest.raises(GitError) as caught:
        Git(folder).run("rev-parse", "--verify", "no-such-branch")
    assert "rev-parse --verify no-such-branch" in caught.value.message
    assert str(folder) in caught.value.message
    assert "exit code 128" in caught.value.message
    assert "Needed a single revision" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("name", ["--output=pwned", "-x", "..", "a..b", "@{", "x" * 300, "é", "a\nb", "HEAD:a.txt"])
def test_hostile_names_are_no_options(tmp_path: Path, name: str) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    assert Git(folder).commit_of(name) is None
    assert not (folder / "pwned").exists()


def test_bytes_that_are_not_utf8_survive(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a.txt": "a\n"})
    (folder / "a.txt").write_bytes(b"caf\xe9\n")
    git(folder, "commit", "--quiet", "-am", "latin-1")
    text = Git(folder).show("HEAD", "a.txt")
    assert text is not None
    assert text.encode("utf-8", "surrogateescape") == b"caf\xe9\n"
    assert Git(folder).show("HEAD", "missing.txt") is None


def test_outside_of_a_repository(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not inside a git repository"):
        find_repository(tmp_path)


def test_finds_the_top_from_a_folder_inside(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"a/b/c.txt": "a\n"})
    assert find_repository(folder / "a" / "b") == folder
