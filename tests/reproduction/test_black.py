from pathlib import Path

from fixer.reproduction.black import RUNNER
from tests.reproduction.conftest import a_failure, a_project, a_result, write


def test_files_that_would_change_are_read(root: Path) -> None:
    write(root, {"a.py": "", "b.py": "", "c.py": "", "d.py": ""})
    project = a_project(root, "black --check --diff -l 99 .")
    suite = RUNNER().suite(a_failure(), project).argv
    assert suite[1:] == ("-m", "black", ".", "-l", "99", "--check", "--no-color")
    # What black 26 and, for d.py, black 24 printed.
    printed = f"error: cannot parse: {root}/b.py:1:6\n    def f(:\nParseError: bad input\nwould reformat {root}/a.py\n"
    printed += f"error: cannot format {root}/d.py: Cannot parse: 1:6: def f(:\nOh no!\n"
    outcome = RUNNER().outcome(a_result(*suite, exit_code=123, stderr=printed), project)
    assert outcome.failed == {"a.py:format:", "b.py:parse:", "d.py:parse:"}
    assert outcome.passed == {"c.py"}
    assert RUNNER().outcome(a_result(*suite, stderr="All done!"), project).passed == {"a.py", "b.py", "c.py", "d.py"}
    assert not RUNNER().outcome(a_result(*suite, exit_code=1, stderr="Error: Invalid value"), project).readable


def test_accepts_checks_only() -> None:
    assert RUNNER().accepts(["black", "--check", "."])
    assert not RUNNER().accepts(["black", "."])
