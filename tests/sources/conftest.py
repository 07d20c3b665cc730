"""What tests of the source `github_actions` use: the server, time that passes without waiting, and a failed run."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from fixer.budget import Budget
from fixer.redact import Masker
from fixer.schema.execution import Execution
from fixer.sources.github.limits import Clock, Limits
from fixer.sources.github_actions import fetch
from tests.sources.github_server import URL, GitHubServer, github_server

SHORT = Limits(connect=5.0, read=0.3, body=0.4)
"""Only for servers that are slow on purpose: any machine stands still for that long now and then."""
PYTEST = "FAILED tests/test_a.py::test_x - KeyError: 'k'"
STAMP = "2026-01-02T10:00:05.1234567Z "


@dataclass
class Time:
    """Seconds that pass only where somebody sleeps."""

    now: float = field(default_factory=time.time)
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def read(self) -> float:
        return self.now


@dataclass
class Fetcher:
    """Fetches as `fixer run` does, from the server of the test."""

    server: GitHubServer
    keep: Path
    time: Time = field(default_factory=Time)
    said: list[str] = field(default_factory=list)
    masker: Masker = field(default_factory=lambda: Masker({}))

    def __call__(
        self,
        url: str = URL,
        env: dict[str, str] | None = None,
        seconds: float = 3600.0,
        limits: Limits | None = None,
    ) -> Execution:
        env = self.server.env if env is None else env
        budget = Budget("total", seconds, clock=self.time.read)
        clock = Clock(now=self.time.read, sleep=self.time.sleep)
        return fetch(url, self.keep, self.masker, env, budget, self.said.append, clock=clock, limits=limits or Limits())

    def bounded(self, **limits: int) -> Execution:
        return self(limits=replace(Limits(), **limits))


@pytest.fixture
def github() -> Iterator[GitHubServer]:
    """A server without any run."""
    with github_server() as server:
        yield server


@pytest.fixture
def red(github: GitHubServer) -> GitHubServer:
    """A server with a run whose job `test` failed in its third step."""
    github.add_run()
    steps = [("Set up job", "success"), ("Install", "success"), ("Run tests", "failure"), ("Complete job", "success")]
    github.add_job(70, "test", stamped(job_log()), steps=steps)
    github.add_job(71, "lint", "all is well\n", conclusion="success", steps=[("Run ruff", "success")])
    github.add_archive(
        {
            "0_test.txt": stamped(job_log()),
            "1_lint.txt": "all is well\n",
            "test/1_Set up job.txt": stamped("Current runner version: '2.330.0'\n"),
            "test/2_Install.txt": stamped(
                "##[group]Run pip install x\npip install x\n##[endgroup]\n##[error]allowed\n"
            ),
            "test/3_Run tests.txt": stamped(job_log()),
            "test/4_Complete job.txt": stamped("Cleaning up orphan processes\n"),
            "lint/1_Run ruff.txt": "all is well\n",
        }
    )
    return github


@pytest.fixture
def get(github: GitHubServer, tmp_path: Path) -> Fetcher:
    """The way to fetch from the server."""
    return Fetcher(github, tmp_path / "fetched")


def job_log() -> str:
    group = "##[group]Run python -m pytest\npython -m pytest\n##[endgroup]\n"
    return f"{group}{PYTEST}\n##[error]Process completed with exit code 1.\n"


def stamped(text: str) -> str:
    return "".join(STAMP + line for line in text.splitlines(keepends=True))
