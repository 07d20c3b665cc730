"""`fixer explain` of what is not a record: a workflow's run, a repair's run, and a run of GitHub Actions."""

import json
import sys
from pathlib import Path

from tests.conftest import Fixer
from tests.repair.projects import write_input
from tests.repositories import make_repository
from tests.sources.github_server import URL, github_server

OFF = {"FIXER_RECOVERY_ENABLED": "false"}
TEST = (
    "import unittest\n\n\nclass CartTest(unittest.TestCase):\n"
    "    def test_total(self):\n        self.assertEqual(1, 2)\n"
)

MANY = "".join(f"    def test_{number}(self):\n        self.assertEqual({number}, 9)\n" for number in range(5))


def last_run(fixer: Fixer, folder: Path) -> str:
    runs = json.loads(fixer("runs", "--json", cwd=folder).stdout)["runs"]
    return str(runs[0]["id"])


def test_a_workflow_run_gives_its_own_steps(fixer: Fixer, tmp_path: Path) -> None:
    steps = (("prepare", "true"), ("check", f"{sys.executable} -m unittest"), ("pack", "true"))
    written = "".join(f"  - name: {name}\n    command: {command}\n" for name, command in steps)
    folder = make_repository(tmp_path / "project", {"test_cart.py": TEST, "release.yml": f"commands:\n{written}"})
    assert fixer("run", "release.yml", cwd=folder, env=OFF).code == 1
    run = last_run(fixer, folder)
    ran = fixer("explain", run, cwd=folder)
    assert "release.yml: step 2 of 3 failed: check" in ran.stdout, ran.stderr
    told = json.loads(fixer("explain", run, "--json", cwd=folder).stdout)
    assert told["rootCause"] == "test_failure"
    assert told["failedStep"]["stepNumber"] == 2
    assert "AssertionError: 1 != 2" in told["failedStep"]["error"]
    assert told["failedStep"]["error"].endswith("exit code 1")
    assert "test_cart.CartTest.test_total" in told["explanation"]


def test_a_step_that_no_parser_reads_gives_the_end_of_its_output(fixer: Fixer, tmp_path: Path) -> None:
    script = "import sys\nprint('the shelf is empty')\nsys.exit(7)\n"
    workflow = f"commands:\n  - name: stock\n    command: {sys.executable} stock.py\n"
    folder = make_repository(tmp_path / "project", {"stock.py": script, "stock.yml": workflow})
    fixer("run", "stock.yml", cwd=folder, env=OFF)
    told = json.loads(fixer("explain", last_run(fixer, folder), "--json", cwd=folder).stdout)
    assert (told["failedStep"]["action"], told["failedStep"]["stepNumber"]) == ("stock", 1)
    assert "the shelf is empty" in told["failedStep"]["error"]
    assert told["failedStep"]["error"].endswith("exit code 7")


def test_a_workflow_that_passed_is_refused(fixer: Fixer, tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"good.yml": 'commands:\n  - name: good\n    command: "true"\n'})
    assert fixer("run", "good.yml", cwd=folder).code == 0
    ran = fixer("explain", last_run(fixer, folder), cwd=folder)
    assert (ran.code, "has not failed" in ran.stderr) == (2, True)


def test_a_run_counts_what_failed_as_its_log_does(fixer: Fixer, tmp_path: Path) -> None:
    tests = f"import unittest\n\n\nclass CartTest(unittest.TestCase):\n{MANY}"
    workflow = f"commands:\n  - name: check\n    command: {sys.executable} -m unittest\n"
    folder = make_repository(tmp_path / "project", {"test_cart.py": tests, "check.yml": workflow})
    fixer("run", "check.yml", cwd=folder, env=OFF)
    run = last_run(fixer, folder)
    log = folder / ".fixer" / "runs" / run / "workflow.log"
    of_run, of_log = (json.loads(fixer("explain", given, "--json", cwd=folder).stdout) for given in (run, log))
    counted = [told["explanation"].partition("has 5 failing tests: ")[2] for told in (of_run, of_log)]
    assert counted[0] == counted[1] != "", (of_run["explanation"], of_log["explanation"])


def test_a_repair_run_gives_the_failure_that_it_worked_on(fixer: Fixer, tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "project", {"test_cart.py": TEST})
    write_input(folder)
    ran = fixer("run", "info.json", cwd=folder)
    run = last_run(fixer, folder)
    told = json.loads(fixer("explain", run, "--json", cwd=folder).stdout or "{}")
    assert told, ran.stdout + ran.stderr
    assert told["rootCause"] == "test_failure"
    assert told["failedStep"]["action"] == "Run python -m unittest -v"
    assert told["failedStep"]["error"] == "test_cart.CartTest.test_total: AssertionError: 1 != 2"


def test_the_address_of_a_run_of_github_actions(fixer: Fixer, tmp_path: Path) -> None:
    log = (
        "##[group]Run python -m pytest\n##[endgroup]\n"
        "FAILED tests/test_cart.py::test_total - assert 3 == 4\n1 failed, 2 passed in 0.10s\n"
        "##[error]Process completed with exit code 1.\n"
    )
    with github_server() as server:
        server.add_run()
        server.add_job(70, "test", log, steps=[("Install", "success"), ("Run tests", "failure")])
        server.add_archive({"0_test.txt": log, "test/1_Install.txt": "done\n", "test/2_Run tests.txt": log})
        told = fixer("explain", URL, "--json", cwd=tmp_path, env=server.env)
        assert server.seen, "it was read from the server"
        assert not server.leaks()
    answer = json.loads(told.stdout)
    assert answer["rootCause"] == "test_failure"
    assert "tests/test_cart.py::test_total" in answer["explanation"]
    assert answer["failedStep"]["action"] == "Run python -m pytest"
