"""Red projects and a way to run commands in them: real files, real processes, no sandbox."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.project import with_python_path
from fixer.reproduction.base import Project
from fixer.schema.command import CommandResult, Ending, Invocation, Rung
from fixer.schema.failure import Failure, FailureKind

Run = Callable[[Invocation], CommandResult]
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR")


def run_in(root: Path) -> Run:
    """Return a function that runs commands below `root` with a scrubbed environment."""

    def run(invocation: Invocation) -> CommandResult:
        with_path = with_python_path(invocation, root)
        env = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | with_path.env
        start = time.monotonic()
        done = subprocess.run(
            invocation.argv,
            cwd=root / invocation.cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
        )
        return CommandResult(
            argv=invocation.argv,
            cwd=invocation.cwd,
            ending=Ending.EXITED if done.returncode >= 0 else Ending.SIGNALLED,
            exit_code=done.returncode if done.returncode >= 0 else None,
            signal=-done.returncode if done.returncode < 0 else None,
            stdout=done.stdout,
            stderr=done.stderr,
            seconds=time.monotonic() - start,
            rung=Rung.PROCESS_GROUP,
        )

    return run


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def a_failure(**fields: object) -> Failure:
    given: dict[str, object] = {
        "id": "f1",
        "tool": "pytest",
        "kind": FailureKind.TEST,
        "message": "KeyError: 'price'",
        "fingerprint": "KeyError: 'price'",
    }
    return Failure.model_validate(given | fields)


def a_project(root: Path, command: str = "", python: str = sys.executable, *, cwd: str = ".") -> Project:
    return Project(root=root, python=python, command=tuple(command.split()) or None, cwd=cwd)


def python_of_small_projects() -> str:
    """Return the Python with pytest and nothing else, which comes first on PATH."""
    return shutil.which("python3") or sys.executable


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder that nothing above it configures."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return folder


def failures_in(text: str) -> list[Failure]:
    """A small reader of pytest's summary, unittest's sections and tracebacks, in place of the parsers."""
    found = []
    for word, name, message in re.findall(r"^(FAILED|ERROR) (\S+) - (.*)$", text, re.MULTILINE):
        found.append(_failure("pytest", name if word == "FAILED" else None, message))
    sections = r"^(?:FAIL|ERROR): \w+ \(([\w.]+)\)\n-{70}\n(?:.*\n)*?(\w+(?:Error|Exception)\b.*)$"
    for name, message in re.findall(sections, text, re.MULTILINE):
        found.append(_failure("unittest", name, message))
    if not found:
        last = re.findall(r"^(\w+(?:Error|Exception)\b.*)$", text, re.MULTILINE)
        found = [_failure("traceback", None, message) for message in last]
    return found


def _failure(tool: str, test: str | None, message: str) -> Failure:
    exception = message.partition(":")[0]
    return a_failure(
        id=f"{tool} {test} {message}", tool=tool, test=test, message=message, fingerprint=message, exception=exception
    )


def a_result(*argv: str, exit_code: int = 0, stdout: str = "", stderr: str = "") -> CommandResult:
    """A run that ended by itself."""
    return CommandResult(
        argv=argv,
        cwd=".",
        ending=Ending.EXITED,
        exit_code=exit_code,
        stdout=stdout,
        stderr=stderr,
        seconds=1,
        rung=Rung.PROCESS_GROUP,
    )
