import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.git import AUTHOR, Git
from fixer.reproduction import Lab, NotReproduced, compare, reproduce, target
from fixer.reproduction.proof.reproduction_files import name_for
from fixer.schema.execution import Execution, Step, StepStatus
from fixer.schema.failure import Failure
from fixer.schema.reproduction import Reproduction, Shown
from fixer.schema.request import Request
from fixer.worktree import Worktree
from tests.reproduction.conftest import a_failure, failures_in, python_of_small_projects, run_in, write

SHOP = {
    "pytest.ini": "[pytest]\naddopts = -q\n",
    "src/shop/__init__.py": "def total(cart): return sum(item['price'] for item in cart)\n",
    "tests/test_cart.py": (
        "from shop import total\ndef test_total(): assert total([{'cost': 1}]) == 1\ndef test_ok(): pass\n"
    ),
}
TOTAL = "tests/test_cart.py::test_total"


class Shop:
    """A repository, fixer's worktree of it, and a way to try reproductions there."""

    def __init__(self, tmp_path: Path) -> None:
        self.repository = tmp_path / "repository"
        self.repository.mkdir()
        self.tree: Worktree | None = None

    def commit(self, files: dict[str, str]) -> None:
        write(self.repository, files)
        git = Git(self.repository)
        git.run("init", "-q")
        git.run("add", "-A")
        git.run("commit", "-qm", "red", env=AUTHOR)
        place = self.repository.parent / "fixer" / "tree"
        git.run("worktree", "add", "--quiet", "--detach", str(place), "HEAD")
        self.tree = Worktree(self.repository, place)

    def lab(self, jobs: int = 1, stops_after: int | None = None) -> Lab:
        assert self.tree is not None
        run, count = run_in(self.tree.path), iter(range(10_000))
        stop = (lambda: next(count) >= stops_after) if stops_after is not None else (lambda: False)
        return Lab(self.tree, run, failures_in, python_of_small_projects(), stop, jobs=jobs)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    if made.tree is not None:
        made.tree.remove()


def an_execution(command: str | None = None, log: Path | None = None) -> Execution:
    step = Step(number=1, name="test", command=command, status=StepStatus.FAILED)
    return Execution(id="e", source="raw_log", origin="ci.log", steps=(step,), log_path=str(log) if log else None)


def a_request(*, deterministic: bool = True, existing: str | None = None) -> Request:
    given = {"deterministic": deterministic, "prompt": "", "existing-test-path": existing}
    return Request.model_validate(given)


def the_failure(test: str | None = TOTAL, message: str = "KeyError: 'price'", tool: str = "pytest") -> Failure:
    return a_failure(
        test=test, message=message, fingerprint=message, tool=tool, exception=message.partition(":")[0], log_line=3
    )


def test_the_same_failure_is_reproduced_alone_and_twice(shop: Shop, tmp_path: Path) -> None:
    shop.commit(SHOP)
    log = tmp_path / "ci.log"
    log.write_text("one\ntwo\nKeyError: 'price'\n```\n# injected\n")
    found = reproduce(the_failure(), an_execution("pytest -x tests", log), a_request(), shop.lab())
    assert isinstance(found, Reproduction), found
    assert found.narrowed.argv[1:4] == ("-m", "pytest", TOTAL)
    assert "tests" in found.suite.argv
    assert (found.failure_rate, found.runs, found.deterministic) == (1.0, 2, True)
    assert found.test_files == ("tests/test_cart.py",)
    assert set(found.files) == {"README.md", "logs/ci.log", "logs/reproduction.log", "tests/reproduce.py"}
    assert "# injected" in found.files["logs/ci.log"]
    assert "# injected" not in found.files["README.md"]
    assert "step 1 of the log" in found.files["README.md"]
    assert found.commit == shop.tree.commit if shop.tree else None


def test_its_program_says_whether_the_failure_is_gone(shop: Shop) -> None:
    shop.commit(SHOP)
    found = reproduce(the_failure(), an_execution(), a_request(), shop.lab())
    assert isinstance(found, Reproduction), found
    text = found.files["tests/reproduce.py"]
    assert text.count("\n") < 50
    place = shop.repository / "reproduce-deterministic-failures" / found.name / "tests" / "reproduce.py"
    write(place.parent, {place.name: text})

    def exit_code() -> int:
        return subprocess.run([python_of_small_projects(), place], capture_output=True, cwd="/", check=False).returncode

    assert exit_code() == 1
    write(shop.repository, {"src/shop/__init__.py": "def total(cart): return 1\n"})
    assert exit_code() == 0
    write(shop.repository, {"tests/test_cart.py": ""})
    assert exit_code() == 2


def test_the_worktrees_code_is_what_runs(shop: Shop, tmp_path: Path) -> None:
    """An editable install, here a folder on PYTHONPATH, must not win over the checkout."""
    shop.commit(SHOP)
    decoy = write(tmp_path / "decoy", {"shop/__init__.py": "def total(cart): return 1\n"})
    step = f"PYTHONPATH={decoy} pytest tests"
    found = reproduce(the_failure(), an_execution(step), a_request(), shop.lab())
    assert isinstance(found, Reproduction), found


@pytest.mark.parametrize(
    ("change", "shown", "words"),
    [
        ({"src/shop/__init__.py": "def total(cart): return 1\n"}, Shown.NONE, "passed"),
        (
            {"src/shop/__init__.py": "def total(cart): return 2\n"},
            Shown.OTHER,
            "failed differently: AssertionError: assert 2 == 1",
        ),
        ({"tests/test_cart.py": "def test_other(): pass\n"}, Shown.OTHER, "not seen here"),
        ({"tests/test_cart.py": "import pytest\n@pytest.mark.skip\ndef test_total(): 0\n"}, Shown.NONE, "skipped"),
    ],
)
def test_other_failures_and_none_are_told_apart(shop: Shop, change: dict[str, str], shown: Shown, words: str) -> None:
    shop.commit(SHOP | change)
    found = reproduce(the_failure(), an_execution("pytest"), a_request(), shop.lab())
    assert isinstance(found, NotReproduced), found
    assert found.shown is shown
    assert words in found.reason
    assert found.commands


def test_a_test_that_fails_only_after_another_is_reproduced_by_the_suite(shop: Shop) -> None:
    body = "STATE = {'price': 1}\ndef test_a(): STATE.clear()\ndef test_b(): assert STATE['price'] == 1\n"
    shop.commit({"test_order.py": body})
    found = reproduce(the_failure("test_order.py::test_b"), an_execution("pytest"), a_request(), shop.lab())
    assert isinstance(found, Reproduction), found
    assert found.narrowed == found.suite
    assert "test_order.py::test_b" not in found.narrowed.argv


FLAKY = """\
import os, unittest
class Flaky(unittest.TestCase):
    def test_flaky(self):
        if os.urandom(1)[0] < 77:
            raise KeyError("price")
"""
UNLUCKY = "AssertionError: unlucky"


def test_a_failure_that_comes_and_goes_is_measured(shop: Shop) -> None:
    shop.commit({"test_flaky.py": FLAKY})
    failure = the_failure("test_flaky.Flaky.test_flaky", tool="unittest")
    found = reproduce(failure, an_execution(), a_request(deterministic=False), shop.lab(jobs=2))
    assert isinstance(found, Reproduction), found
    assert not found.deterministic
    assert 0.05 < found.failure_rate < 0.7
    assert found.runs >= 20
    assert "between" in found.files["README.md"]


def test_a_failure_that_never_came_is_bounded(shop: Shop) -> None:
    shop.commit({"test_flaky.py": "def test_flaky(): pass\n"})
    failure = the_failure("test_flaky.py::test_flaky", UNLUCKY)
    found = reproduce(failure, an_execution(), a_request(deterministic=False), shop.lab(stops_after=3))
    assert isinstance(found, NotReproduced)
    assert "none of 3 runs showed the failure: its rate is below 63.2% at 95 %" in found.reason


def test_a_test_that_is_gone_is_not_repeated(shop: Shop) -> None:
    shop.commit({"test_flaky.py": "def test_other(): pass\n"})
    failure = the_failure("test_flaky.py::test_flaky")
    found = reproduce(failure, an_execution(), a_request(deterministic=False), shop.lab())
    assert isinstance(found, NotReproduced)
    assert "none of 1 runs" in found.reason
    assert "went wrong" in found.reason


def test_one_that_passes_the_second_time_is_not_called_deterministic(shop: Shop) -> None:
    body = "import pathlib\ndef test_t():\n    p = pathlib.Path('seen')\n    if not p.exists():\n        p.touch()\n"
    shop.commit({"test_t.py": body + "        raise KeyError('price')\n"})
    found = reproduce(the_failure("test_t.py::test_t"), an_execution(), a_request(), shop.lab())
    assert isinstance(found, NotReproduced)
    assert '"deterministic": false' in found.reason


@pytest.mark.parametrize(
    ("named", "runner"),
    [
        (TOTAL, "pytest"),
        ("tests/test_cart.py", "pytest"),
        ("checks.Check.test_total", "unittest"),
        ("scripts/check.py", "traceback"),
    ],
)
def test_a_test_that_the_user_names_must_fail_first(shop: Shop, named: str, runner: str) -> None:
    body = "import unittest, shop\nclass Check(unittest.TestCase):\n    def test_total(self): shop.total([{}])\n"
    shop.commit(SHOP | {"checks.py": body, "scripts/check.py": "import shop\nshop.total([{}])\n"})
    failure = the_failure(None, tool="gcc")
    found = reproduce(failure, an_execution(), a_request(existing=named), shop.lab())
    assert isinstance(found, Reproduction), found
    assert found.runner == runner
    assert target(failure, found, failures_in) == failure
    write(shop.tree.path if shop.tree else Path(), {"src/shop/__init__.py": "def total(cart): return 1\n"})
    passes = reproduce(failure, an_execution(), a_request(existing=named), shop.lab())
    assert isinstance(passes, NotReproduced)
    assert "passed" in passes.reason


def test_a_named_test_may_show_the_failure_in_its_own_way(shop: Shop) -> None:
    shop.commit(SHOP)
    failure = the_failure(None, "ValueError: somewhere else", tool="traceback")
    found = reproduce(failure, an_execution(), a_request(existing=TOTAL), shop.lab())
    assert isinstance(found, Reproduction), found
    seen = target(failure, found, failures_in)
    assert (seen.message, seen.test) == ("KeyError: 'price'", TOTAL)


def test_a_named_test_that_is_nowhere_is_said_so(shop: Shop) -> None:
    shop.commit(SHOP)
    found = reproduce(the_failure(), an_execution(), a_request(existing="tests/test_gone.py"), shop.lab())
    assert isinstance(found, NotReproduced)
    assert "tests/test_gone.py" in found.reason


@pytest.mark.parametrize(
    "step", ["pytest; touch pwned", "pytest $(touch pwned)", "`touch pwned`", "pytest\ntouch pwned"]
)
def test_hostile_steps_run_nothing_of_theirs(shop: Shop, step: str) -> None:
    shop.commit(SHOP)
    found = reproduce(the_failure(), an_execution(step), a_request(), shop.lab())
    assert isinstance(found, Reproduction), found
    assert shop.tree is not None
    assert not (shop.tree.path / "pwned").exists()


def test_a_tool_that_nothing_here_can_run_is_named(shop: Shop) -> None:
    shop.commit(SHOP)
    found = reproduce(the_failure(None, tool="gcc"), an_execution("./build.sh"), a_request(), shop.lab())
    assert isinstance(found, NotReproduced)
    assert "'gcc'" in found.reason


def test_no_time_left_is_said_so(shop: Shop) -> None:
    shop.commit(SHOP)
    found = reproduce(the_failure(), an_execution(), a_request(), shop.lab(stops_after=0))
    assert isinstance(found, NotReproduced)
    assert "time" in found.reason


def test_text_of_the_log_cannot_leave_its_fence(shop: Shop) -> None:
    shop.commit(SHOP)
    shown = the_failure().model_copy(update={"file": "```\n# [click](http://evil)\n````", "message": "````\n<b>"})
    found = reproduce(shown, an_execution(), a_request(), shop.lab())
    assert isinstance(found, Reproduction), found
    fence = "`" * 5
    before, inside, *_ = found.files["README.md"].split(f"{fence}")
    assert "evil" not in before
    assert "evil" in inside
    assert "<b>" in inside


def test_the_steps_variables_hold_for_the_users_test(shop: Shop) -> None:
    body = "import os\ndef test_total(): {}[os.environ['MODE']]\n"
    shop.commit({"pytest.ini": "[pytest]\n", "tests/test_cart.py": body})
    failure = the_failure(None, "KeyError: 'fast'", tool="gcc")
    found = reproduce(failure, an_execution("MODE=fast pytest"), a_request(existing=TOTAL), shop.lab())
    assert isinstance(found, Reproduction), found
    assert found.narrowed.env["MODE"] == "fast"


def test_names_are_safe_and_made_of_content() -> None:
    failure = the_failure("tests/x.py::TestA::test_total[../../ü a]")
    assert name_for(failure) == name_for(failure)
    assert name_for(failure).startswith("test-total-keyerror-")
    long = name_for(the_failure("t.py::test_" + "very_" * 40))
    assert len(long) <= 60
    assert name_for(the_failure(None, "ünïcode")).isascii()
    assert name_for(failure) != name_for(the_failure("tests/y.py::test_total"))


@pytest.mark.parametrize("named", [f"svc/{TOTAL}", TOTAL, "tests/test_cart.py"])
def test_the_test_has_the_name_that_its_runner_gives(shop: Shop, named: str) -> None:
    shop.commit({f"svc/{name}": text for name, text in SHOP.items()})
    step = "cd svc; export PYTHONPATH=src; pytest"
    found = reproduce(the_failure(named), an_execution(step), a_request(), shop.lab())
    assert isinstance(found, Reproduction), found
    assert found.narrowed.cwd == "svc"
    assert found.test == (named if named == "tests/test_cart.py" else TOTAL)


def test_a_failure_in_another_place_is_not_the_same(shop: Shop) -> None:
    shop.commit(SHOP)
    assert shop.tree is not None
    lab = shop.lab()
    found = reproduce(the_failure(), an_execution(), a_request(), lab)
    assert isinstance(found, Reproduction)
    result = lab.run(found.narrowed.model_copy(update={"env": {"PYTHONPATH": "src"}}))
    assert compare(the_failure(), result, failures_in) is Shown.SAME
    assert compare(the_failure("tests/test_cart.py::test_ok"), result, failures_in) is Shown.OTHER
    assert compare(the_failure(f"svc/{TOTAL}"), result, failures_in) is Shown.SAME
