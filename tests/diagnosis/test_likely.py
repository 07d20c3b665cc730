"""What the failure names is tried first; what is found is the same."""

from collections.abc import Callable

from fixer.diagnosis import minimal_change
from fixer.diagnosis.likely import clues, likeliest
from fixer.schema.diagnosis import MinimalChange
from fixer.schema.failure import Failure, FailureKind
from fixer.worktree import Worktree
from tests.diagnosis.conftest import History, Runs

FAILURE = Failure(
    id="f", tool="pytest", kind=FailureKind.TEST, message="AttributeError: 'Cart' object has no attribute 'total'",
    frames=(("tests/test_cart.py", 3, "test_total"), ("shop/cart.py", 7, "pay")), fingerprint="f",
)  # fmt: skip
CHECK = "import app, sys\nif app.total() != 3:\n    sys.exit('WRONG total')\n"


def code(*, bad: bool) -> str:
    names = [f"v{n}" if not bad else f"w{n}" for n in range(24)]
    gaps = "".join(f"{name} = 0\n" + "#\n" * 8 for name in names)
    return f"{gaps}def total():\n    return {4 if bad else 3}\n"


def test_names_of_the_message_weigh_more_than_the_stack() -> None:
    words = clues(FAILURE)
    assert words["total"] == words["Cart"] > words["pay"] == words["cart"]
    assert likeliest(["+x = 1", "+def pay():", "-    def total(self):"], words) == [2, 1]


def test_clues_save_runs_and_find_the_same(history: History, worktree_of: Callable[[History, str], Worktree]) -> None:
    history.commit("Good", {"app.py": code(bad=False), "check.py": CHECK})
    bad = history.commit("Bad", {"app.py": code(bad=True)})
    tree = worktree_of(history, bad)
    answers, runs = [], []
    for words in ({}, {"total": 1}):
        run = Runs(tree)
        answer = minimal_change.find(tree, bad, run, ("check.py",), lambda: False, None, words)
        assert isinstance(answer, MinimalChange)
        answers.append((answer.hunks, answer.reduced, answer.hunks_in_culprit))
        runs.append(len(run.seen))
    assert answers[0] == answers[1]
    assert runs[1] < runs[0]
