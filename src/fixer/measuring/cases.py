"""A case file goes in; a red project with the log of its failing tests and its info.json comes out.

A case file is TOML: under `files` the project, path and text, with a bug that its own tests show; optionally `command`,
the words that run the tests. What else is in it is not looked at.
"""

import json
import sys
import tomllib
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from fixer.errors import ConfigError
from fixer.git import AUTHOR, Git
from fixer.sandbox import Sandbox
from fixer.schema.base import Record
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.settings import SandboxSettings

COMMAND = ("python", "-m", "unittest", "-v")
IGNORED = "__pycache__/\n*.log\n/info.json\n/outputs/\n/.fixer/\n"
SECONDS = 120.0
"""Time that the tests of a case get."""


class Case(Record):
    """One project with one bug."""

    name: str
    files: dict[str, str]
    command: tuple[str, ...] = COMMAND

    @property
    def tests(self) -> dict[str, str]:
        """The files that say what is right; an independent run takes them from here."""
        return {name: text for name, text in self.files.items() if PurePosixPath(name).name.startswith("test_")}


def read_cases(folder: Path) -> list[Case]:
    """Read every case file of a folder, by name.

    Raises:
        ConfigError: there is none, or one is broken.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise ConfigError(f"{folder} has no case files", "a case is a file NAME.toml with a table [files]")
    return [_read(path) for path in paths]


def _read(path: Path) -> Case:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        case = Case.model_validate(
            {"name": path.stem, **{key: found[key] for key in ("files", "command") if key in found}}
        )
    except (OSError, ValueError, ValidationError) as error:
        raise ConfigError(
            f"the case {path} cannot be read: {error}", "a case has a table [files]: path = text"
        ) from error
    for name in case.files:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise ConfigError(f"the case {path} has the file {name!r}, which leads out of its project", "name it below")
    return case


def lay(case: Case, folder: Path) -> Path:
    """Make the project in a new folder: a repository with one commit, the log of its red tests, and `info.json`.

    Raises:
        ConfigError: its tests pass, so that there is nothing to mend.
    """
    _write(folder, {".gitignore": IGNORED, **case.files})
    git = Git(folder)
    git.run("init", "--quiet", "--initial-branch", "main")
    git.run("add", "--all")
    git.run("commit", "--quiet", "--no-verify", "-m", "first", env=AUTHOR)
    result = run_tests(case, folder)
    if result.passed:
        raise ConfigError(f"the tests of the case {case.name} pass: there is no bug in it", "break it, or leave it out")
    log = [f"##[group]Run {' '.join(case.command)}", "##[endgroup]", *result.output.splitlines()]
    log.append(f"##[error]Process completed with exit code {result.exit_code}.")
    _write(folder, {"ci.log": "\n".join(log) + "\n"})
    request = {"deterministic": True, "prompt": "the tests fail", "raw-logs": "ci.log"}
    _write(folder, {"info.json": json.dumps(request)})
    return folder


def run_tests(case: Case, folder: Path) -> CommandResult:
    """Run the case's own tests in a sandbox: what a model wrote may be in the folder."""
    words = (sys.executable, *case.command[1:]) if case.command[0] == "python" else case.command
    python = Path(sys.executable).parent.parent
    with Sandbox(SandboxSettings(), folder, readable=[Path(sys.prefix), python], mask=str) as sandbox:
        return sandbox.run(Invocation(argv=words), timeout=SECONDS)


def is_green(case: Case, repository: Path, branch: str, folder: Path) -> bool:
    """Whether the case's tests, as the case has them, pass in a clone of a branch; fixer's word is not asked."""
    Git(repository).run("clone", "--quiet", "--no-hardlinks", "--branch", branch, str(repository), str(folder))
    _write(folder, case.tests)
    return run_tests(case, folder).passed


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
