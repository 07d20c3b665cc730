import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixer.sandbox import Sandbox, bubblewrap
from fixer.schema.command import CommandResult, Invocation, Rung
from fixer.schema.settings import SandboxSettings

MakeSandbox = Callable[..., Sandbox]
SMALL = SandboxSettings(memory_mb=300, output_mb=4, command_seconds=20)


def needs(rung: Rung) -> None:
    program, reason = bubblewrap.find()
    if rung is Rung.BUBBLEWRAP and program is None:
        pytest.skip(f"this machine has no working bubblewrap: {reason}")


@pytest.fixture(params=list(Rung))
def rung(request: pytest.FixtureRequest) -> Rung:
    wanted = Rung(request.param)
    needs(wanted)
    return wanted


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    return folder


@pytest.fixture
def sandbox(rung: Rung, root: Path) -> Iterator[Sandbox]:
    with Sandbox(SMALL, root, mask=str, rung=rung) as made:
        yield made


@pytest.fixture
def note() -> str:
    """A text that is in the command line of one test's processes only."""
    return f"note-{uuid.uuid4().hex}"


def sh(sandbox: Sandbox, script: str, timeout: float | None = None) -> CommandResult:
    return sandbox.run(Invocation(argv=("sh", "-c", script)), timeout=timeout)


def python(sandbox: Sandbox, script: str, timeout: float | None = None) -> CommandResult:
    return sandbox.run(Invocation(argv=(sys.executable, "-c", script)), timeout=timeout)


def alive(note: str) -> list[int]:
    """The processes of this machine, zombies left out, with `note` in their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if note.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
