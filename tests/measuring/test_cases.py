"""Case files become red projects, and a fix is judged by the case's own tests."""

from pathlib import Path

import pytest

from fixer.errors import ConfigError
from fixer.measuring.cases import Case, is_green, lay, read_cases
from tests.repositories import commit, git

WRONG = {
    "add.py": "def add(a, b):\n    return a - b\n",
    "test_add.py": (
        "import unittest\n\nfrom add import add\n\n\nclass T(unittest.TestCase):\n"
        "    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n"
    ),
}


def test_a_case_becomes_a_red_project(tmp_path: Path) -> None:
    case = Case(name="add", files=WRONG)
    folder = lay(case, tmp_path / "add")
    assert "AssertionError: -1 != 3" in (folder / "ci.log").read_text(encoding="utf-8")
    assert git(folder, "status", "--porcelain") == ""
    assert not is_green(case, folder, "main", tmp_path / "red")
    commit(folder, {"add.py": WRONG["add.py"].replace("-", "+")})
    assert is_green(case, folder, "main", tmp_path / "green")
    commit(folder, {"add.py": WRONG["add.py"], "test_add.py": "import unittest\n"})
    assert not is_green(case, folder, "main", tmp_path / "weakened")


def test_a_case_without_a_bug_is_refused(tmp_path: Path) -> None:
    right = {**WRONG, "add.py": WRONG["add.py"].replace("-", "+")}
    with pytest.raises(ConfigError, match="no bug in it"):
        lay(Case(name="right", files=right), tmp_path / "right")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "one.toml cannot be read"),
        ("[files]\na = 1\n", "cannot be read"),
        ("= x", "cannot be read"),
        ('[files]\n"../a" = "x"\n', "leads out of its project"),
    ],
)
def test_a_broken_case_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "one.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        read_cases(tmp_path)


def test_no_case_at_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no case files"):
        read_cases(tmp_path)
