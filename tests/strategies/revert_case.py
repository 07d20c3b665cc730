"""A case around a real worktree and real runs, for strategies that change files and history."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from fixer.schema.command import CommandResult, Ending, Invocation, Rung
from fixer.schema.diagnosis import Diagnosis, MinimalChange
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.reproduction import Reproduction, Shown
from fixer.schema.root_cause import RootCause
from fixer.strategies.base import Case
from fixer.worktree import Worktree


def failure_of(message: str, **fields: object) -> Failure:
    known = {"id": "f", "tool": "pytest", "kind": FailureKind.TEST, "message": message, "fingerprint": message}
    return Failure.model_validate({**known, **fields})


def runner(root: Path) -> Callable[[Invocation], CommandResult]:
    """Run commands for real, in `root`."""

    def run(invocation: Invocation) -> CommandResult:
        start = time.monotonic()
        done = subprocess.run(
            invocation.argv, cwd=root / invocation.cwd, capture_output=True, text=True, check=False
        )  # fmt: skip
        return CommandResult(
            argv=invocation.argv,
            cwd=invocation.cwd,
            ending=Ending.EXITED,
            exit_code=done.returncode,
            stdout=done.stdout,
            stderr=done.stderr,
            seconds=time.monotonic() - start,
            rung=Rung.PROCESS_GROUP,
        )

    return run


def case_of(
    tree: Worktree,
    failure: Failure,
    change: MinimalChange | None = None,
    *,
    no_change: str = "",
    diagnosed: bool = True,
    shows: Callable[[], Shown] = lambda: Shown.SAME,
    python: str = sys.executable,
    test_files: tuple[str, ...] = (),
) -> Case:
    diagnosis = Diagnosis(
        failure_id=failure.id,
        explanation="",
        root_cause=RootCause.UNKNOWN,
        minimal_change=change,
        no_minimal_change=no_change,
    )
    command = Invocation(argv=(python, "check.py"))
    reproduction = Reproduction(
        id="r",
        failure_id=failure.id,
        name="r",
        commit=tree.commit,
        runner="pytest",
        narrowed=command,
        suite=command,
        test_files=test_files,
        deterministic=True,
        failure_rate=1,
        runs=1,
    )
    return Case(
        failure=failure,
        failures=(failure,),
        reproduction=reproduction,
        diagnosis=diagnosis if diagnosed else None,
        tree=tree,
        python=python,
        run=runner(tree.path),
        shows=shows,
        stop=lambda: False,
        max_patches=12,
    )
