"""A revert takes back what made the failure, and says what that was for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.diagnosis import minimal_change
from fixer.schema.diagnosis import MinimalChange
from fixer.schema.reproduction import Shown
from fixer.strategies import revert
from fixer.strategies.base import Case, NotMine
from fixer.worktree import Worktree, open_worktree
from tests.diagnosis.conftest import CHANGE, History, Runs
from tests.strategies.revert_case import case_of, failure_of

CHECK = "import app, sys\nif app.v20 != 20: sys.exit('WRONG')\n"


def lines(changed: dict[int, str]) -> str:
    return "".join(changed.get(n, f"v{n} = {n}") + "\n" for n in range(60))


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "repository")


@pytest.fixture
def case_at(tmp_path: Path, history: History) -> Callable[[str, str], Case]:
    """Find the minimal change of one commit, and make the case of mending another."""

    def make(bad: str, base: str) -> Case:
        tree = open_worktree(history.path, tmp_path / "fixer" / "tree", bad)
        change = minimal_change.find(tree, bad, Runs(tree), ("check.py",), lambda: False)
        assert isinstance(change, MinimalChange), change
        tree.reset(base)
        return case_of(tree, failure_of("WRONG", test="check.py"), change)

    return make


def after(tree: Worktree, base: str, diff: str) -> Shown:
    tree.reset(base)
    tree.apply(diff)
    return Runs(tree)()


def test_part_of_a_commit(history: History, case_at: Callable[[str, str], Case]) -> None:
    history.commit("Start", {"app.py": lines({}), "check.py": CHECK})
    body = "Write numbers as text\n\nThe exporter wants\ntext everywhere.\n\nMore words."
    culprit = history.commit(body, {"app.py": lines({0: "v0 = '0'", 20: "v20 = '20'", 50: "v50 = '50'"})})
    case = case_at(culprit, culprit)
    (patch,) = revert.propose(case)
    assert patch.summary == 'Revert part of "Write numbers as text"'
    assert patch.needs_review == (
        f"This takes back part of commit {culprit[:12]} ('Write numbers as text'). Its author said what it was for: "
        "The exporter wants text everywhere. "
        "Check that what it was for is no longer wanted, or can be had in another way."
    )
    assert "Of the 3 hunks of that commit this takes back 1 hunk: the fewest whose reversal" in patch.explanation
    assert "+v20 = 20" in patch.diff
    assert "v50 = '50'" not in patch.diff
    assert after(case.tree, culprit, patch.diff) is Shown.NONE


def test_the_whole_commit(history: History, case_at: Callable[[str, str], Case]) -> None:
    history.commit("Start", {"app.py": lines({}), "check.py": CHECK})
    culprit = history.commit("Break it", {"app.py": lines({20: "v20 = 21"})})
    base = history.commit("After", {"n": "1"})
    case = case_at(culprit, base)
    (patch,) = revert.propose(case)
    assert patch.summary == 'Revert "Break it"'
    assert patch.needs_review.startswith(f"This undoes all of commit {culprit[:12]} ('Break it'). Its message does not")
    assert after(case.tree, base, patch.diff) is Shown.NONE


def test_lines_that_moved_and_a_file_that_was_renamed_since(
    history: History, case_at: Callable[[str, str], Case]
) -> None:
    history.commit("Start", {"app.py": lines({}), "check.py": CHECK})
    culprit = history.commit("Break", {"app.py": lines({0: "v0 = 'a'", 2: "v2 = 'b'", 20: "v20 = 21"})})
    base = history.commit("Above", {"app.py": "new = 1\n" * 30 + lines({0: "v0 = 'a'", 2: "v2 = 'b'", 20: "v20 = 21"})})
    case = case_at(culprit, base)
    (patch,) = revert.propose(case)
    assert after(case.tree, base, patch.diff) is Shown.NONE
    assert (case.tree.path / "app.py").read_text().startswith("new = 1\n" * 30 + "v0 = 'a'")


def test_near_the_top_of_a_file_that_grew_above(history: History, case_at: Callable[[str, str], Case]) -> None:
    check = "import app, sys\nif app.v1 != 1: sys.exit('WRONG')\n"
    history.commit("Start", {"app.py": lines({}), "check.py": check})
    culprit = history.commit("Break", {"app.py": lines({1: "v1 = 0", 40: "v40 = 0"})})
    base = history.commit("Above", {"app.py": "new = 1\n" * 9 + lines({1: "v1 = 0", 40: "v40 = 0"})})
    case = case_at(culprit, base)
    (patch,) = revert.propose(case)
    assert after(case.tree, base, patch.diff) is Shown.NONE


def test_what_was_changed_again_is_not_forced(history: History, case_at: Callable[[str, str], Case]) -> None:
    history.commit("Start", {"app.py": lines({}), "check.py": CHECK})
    culprit = history.commit("Break", {"app.py": lines({20: "v20 = 21"})})
    base = history.commit("Change again", {"app.py": lines({19: "v19 = 0", 20: "v20 = 22"})})
    case = case_at(culprit, base)
    with pytest.raises(NotMine, match=f"cannot be taken back exactly; to see it: git show {culprit[:12]}"):
        list(revert.propose(case))
    assert case.tree.diff() == ""
    assert case.tree.git.run("status", "--porcelain").stdout == ""


def test_already_mended(history: History, case_at: Callable[[str, str], Case]) -> None:
    start = history.commit("Start", {"app.py": lines({}), "check.py": CHECK})
    culprit = history.commit("Break", {"app.py": lines({20: "v20 = 21"})})
    mended = history.commit("Mend", {"app.py": lines({})})
    with pytest.raises(NotMine, match="is already gone from the fix's base"):
        list(revert.propose(case_at(culprit, mended)))
    with pytest.raises(NotMine, match="is not part of the fix's base"):
        list(revert.propose(case_at(culprit, start)))


def test_without_evidence(history: History, tmp_path: Path) -> None:
    only = history.commit("Start", {"app.py": lines({})})
    tree = open_worktree(history.path, tmp_path / "fixer" / "tree", only)
    failure = failure_of("WRONG")
    with pytest.raises(NotMine, match="no diagnosis"):
        list(revert.propose(case_of(tree, failure, diagnosed=False)))
    with pytest.raises(NotMine, match="this clone is shallow"):
        list(revert.propose(case_of(tree, failure, no_change="this clone is shallow")))
    with pytest.raises(NotMine, match="no commit was found"):
        list(revert.propose(case_of(tree, failure)))
    elsewhere = CHANGE
    with pytest.raises(NotMine, match="is not in this repository"):
        list(revert.propose(case_of(tree, failure, elsewhere)))
    with pytest.raises(NotMine, match="no change that could be taken back"):
        list(revert.propose(case_of(tree, failure, elsewhere.model_copy(update={"hunks": ()}))))
