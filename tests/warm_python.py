"""A Python program as a process of its own for each run, without the time that its imports take.

A server imports the program's modules once and forks for each run: the child takes the folder, the environment and
the streams, and does what `python -m PROGRAM` does from there on. It has nothing of earlier runs.
"""

import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

LATE = (
    "codeowners", "git", "libcst", "libcst.matchers", "rapidfuzz.fuzz", "rapidfuzz.process", "rich.console",
    "ruamel.yaml", "tomlkit", "typer._adapters", "unidiff",
)  # fmt: skip
"""What fixer imports only where it is needed, which is in nearly every run."""


class WarmPython:
    """Runs `python -m PROGRAM ARGUMENTS`, one after the other."""

    def __init__(self, program: str, environment: Mapping[str, str]) -> None:
        """Start the server; `environment` is what Python itself goes by, and what runs have that name none."""
        self.environment = dict(environment)
        self._server = subprocess.Popen(
            [sys.executable, __file__, program], env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def run(
        self, arguments: Sequence[str], cwd: Path, seconds: float, environment: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run in `cwd`; the return code is that of `subprocess`, and so is TimeoutExpired."""
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
            code = self._code(
                {
                    "arguments": list(arguments),
                    "cwd": str(cwd),
                    "environment": dict(self.environment if environment is None else environment),
                    "streams": [os.devnull, out.name, err.name],
                },
                seconds,
            )
            return subprocess.CompletedProcess(list(arguments), code, out.read().decode(), err.read().decode())

    def _code(self, asked: Mapping[str, Any], seconds: float) -> int:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(asked).encode() + b"\n")
        self._server.stdin.flush()
        child = int(self._server.stdout.readline())
        in_time = select.select([self._server.stdout], [], [], seconds)[0]
        if not in_time:
            os.kill(child, signal.SIGKILL)
        code = int(self._server.stdout.readline())
        if not in_time:
            raise subprocess.TimeoutExpired(asked["arguments"], seconds)
        return code


def _modules(program: str) -> Iterator[str]:
    """Yield the modules that the program's runs import."""
    if program == "pytest":
        from _pytest.config import default_plugins  # noqa: PLC0415 - the server of another program needs none of it

        yield from ("pytest", *(f"_pytest.{name}" for name in default_plugins))
    else:
        package = importlib.import_module(program)
        found = pkgutil.walk_packages(package.__path__, f"{program}.")
        yield from (one.name for one in found if not one.name.endswith("__main__"))
        yield from LATE


def _serve() -> list[str]:
    """Fork for each line of standard input; return in the child, with the arguments that the program is to have."""
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(asked)
            arguments: list[str] = asked["arguments"]
            return arguments
        os.write(1, f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    sys.exit()


def _become(asked: Mapping[str, Any]) -> None:
    """Take the folder, the environment and the streams of a process that was started for one run."""
    os.chdir(asked["cwd"])
    sys.path[0] = asked["cwd"]
    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, name in enumerate(asked["streams"]):
        opened = os.open(name, os.O_WRONLY if number else os.O_RDONLY)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the old one may hold another's request


if __name__ == "__main__":
    name = sys.argv[1]
    os.environ["GIT_PYTHON_REFRESH"] = "quiet"
    for module in _modules(name):
        importlib.import_module(module)
    gc.freeze()
    sys.argv[1:] = _serve()
    runpy.run_module(name, run_name="__main__", alter_sys=True)
