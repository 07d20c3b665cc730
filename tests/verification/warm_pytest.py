"""pytest as a process of its own for each run, without the time that Python takes to import it.

A server imports pytest once and forks for each run: the child changes to the folder, takes the environment and does
what `python -m pytest` does from there on. Like a fresh process, it has nothing of the project or of earlier runs.
"""

import gc
import json
import os
import runpy
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self


class WarmPytest:
    """Runs `python -m pytest ARGS`, one after the other."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Start the server; every run has this environment."""
        self._server = subprocess.Popen(
            [sys.executable, __file__], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def run(self, arguments: Sequence[str], cwd: Path, seconds: float) -> "subprocess.CompletedProcess[str]":
        """Run in `cwd`; the return code is that of `subprocess`, and so is TimeoutExpired."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
            asked = {"arguments": list(arguments), "cwd": str(cwd), "out": out.name, "err": err.name}
            self._server.stdin.write(json.dumps(asked).encode() + b"\n")
            self._server.stdin.flush()
            if not select.select([self._server.stdout], [], [], seconds)[0]:
                self._server.kill()
                raise subprocess.TimeoutExpired(list(arguments), seconds)
            code = int(self._server.stdout.readline())
            return subprocess.CompletedProcess(list(arguments), code, out.read().decode(), err.read().decode())


def _serve() -> list[str]:
    """Fork for each line of standard input; return in the child, with the arguments that pytest is to have."""
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(asked)
            arguments: list[str] = asked["arguments"]
            return arguments
        _, status = os.waitpid(child, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    sys.exit()


def _become(asked: Mapping[str, str]) -> None:
    """Take the folder and the streams of a process that was started for one run."""
    os.chdir(asked["cwd"])
    sys.path[0] = asked["cwd"]
    for number, (name, mode) in enumerate(
        ((os.devnull, os.O_RDONLY), (asked["out"], os.O_WRONLY), (asked["err"], os.O_WRONLY))
    ):
        opened = os.open(name, mode)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the old one may hold another's request


if __name__ == "__main__":
    from _pytest.config import get_config

    get_config()  # imports pytest's own plugins, which every run has
    gc.freeze()
    sys.argv[1:] = _serve()
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)
