"""What the gate would refuse is known before anything is written."""

from pathlib import Path

import pytest

from fixer.repair.guarding import objections, refuses
from fixer.schema.failure import FailureKind
from fixer.worktree import open_worktree
from tests.agent.places import FAILURE, FILES, reproduction
from tests.repositories import make_repository


@pytest.mark.parametrize(
    ("path", "word"),
    [
        (".github/workflows/ci.yml", "CI"),
        (".gitlab-ci.yml", "CI"),
        ("pkg/conftest.py", "tests or checks"),
        ("tox.ini", "tests or checks"),
        (".pre-commit-config.yaml", "tests or checks"),
        ("sitecustomize.py", "loaded"),
        (".husky/pre-commit", "loaded"),
        ("test_app.py", "test"),
        ("src/x.test.ts", "test"),
        ("tests/data/big.json", "data of tests"),
        ("app.py", ""),
        ("pyproject.toml", ""),
        ("src/latest.py", ""),
    ],
)
def test_paths(path: str, word: str) -> None:
    why = refuses(FAILURE, reproduction())(path)
    assert (word in why) if word else why == ""


def test_a_finding_in_a_test_itself_may_be_mended_there() -> None:
    finding = FAILURE.model_copy(update={"kind": FailureKind.LINT, "file": "tests/test_x.py"})
    assert refuses(finding, reproduction())("tests/test_x.py") == ""
    assert refuses(finding, reproduction())("tests/test_y.py")


def test_diffs(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "project", FILES)
    tree = open_worktree(repository, tmp_path / "trees" / "tree", "HEAD")
    before = tree.git.line("rev-parse", "HEAD")
    (tree.path / "app.py").write_text(FILES["app.py"].replace("+ helper.AMOUNT", "* 2"), encoding="utf-8")
    assert objections(tree, reproduction(), tree.diff()) == ""
    (tree.path / "test_app.py").write_text("", encoding="utf-8")
    assert "test_app.py" in objections(tree, reproduction(), tree.diff())
    assert "apply" in objections(tree, reproduction(), "--- a/no\n+++ b/no\n@@ -1 +1 @@\n-a\n+b\n")
    assert tree.git.line("rev-parse", "HEAD") == before
