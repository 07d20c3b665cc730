"""`fixer resume`: what it says where there is nothing to go on with. Real resumes are in tests/repair."""

from pathlib import Path

from tests.conftest import Fixer


def test_nothing_to_go_on_with(repository: Path, fixer: Fixer) -> None:
    ran = fixer("resume", cwd=repository)
    assert ran.code == 2
    assert "none was killed, interrupted or put off" in ran.stderr
    assert ran.stdout == ""


def test_a_run_that_is_not_known(repository: Path, fixer: Fixer) -> None:
    ran = fixer("resume", "abcdef", cwd=repository)
    assert ran.code == 2
    assert "there is no run 'abcdef'" in ran.stderr


def test_outside_of_a_repository(tmp_path: Path, fixer: Fixer) -> None:
    ran = fixer("resume", cwd=tmp_path)
    assert ran.code == 3
    assert "not inside a git repository" in ran.stderr
