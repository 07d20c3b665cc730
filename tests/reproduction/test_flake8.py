from pathlib import Path

from fixer.reproduction.flake8 import RUNNER
from tests.reproduction.conftest import a_failure, a_project, a_result, write

# What flake8 7.3 printed in a folder of three files.
PRINTED = """\
./a.py:1:1: F401 'os' imported but unused
./a.py:2:2: E225 missing whitespace around operator
./pkg/b.py:1:8: E999 SyntaxError: invalid syntax
"""


def test_findings_are_read_without_their_lines(root: Path) -> None:
    write(root, {"a.py": "", "pkg/b.py": "", "c.py": ""})
    project = a_project(root, "flake8 --count --max-line-length 99 --format=pylint")
    suite = RUNNER().suite(a_failure(), project).argv
    assert suite[1:] == (
        *("-m", "flake8", ".", "--max-line-length", "99"),
        *("--format=default", "--color=never", "--no-show-source"),
    )
    assert RUNNER().narrowed(a_failure(file="/ci/app/pkg/b.py"), project).argv[3] == "pkg/b.py"
    narrowed = RUNNER().narrowed(a_failure(file="pkg/b.py", code="E225"), project).argv
    assert (narrowed[3], narrowed[-1]) == ("pkg/b.py", "--select=E225")
    outcome = RUNNER().outcome(a_result(*suite, exit_code=1, stdout=PRINTED), project)
    assert outcome.passed == {"c.py"}
    assert outcome.failed == {
        "a.py:F401:'os' imported but unused",
        "a.py:E225:missing whitespace around operator",
        "pkg/b.py:E999:SyntaxError: invalid syntax",
    }
    assert RUNNER().outcome(a_result(*suite), project).passed == {"a.py", "c.py", "pkg/b.py"}


def test_a_failure_without_findings_is_not_read(root: Path) -> None:
    outcome = RUNNER().outcome(a_result("p", "-m", "flake8", exit_code=1, stderr="no such option"), a_project(root))
    assert not outcome.readable
