import os
import sys
from pathlib import Path

import pytest

from fixer.errors import ToolError
from fixer.project import find_place, find_python, python_files, python_path, with_python_path
from fixer.schema.command import Invocation
from fixer.schema.settings import ProjectSettings
from tests.reproduction.conftest import write

NOTHING = ProjectSettings()


def an_interpreter(path: Path, *, works: bool = True) -> Path:
    """A stand-in for an environment's interpreter: it can import everything, or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {0 if works else 3}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_projects_own_environment_comes_first(tmp_path: Path) -> None:
    venv = an_interpreter(tmp_path / "venv" / "bin" / "python")
    assert find_python(tmp_path, NOTHING, "pytest") == (str(venv), "the project's venv")
    hidden = an_interpreter(tmp_path / ".venv" / "bin" / "python")
    assert find_python(tmp_path, NOTHING, "pytest")[0] == str(hidden)
    own = an_interpreter(tmp_path / "tools" / "python")
    chosen = ProjectSettings(python="tools/python")
    assert find_python(tmp_path, chosen, "pytest") == (str(own), "project.python")


def test_an_interpreter_without_the_tool_is_passed_over(tmp_path: Path) -> None:
    an_interpreter(tmp_path / ".venv" / "bin" / "python", works=False)
    found, why = find_python(tmp_path, NOTHING, "pytest")
    assert ".venv" not in str(Path(found).relative_to(tmp_path) if Path(found).is_relative_to(tmp_path) else "")
    assert why != "the project's .venv"


def test_every_interpreter_that_was_tried_is_named(tmp_path: Path) -> None:
    an_interpreter(tmp_path / ".venv" / "bin" / "python", works=False)
    with pytest.raises(ToolError) as caught:
        find_python(tmp_path, ProjectSettings(python="/nowhere/python"), "no_such_tool_at_all")
    assert "/nowhere/python (project.python): it could not be started" in caught.value.message
    assert f"{tmp_path}/.venv/bin/python (the project's .venv): it has no module" in caught.value.message
    assert sys.executable in caught.value.message
    assert caught.value.hint.endswith("-m pip install no_such_tool_at_all")


def test_an_environments_link_is_kept(tmp_path: Path) -> None:
    link = tmp_path / ".venv" / "bin" / "python"
    link.parent.mkdir(parents=True)
    link.symlink_to(sys.executable)
    assert find_python(tmp_path, NOTHING, None)[0] == str(link)


@pytest.mark.parametrize(
    ("files", "folders"),
    [
        ({"a.py": ""}, [""]),
        ({"src/app/__init__.py": ""}, ["", "src"]),
        ({"src/__init__.py": ""}, [""]),
        ({"lib/app.py": ""}, ["", "lib"]),
        (
            {"python/a.py": "", "pyproject.toml": '[tool.setuptools.packages.find]\nwhere = ["python"]\n'},
            ["", "python"],
        ),
        ({"py/a/x.py": "", "pyproject.toml": '[tool.setuptools.package-dir]\n"" = "py"\n'}, ["", "py"]),
        (
            {"code/a/x.py": "", "pyproject.toml": '[tool.hatch.build.targets.wheel]\npackages = ["code/a"]\n'},
            ["", "code"],
        ),
        ({"p/a/x.py": "", "pyproject.toml": '[[tool.poetry.packages]]\ninclude = "a"\nfrom = "p"\n'}, ["", "p"]),
        ({"p/a/x.py": "", "setup.cfg": "[options]\npackage_dir =\n    = p\n"}, ["", "p"]),
        ({"pyproject.toml": '[tool.setuptools.packages.find]\nwhere = ["../outside", "/etc"]\n'}, [""]),
        ({"pyproject.toml": "tool = 1\n", "setup.cfg": "nonsense"}, [""]),
    ],
)
def test_the_folders_that_code_is_imported_from(tmp_path: Path, files: dict[str, str], folders: list[str]) -> None:
    write(tmp_path, files)
    assert python_path(tmp_path) == [str(tmp_path / folder) if folder else str(tmp_path) for folder in folders]


def test_the_worktrees_folders_come_before_those_of_the_command(tmp_path: Path) -> None:
    write(tmp_path, {"src/app/__init__.py": "", "svc/more/x.py": ""})
    asked = Invocation(argv=("x",), cwd="svc", env={"PYTHONPATH": f"more{os.pathsep}/opt/lib", "A": "1"})
    once = with_python_path(asked, tmp_path)
    want = [str(tmp_path), str(tmp_path / "src"), str(tmp_path / "svc" / "more"), "/opt/lib"]
    assert once.env == {"A": "1", "PYTHONPATH": os.pathsep.join(want)}
    assert with_python_path(once, tmp_path) == once


@pytest.mark.parametrize(
    ("cwd", "place", "found"),
    [
        (".", "tests/a.py", "tests/a.py"),
        (".", "/home/runner/work/app/app/tests/a.py", "tests/a.py"),
        ("svc", "svc/b.py", "b.py"),
        ("svc", "tests/a.py", "../tests/a.py"),
        (".", "../../etc/passwd", "etc/passwd"),
        (".", "-pevil", "./-pevil"),
        (".", "", "."),
    ],
)
def test_a_place_in_a_log_is_found_in_the_project(tmp_path: Path, cwd: str, place: str, found: str) -> None:
    write(tmp_path, {"tests/a.py": "", "svc/b.py": ""})
    assert find_place(tmp_path, cwd, place) == found


def test_only_the_projects_own_python_files_are_listed(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "b/c.py": "", "b/d.txt": "", ".venv/x.py": "", "venv/y.py": ""})
    assert python_files(tmp_path, ["."]) == ["a.py", "b/c.py"]
    assert python_files(tmp_path, ["b", "a.py"]) == ["a.py", "b/c.py"]
