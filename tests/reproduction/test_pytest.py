from pathlib import Path

import pytest

from fixer.reproduction.base import Project
from fixer.reproduction.pytest import RUNNER
from fixer.schema.command import CommandResult, Ending, Rung
from fixer.schema.failure import FailureKind
from fixer.schema.reproduction import SuiteOutcome
from tests.bare_environment import make_bare_environment
from tests.reproduction.conftest import a_failure, a_project, python_of_small_projects, run_in, write

ALL_ENDINGS = """\
import sys
import pytest

@pytest.fixture
def breaks_afterwards():
    yield
    raise RuntimeError("teardown")

@pytest.fixture
def breaks_before():
    raise RuntimeError("setup")

def test_passes(): print("FAILED tests/test_all.py::test_passes - a lie")
def test_fails():
    print("==== short test summary info ====")
    print("PASSED tests/test_all.py::test_fails")
    print("= 9 passed in 0.01s =")
    assert 1 - 2 == 3
def test_teardown(breaks_afterwards): pass
def test_setup(breaks_before): pass
@pytest.mark.skip(reason="not today")
def test_skipped(): pass
@pytest.mark.xfail
def test_xfail(): assert 0
@pytest.mark.xfail
def test_xpass(): pass
@pytest.mark.xfail(strict=True)
def test_strict(): pass
@pytest.mark.parametrize("word", ["a b", "x - y", "new\\nline", "ü", "p::q", "[", "] - [", "-k"])
def test_odd(word): assert word not in {"x - y", "p::q"}, "no - [this] - is"
"""


def small_project(root: Path, command: str = "", python: str = "", *, cwd: str = ".") -> Project:
    return a_project(root, command, python or python_of_small_projects(), cwd=cwd)


def suite_of(root: Path, command: str = "pytest", python: str = "") -> SuiteOutcome:
    runner, project = RUNNER(), small_project(root, command, python)
    return runner.outcome(run_in(root)(runner.suite(a_failure(), project)), project)


def narrow(root: Path, test: str, command: str = "", python: str = "") -> SuiteOutcome:
    runner, project = RUNNER(), small_project(root, command, python)
    return runner.outcome(run_in(root)(runner.narrowed(a_failure(test=test), project)), project)


def test_every_ending_is_read_test_by_test(root: Path) -> None:
    write(root, {"tests/test_all.py": ALL_ENDINGS})
    outcome = suite_of(root)
    assert outcome.readable, outcome.reason
    names = {name.removeprefix("tests/test_all.py::") for name in outcome.passed}
    assert names == {"test_passes", *(f"test_odd[{x}]" for x in ("a b", "new\\nline", "\\xfc", "[", "] - [", "-k"))}
    assert {name.removeprefix("tests/test_all.py::") for name in outcome.failed} == {
        "test_fails", "test_teardown", "test_setup", "test_strict", "test_odd[x - y]", "test_odd[p::q]",
    }  # fmt: skip
    assert len(outcome.skipped) == 3


@pytest.mark.parametrize(
    "addopts",
    [
        "-n2 -q -ra --color=yes --cov --cov-report=term --cov-fail-under=100",
        "-x -vv -s --tb=no -rN --ff",
        "-qq --maxfail 1 --import-mode=importlib -p no:randomly --no-summary",
    ],
)
def test_the_projects_own_options_do_not_make_it_unreadable(root: Path, addopts: str, tmp_path: Path) -> None:
    plugins = [name for name, option in (("pytest-xdist", "-n2"), ("pytest-cov", "--cov")) if option in addopts.split()]
    python = str(make_bare_environment(tmp_path / "environment", *plugins) / "python") if plugins else ""
    ini = f"[pytest]\naddopts = {addopts}\n"
    write(
        root, {"pytest.ini": ini, "test_a.py": "def test_1(): assert 0\ndef test_2(): assert 0\ndef test_3(): pass\n"}
    )
    outcome = suite_of(root, python=python)
    if "--no-summary" in addopts:
        assert not outcome.readable
        assert "summary lists 0" in outcome.reason
        return
    assert outcome.readable, outcome.reason
    assert outcome.passed == {"test_a.py::test_3"}
    assert outcome.failed == {"test_a.py::test_1", "test_a.py::test_2"}
    one = narrow(root, "test_a.py::test_3", python=python)
    assert one.passed == {"test_a.py::test_3"}, one.reason


def test_options_that_matter_stay_and_noise_goes(root: Path) -> None:
    write(root, {"conf/my.ini": "[pytest]\n", "tests/test_a.py": "def test_1(): pass\n"})
    command = (
        "pytest -xvs -n4 --cov src --cov-report=xml -c conf/my.ini -W error::DeprecationWarning -o console=1 "
        "--basetemp=/home --junitxml out.xml -p no:faulthandler -m slow -k one --run-slow --db sqlite tests/test_a.py"
    )
    project = small_project(root, command)
    narrowed = RUNNER().narrowed(a_failure(test="tests/test_a.py::test_1"), project).argv
    assert narrowed[:4] == (project.python, "-m", "pytest", "tests/test_a.py::test_1")
    assert " ".join(narrowed[4:]).startswith(
        "-s -c conf/my.ini -W error::DeprecationWarning -o console=1 -p no:faulthandler --run-slow --db sqlite -p no:c"
    )
    whole = " ".join(RUNNER().suite(a_failure(), project).argv)
    assert "tests/test_a.py -s -n4 -c conf/my.ini" in whole
    assert "-m slow -k one" in whole
    assert not {"basetemp", "junitxml", "--cov"} & set(whole.replace("=", " ").replace("--b", "b").split())


@pytest.mark.parametrize("name", ["a b", "x - y", "p::q", "[", "-k", "\\xfc", "new\\nline"])
def test_an_odd_node_runs_alone(root: Path, name: str) -> None:
    write(root, {"tests/test_all.py": ALL_ENDINGS})
    node = f"tests/test_all.py::test_odd[{name}]"
    outcome = narrow(root, node)
    assert outcome.readable, outcome.reason
    assert outcome.passed | outcome.failed == {node}


def test_a_node_that_is_gone_has_not_passed(root: Path) -> None:
    write(root, {"test_a.py": "def test_1(): pass\n"})
    for gone in ("test_a.py::test_2", "test_b.py::test_1", "test_a.py::test_1[x]"):
        outcome = narrow(root, gone)
        assert not outcome.readable
        assert outcome.reason


def test_a_file_that_does_not_import_fails_by_its_path(root: Path) -> None:
    write(root, {"test_a.py": "import nowhere_at_all\n", "test_b.py": "def test_1(): pass\n"})
    outcome = suite_of(root)
    assert outcome.failed == {"test_a.py"}
    assert outcome.passed == {"test_b.py::test_1"}
    runner, project = RUNNER(), small_project(root)
    result = run_in(root)(runner.narrowed(a_failure(file="/home/ci/work/app/test_a.py"), project))
    assert runner.outcome(result, project).failed == {"test_a.py"}


def test_a_conftest_that_does_not_import_is_shown_by_a_test_below_it(root: Path) -> None:
    tests = {"tests/test_long.py": "def test_1(): pass\n" * 9, "tests/test_short.py": "def test_1(): pass\n"}
    write(root, {"a.py": "import b_that_moved\n", "tests/conftest.py": "import a\n", "test_0.py": "", **tests})
    runner, project = RUNNER(), small_project(root)
    frames = (("tests/conftest.py", 1, "<module>"), ("a.py", 1, "<module>"))
    failure = a_failure(kind=FailureKind.EXCEPTION, file="a.py", frames=frames)
    command = runner.narrowed(failure, project)
    assert "tests/test_short.py" in command.argv
    assert runner.test_files(failure, project) == ("tests/test_short.py", "tests/conftest.py")
    outcome = runner.outcome(run_in(root)(command), project)
    assert outcome.readable
    assert outcome.failed == {"tests/conftest.py"}
    write(root, {"a.py": ""})
    assert runner.outcome(run_in(root)(command), project).passed == {"tests/test_short.py::test_1"}


def test_a_step_in_a_subfolder_runs_there(root: Path) -> None:
    write(root, {"svc/tests/test_a.py": "def test_1(): assert 0\n", "svc/pytest.ini": "[pytest]\n"})
    runner, project = RUNNER(), small_project(root, "pytest tests", cwd="svc")
    for test in ("tests/test_a.py::test_1", "svc/tests/test_a.py::test_1"):
        failure = a_failure(test=test)
        result = run_in(root)(runner.narrowed(failure, project))
        assert runner.outcome(result, project).failed == {"tests/test_a.py::test_1"}
        assert runner.test_files(failure, project) == ("svc/tests/test_a.py",)


def test_subtests_that_fail_are_failures(root: Path) -> None:
    body = (
        "def test_1(subtests):\n    for i in range(3):\n"
        "        with subtests.test('a (b)', i=i):\n            assert i != 1\n"
    )
    write(root, {"test_a.py": body + "def test_2(): pass\n"})
    outcome = suite_of(root)
    assert outcome.readable, outcome.reason
    assert outcome.passed == {"test_a.py::test_2"}
    assert any("test_a.py::test_1" in name for name in outcome.failed)


@pytest.mark.parametrize(
    "change",
    [
        {"omitted_bytes": 5},
        {"ending": Ending.TIMED_OUT, "exit_code": None},
        {"exit_code": 3},
        {"stdout": "1 passed and then nothing"},
        {"stdout": "= short test summary info =\nPASSED a.py::b\n= 2 passed in 0.1s ="},
    ],
)
def test_a_run_that_cannot_be_trusted_is_not_read(root: Path, change: dict[str, object]) -> None:
    good: dict[str, object] = {
        "argv": ("python", "-m", "pytest"), "cwd": ".", "ending": Ending.EXITED, "exit_code": 0, "stderr": "",
        "stdout": "= short test summary info =\nPASSED a.py::b\n= 1 passed in 0.1s =", "seconds": 1,
        "rung": Rung.PROCESS_GROUP,
    }  # fmt: skip
    project = small_project(root)
    assert RUNNER().outcome(CommandResult.model_validate(good), project).passed == {"a.py::b"}
    outcome = RUNNER().outcome(CommandResult.model_validate(good | change), project)
    assert not outcome.readable
    assert outcome.reason


def test_the_files_that_state_what_is_right(root: Path) -> None:
    body = "def test_1(): assert open('data/want.json').read() == '1'\n"
    write(root, {"tests/unit/test_a.py": body, "tests/conftest.py": "", "tests/unit/data/want.json": "1",
                 "tests/unit/data/other.json": "2", "tests/unit/__snapshots__/test_a.ambr": ""})  # fmt: skip
    assert RUNNER().test_files(a_failure(test="tests/unit/test_a.py::test_1"), small_project(root)) == (
        "tests/unit/test_a.py",
        "tests/conftest.py",
        "tests/unit/__snapshots__/test_a.ambr",
        "tests/unit/data/want.json",
    )


@pytest.mark.parametrize(
    ("command", "taken"),
    [
        ("pytest -q", True),
        ("/opt/venv/bin/python3.12 -m pytest tests", True),
        ("py.test", True),
        ("python -m pytest --collect-only", False),
        ("pytest --version", False),
        ("python -m unittest", False),
        ("pytest-watch", False),
        ("", False),
    ],
)
def test_accepts_plain_uses_only(command: str, taken: bool) -> None:  # noqa: FBT001 - a table's column
    assert RUNNER().accepts(command.split()) is taken
