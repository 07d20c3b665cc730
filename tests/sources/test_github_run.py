"""`fixer run` with the address of a failed run: fetched from a server that speaks GitHub's wire format, and fixed."""

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import Fixer
from tests.repair.projects import branches, red_project
from tests.repositories import git, users_state
from tests.sources.github_server import REPO, TOKEN, URL, Fault, GitHubServer

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path, github: GitHubServer) -> Path:
    """A red project whose CI run is on the server, and whose info.json names only the run."""
    folder = red_project(tmp_path / "project")
    log = (folder / "ci.log").read_text(encoding="utf-8")
    (folder / "ci.log").unlink()
    (folder / "info.json").write_text(
        json.dumps({"deterministic": True, "prompt": "the receipt is wrong", "url": URL}), encoding="utf-8"
    )
    github.add_run()
    github.answers[f"{REPO}/actions/runs/7"]["head_sha"] = git(folder, "rev-parse", "HEAD~1")
    github.add_job(70, "test", log, steps=[("Run python -m unittest -v", "failure")])
    github.add_archive({"0_test.txt": log, "test/1_Run python -m unittest -v.txt": log + f"{TOKEN}\n"})
    return folder


def test_a_run_ends_fixed(project: Path, github: GitHubServer, fixer: Fixer) -> None:
    before = users_state(project)
    ran = fixer("run", "info.json", "--json", cwd=project, env=github.env)
    assert ran.code == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert (report["outcome"], report["execution"]["source"]) == ("fixed", "github_actions")
    assert report["execution"]["commit"] == git(project, "rev-parse", "HEAD~1")
    assert branches(project, "fix/*") == [report["delivery"]["branch"]]
    assert users_state(project) == before
    assert "fetching run 7 of team/shop" in ran.stderr
    assert not github.leaks()
    written = [path for place in (".fixer", "outputs") for path in (project / place).rglob("*") if path.is_file()]
    assert not [path for path in written if TOKEN.encode() in path.read_bytes()]
    assert TOKEN not in ran.stdout + ran.stderr


def test_a_refusal_ends_with_the_way_out(project: Path, github: GitHubServer, fixer: Fixer) -> None:
    github.faults = [Fault("attempts/1/logs", "status", status=410, times=9)]
    ran = fixer("run", "info.json", cwd=project, env=github.env)
    assert ran.code == 3
    said = " ".join((ran.stdout + ran.stderr).split())
    assert "it has expired (410)" in said
    assert "raw-logs" in said
    assert "Traceback" not in said


def test_a_run_that_met_a_long_limit_waits_and_the_worker_goes_on(
    project: Path, github: GitHubServer, fixer: Fixer
) -> None:
    github.faults = [Fault("actions/runs/7$", "status", status=429, headers={"Retry-After": "9000"})]
    ran = fixer("run", "info.json", cwd=project, env=github.env)
    assert ran.code == 4
    assert "try again after" in " ".join((ran.stdout + ran.stderr).split())
    [run] = json.loads(fixer("runs", "--json", cwd=project).stdout)["runs"]
    assert run["state"] == "waiting"
    assert run["due"] - run["updated"] > 8000
    how = f"with fixer resume {run['id']}, or by itself with fixer worker"
    [report] = (project / "outputs").glob("*.md")
    assert how in " ".join(ran.stdout.split())
    assert f"fixer resume {run['id']}" in report.read_text(encoding="utf-8")
    told = json.loads(fixer("explain", run["id"], "--json", cwd=project).stdout)
    assert told["rootCause"] == "rate_limit"
    assert f"`fixer resume {run['id']}`, or `fixer worker` by itself" in told["explanation"]
    # Its time has come. The log is gone by now, which never passes: the run has ended.
    with contextlib.closing(sqlite3.connect(project / ".fixer" / "fixer.db")) as database, database:
        database.execute("UPDATE runs SET due = 1")
    github.faults = [Fault("attempts/1/logs", "status", status=410, times=9)]
    ran = fixer("worker", "--once", cwd=project, env=github.env)
    assert ran.code == 0
    assert f"going on with run {run['id']} (repair): GitHub's secondary rate limit put off run 7" in ran.stdout
    [ended] = json.loads(fixer("runs", "--json", cwd=project).stdout)["runs"]
    assert (ended["id"], ended["state"], ended["due"]) == (run["id"], "failed", None)
    assert "has expired (410)" in ended["error"]


def test_doctor_says_whether_a_token_is_there(project: Path, github: GitHubServer, fixer: Fixer) -> None:
    ran = fixer("doctor", "info.json", cwd=project, env=github.env)
    assert "a token for github.com is there (GITHUB_TOKEN)" in ran.stdout
    assert TOKEN not in ran.stdout + ran.stderr
    assert not github.seen


def test_help_does_not_import_ghapi(fixer: Fixer) -> None:
    ran = fixer("run", "--help", env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert ran.code == 0
    assert "typer" in ran.stderr
    assert not [name for name in ("ghapi", "httpx2", "tenacity") if name in ran.stderr]


def test_logs_of_an_address(project: Path, github: GitHubServer, fixer: Fixer) -> None:
    ran = fixer("logs", URL, "--json", cwd=project, env=github.env)
    assert ran.code == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert any("test_receipt" in (failure["test"] or "") for failure in told["failures"])
    assert TOKEN not in ran.stdout + ran.stderr
    asked = len(github.seen)
    assert fixer("logs", f"{URL}/attempts/1", cwd=project, env=github.env).code == 0
    assert not [path for path in map(str, github.seen[asked:]) if "logs" in path], "a log that was fetched is kept"
