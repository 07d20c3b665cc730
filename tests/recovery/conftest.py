"""Failed work on real projects: a real repository, a real command, the run of a real journal."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fixer.journal import Journal, OwnedRun, open_journal
from fixer.recovery import FailedWork, Ground, describe, recover
from fixer.schema.command import CommandResult, Ending, Rung
from fixer.schema.recovery import ErrorContext, Recovery
from fixer.schema.settings import RecoverySettings, SandboxSettings, Settings
from tests.repositories import make_repository, write

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

PYTHON = sys.executable


def execute(argv: tuple[str, ...], folder: Path, env: Mapping[str, str]) -> CommandResult:
    """Run a command of the tests' own without a sandbox, as a plain workflow step."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    began = time.monotonic()
    seconds, code, stdout, stderr, reason = 0.0, None, "", "", ""
    try:
        done = subprocess.run(
            argv, cwd=folder, env={**kept, "PYTHONDONTWRITEBYTECODE": "1", **env}, capture_output=True, text=True,
            errors="replace", check=False, timeout=120,
        )  # fmt: skip
        seconds, code, stdout, stderr = time.monotonic() - began, done.returncode, done.stdout, done.stderr
    except FileNotFoundError as error:
        reason = f"not found: {error.filename}"
    return CommandResult(
        argv=argv,
        cwd=".",
        ending=Ending.NOT_STARTED if reason else Ending.EXITED,
        exit_code=code,
        stdout=stdout,
        stderr=stderr,
        seconds=seconds,
        rung=Rung.PROCESS_GROUP,
        reason=reason,
    )


@dataclass
class Project:
    """A project with a command that fails."""

    root: Path
    argv: tuple[str, ...]
    run: OwnedRun
    env: dict[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    phase: str = "workflow"
    told: list[str] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    """Where the command ran again."""

    def fails(self) -> ErrorContext:
        result = execute(self.argv, self.root, self.env)
        assert not result.passed, f"the case does not fail: {result.output}"
        return describe("check", self.phase, result, self.root, self.env, repository=self.root, mask=lambda text: text)

    def passes(self) -> bool:
        return execute(self.argv, self.root, self.env).passed

    def again(self, folder: Path, changes: Mapping[str, str | None]) -> CommandResult:
        self.folders.append(folder)
        env = {name: value for name, value in self.env.items() if name not in changes}
        return execute(self.argv, folder, {**env, **{n: v for n, v in changes.items() if v is not None}})

    def ground(self, **recovery: object) -> Ground:
        changed = self.settings.recovery.model_copy(update=recovery)
        settings = self.settings.model_copy(update={"recovery": RecoverySettings.model_validate(changed.model_dump())})
        return Ground(self.root, settings, self.run, self.told.append, lambda text: text)

    def recover(self, key: str = "", context: ErrorContext | None = None, **recovery: object) -> Recovery:
        return recover(FailedWork(context or self.fails(), self.again, key), self.ground(**recovery))

    def type(self, recovery: Recovery) -> bool:
        """Type the manual steps in a shell, as a person would; return whether the last one passed."""
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        script = "set -e\n" + "\n".join(recovery.manual_steps)
        env = {**kept, "PYTHONDONTWRITEBYTECODE": "1", **self.env}
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.root, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
        return True


MakeProject = Callable[..., Project]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(tmp_path / "project" / ".fixer") as opened:
        yield opened


@pytest.fixture
def make_project(tmp_path: Path, journal: Journal) -> Iterator[MakeProject]:
    """Commit `files`, then lay `uncommitted` over them."""
    owned: list[AbstractContextManager[OwnedRun]] = []

    def make(
        files: Mapping[str, str],
        argv: tuple[str, ...],
        *,
        uncommitted: Mapping[str, str] | None = None,
        sandbox: Mapping[str, object] | None = None,
        **more: object,
    ) -> Project:
        root = make_repository(tmp_path / "project", files)
        write(root, uncommitted or {})
        holder = journal.own(journal.submit("workflow", {}, f"project {len(owned)}").id)
        owned.append(holder)
        settings = Settings(worktree_dir=str(tmp_path / "trees"), sandbox=SandboxSettings.model_validate(sandbox or {}))
        return Project(root, argv, holder.__enter__(), settings=settings, **more)  # type: ignore[arg-type] # kwargs of the case

    yield make
    for holder in owned:
        holder.__exit__(None, None, None)
