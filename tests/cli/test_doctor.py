"""`fixer doctor`: 0 when a run can start, 3 when something is missing, 2 for wrong input; nothing is written."""

import json
import os
import shutil
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from tests.conftest import Fixer, git

INFO = '{"deterministic": true, "prompt": "p", "raw-logs": "a\\nb"}'


def test_all_is_there(fixer: Fixer, repository: Path) -> None:
    (repository / "info.json").write_text(INFO, encoding="utf-8")
    before = sorted(repository.rglob("*"))
    done = fixer("doctor", "info.json", cwd=repository)
    assert done.code == ExitCode.OK
    assert done.stderr == "everything that a run needs is there\n"
    assert "the log's text, 2 lines" in done.stdout
    assert "problem" not in done.stdout
    assert sorted(repository.rglob("*")) == before


def test_json(fixer: Fixer, repository: Path) -> None:
    done = fixer("doctor", "--json", "--repo", repository)
    shown = json.loads(done.stdout)
    assert (done.code, shown["ready"]) == (ExitCode.OK, True)
    assert {finding["name"] for finding in shown["findings"]} >= {"git", "repository", "sandbox", "state database"}


def test_outside_of_a_repository_leaves_with_3(fixer: Fixer, tmp_path: Path) -> None:
    done = fixer("doctor", cwd=tmp_path)
    assert done.code == ExitCode.DEPENDENCY
    assert "is not inside a git working tree" in done.stdout
    assert "mend it: change to the project's folder" in done.stdout


def test_without_git_leaves_with_3(fixer: Fixer, repository: Path, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bwrap", "sh"):
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    done = fixer("doctor", cwd=repository, env={"PATH": str(tools)})
    assert done.code == ExitCode.DEPENDENCY
    assert "git is not on the PATH" in done.stdout


def test_wrong_input_leaves_with_2_and_finds_nothing_else(fixer: Fixer, repository: Path) -> None:
    (repository / "info.json").write_text("{'a': 1}", encoding="utf-8")
    done = fixer("doctor", "info.json", cwd=repository)
    assert (done.code, done.stdout) == (ExitCode.USAGE, "")
    assert "error: info.json:1:2: a key stands in double quotes" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_leaves_with_3(fixer: Fixer, repository: Path) -> None:
    repository.chmod(0o500)
    try:
        done = fixer("doctor", cwd=repository)
    finally:
        repository.chmod(0o700)
    assert done.code == ExitCode.DEPENDENCY
    assert "cannot be written" in done.stdout


def test_a_damaged_database_leaves_with_3(fixer: Fixer, repository: Path) -> None:
    state = repository / ".fixer"
    state.mkdir()
    (state / "fixer.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    done = fixer("doctor", cwd=repository)
    assert done.code == ExitCode.DEPENDENCY
    assert "state database" in done.stdout
    assert f"mv {state / 'fixer.db'}" in done.stdout


def test_an_unfinished_merge_leaves_with_3(fixer: Fixer, repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "other")
    (repository / "cart.py").write_text("x = 1\n", encoding="utf-8")
    git(repository, "commit", "--quiet", "-am", "other")
    git(repository, "checkout", "--quiet", "main")
    (repository / "cart.py").write_text("x = 2\n", encoding="utf-8")
    git(repository, "commit", "--quiet", "-am", "mine")
    with pytest.raises(Exception, match="merge"):
        git(repository, "merge", "other")
    done = fixer("doctor", cwd=repository)
    assert done.code == ExitCode.DEPENDENCY
    assert "a merge is unfinished" in done.stdout
    assert "git merge --continue, or git merge --abort" in done.stdout


def test_a_workflow_whose_tool_has_nothing_to_measure(fixer: Fixer, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "w.yml").write_text("commands:\n  - name: mmm-lint\n", encoding="utf-8")
    done = fixer("run", "w.yml", "--validate", cwd=tmp_path)
    assert "warning  step mmm-lint   'lint' has nothing to measure in" in done.stdout
    ran = fixer("run", "w.yml", cwd=tmp_path)
    assert (ran.code, "add a command of your own to fixer.toml" in ran.stdout) == (ExitCode.NOT_FIXED, True)


def test_an_empty_file_is_known_by_its_name(fixer: Fixer, tmp_path: Path) -> None:
    (tmp_path / "w.yml").write_text("", encoding="utf-8")
    done = fixer("run", "w.yml", cwd=tmp_path)
    assert done.code == ExitCode.USAGE
    assert "`fixer init --workflow` writes a first one" in done.stderr
