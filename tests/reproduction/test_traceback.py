from pathlib import Path

import pytest

from fixer.errors import ToolError
from fixer.reproduction.traceback import RUNNER
from tests.reproduction.conftest import a_failure, a_project, failures_in, run_in, write


def test_a_program_fails_and_passes_by_its_exit_code(root: Path) -> None:
    write(root, {"app/__init__.py": "", "app/__main__.py": "import sys\nprint({}['price'] if sys.argv[1:] else 1)\n"})
    for command, shows in (("python -m app x", True), ("python -m app", False)):
        project = a_project(root, command)
        result = run_in(root)(RUNNER().narrowed(a_failure(tool="traceback"), project))
        outcome = RUNNER().outcome(result, project)
        assert (outcome.failed if shows else outcome.passed) == {command}
        assert [found.message for found in failures_in(result.output)] == ["KeyError: 'price'"] * shows


def test_without_a_command_the_outermost_script_is_started(root: Path) -> None:
    write(root, {"tools/job.py": "raise KeyError('price')\n", "app/__main__.py": ""})
    frames = (("/home/ci/work/shop/tools/job.py", 1, "<module>"), ("/usr/lib/x.py", 2, "f"))
    assert RUNNER().narrowed(a_failure(frames=frames), a_project(root)).argv[1:] == ("tools/job.py",)
    frames = (("<frozen runpy>", 1, "_run"), ("/home/ci/shop/app/__main__.py", 1, "<module>"))
    assert RUNNER().narrowed(a_failure(frames=frames), a_project(root)).argv[1:] == ("-m", "app")


@pytest.mark.parametrize("command", ["", "python /etc/x.py", "python ../x.py", "python -m shutil", "python gone.py"])
def test_what_is_not_of_the_project_is_not_started(root: Path, command: str) -> None:
    with pytest.raises(ToolError, match=r"not known|lies in the project"):
        RUNNER().narrowed(a_failure(tool="traceback"), a_project(root, command))


@pytest.mark.parametrize(
    ("argv", "taken"),
    [
        (["python", "x.py", "-v"], True),
        (["python3.12", "-m", "app"], True),
        (["python", "-c", "import app, os"], True),
        (["python", "-c", "import os; os.remove('x')"], False),
        (["python", "-m", "pip", "install", "x"], False),
        (["python", "-m", "http.server"], False),
        (["python", "setup.py", "install"], False),
        (["python", "-m", "pytest"], False),
        (["python"], False),
        (["bash", "x.py"], False),
    ],
)
def test_accepts_plain_programs_only(argv: list[str], taken: bool) -> None:  # noqa: FBT001 - a table's column
    assert RUNNER().accepts(argv) is taken
