"""Each thing that is looked at is found good where it is good, and named with its remedy where it is not."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from fixer.journal import open_journal
from fixer.preflight import Finding, Level, check, is_ready, render
from fixer.schema.request import Request
from fixer.schema.settings import AgentSettings, ProjectSettings, Settings
from tests.conftest import git


def look(repository: Path, name: str, settings: Settings | None = None, request: Request | None = None) -> Finding:
    return next(f for f in check(repository, settings or Settings(), request) if f.name == name)


def test_a_good_repository_is_ready(repository: Path) -> None:
    findings = check(repository, Settings(), None)
    assert is_ready(findings)
    assert look(repository, "main branch").seen == "main"
    assert all(finding.seen for finding in findings)
    assert all(finding.mend for finding in findings if finding.level is not Level.OK)


def test_no_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    found = look(tmp_path, "repository")
    assert (found.level, "git commit" in found.mend) == (Level.PROBLEM, True)


def test_shallow(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "--quiet", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", "shallow")
    assert look(tmp_path / "shallow", "repository").mend == "git fetch --unshallow"
    assert look(tmp_path / "shallow", "main branch").seen == "origin/main"


def test_main_branch(repository: Path) -> None:
    git(repository, "branch", "-m", "main", "release")
    assert look(repository, "main branch").level is Level.WARNING
    named = Settings(project=ProjectSettings(main="release"))
    assert look(repository, "main branch", named).level is Level.OK
    wrong = Settings(project=ProjectSettings(main="nowhere"))
    assert look(repository, "main branch", wrong).level is Level.PROBLEM


def test_uncommitted_changes_are_counted_and_no_obstacle(repository: Path) -> None:
    (repository / "cart.py").write_text("changed\n", encoding="utf-8")
    (repository / "new.py").write_text("new\n", encoding="utf-8")
    found = look(repository, "working tree")
    assert found.level is Level.OK
    assert found.seen.startswith("2 changed or new files")


def test_clock_behind(repository: Path) -> None:
    (repository / "cart.py").write_text("later\n", encoding="utf-8")
    git(repository, "-c", "user.name=x", "commit", "--quiet", "--date=2100-01-01", "-am", "later")
    assert look(repository, "clock").level is Level.OK, "the author's date says nothing about this clock"


def test_instructions(repository: Path) -> None:
    assert "fixer does without" in look(repository, "instructions").seen
    (repository / "AGENTS.md").write_text("Run make test.\n", encoding="utf-8")
    assert look(repository, "instructions").seen == "AGENTS.md"


def test_database(repository: Path) -> None:
    assert look(repository, "state database").seen.startswith("none yet")
    assert not (repository / ".fixer").exists()
    with open_journal(repository / ".fixer") as journal:
        journal.submit("repair", None, "key")
    before = sorted((repository / ".fixer").iterdir())
    assert look(repository, "state database").seen == "it is whole"
    assert sorted((repository / ".fixer").iterdir()) == before


def test_a_database_that_is_not_ours(repository: Path) -> None:
    (repository / ".fixer").mkdir()
    connection = sqlite3.connect(repository / ".fixer" / "fixer.db")
    connection.execute("CREATE TABLE runs (id TEXT)")
    connection.close()
    found = look(repository, "state database")
    assert found.level is Level.PROBLEM
    assert "mv " in found.mend


def test_something_in_the_way_of_the_state_folder(repository: Path) -> None:
    (repository / ".fixer").write_text("a file", encoding="utf-8")
    assert "is in the way" in look(repository, "state folder").seen


def ask(**keys: str) -> Request:
    return Request.model_validate({"deterministic": True, "prompt": "p", **keys})


def test_input(repository: Path) -> None:
    (repository / "logs").mkdir()
    (repository / "logs" / "1.txt").write_text("x", encoding="utf-8")
    assert look(repository, "input", request=ask(**{"raw-logs": "logs"})).seen == f"1 files in {repository / 'logs'}"
    url = "https://github.com/o/r/actions/runs/1"
    assert look(repository, "input", request=ask(url=url)).seen == f"{url} (fetched when the run starts)"
    gone = look(repository, "input", request=ask(**{"raw-logs": "gone.log"}))
    assert gone.level is Level.PROBLEM


def test_credentials(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_API_URL", "GITHUB_SERVER_URL", "GH_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(Path(shutil.which("git") or "").parent))
    monkeypatch.setenv("GH_CONFIG_DIR", str(repository))
    request = ask(url="https://github.com/o/r/actions/runs/1")
    assert look(repository, "credentials").level is Level.OK
    missing = look(repository, "credentials", request=request)
    assert missing.level is Level.WARNING
    assert "GITHUB_TOKEN" in missing.mend
    monkeypatch.setenv("GH_TOKEN", "ghp_0123456789abcdefghij")
    found = look(repository, "credentials", request=request)
    assert found.level is Level.OK
    assert found.seen == "a token for github.com is there (GH_TOKEN)"
    monkeypatch.setenv("GITHUB_API_URL", "http://example.org")
    assert look(repository, "credentials", request=request).level is Level.PROBLEM


def test_render_shows_each_finding_and_each_remedy() -> None:
    text = render([Finding("git", Level.OK, "2.39"), Finding("disk", Level.PROBLEM, "1 MiB free", "free some space")])
    assert text == "ok       git   2.39\nproblem  disk  1 MiB free\n               mend it: free some space"


@pytest.mark.parametrize(
    ("files", "settings", "seen"),
    [
        ({"tests/test_a.py": "def test_a(): ...\n"}, {}, "pytest"),
        ({"test_a.py": "import unittest\nclass T(unittest.TestCase): ...\n"}, {}, "unittest (part of Python)"),
        ({"a.py": ""}, {"test_command": "git --version"}, "git --version (from the settings)"),
        ({"a.py": ""}, {"test_command": "'open"}, "cannot be split"),
        ({"a.py": ""}, {"test_command": "no-such-program-here x"}, "which is not found"),
        ({"setup.py": ""}, {"python": "no/such/python"}, "does not exist"),
        ({"pytest.ini": "", ".venv/bin/python": ""}, {}, "pytest is not installed in"),
        (
            {"pytest.ini": "", ".venv/bin/python": "", ".venv/lib/python3.11/site-packages/pytest/a.py": ""},
            {},
            "pytest",
        ),
        ({"README": ""}, {}, "no test runner was recognised"),
    ],
)
def test_test_runner(files: dict[str, str], settings: dict[str, str], seen: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = look(tmp_path, "test runner", Settings(project=ProjectSettings.model_validate(settings)))
    assert seen in found.seen


@pytest.mark.parametrize(
    ("external", "level", "seen"),
    [
        ("git --version", Level.OK, "/git"),
        ("no-such-agent", Level.WARNING, "not on PATH"),
        ("'", Level.WARNING, "is no"),
    ],
)
def test_an_external_agent_is_looked_for(repository: Path, external: str, level: Level, seen: str) -> None:
    found = look(repository, "external agent", Settings(agent=AgentSettings(external=external)))
    assert found.level is level
    assert seen in found.seen
    assert all(finding.name != "external agent" for finding in check(repository, Settings(), None))
