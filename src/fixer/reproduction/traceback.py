"""Runs a Python program again that ended with an uncaught exception: its command in, pass or fail by exit code out."""

import ast
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from fixer.errors import ToolError
from fixer.project import find_place, python_path
from fixer.reproduction.base import Project
from fixer.schema.command import CommandResult, Ending, Invocation
from fixer.schema.failure import Failure
from fixer.schema.reproduction import SuiteOutcome

OTHER_TOOLS = frozenset(
    {"pip", "ensurepip", "venv", "virtualenv", "build", "twine", "http", "pytest", "unittest", "tox", "nox", "ruff"}
    | {"mypy", "black", "isort", "flake8", "coverage", "setup", "conftest", "poetry", "uv", "pre_commit"}
)
"""Modules and scripts that install, publish, serve, or have a runner of their own."""


class Traceback:
    """A program: `python x.py`, `python -m x`, or `python -c` with nothing but imports."""

    tool: ClassVar[str] = "traceback"

    def accepts(self, argv: Sequence[str]) -> bool:
        """Whether `argv` starts a script or module with Python; tools that have runners of their own are not taken."""
        words = list(argv)
        if len(words) < 2 or not re.fullmatch(r"python[\d.]*", Path(words[0]).name):
            return False
        if words[1] == "-c":
            return len(words) == 3 and _only_imports(words[2])
        name = words[2] if words[1] == "-m" and len(words) > 2 else Path(words[1]).stem
        is_program = words[1] == "-m" or words[1].endswith(".py")
        return is_program and not name.startswith("-") and name.partition(".")[0] not in OTHER_TOOLS

    def narrowed(self, failure: Failure, project: Project) -> Invocation:
        """Return the program's own command; without one, the script that the outermost frame of the project is in.

        Raises:
            ToolError: the program is not part of the project, or is not known.
        """
        arguments = list(project.command[1:]) if project.command else _from_frames(failure, project)
        if not arguments:
            raise ToolError(
                "which program ended with the exception is not known: the log shows no plain command and no frame "
                "of a script of the project",
                "name a test that shows the failure in `existing-test-path`",
            )
        if not _is_of_project(arguments, project):
            raise ToolError(
                f"'{shlex.join(['python', *arguments])}' starts nothing that lies in the project",
                "name a test that shows the failure in `existing-test-path`",
            )
        return Invocation(argv=(project.python, *arguments), cwd=project.cwd, env=dict(project.env))

    def suite(self, failure: Failure, project: Project) -> Invocation:
        """Return the same command: a program has no suite."""
        return self.narrowed(failure, project)

    def outcome(self, result: CommandResult, project: Project) -> SuiteOutcome:  # noqa: ARG002 - the contract's
        """Read the exit code: the program, by its arguments, passed or failed."""
        if result.ending not in {Ending.EXITED, Ending.SIGNALLED}:
            return SuiteOutcome(readable=False, reason=f"it did not end by itself: {result.reason or result.ending}")
        name = frozenset({shlex.join(["python", *result.argv[1:]])})
        return SuiteOutcome(passed=name) if result.passed else SuiteOutcome(failed=name)

    def test_files(self, failure: Failure, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - the contract's
        """Return none: the program itself is what may have to change."""
        return ()


RUNNER = Traceback


def _only_imports(program: str) -> bool:
    try:
        statements = ast.parse(program).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(statements) and all(isinstance(item, ast.Import | ast.ImportFrom) for item in statements)


def _from_frames(failure: Failure, project: Project) -> list[str]:
    """Return the arguments that start the script of the outermost frame on module level, where it is the project's."""
    for file, _, function in failure.frames:
        if function == "<module>" and not file.startswith("<"):
            place = find_place(project.root, project.cwd, file)
            is_package = Path(place).name == "__main__.py" and len(Path(place).parts) > 1
            return ["-m", ".".join(Path(place).parts[:-1])] if is_package else [place]
    return []


def _is_of_project(arguments: Sequence[str], project: Project) -> bool:
    here = project.root / project.cwd
    if arguments[0] == "-c":
        return True
    if arguments[0] != "-m":
        script = (here / arguments[0]).resolve()
        return script.is_file() and script.is_relative_to(project.root.resolve())
    place = Path(*arguments[1].split("."))
    folders = [here, *map(Path, python_path(project.root))]
    return any((folder / place).is_dir() or (folder / place).with_suffix(".py").is_file() for folder in folders)
