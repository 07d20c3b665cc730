"""Runs a user's own command: in the project, with the user's environment, and dead with all its processes when over.

The same supervisor as for the sandbox watches it, so that a `kill -9` of fixer leaves nothing running; but nothing is
shut in and nothing limited except for its time: a workflow does what its author could type.
"""

import logging
import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from fixer.input.workflow_keys import LONGEST_WAIT
from fixer.journal import RUN_VARIABLE, OwnedRun, ProcessMark
from fixer.sandbox.results import not_run, result_of
from fixer.sandbox.supervision import Supervisor, Watch
from fixer.schema.command import CommandResult, Ending, Rung
from fixer.workflow.screen import Screen

log = logging.getLogger(__name__)


class Commands:
    """Starts the commands of one run; to be closed."""

    def __init__(self, run: OwnedRun, mask: Callable[[str], str], screen: Screen) -> None:
        """Start nothing yet."""
        self._run = run
        self._masks = mask
        self._screen = screen
        self._supervisor = Supervisor(None, serial=True)
        self._umask = os.umask(0)
        os.umask(self._umask)

    def __enter__(self) -> Self:
        """End what a killed process of this run left running."""
        for mark in self._run.leftover_processes():
            os.killpg(mark.pid, signal.SIGKILL)
            self._run.forget_process(mark)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the supervisor."""
        self._supervisor.close()

    def run(
        self,
        argv: tuple[str, ...],
        project: Path,
        folder: str,
        env: Mapping[str, str | None],
        seconds: float | None,
    ) -> CommandResult:
        """Run one command to its end; nothing that it does raises.

        Args:
            argv: program and arguments.
            project: the project's folder, or that of a worktree of it.
            folder: where in it the command runs; empty: at its top.
            env: changes to fixer's own environment; None takes a variable away.
            seconds: time limit; None: two weeks.
        """
        started = time.monotonic()
        problem, cwd = _folder(argv, project, folder, env)
        if problem:
            return not_run(argv, folder or ".", problem, Rung.PROCESS_GROUP, self._mask)
        whole = {name: value for name, value in {**os.environ, **env}.items() if value is not None}
        watch = Watch(
            self._supervisor,
            {
                "argv": list(argv),
                "env": {**whole, RUN_VARIABLE: self._run.id},
                "cwd": str(cwd),
                "seconds": seconds or LONGEST_WAIT,
                "limited": False,
                "umask": self._umask,
            },
            None,
            self._screen.output,
        )
        marks: list[ProcessMark] = []
        try:
            watched = watch.wait(lambda pid: marks.append(self._run.mark_process(pid)))
        finally:
            self._screen.flush()
            for mark in marks:
                self._run.forget_process(mark)
        taken = time.monotonic() - started
        result = result_of(argv, folder or ".", watched, taken, rung=Rung.PROCESS_GROUP, mask=self._mask)
        log.debug("%s in %s: exit code %s, %.2f s", " ".join(result.argv), cwd, exit_code_of(result), result.seconds)
        return result

    def _mask(self, text: str) -> str:
        return self._masks(text) if text else ""


def _folder(argv: tuple[str, ...], project: Path, folder: str, env: Mapping[str, str | None]) -> tuple[str, Path]:
    """Return why the command cannot run, or an empty text, and the folder that it runs in."""
    top = project.resolve()
    cwd = (top / folder).resolve()
    if cwd != top and top not in cwd.parents:
        return f"its working_dir {folder} leads out of the project through a link", cwd
    if not cwd.is_dir():
        return f"its working_dir {folder} does not exist in {top}", cwd
    if any("\0" in text for text in (*argv, *(value for value in env.values() if value))):
        return "an argument or a variable of the command holds a NUL byte", cwd
    return "", cwd


def exit_code_of(result: CommandResult) -> int:
    """Return the exit code that a shell would give: 128 and the signal, 124 out of time, 127 not started."""
    if result.exit_code is not None:
        return result.exit_code
    if result.ending is Ending.SIGNALLED:
        return 128 + (result.signal or 0)
    return {Ending.TIMED_OUT: 124, Ending.NOT_STARTED: 127}.get(result.ending, 137)
