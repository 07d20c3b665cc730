"""`fixer init`: a first info.json that is right, explained, and never in the way of another."""

import json
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.input.request_file import read_request
from tests.conftest import Fixer


def test_writes_a_first_info_json(fixer: Fixer, repository: Path) -> None:
    (repository / "build.log").write_text("FAILED\n", encoding="utf-8")
    done = fixer("init", cwd=repository / "tests")
    path = repository / "info.json"
    assert (done.code, done.stdout) == (ExitCode.OK, f"{path}\n")
    assert read_request(path).raw_logs == "build.log"
    for key in ("deterministic", "prompt", "raw-logs", "existing-test-path", "url"):
        assert f"  {key} " in done.stderr
    assert "fixer run info.json" in done.stderr


@pytest.mark.parametrize("inside", [True, False])
def test_takes_a_named_log(fixer: Fixer, repository: Path, tmp_path: Path, inside: bool) -> None:  # noqa: FBT001
    log = (repository if inside else tmp_path) / "ci run.txt"
    log.write_text("FAILED\n", encoding="utf-8")
    assert fixer("init", "--log", log, cwd=repository).code == ExitCode.OK
    assert read_request(repository / "info.json").raw_logs == ("ci run.txt" if inside else str(log))


def test_says_what_is_still_missing(fixer: Fixer, repository: Path) -> None:
    done = fixer("init", cwd=repository)
    assert done.code == ExitCode.OK
    assert "first: save the CI log as" in done.stderr


def test_does_not_overwrite(fixer: Fixer, repository: Path) -> None:
    path = repository / "info.json"
    path.write_text("mine", encoding="utf-8")
    done = fixer("init", cwd=repository)
    assert (done.code, done.stdout) == (ExitCode.USAGE, "")
    assert "exists already" in done.stderr
    assert path.read_text(encoding="utf-8") == "mine"
    assert fixer("init", "--force", cwd=repository).code == ExitCode.OK
    assert json.loads(path.read_text(encoding="utf-8"))["deterministic"] is True


def test_what_it_cannot_do_leaves_with_2(fixer: Fixer, repository: Path) -> None:
    done = fixer("init", "--log", "none.log", cwd=repository)
    assert done.code == ExitCode.USAGE
    assert not (repository / "info.json").exists()


def test_writes_a_first_workflow_that_runs(fixer: Fixer, repository: Path) -> None:
    done = fixer("init", "--workflow", cwd=repository / "tests")
    path = repository / "workflow.yml"
    assert (done.code, done.stdout) == (ExitCode.OK, f"{path}\n")
    assert fixer("init", "--workflow", cwd=repository).code == ExitCode.USAGE
    assert fixer("run", "workflow.yml", "--validate", cwd=repository).code == ExitCode.OK
    ran = fixer("run", "workflow.yml", cwd=repository)
    assert ran.code == ExitCode.OK, ran.stderr
    assert "git version" in ran.stderr
