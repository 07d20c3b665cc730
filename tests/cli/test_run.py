"""`fixer run`: what is checked before anything runs. Whole runs are in tests/repair."""

import json
from pathlib import Path

from tests.conftest import Fixer, git
from tests.repair.projects import red_project
from tests.repositories import users_state


def nothing_was_made(folder: Path) -> bool:
    return not (folder / ".fixer").exists() and not (folder / "outputs").exists()


def test_every_problem_at_once_and_nothing_runs(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    (folder / "info.json").write_text('{"deterministic": "true", "raw_logs": "ci.log", "url": "nowhere"}\n')
    before = users_state(folder)
    ran = fixer("run", "info.json", cwd=folder)
    assert ran.code == 2
    assert ran.stdout == ""
    for place in ("info.json:1:19", "info.json:1:27", "info.json:1:56", "prompt"):
        assert place in ran.stderr, ran.stderr
    assert "raw-logs" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert users_state(folder) == before
    assert nothing_was_made(folder)


def test_a_file_that_is_not_there(repository: Path, fixer: Fixer) -> None:
    ran = fixer("run", "infos.json", cwd=repository)
    assert ran.code == 2
    assert "infos.json" in ran.stderr
    assert nothing_was_made(repository)


def test_a_workflow_is_told_apart(repository: Path, fixer: Fixer) -> None:
    (repository / "heal.yml").write_text("commands:\n  - name: nobody-knows-it\n")
    ran = fixer("run", "heal.yml", cwd=repository)
    assert ran.code == 2
    assert "heal.yml:2:11: 'nobody-knows-it' has no command" in ran.stderr
    assert nothing_was_made(repository)


def test_outside_of_a_repository(tmp_path: Path, fixer: Fixer) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "info.json").write_text('{"deterministic": true, "prompt": "p", "raw-logs": "FAILED a\\nb"}')
    ran = fixer("run", "info.json", cwd=folder)
    assert ran.code == 3
    assert "not inside a git repository" in ran.stderr
    assert nothing_was_made(folder)


def test_wrong_settings_run_nothing(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    (folder / "fixer.toml").write_text("[budget]\nfixx = 3\n")
    ran = fixer("run", "info.json", cwd=folder)
    assert ran.code == 2
    assert "fixer.toml:2:1" in ran.stderr
    assert nothing_was_made(folder)


def test_validate_runs_nothing(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    before = users_state(folder)
    ran = fixer("run", "info.json", "--validate", "--json", cwd=folder)
    assert ran.code == 0, ran.stdout
    assert json.loads(ran.stdout)["ready"] is True
    assert users_state(folder) == before
    assert git(folder, "branch", "--list").splitlines() == ["* main"]
    assert not (folder / "outputs").exists()


def test_a_commit_that_is_not_there(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    ran = fixer("run", "info.json", "--commit", "0123456", cwd=folder)
    assert ran.code == 3
    assert "no such commit" in ran.stdout
    assert len(list((folder / "outputs").glob("*.md"))) == 1
