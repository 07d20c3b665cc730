"""Real projects of the corpus, as git repositories, with a bench that runs them as processes of their own."""

import os
import re
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from junitparser import JUnitXml

from fixer.git import AUTHOR, Git
from fixer.schema.command import CommandResult, Ending, Invocation, Rung
from fixer.schema.patch import Patch, new_patch
from fixer.schema.reproduction import Reproduction, Shown, SuiteOutcome
from fixer.verification import Bench
from fixer.worktree import Worktree, open_worktree
from tests.warm_python import WarmPython

CORPUS = Path(__file__).parent / "corpus"
PYTEST = (sys.executable, "-m", "pytest")
_OPTIONS = ("-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit1", "--junitxml=.account.xml")
_UNITTEST_LINE = re.compile(
    r"^(\w+) \((?:unittest\.loader\.)?([\w.]+)\).*?\.\.\. (ok|FAIL|ERROR|skipped|expected|unexp)", re.MULTILINE
)
_SECONDS = 60
_STATES = {"ok": "passed", "FAIL": "failed", "ERROR": "failed", "skipped": "skipped", "expected": "skipped"}


def environment() -> dict[str, str]:
    """Return what the projects' commands see of the machine."""
    return {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


@dataclass(frozen=True)
class Edit:
    """One change of one file: text put in place of another, the whole text, or its end (text None)."""

    path: str
    text: str | None


@dataclass(frozen=True)
class Project:
    """One project of the corpus, checked out."""

    name: str
    tree: Worktree
    reproduction: Reproduction
    pytest: WarmPython

    def run(self, invocation: Invocation) -> CommandResult:
        started = time.monotonic()
        ended = self._ended(invocation.argv)
        return CommandResult(
            argv=invocation.argv,
            cwd=".",
            ending=Ending.EXITED,
            exit_code=ended.returncode,
            stdout=ended.stdout,
            stderr=ended.stderr,
            seconds=time.monotonic() - started,
            rung=Rung.PROCESS_GROUP,
        )

    def _ended(self, argv: tuple[str, ...]) -> "subprocess.CompletedProcess[str]":
        if argv[:3] == PYTEST:
            return self.pytest.run(argv[3:], self.tree.path, _SECONDS)
        return subprocess.run(
            argv, cwd=self.tree.path, env=environment(), capture_output=True, text=True, check=False, timeout=_SECONDS
        )

    def outcome(self, result: CommandResult) -> SuiteOutcome:
        return self._from_junit() if self.reproduction.runner == "pytest" else _from_unittest(result)

    def _from_junit(self) -> SuiteOutcome:
        account = self.tree.path / ".account.xml"
        if not account.exists():
            return SuiteOutcome(readable=False, reason="pytest left no account")
        names: dict[str, set[str]] = {"passed": set(), "failed": set(), "skipped": set()}
        for suite in JUnitXml.fromfile(str(account)):
            for case in suite:
                kinds = {type(result).__name__ for result in case.result}
                state = "failed" if kinds & {"Failure", "Error"} else "skipped" if kinds else "passed"
                file = case._elem.get("file") or f"{case.name.replace('.', '/')}.py"
                names[state].add(f"{file}::{case.name}" if case.classname else file)
        return SuiteOutcome.model_validate(names)

    def shown(self, result: CommandResult) -> Shown:
        if result.passed:
            return Shown.NONE
        test = self.reproduction.test or ""
        return Shown.SAME if test in self.outcome(result).failed else Shown.OTHER

    def bench(self, **changes: Any) -> Bench:
        parts: dict[str, Any] = {
            "tree": self.tree,
            "run": self.run,
            "shown": self.shown,
            "outcome": self.outcome,
            "install": lambda _: "",
            "uninstall": lambda: None,
            "stop": lambda: False,
        }
        return Bench(**{**parts, **changes})

    def patch(self, edits: list[Edit], requirements: tuple[str, ...] = ()) -> Patch:
        """Return the patch that the edits make, in the form that a strategy would give it."""
        self.tree.reset()
        for edit in edits:
            path = self.tree.path / edit.path
            if edit.text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(edit.text, encoding="utf-8")
        diff = self.tree.diff()
        self.tree.git.run("reset", "--quiet")
        self.tree.reset()
        return new_patch(
            reproduction_id="r",
            strategy="corpus",
            summary="Mend it",
            explanation="",
            diff=diff,
            requirements=requirements,
        )


def _from_unittest(result: CommandResult) -> SuiteOutcome:
    names: dict[str, set[str]] = {"passed": set(), "failed": set(), "skipped": set()}
    for _, name, state in _UNITTEST_LINE.findall(result.stderr):
        names[_STATES.get(state, "failed")].add(name)
    if not re.search(r"^Ran \d+ tests? in", result.stderr, re.MULTILINE):
        return SuiteOutcome(readable=False, reason="unittest printed no summary")
    return SuiteOutcome.model_validate(names)


@cache
def project_texts() -> dict[str, Any]:
    return tomllib.loads((CORPUS / "projects.toml").read_text(encoding="utf-8"))


def open_project(name: str, folder: Path, pytest: WarmPython) -> Project:
    """Make the project a repository with one commit below `folder`, with a worktree beside it."""
    described = project_texts()[name]
    repository = folder / "repository"
    for path, text in described["files"].items():
        place = repository / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    git = Git(repository)
    git.run("init", "--quiet", "-b", "main")
    git.run("add", "--all")
    git.run("commit", "--quiet", "-m", "start", env=AUTHOR)
    tree = open_worktree(repository, folder / "trees" / name, git.line("rev-parse", "HEAD"))
    return Project(name, tree, _reproduction(name, described, tree.commit), pytest)


def _reproduction(name: str, described: dict[str, Any], commit: str) -> Reproduction:
    test = described["test"]
    if described["runner"] == "pytest":
        suite: tuple[str, ...] = (*PYTEST, *_OPTIONS)
        narrowed: tuple[str, ...] = (*suite, test)
    else:
        unittest = (sys.executable, "-m", "unittest")
        narrowed, suite = (*unittest, "-v", test), (*unittest, "discover", "-v", "-t", ".", "-s", "tests")
    return Reproduction(
        id=f"r-{name}",
        failure_id="f",
        name=name,
        commit=commit,
        runner=described["runner"],
        narrowed=Invocation(argv=narrowed),
        suite=Invocation(argv=suite),
        test=test,
        test_files=tuple(described["test_files"]),
        deterministic=True,
        failure_rate=1.0,
        runs=3,
    )
