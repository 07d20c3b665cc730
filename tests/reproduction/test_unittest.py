from pathlib import Path

import pytest

from fixer.reproduction.unittest import RUNNER
from fixer.schema.command import CommandResult, Ending, Rung
from fixer.schema.reproduction import SuiteOutcome
from tests.reproduction.conftest import a_failure, a_project, run_in, write

ALL_ENDINGS = """\
import logging, sys, unittest

class Cases(unittest.TestCase):
    def test_ok(self):
        "This first line replaces the name."
    def test_noise(self):
        print("noise ok", file=sys.stderr)
        logging.getLogger().warning("FAIL")
    def test_torn(self):
        sys.stderr.write("no line end ")
    def test_fail(self): self.assertEqual(1, 2)
    def test_error(self): raise KeyError("price")
    def test_blank_lines_are_skipped(self): raise KeyError("line")
    def test_expected_failure(self): raise KeyError("line")
    def test_subs(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i, 1)
    @unittest.skip("not today")
    def test_skip(self): pass
    @unittest.expectedFailure
    def test_xfail(self): self.fail()
    @unittest.expectedFailure
    def test_xpass(self): pass

class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise OSError("no place")
    def test_never(self): pass

if __name__ == "__main__":
    unittest.main()
"""
FAILING = (
    "test_fail", "test_error", "test_subs", "test_xpass", "test_blank_lines_are_skipped", "test_expected_failure",
)  # fmt: skip
PACKAGE = {"tests/__init__.py": "", "tests/test_all.py": ALL_ENDINGS}


def suite_of(root: Path, command: str = "") -> SuiteOutcome:
    runner, project = RUNNER(), a_project(root, command)
    return runner.outcome(run_in(root)(runner.suite(a_failure(tool="unittest"), project)), project)


def narrow(root: Path, test: str, command: str = "") -> SuiteOutcome:
    runner, project = RUNNER(), a_project(root, command)
    return runner.outcome(run_in(root)(runner.narrowed(a_failure(tool="unittest", test=test), project)), project)


@pytest.mark.parametrize(
    ("command", "prefix"),
    [
        ("", "tests.test_all."),
        ("python -m unittest discover -s tests -q -f", "test_all."),
        ("python -m unittest tests.test_all", "tests.test_all."),
        ("python tests/test_all.py", "__main__."),
    ],
)
def test_every_ending_is_read_test_by_test(root: Path, command: str, prefix: str) -> None:
    write(root, PACKAGE)
    outcome = suite_of(root, command)
    assert outcome.readable, outcome.reason
    assert outcome.passed == {f"{prefix}Cases.{name}" for name in ("test_ok", "test_noise", "test_torn")}
    assert outcome.failed == {f"{prefix}Cases.{x}" for x in FAILING} | {f"{prefix}Broken.setUpClass"}
    assert outcome.skipped == {f"{prefix}Cases.{name}" for name in ("test_skip", "test_xfail")}


@pytest.mark.parametrize(
    ("test", "command"),
    [
        ("tests.test_all.Cases.test_error", ""),
        ("test_error (tests.test_all.Cases.test_error)", ""),
        ("test_error (tests.test_all.Cases)", "python -m unittest"),
        ("test_all.Cases.test_error", "python -m unittest discover -s tests"),
        ("__main__.Cases.test_error", "python tests/test_all.py"),
    ],
)
def test_one_test_runs_alone_under_any_of_its_names(root: Path, test: str, command: str) -> None:
    write(root, PACKAGE)
    outcome = narrow(root, test, command)
    assert outcome.readable, outcome.reason
    assert {name.rpartition(".")[2] for name in outcome.failed} == {"test_error"}
    assert not outcome.passed | outcome.skipped


def test_a_test_that_is_gone_has_not_passed(root: Path) -> None:
    write(root, PACKAGE)
    assert not narrow(root, "tests.test_all.Cases.test_gone").passed
    assert not narrow(root, "tests.test_gone.Cases.test_ok").passed


def test_a_module_that_does_not_import_fails(root: Path) -> None:
    write(root, {"test_a.py": "import nowhere_at_all\n"})
    assert suite_of(root).failed == {"test_a"}
    assert narrow(root, "unittest.loader._FailedTest.test_a").failed == {"test_a"}


def test_django_style_commands_are_narrowed_by_label(root: Path) -> None:
    manage = "import sys, unittest\nassert sys.argv[1] == 'test'\n"
    manage += "unittest.main(module=None, argv=['m', '-v', sys.argv[2]])\n"
    write(root, PACKAGE | {"manage.py": manage})
    test = "tests.test_all.Cases.test_fail"
    assert narrow(root, test, "python manage.py test --settings conf --parallel 4").failed == {test}
    argv = RUNNER().narrowed(a_failure(test=test), a_project(root, "python manage.py test --settings conf -v3")).argv
    assert argv[1:] == ("manage.py", "test", test, "--settings", "conf", "-v", "2")


def test_text_from_a_log_is_no_option(root: Path) -> None:
    argv = RUNNER().narrowed(a_failure(test="-k x; touch pwned"), a_project(root)).argv
    assert argv[1:] == ("-m", "unittest", "discover", "-v")


def test_a_run_that_cannot_be_trusted_is_not_read(root: Path) -> None:
    good: dict[str, object] = {
        "argv": ("python",), "cwd": ".", "ending": Ending.EXITED, "exit_code": 0, "stdout": "", "seconds": 1,
        "rung": Rung.PROCESS_GROUP, "stderr": "test_x (m.C.test_x) ... ok\n\nRan 1 test in 0.1s\n\nOK\n",
    }  # fmt: skip
    for change in (
        {},
        {"omitted_bytes": 1},
        {"ending": Ending.SIGNALLED, "exit_code": None},
        {"stderr": "Ran 2 tests in 0.1s\n\nOK\n"},
        {"stderr": "Ran 0 tests in 0.1s\n\nOK\n"},
        {"stderr": "test_x (m.C.test_x) ... ok\n"},
    ):
        outcome = RUNNER().outcome(CommandResult.model_validate(good | change), a_project(root))
        assert outcome.readable is (not change), outcome
        assert outcome.passed == (set() if change else {"m.C.test_x"})


def test_the_tests_file_is_found_by_its_dotted_name(root: Path) -> None:
    write(root, PACKAGE)
    for test in ("tests.test_all.Cases.test_ok", "test_all.Cases.test_ok"):
        assert RUNNER().test_files(a_failure(test=test), a_project(root)) == ("tests/test_all.py",)


@pytest.mark.parametrize(
    ("command", "taken"),
    [
        ("python -m unittest", True),
        ("python3 -m unittest discover -s tests", True),
        ("python manage.py test", True),
        ("python setup.py test", True),
        ("python tests/runtests.py", True),
        ("python setup.py install", False),
        ("python manage.py migrate", False),
        ("python app.py", False),
        ("python -m pytest", False),
        ("pytest", False),
    ],
)
def test_accepts_plain_uses_only(command: str, taken: bool) -> None:  # noqa: FBT001 - a table's column
    assert RUNNER().accepts(command.split()) is taken


def test_two_tests_of_one_id_are_two_tests(root: Path) -> None:
    # The loader takes the class again under its other name: unittest counts 2 and prints one id twice.
    case = "import unittest\n\n\nclass Cases(unittest.TestCase):\n    def test_ok(self):\n        pass\n"
    case += "\n\nAgain = Cases\n"
    write(root, {"test_a.py": case})
    outcome = suite_of(root)
    assert outcome.readable, outcome.reason
    assert outcome.passed == {"test_a.Cases.test_ok"}
