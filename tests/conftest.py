"""What tests of every room use: the real command line, real git repositories, and a Python for small projects."""

import contextlib
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bare_environment import make_bare_environment
from tests.warm_python import WarmPython

# A shell that starts the tests in the background lets them ignore Ctrl-C, and so would the programs that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, signal.default_int_handler)

# As fixer's own start does: what is imported stays, and looking through it for garbage took a tenth of the tests' time.
gc.set_threshold(100_000)
SOURCE = Path(__file__).parents[1] / "src"
SECONDS = 120
STARTED_ANEW = 3
USUAL = {"PYTHONPATH": str(SOURCE), "COLUMNS": "100", "NO_COLOR": "1"}


def pytest_collection_finish() -> None:
    """Take what the collection made, which stays to the end, out of every later search for garbage."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Ran:
    """What one use of the command line left behind."""

    code: int
    stdout: str
    stderr: str


Fixer = Callable[..., Ran]


@pytest.fixture(scope="session", autouse=True)
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Put a Python with pytest and nothing else first on PATH: the one of every project that has none of its own."""
    programs = make_bare_environment(tmp_path_factory.mktemp("bare") / "environment")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PATH", str(programs), prepend=os.pathsep)
        yield programs / "python"


class Programs:
    """Starts fixer: the first times as a user's shell does, then without importing it again."""

    def __init__(self) -> None:
        self.started = 0
        self.warm: WarmPython | None = None
        self.lasting = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ} | USUAL

    def run(
        self, arguments: list[str], cwd: Path, environment: dict[str, str], stdin: str
    ) -> "subprocess.CompletedProcess[str]":
        warm = None if stdin else self._warm(environment)
        if warm is not None:
            return warm.run(arguments, cwd, SECONDS, environment)
        self.started += 1
        command = [sys.executable, "-m", "fixer", *arguments]
        return subprocess.run(
            command, cwd=cwd, env=environment, input=stdin, capture_output=True, text=True, encoding="utf-8",
            timeout=SECONDS, check=False,
        )  # fmt: skip

    def _warm(self, environment: dict[str, str]) -> WarmPython | None:
        """Return the program that is imported already, unless the environment holds what imports could go by."""
        if {name: text for name, text in environment.items() if not _is_read_late(name)} != self.lasting:
            return None
        if self.warm is None and self.started >= STARTED_ANEW:
            self.warm = WarmPython("fixer", environment)
        return self.warm


def _is_read_late(name: str) -> bool:
    """Whether a variable is read each time that it is needed, and never while modules are imported."""
    return name in {"HOME", "PATH"} or name.startswith("FIXER_")


@pytest.fixture(scope="session")
def programs() -> Iterator[Programs]:
    started = Programs()
    yield started
    if started.warm is not None:
        started.warm.__exit__()


@pytest.fixture
def fixer(tmp_path: Path, programs: Programs) -> Fixer:
    """Run `python -m fixer ARGS` in `cwd` (default: `tmp_path`) with a home folder of its own and no settings."""
    home = tmp_path / ".home"
    home.mkdir()

    def run(*args: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None, stdin: str = "") -> Ran:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "TMPDIR"}}
        kept |= {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
        settings = {"HOME": str(home), **USUAL, **(env or {})}
        done = programs.run([str(arg) for arg in args], cwd or tmp_path, kept | settings, stdin)
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a git repository with one commit on `main`."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "cart.py").write_text("def total(prices):\n    return sum(prices)\n", encoding="utf-8")
    (folder / "tests").mkdir()
    (folder / "tests" / "test_cart.py").write_text(
        "from cart import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n", encoding="utf-8"
    )
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "a shop")
    return folder


def git(folder: Path, *args: str) -> str:
    """Run git as a person would and return what it printed."""
    person = ["-c", "user.name=Dev", "-c", "user.email=dev@example.org", "-c", "commit.gpgSign=false"]
    done = subprocess.run(["git", *person, *args], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()
