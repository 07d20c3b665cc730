from pathlib import Path

from fixer.reproduction.isort import RUNNER
from tests.reproduction.conftest import a_failure, a_project, a_result, write


def test_files_with_unsorted_imports_are_read(root: Path) -> None:
    write(root, {"a.py": "", "pkg/b.py": "", ".isort.cfg": ""})
    project = a_project(root, "isort --check-only --diff --profile black pkg")
    suite = RUNNER().suite(a_failure(), project).argv
    assert suite[1:] == ("-m", "isort", "pkg", "--profile", "black", "--check-only")
    printed = f"ERROR: {root}/pkg/b.py Imports are incorrectly sorted and/or formatted.\n"
    outcome = RUNNER().outcome(a_result(*suite, exit_code=1, stderr=printed), project)
    assert outcome.failed == {"pkg/b.py:sort:"}
    assert RUNNER().outcome(a_result(*suite), project).passed == {"pkg/b.py"}
    assert RUNNER().test_files(a_failure(), project) == (".isort.cfg",)


def test_accepts_checks_only() -> None:
    assert RUNNER().accepts(["isort", "-c", "."])
    assert not RUNNER().accepts(["isort", "."])
