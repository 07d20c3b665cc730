"""Whole runs through the command line, one for each way in which a run can end."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Fixer
from tests.repair.projects import RECEIPT, RENAMED, WRONG, branches, red_project, write_input
from tests.repositories import commit, git, make_repository, users_state, write

SOURCE = Path(__file__).parents[2] / "src"
pytestmark = pytest.mark.slow


def test_fixed(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    write(folder, {"notes.txt": "not committed\n", "new.txt": "not tracked\n"})
    git(folder, "add", "notes.txt")
    before = users_state(folder)
    ran = fixer("run", "info.json", "--json", cwd=folder)
    assert ran.code == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert (report["outcome"], report["status"]) == ("fixed", "success")
    assert users_state(folder) == before
    branch = report["delivery"]["branch"]
    assert branches(folder, "fix/*") == [branch]
    assert git(folder, "rev-list", "--count", f"main..{branch}") == "1"
    assert git(folder, "diff", "--name-only", "main", branch).split() == ["receipt.py"]
    assert git(folder, "show", f"{branch}:receipt.py") == RECEIPT.replace("grand_total(", "grand_totals(").strip()
    assert git(folder, "status", "--porcelain", "--ignored=no").splitlines() == ["M  notes.txt", "?? new.txt"]
    checks = {check["name"]: check["passed"] for check in report["attempts"][-1]["verification"]["checks"]}
    assert set(checks) >= {"applies", "tampering", "fails_before", "passes_after", "stable", "nothing_broken"}
    assert all(checks.values())
    [reports] = (folder / "outputs").glob("*.md")
    assert branch in reports.read_text(encoding="utf-8")
    change = report["diagnosis"]["minimal_change"]
    assert change["culprit_subject"] == "rename the total"


def test_the_reproduction_is_on_its_own_branch_and_runs_by_hand(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    report = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    branch = report["reproduction_branch"]
    assert git(folder, "rev-parse", f"{branch}~1") == git(folder, "rev-parse", "main")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--branch", branch, str(folder), str(clone))
    [program] = clone.glob("reproduce-deterministic-failures/*/tests/reproduce.py")
    assert (program.parents[1] / "README.md").exists()
    assert list((program.parents[1] / "logs").iterdir())
    assert len(program.read_text().splitlines()) < 50
    red = subprocess.run([sys.executable, "-B", program], cwd=clone, capture_output=True, check=False)
    git(
        clone, "-c", "user.name=d", "-c", "user.email=d@e", "merge", "--quiet", f"origin/{report['delivery']['branch']}"
    )
    green = subprocess.run([sys.executable, "-B", program], cwd=clone, capture_output=True, check=False)
    assert (red.returncode, green.returncode) == (1, 0)


def test_run_twice_there_is_one_branch_of_each(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    first = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    second = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    assert second["outcome"] == "fixed"
    assert second["delivery"]["commit"] == first["delivery"]["commit"]
    assert len(branches(folder, "fix/*")) == len(branches(folder, "repro/*")) == 1


def test_evidence_where_there_is_no_fix(tmp_path: Path, fixer: Fixer) -> None:
    folder = make_repository(tmp_path / "project", {"cart.py": "", "test_cart.py": NEVER_GREEN})
    write_input(folder)
    ran = fixer("run", "info.json", "--json", cwd=folder)
    report = json.loads(ran.stdout)
    assert ran.code == 1
    assert report["outcome"] == "partial"
    assert report["reproduction"] is not None
    assert report["delivery"] is None
    assert branches(folder, "fix/*") == []
    assert report["not_tried"]
    assert report["next_steps"]


def test_what_to_type_where_there_is_no_fix(tmp_path: Path, fixer: Fixer) -> None:
    files = {"cart.py": "import a_module_of_nobody\n", "test_cart.py": MISSES_A_MODULE}
    folder = make_repository(tmp_path / "project", files)
    write_input(folder)
    report = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    assert report["delivery"] is None
    (step,) = [step for step in report["next_steps"] if step.startswith("By hand: ")]
    assert "`python -m pip install a_module_of_nobody` or `poetry add a_module_of_nobody`" in step
    assert "The module 'a_module_of_nobody' is imported in cart.py" in report["diagnosis"]["explanation"]


MISSES_A_MODULE = "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_cart(self):\n        import cart\n"
NEVER_GREEN = (
    "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_never(self):\n        self.assertEqual(1, 2)\n"
)


def test_a_log_of_something_that_passes_here(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    commit(folder, {"cart.py": RENAMED.replace("grand_totals", "grand_total")}, "mended by hand")
    before = users_state(folder)
    ran = fixer("run", "info.json", "--json", cwd=folder)
    report = json.loads(ran.stdout)
    assert ran.code == 1
    assert report["no_reproduction"]
    assert branches(folder, "fix/*") == branches(folder, "repro/*") == []
    assert users_state(folder) == before


def test_a_log_without_a_failure(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    (folder / "ci.log").write_text("all is well\n")
    ran = fixer("run", "info.json", cwd=folder)
    assert ran.code == 1
    assert "No failure could be read" in ran.stdout


def test_an_existing_test_needs_no_log(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    write_input(folder, **{"raw-logs": None, "existing-test-path": "test_cart.py"})
    ran = fixer("run", "info.json", "--json", cwd=folder)
    report = json.loads(ran.stdout)
    assert ran.code == 0, ran.stderr
    assert report["outcome"] == "fixed"


def test_an_existing_test_that_passes_is_not_fixed(tmp_path: Path, fixer: Fixer) -> None:
    folder = make_repository(tmp_path / "project", {"test_ok.py": NEVER_GREEN.replace("1, 2", "1, 1")})
    write_input(folder, **{"raw-logs": None, "existing-test-path": "test_ok.py"})
    ran = fixer("run", "info.json", "--json", cwd=folder)
    assert ran.code == 1
    assert json.loads(ran.stdout)["no_reproduction"]


def test_commit_here(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    write(folder, {"notes.txt": "staged\n"})
    git(folder, "add", "notes.txt")
    head = git(folder, "rev-parse", "HEAD")
    report = json.loads(fixer("run", "info.json", "--json", "--commit-here", cwd=folder).stdout)
    assert report["reproduction_branch"] == "main"
    assert git(folder, "rev-parse", "HEAD~1") == head
    assert list(folder.glob("reproduce-deterministic-failures/*/tests/reproduce.py"))
    assert git(folder, "status", "--porcelain").splitlines() == ["M  notes.txt"]
    assert branches(folder, "repro/*") == []


def test_commit_here_on_a_detached_head_is_refused(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    git(folder, "checkout", "--quiet", "--detach")
    before = users_state(folder)
    ran = fixer("run", "info.json", "--json", "--commit-here", cwd=folder)
    assert ran.code == 5
    assert json.loads(ran.stdout)["outcome"] == "refused"
    assert users_state(folder) == before


def test_a_required_sandbox_that_is_not_there_is_refused(tmp_path: Path) -> None:
    folder = red_project(tmp_path / "project")
    hide = []
    if program := shutil.which("bwrap"):
        # Where bubblewrap works, it hides itself: fixer runs on a machine that has none.
        hide = [program, "--dev-bind", "/", "/", "--ro-bind", "/dev/null", str(Path(program).resolve())]
    env = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(SOURCE), "FIXER_SANDBOX_REQUIRED": "true"}
    command = [*hide, sys.executable, "-m", "fixer", "run", "info.json"]
    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 5, ran.stdout + ran.stderr
    assert "sandbox.required" in ran.stdout
    assert len(list((folder / "outputs").glob("*.md"))) == 1


def test_out_of_time(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    ran = fixer("run", "info.json", "--json", cwd=folder, env={"FIXER_BUDGET_FIX": "0.01"})
    report = json.loads(ran.stdout)
    assert ran.code == 4
    assert report["outcome"] == "out_of_time"
    assert report["reproduction"] is not None
    assert any("FIXER_BUDGET_FIX" in step for step in report["next_steps"])


def test_main_has_moved_on_but_still_fails(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    red = git(folder, "rev-parse", "HEAD")
    newest = commit(folder, {"notes.txt": "three\n"}, "even more notes")
    report = json.loads(fixer("run", "info.json", "--json", "--commit", red, cwd=folder).stdout)
    assert report["delivery"]["base"] == newest


def test_main_is_mended_already(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    git(folder, "branch", "old")
    commit(folder, {"receipt.py": RECEIPT.replace("grand_total(", "grand_totals(")}, "follow the rename")
    git(folder, "checkout", "--quiet", "old")
    ran = fixer("run", "info.json", "--json", cwd=folder)
    report = json.loads(ran.stdout)
    assert ran.code == 0
    assert report["outcome"] == "nothing_to_fix"
    assert branches(folder, "fix/*") == []


def test_a_branch_ahead_of_main_is_fixed_on_itself(tmp_path: Path, fixer: Fixer) -> None:
    folder = make_repository(tmp_path / "project", {"notes.txt": "one\n"})
    red_project(tmp_path / "other")
    git(folder, "checkout", "--quiet", "-b", "feature")
    for name in ("cart.py", "receipt.py", "test_cart.py", ".gitignore"):
        (folder / name).write_text((tmp_path / "other" / name).read_text())
    commit(folder, {}, "a red feature")
    write_input(folder)
    report = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    assert report["outcome"] == "fixed"
    assert report["delivery"]["base"] == git(folder, "rev-parse", "feature")
    assert "main" in report["summary"]


def test_the_remotes_main_is_the_newest(tmp_path: Path, fixer: Fixer) -> None:
    upstream = red_project(tmp_path / "upstream")
    folder = tmp_path / "project"
    git(tmp_path, "clone", "--quiet", str(upstream), str(folder))
    newest = commit(upstream, {"notes.txt": "three\n"}, "even more notes")
    write_input(folder)
    before = git(folder, "rev-parse", "origin/main")
    report = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    assert report["delivery"]["base"] == newest
    assert git(folder, "rev-parse", "origin/main") == before


def test_a_wrong_answer_is_not_hidden_by_changing_the_test(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project", {"receipt.py": WRONG})
    report = json.loads(fixer("run", "info.json", "--json", cwd=folder).stdout)
    assert report["outcome"] == "fixed"
    assert git(folder, "diff", "--name-only", "main", report["delivery"]["branch"]).split() == ["receipt.py"]
    assert report["attempts"][-1]["patch"]["needs_review"]


def test_interrupted_and_resumed(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    env = {**os.environ, "HOME": str(tmp_path / ".home"), "PYTHONPATH": str(SOURCE)}
    child = subprocess.Popen([sys.executable, "-m", "fixer", "run", "info.json"], cwd=folder, env=env,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert child.stderr is not None
    for line in child.stderr:
        if "looking for the change" in line:
            break
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=30)
    assert child.returncode == 130, out + err
    assert "fixer resume" in out
    resumed = fixer("resume", "--json", cwd=folder)
    assert resumed.code == 0, resumed.stderr
    assert json.loads(resumed.stdout)["outcome"] == "fixed"
    assert len(list((folder / "outputs").glob("*.md"))) == 1
    assert fixer("resume", cwd=folder).code == 2


def test_cancelled_by_somebody_else(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    env = {**os.environ, "HOME": str(tmp_path / ".home"), "PYTHONPATH": str(SOURCE)}
    child = subprocess.Popen([sys.executable, "-m", "fixer", "run", "info.json"], cwd=folder, env=env,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    deadline = time.monotonic() + 30
    runs: list[dict[str, object]] = []
    while not any(run["state"] == "running" for run in runs) and time.monotonic() < deadline:
        listed = json.loads(fixer("runs", "--json", cwd=folder).stdout)
        runs = listed["runs"] if isinstance(listed, dict) else listed
    assert fixer("cancel", str(runs[0]["id"]), cwd=folder).code == 0
    out, err = child.communicate(timeout=30)
    assert child.returncode == 130, out + err
    assert len(list((folder / "outputs").glob("*.md"))) == 1
    assert fixer("resume", cwd=folder).code == 2
