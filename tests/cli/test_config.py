"""`fixer config`: what is in force, where from, and what is wrong."""

import json
from pathlib import Path

from fixer.errors import ExitCode
from fixer.schema.settings import Settings
from tests.conftest import Fixer


def test_shows_values_and_where_they_come_from(fixer: Fixer, repository: Path) -> None:
    (repository / "fixer.toml").write_text('[project]\ntest_command = "pytest -q"\n', encoding="utf-8")
    done = fixer("config", cwd=repository / "tests", env={"FIXER_BUDGET_TOTAL": "600"})
    assert done.code == ExitCode.OK
    assert not done.stderr
    lines = {line.split(" = ")[0]: " ".join(line.split(" = ")[1].split()) for line in done.stdout.splitlines()}
    assert lines["project.test_command"] == '"pytest -q" # fixer.toml:2'
    assert lines["budget.total"] == "600.0 # FIXER_BUDGET_TOTAL"
    assert lines["sandbox.network"] == "false # default"


def test_json(fixer: Fixer, repository: Path) -> None:
    done = fixer("config", "--json", "--repo", repository, env={"FIXER_SANDBOX_NETWORK": "true", "FIXER_CHAOS_X": "1"})
    assert done.code == ExitCode.OK
    shown = json.loads(done.stdout)
    assert Settings.model_validate(shown["settings"]).sandbox.network
    assert shown["origins"]["sandbox.network"] == "FIXER_SANDBOX_NETWORK"
    assert done.stderr == "warning: FIXER_CHAOS_X is set, but is no setting of fixer\n"


def test_wrong_settings_leave_with_2(fixer: Fixer, repository: Path) -> None:
    (repository / "fixer.toml").write_text("[budget]\ntotl = 3\n", encoding="utf-8")
    done = fixer("config", cwd=repository)
    assert (done.code, done.stdout) == (ExitCode.USAGE, "")
    assert "error: fixer.toml:2:1: 'budget.totl' is not a setting\n" in done.stderr
    assert "write instead: total\n" in done.stderr


def test_a_folder_that_is_none_leaves_with_2(fixer: Fixer, tmp_path: Path) -> None:
    done = fixer("config", "--repo", tmp_path / "nowhere")
    assert done.code == ExitCode.USAGE
    assert "is not a folder" in done.stderr
