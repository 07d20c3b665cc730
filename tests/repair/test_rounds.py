"""Logs that show several failures which have nothing to do with each other."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fixer.journal import open_journal
from tests.conftest import Fixer
from tests.repair.projects import (
    NEVER_GREEN,
    NO_IMPORT,
    WRONG,
    branches,
    red_project,
    twice_red_project,
    write_input,
)
from tests.repositories import commit, git, make_repository, users_state

pytestmark = pytest.mark.slow


def green_after(folder: Path, branch: str, clone: Path) -> int:
    """The exit code of the project's own suite on a fresh clone of the branch."""
    git(clone.parent, "clone", "--quiet", "--branch", branch, str(folder), str(clone))
    return subprocess.run(
        [sys.executable, "-B", "-m", "unittest"], cwd=clone, capture_output=True, check=False
    ).returncode


def test_both_are_fixed_one_commit_each(tmp_path: Path, fixer: Fixer) -> None:
    folder = twice_red_project(tmp_path / "project")
    before = users_state(folder)
    ran = fixer("run", "info.json", "--json", cwd=folder)
    report = json.loads(ran.stdout)
    assert (ran.code, report["outcome"]) == (0, "fixed"), ran.stderr
    [branch] = branches(folder, "fix/*")
    assert report["delivery"]["branch"] == branch
    assert git(folder, "rev-list", "--count", f"main..{branch}") == "2"
    assert git(folder, "diff", "--name-only", f"main..{branch}").split() == ["dates.py", "receipt.py"]
    assert green_after(folder, branch, tmp_path / "clone") == 0
    assert len(branches(folder, "repro/*")) == 2
    assert report["remaining"] == []
    assert [further["commit"] for further in report["rounds"]] == [git(folder, "rev-parse", branch)]
    assert [run["exit_code"] for run in report["final_runs"]] == [0]
    culprits = {report["diagnosis"]["minimal_change"]["culprit_subject"]}
    culprits |= {further["diagnosis"]["minimal_change"]["culprit_subject"] for further in report["rounds"]}
    assert culprits == {"rename the total", "tidy the imports"}
    assert users_state(folder) == before
    patch = Path(report["delivery"]["patch_file"])
    assert git(folder, "apply", "--check", str(patch)) == ""
    assert patch.read_text().count("diff --git") == 2
    with open_journal(folder / ".fixer") as journal:
        names = {step.name for step in journal.steps(report["run_id"])}
    assert {"reproduce", "deliver", "reproduce.round2", "deliver.round2", "suites.round3"} <= names


def test_run_twice_there_is_one_branch_of_all_fixes(tmp_path: Path, fixer: Fixer) -> None:
    folder = twice_red_project(tmp_path / "project")
    first = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    second = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    assert second["delivery"]["commit"] == first["delivery"]["commit"]
    assert len(branches(folder, "fix/*")) == 1
    assert len(branches(folder, "repro/*")) == 2


def test_what_cannot_be_fixed_or_shown_is_listed_and_blocks_nothing(tmp_path: Path, fixer: Fixer) -> None:
    folder = make_repository(tmp_path / "project", {"test_a_first.py": NEVER_GREEN})
    red_project(tmp_path / "other")
    for name in ("cart.py", "receipt.py", "test_cart.py", ".gitignore"):
        (folder / name).write_text((tmp_path / "other" / name).read_text())
    commit(folder, {}, "a red cart")
    write_input(folder)
    with (folder / "ci.log").open("a") as log:
        log.write("##[group]Run mypy .\n##[endgroup]\ngone.py:3: error: Name 'x' is not defined  [name-defined]\n")
        log.write("Found 1 error in 1 file (checked 4 source files)\n##[error]Process completed with exit code 1.\n")
    ran = fixer("run", "info.json", cwd=folder)
    [stored] = (folder / ".fixer" / "reports").glob("*.json")
    report = json.loads(stored.read_text())
    assert ran.code == 1, ran.stdout + ran.stderr
    assert report["outcome"] == "partial"
    [branch] = branches(folder, "fix/*")
    assert git(folder, "diff", "--name-only", f"main..{branch}").split() == ["receipt.py"]
    why = {left["failure"]["tool"]: left["reason"] for left in report["remaining"]}
    assert set(why) == {"unittest", "mypy"}
    assert "no patch" in why["unittest"]
    assert "not seen here" in why["mypy"]
    assert "test_never" in ran.stdout
    assert "gone.py" in ran.stdout


def test_a_lint_step_and_a_test(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    unused = "import os\n\nname = 1\n"
    commit(folder, {"unused.py": unused, "also.py": unused}, "two unused imports")
    write_input(folder)
    ruff = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache", "--isolated", "."], cwd=folder,
                          capture_output=True, text=True, check=False)  # fmt: skip
    with (folder / "ci.log").open("a") as log:
        log.write(f"##[group]Run ruff check --isolated .\n##[endgroup]\n{ruff.stdout}")
        log.write("##[error]Process completed with exit code 1.\n")
    ran = fixer("run", "info.json", "--json", cwd=folder, env={"FIXER_PROJECT_PYTHON": sys.executable})
    report = json.loads(ran.stdout)
    assert (ran.code, report["outcome"]) == (0, "fixed"), report["summary"]
    [branch] = branches(folder, "fix/*")
    assert git(folder, "diff", "--name-only", f"main..{branch}").split() == ["also.py", "receipt.py", "unused.py"]
    assert len(report["final_runs"]) == 2


def test_one_fix_mends_both(tmp_path: Path, fixer: Fixer) -> None:
    """Two ways to fail, one cause: there is nothing left to take on, and a run of the suite says so."""
    folder = red_project(tmp_path / "project")
    text = (folder / "test_cart.py").read_text()
    guarded = "    def test_guarded(self):\n        try:\n            receipt([1], 0)\n        except AttributeError:\n"
    guarded += '            self.fail("no receipt")\n\n\nif __name__'
    commit(folder, {"test_cart.py": text.replace("\nif __name__", guarded)}, "one more test")
    write_input(folder)
    report = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    assert len({failure["fingerprint"] for failure in report["failures"]}) == 2
    assert report["outcome"] == "fixed"
    assert report["rounds"] == report["remaining"] == []
    assert [run["exit_code"] for run in report["final_runs"]] == [0]


def test_a_branch_that_somebody_stands_on_is_not_moved(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    first = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    git(folder, "checkout", "--quiet", first["delivery"]["branch"])
    standing = git(folder, "rev-parse", "HEAD")
    commit(folder, {"dates.py": NO_IMPORT, "test_dates.py": WRONG}, "my own work")
    assert git(folder, "rev-parse", "HEAD~1") == standing
    head = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "--quiet", "main")
    second = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    assert second["outcome"] == "fixed"
    assert second["delivery"]["branch"] != first["delivery"]["branch"]
    assert git(folder, "rev-parse", first["delivery"]["branch"]) == head
