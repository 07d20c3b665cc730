"""The minimal change on twenty shapes of history, each a real repository with real runs."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.diagnosis import minimal_change
from fixer.git import Git
from fixer.schema.diagnosis import MinimalChange
from fixer.schema.reproduction import Shown
from fixer.worktree import Worktree, open_worktree
from tests.diagnosis.conftest import IDENTITY, History, Runs

CHECK = "import app, sys\nif app.total() != 3:\n    sys.exit('WRONG total')\n"
GOOD = "def total():\n    return 3\n"
BAD = "def total():\n    return 4\n"
Tree = Callable[[History, str], Worktree]


def search(
    tree: Worktree,
    bad: str,
    hold: tuple[str, ...] = ("check.py",),
    green: str | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> MinimalChange | str:
    return minimal_change.find(tree, bad, Runs(tree), hold, stop, green)


def found(answer: MinimalChange | str) -> MinimalChange:
    assert isinstance(answer, MinimalChange), answer
    return answer


def taken_back(tree: Worktree, change: MinimalChange, commit: str) -> Shown:
    tree.reset(commit)
    for hunk in reversed(change.hunks):
        tree.apply(hunk, reverse=True)
    return Runs(tree)()


def test_linear_history(history: History, worktree_of: Tree) -> None:
    commits = [history.commit(f"Step {n}", {"app.py": GOOD, "check.py": CHECK, "n": str(n)}) for n in range(20)]
    culprit = history.commit("Round up", {"app.py": BAD})
    bad = [history.commit(f"Later {n}", {"n": f"later {n}"}) for n in range(5)][-1]
    tree = worktree_of(history, bad)
    change = found(search(tree, bad))
    assert (change.green, change.culprit) == (commits[-1], culprit)
    assert change.culprit_subject == "Round up"
    assert change.culprit_author == "Ada <ada@example.com>"
    assert change.reduced
    assert change.hunks_in_culprit == 1
    assert "-    return 3\n+    return 4\n" in change.hunks[0]
    assert taken_back(tree, change, bad) is Shown.NONE


def lines(changed: dict[int, str], count: int = 80) -> str:
    return "".join(changed.get(n, f"v{n} = {n}") + "\n" for n in range(count))


def test_two_of_eight_hunks_matter(history: History, worktree_of: Tree) -> None:
    check = "import app, sys\nif app.v20 != 20 and app.v60 != 60:\n    sys.exit('WRONG')\n"
    both = "import app, sys\nif app.v20 != 20 or app.v60 != 60:\n    sys.exit('WRONG')\n"
    history.commit("Start", {"app.py": lines({}), "check.py": both})
    bad = history.commit("Change much", {"app.py": lines({n: f"v{n} = 'x'" for n in range(0, 80, 10)})})
    tree = worktree_of(history, bad)
    change = found(search(tree, bad))
    assert change.hunks_in_culprit == 8
    assert [hunk.count("\n@@ ") for hunk in change.hunks] == [1, 1]
    assert "+v20 = 'x'" in change.hunks[0]
    assert "+v60 = 'x'" in change.hunks[1]
    assert taken_back(tree, change, bad) is Shown.NONE
    # Where either of the two is enough to mend it, one is reported.
    worse = history.commit("Ask for both", {"check.py": check})
    assert len(found(search(tree, worse)).hunks) == 1


def test_only_one_run_of_lines_in_a_hunk_matters(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": lines({}), "check.py": "import app, sys\nif app.v4 != 4: sys.exit('WRONG')\n"})
    bad = history.commit("Tidy", {"app.py": lines({2: "v2 = 2.0", 4: "v4 = 5\nmore = 1", 6: "v6 = 6.0"})})
    tree = worktree_of(history, bad)
    change = found(search(tree, bad))
    (hunk,) = change.hunks
    changed = [line for line in hunk.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    assert changed == ["-v4 = 4", "+v4 = 5", "+more = 1"]
    assert taken_back(tree, change, bad) is Shown.NONE
    assert (tree.path / "app.py").read_text() == lines({2: "v2 = 2.0", 6: "v6 = 6.0"})


def test_culprit_on_a_merged_branch(history: History, worktree_of: Tree) -> None:
    start = history.commit("Start", {"app.py": GOOD, "check.py": CHECK})
    history.branch("topic", start)
    history.commit("Harmless", {"docs": "1"})
    culprit = history.commit("Break on the branch", {"app.py": BAD})
    history.commit("Harmless again", {"docs": "2"})
    history.checkout("main")
    history.commit("Meanwhile", {"other": "1"})
    history.merge("topic")
    bad = history.commit("After", {"other": "2"})
    change = found(search(worktree_of(history, bad), bad))
    assert change.culprit == culprit
    assert change.reduced


def test_merge_that_breaks_what_worked_on_both_sides(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": "import part\ndef total():\n    return part.one()\n", "part.py": GOOD_PART})
    start = history.commit("Test", {"check.py": CHECK})
    history.branch("topic", start)
    history.commit("Rename one", {"part.py": "def uno():\n    return 3\n", "app.py": APP_UNO})
    history.checkout("main")
    history.commit("Call one twice", {"extra.py": "import part\ndef more():\n    return part.one() - 3\n"})
    history.commit("Use it", {"check.py": "import app, extra, sys\ntry: extra.more()\nexcept: sys.exit('WRONG')\n"})
    bad = history.merge("topic", "Merge the rename")
    change = found(search(worktree_of(history, bad), bad))
    assert change.culprit == bad
    assert change.culprit_subject == "Merge the rename"
    assert change.green == Git(history.path).line("rev-parse", f"{bad}^1")


GOOD_PART = "def one():\n    return 3\n"
APP_UNO = "import part\ndef total():\n    return part.uno()\n"


def test_rename_and_change_in_one_commit(history: History, worktree_of: Tree) -> None:
    check = "import glob, sys\ntext = open(glob.glob('*rates.txt')[0]).read()\n" + RATES_CHECK
    history.commit("Start", {"old rates.txt": lines({}), "check.py": check})
    (history.path / "old rates.txt").rename(history.path / "rates.txt")
    bad = history.commit("Rename and raise", {"rates.txt": lines({30: "v30 = 31", 70: "v70 = 71"})})
    tree = worktree_of(history, bad)
    change = found(search(tree, bad, green=f"{bad}^"))
    assert change.hunks_in_culprit == 3
    assert len(change.hunks) == 1
    assert "rename" not in change.hunks[0]
    assert taken_back(tree, change, bad) is Shown.NONE
    assert (tree.path / "rates.txt").read_text() == lines({70: "v70 = 71"})


RATES_CHECK = "if 'v30 = 30\\n' not in text: sys.exit('WRONG')\n"


def test_rename_alone_is_the_culprit(history: History, worktree_of: Tree) -> None:
    check = "import os, sys\nif not os.path.exists('a.txt'): sys.exit('WRONG')\n"
    history.commit("Start", {"a.txt": lines({}), "check.py": check})
    (history.path / "a.txt").rename(history.path / "b.txt")
    bad = history.commit("Rename and raise", {"b.txt": lines({30: "v30 = 31"})})
    tree = worktree_of(history, bad)
    change = found(search(tree, bad))
    assert len(change.hunks) == 1
    assert "rename from a.txt" in change.hunks[0]
    assert "@@" not in change.hunks[0]
    assert taken_back(tree, change, bad) is Shown.NONE
    assert (tree.path / "a.txt").read_text() == lines({30: "v30 = 31"})


def test_test_added_in_the_culprit_itself(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": GOOD})
    green = history.commit("More", {"n": "1"})
    bad = history.commit("Add the test and break it", {"app.py": BAD, "check.py": CHECK})
    tree = worktree_of(history, bad)
    change = found(search(tree, bad))
    assert (change.green, change.culprit) == (green, bad)
    assert all("check.py" not in hunk for hunk in change.hunks)
    assert change.hunks_in_culprit == 2


def test_test_that_asks_for_something_newer_has_no_green(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": "x = 1\n"})
    bad = history.commit("Add total and its test", {"app.py": BAD, "check.py": CHECK})
    answer = search(worktree_of(history, bad), bad)
    assert isinstance(answer, str)
    assert "1 of the older commits that were tried could not run it" in answer


def test_commits_that_cannot_import_are_passed_over(history: History, worktree_of: Tree) -> None:
    green = history.commit("Start", {"app.py": GOOD, "check.py": CHECK})
    for number in range(3):
        history.commit(f"Broken {number}", {"app.py": "import nothing_of_that_name\n", "n": str(number)})
    bad = history.commit("Mend the import, break the total", {"app.py": BAD})
    change = found(search(worktree_of(history, bad), bad))
    assert (change.green, change.culprit) == (green, bad)
    assert "3 commits between" in change.note
    assert "could not run the reproduction" in change.note


def test_green_between_commits_that_cannot_import(history: History, worktree_of: Tree) -> None:
    broken = {"app.py": "import nothing_of_that_name\n"}
    history.commit("Broken from the start", broken)
    history.commit("Still", {"n": "1"})
    green = history.commit("Works", {"app.py": GOOD, "check.py": CHECK})
    history.commit("Broken again", broken)
    history.commit("Still broken", {"n": "2"})
    bad = history.commit("Runs, but wrong", {"app.py": BAD})
    assert found(search(worktree_of(history, bad), bad)).green == green


def test_never_green(history: History, worktree_of: Tree) -> None:
    root = history.commit("Start", {"app.py": BAD, "check.py": CHECK})
    bad = [history.commit(f"Step {n}", {"n": str(n)}) for n in range(6)][-1]
    answer = search(worktree_of(history, bad), bad)
    assert isinstance(answer, str)
    assert f"back to the first commit ({root[:12]})" in answer


def test_history_of_one_commit(history: History, worktree_of: Tree) -> None:
    only = history.commit("Start", {"app.py": BAD, "check.py": CHECK})
    answer = search(worktree_of(history, only), only)
    assert answer == f"{only[:12]} is the first commit of the history: there is nothing older to compare with"


@pytest.mark.parametrize(("depth", "words"), [(1, "holds only"), (3, "holds 3 commits")])
def test_shallow_clone_says_so(history: History, tmp_path: Path, depth: int, words: str) -> None:
    history.commit("Start", {"app.py": GOOD, "check.py": CHECK})
    history.commit("Break", {"app.py": BAD})
    bad = [history.commit(f"Step {n}", {"n": str(n)}) for n in range(4)][-1]
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", str(depth), f"file://{history.path}", clone], check=True)
    answer = search(open_worktree(clone, tmp_path / "fixer" / "tree", bad), bad)
    assert isinstance(answer, str)
    assert "shallow" in answer
    assert words in answer
    assert "git fetch --unshallow" in answer


def test_crlf_lines_survive(history: History, worktree_of: Tree) -> None:
    check = "import sys\nif b'v30 = 30\\r\\n' not in open('app.txt', 'rb').read(): sys.exit('WRONG')\n"
    before = lines({}).replace("\n", "\r\n")
    history.commit("Start", {"app.txt": before, "check.py": check})
    after = lines({30: "v30 = 31", 60: "v60 = 61"}).replace("\n", "\r\n")
    bad = history.commit("Raise", {"app.txt": after})
    tree = worktree_of(history, bad)
    change = found(search(tree, bad))
    assert len(change.hunks) == 1
    assert taken_back(tree, change, bad) is Shown.NONE
    assert (tree.path / "app.txt").read_bytes() == lines({60: "v60 = 61"}).replace("\n", "\r\n").encode()


def test_crlf_by_attribute(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {".gitattributes": "*.py text eol=crlf\n", "app.py": GOOD, "check.py": CHECK})
    bad = history.commit("Break", {"app.py": BAD.replace("\n", "\r\n")})
    tree = worktree_of(history, bad)
    change = found(search(tree, bad))
    assert change.reduced
    assert taken_back(tree, change, bad) is Shown.NONE


def test_binary_file_is_the_culprit(history: History, worktree_of: Tree) -> None:
    check = "import sys\nif open('blob.bin', 'rb').read()[3] != 1: sys.exit('WRONG')\n"
    history.commit("Start", {"blob.bin": bytes([0, 1, 0, 1, 255] * 50), "n.py": "a\n", "check.py": check})
    bad = history.commit("New blob", {"blob.bin": bytes([0, 9, 0, 9, 255] * 50), "n.py": "b\n"})
    tree = worktree_of(history, bad)
    change = found(search(tree, bad))
    assert len(change.hunks) == 1
    assert "GIT binary patch" in change.hunks[0]
    assert taken_back(tree, change, bad) is Shown.NONE


def test_added_removed_and_executable_files(history: History, worktree_of: Tree) -> None:
    check = "import os, sys\nif not os.access('tool', os.X_OK): sys.exit('WRONG')\n"
    history.commit("Start", {"tool": lines({}), "gone": "x\n", "check.py": check})
    (history.path / "tool").chmod(0o755)
    history.commit_as_is("Make it executable")
    (history.path / "tool").chmod(0o644)
    bad = history.commit("Change files", {"tool": lines({5: "v5 = 0"}), "gone": None, "new": "y"})
    tree = worktree_of(history, bad)
    change = found(search(tree, bad))
    assert change.hunks_in_culprit == 4
    assert len(change.hunks) == 1
    assert "old mode 100755\nnew mode 100644" in change.hunks[0]
    assert taken_back(tree, change, bad) is Shown.NONE


def test_no_newline_at_the_end(history: History, worktree_of: Tree) -> None:
    check = "import sys\nif open('v').read() != '1\\n2': sys.exit('WRONG')\n"
    history.commit("Start", {"v": "1\n2", "check.py": check})
    bad = history.commit("Raise", {"v": "1\n3"})
    tree = worktree_of(history, bad)
    assert taken_back(tree, found(search(tree, bad)), bad) is Shown.NONE


def test_newer_commits_that_build_on_the_culprit(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": GOOD, "check.py": CHECK})
    culprit = history.commit("Break", {"app.py": BAD, "unrelated.py": "x = 1\n"})
    bad = history.commit("Rewrite", {"app.py": "def total():\n    result = 4\n    return result\n"})
    change = found(search(worktree_of(history, bad), bad))
    assert change.culprit == culprit
    assert change.reduced
    assert len(change.hunks) == 1
    assert f"so it was reduced on {culprit[:12]}" in change.note


def test_parts_that_newer_commits_rewrote_do_not_stop_the_others(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": GOOD, "check.py": CHECK, "docs": "1\n", "other.py": lines({})})
    culprit = history.commit("Break", {"app.py": BAD, "docs": "2\n", "other.py": lines({5: "x", 50: "y"})})
    bad = history.commit("Rewrite", {"docs": "3\n", "other.py": lines({5: "z", 50: "y"})})
    tree = worktree_of(history, bad)
    change = found(search(tree, bad))
    assert change.culprit == culprit
    assert change.reduced
    assert taken_back(tree, change, bad) is Shown.NONE


def test_history_that_comes_and_goes_is_not_blamed_on_the_newest(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": GOOD, "check.py": CHECK})
    green = ""
    for number in range(3):
        history.commit(f"Break {number}", {"app.py": BAD})
        green = history.commit(f"Mend {number}", {"app.py": GOOD})
    culprit = history.commit("Break for good", {"app.py": BAD})
    bad = history.commit("After", {"n": "1"})
    change = found(search(worktree_of(history, bad), bad))
    assert (change.green, change.culprit) == (green, culprit)


def test_failure_that_did_not_come_on_the_failing_commit(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": GOOD, "check.py": CHECK})
    bad = history.commit("Harmless", {"n": "1"})
    answer = search(worktree_of(history, bad), bad)
    assert isinstance(answer, str)
    assert "did not fail in the same way" in answer


def test_submodules_are_left_out(history: History, worktree_of: Tree) -> None:
    start = history.commit("Start", {"app.py": GOOD, "check.py": CHECK})
    history.git.run("update-index", "--add", "--cacheinfo", f"160000,{start},lib")
    (history.path / "lib").mkdir()
    history.git.run("commit", "--quiet", "-m", "Add a submodule", env=IDENTITY)
    history.git.run("update-index", "--cacheinfo", f"160000,{history.git.line('rev-parse', 'HEAD')},lib")
    (history.path / "app.py").write_text(BAD)
    history.git.run("update-index", "app.py")
    history.git.run("commit", "--quiet", "-m", "Bump and break", env=IDENTITY)
    bad = history.git.line("rev-parse", "HEAD")
    change = found(search(worktree_of(history, bad), bad))
    assert change.reduced
    assert len(change.hunks) == 1


def test_a_file_in_the_way_of_the_held_test(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": GOOD, "tests": "a file, not a folder\n"})
    culprit = history.commit("Tests and a bug", {"tests": None, "app.py": BAD, "n": "1"})
    bad = history.commit("Write the test", {"tests/check.py": "import sys; sys.path[0] = '.'\n" + CHECK})
    tree = worktree_of(history, bad)
    change = found(minimal_change.find(tree, bad, Runs(tree, "tests/check.py"), ("tests/check.py",), lambda: False))
    assert change.culprit == culprit
    assert change.reduced


def test_leftovers_of_earlier_runs_do_not_matter(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": GOOD, "check.py": CHECK, ".gitignore": "*.cache\n"})
    culprit = history.commit("Break", {"app.py": BAD})
    bad = history.commit("After", {"n": "1"})
    tree = worktree_of(history, bad)
    (tree.path / "app.py").write_text("half a line")
    (tree.path / "check.py").unlink()
    (tree.path / "x.cache").write_text("old")
    tree.git.run("add", "--all")
    runs = Runs(tree)

    def littering() -> Shown:
        assert not (tree.path / "x.cache").exists()
        shown = runs()
        (tree.path / "x.cache").write_text("new")
        (tree.path / "app.py").write_text("")
        return shown

    change = found(minimal_change.find(tree, bad, littering, ("check.py",), lambda: False))
    assert change.culprit == culprit
    assert tree.diff() == ""


def test_the_same_state_runs_once(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": GOOD, "check.py": CHECK})
    history.commit("Empty", {})
    history.commit("Empty too", {})
    bad = history.commit("Break", {"app.py": BAD})
    tree = worktree_of(history, bad)
    runs = Runs(tree)
    change = found(minimal_change.find(tree, bad, runs, ("check.py",), lambda: False))
    assert runs.seen == [Shown.SAME, Shown.NONE]
    assert "found with 2 runs" in change.note


def used_up(runs: Runs, allowed: int) -> Callable[[], bool]:
    return lambda: len(runs.seen) >= allowed


def test_time_that_ends_early_gives_the_best_known(history: History, worktree_of: Tree) -> None:
    check = "import app, sys\nif app.v20 != 20 or app.v60 != 60:\n    sys.exit('WRONG')\n"
    for number in range(3):
        history.commit(f"Start {number}", {"app.py": lines({}), "check.py": check, "n": str(number)})
    history.commit("Change much", {"app.py": lines({n: f"v{n} = 'x'" for n in range(0, 80, 20)})})
    bad = [history.commit(f"Later {n}", {"n": f"later {n}"}) for n in range(2)][-1]
    tree = worktree_of(history, bad)
    full = Runs(tree)
    best = found(minimal_change.find(tree, bad, full, ("check.py",), lambda: False))
    sizes: list[int] = []
    for allowed in range(len(full.seen) + 1):
        runs = Runs(tree)
        answer = minimal_change.find(tree, bad, runs, ("check.py",), used_up(runs, allowed))
        assert len(runs.seen) <= allowed
        if isinstance(answer, str):
            assert answer == "time ended before a commit was found on which the reproduction passes"
            assert not sizes
            continue
        sizes.append(len(answer.hunks))
        assert answer.reduced == (allowed == len(full.seen))
        assert answer.reduced or "time ended" in answer.note
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1] == len(best.hunks) == 2


def test_a_commit_given_as_green_is_checked(history: History, worktree_of: Tree) -> None:
    green = history.commit("Start", {"app.py": GOOD, "check.py": CHECK})
    culprit = history.commit("Break", {"app.py": BAD})
    wrong = history.commit("After", {"n": "1"})
    bad = history.commit("Later", {"n": "2"})
    tree = worktree_of(history, bad)
    assert found(search(tree, bad, green=green)).culprit == culprit
    assert f"({wrong[:12]}) does not pass here" in found(search(tree, bad, green=wrong)).note
    assert "is not on the first-parent line" in found(search(tree, bad, green="no-such-name")).note


def test_only_the_test_changed(history: History, worktree_of: Tree) -> None:
    history.commit("Start", {"app.py": GOOD, "check.py": CHECK})
    history.commit("Ask for more", {"check.py": CHECK.replace("!= 3", "!= 5")})
    bad = history.commit("After", {"n": "1"})
    answer = search(worktree_of(history, bad), bad)
    assert isinstance(answer, str)
    assert "fails in the same way back to the first commit" in answer


def test_a_hundred_hunks(history: History, worktree_of: Tree) -> None:
    check = "import app, sys\nif app.v500 != 500: sys.exit('WRONG')\n"
    history.commit("Start", {"app.py": lines({}, 1000), "check.py": check})
    bad = history.commit("All", {"app.py": lines({n: f"v{n} = 'x'" for n in range(0, 1000, 10)}, 1000)})
    tree = worktree_of(history, bad)
    runs = Runs(tree)
    change = found(minimal_change.find(tree, bad, runs, ("check.py",), lambda: False))
    assert change.hunks_in_culprit == 100
    assert len(change.hunks) == 1
    assert change.reduced
    assert len(runs.seen) < 40


def test_unknown_commit(history: History, worktree_of: Tree) -> None:
    known = history.commit("Start", {"app.py": GOOD})
    assert search(worktree_of(history, known), "no-such-commit") == "the repository has no commit no-such-commit"
