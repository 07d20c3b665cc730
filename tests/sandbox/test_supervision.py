"""The serial supervisor, which runs a user's own commands: no limits, and yet nothing of a command survives fixer."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from fixer.sandbox.supervision import Supervisor, Watch, Watched
from tests.conftest import SOURCE


def request(*argv: str, seconds: float = 60, **more: Any) -> dict[str, Any]:
    plain = {"env": dict(os.environ), "cwd": "/", "limited": False, "umask": 0o027}
    return {"argv": [*argv], "seconds": seconds, **plain, **more}


def watch(*argv: str, seconds: float = 60, **more: Any) -> tuple[Watched, list[tuple[str, bytes]]]:
    heard: list[tuple[str, bytes]] = []
    supervisor = Supervisor(None, serial=True)
    try:
        command = Watch(supervisor, request(*argv, seconds=seconds, **more), None, lambda *piece: heard.append(piece))
        return command.wait(lambda _: None), heard
    finally:
        supervisor.close()


def test_output_is_heard_as_it_comes() -> None:
    watched, heard = watch("sh", "-c", "echo one; sleep 0.2; echo two >&2; umask; exit 3")
    assert (watched.ending, watched.status) == ("ended", 3)
    assert heard[0] == ("stdout", b"one\n")
    assert ("stderr", b"two\n") in heard
    assert watched.stdout.text(str) == ("one\n0027\n", 0)


@pytest.mark.parametrize(
    ("argv", "more", "phrase"),
    [
        (("no-such-program",), {}, "no-such-program was not found"),
        (("no-such-program",), {"env": {"PATH": "/nowhere"}}, "(PATH=/nowhere)"),
        (("/etc/passwd",), {}, "Permission denied"),
        (("true",), {"cwd": "/nowhere"}, "the folder /nowhere does not exist"),
        (("true", "a\0b"), {}, "embedded null byte"),
    ],
)
def test_what_cannot_start_says_why(argv: tuple[str, ...], more: dict[str, Any], phrase: str) -> None:
    watched, _ = watch(*argv, **more)
    assert watched.ending == "not_started"
    assert phrase in watched.reason


def test_many_commands_leave_no_descriptor_open() -> None:
    supervisor = Supervisor(None, serial=True)
    try:
        for _ in range(3):
            Watch(supervisor, request("true"), None).wait(lambda _: None)
        assert supervisor._process is not None
        before = len(list(Path(f"/proc/{supervisor._process.pid}/fd").iterdir()))
        for _ in range(50):
            Watch(supervisor, request("true"), None).wait(lambda _: None)
            Watch(supervisor, request("no-such-program"), None).wait(lambda _: None)
        assert len(list(Path(f"/proc/{supervisor._process.pid}/fd").iterdir())) == before
    finally:
        supervisor.close()


def test_the_time_limit_ends_what_left_its_group() -> None:
    watched, _ = watch("sh", "-c", "setsid sleep 300 & echo $!; wait", seconds=0.3)
    assert watched.ending == "timed_out"
    assert is_gone(int(watched.stdout.text(str)[0]))


KILLED = """
import os, sys
from fixer.sandbox.supervision import Supervisor, Watch
request = {"argv": ["sh", "-c", "setsid sleep 300 & sleep 300 & jobs -p > pids; wait"], "env": dict(os.environ),
           "cwd": os.getcwd(), "seconds": 300, "limited": False, "umask": 18}
Watch(Supervisor(None, serial=True), request, None).wait(lambda pid: None)
"""


def test_nothing_survives_a_killed_fixer(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    mode = tmp_path.parent.stat().st_mode
    child = subprocess.Popen([sys.executable, "-c", KILLED], cwd=tmp_path, env=env)
    pids = tmp_path / "pids"
    deadline = time.monotonic() + 30
    while not pids.exists() or len(pids.read_text().split()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert all(is_gone(int(pid)) for pid in pids.read_text().split())
    assert tmp_path.parent.stat().st_mode == mode


def test_a_private_folder_that_was_never_made_changes_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    supervisor = Supervisor(tmp_path / "never-made")
    supervisor.start()
    supervisor.close()
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    return False
