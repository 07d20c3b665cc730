"""A question to a program that a repository may bring along goes in; its short answer, asked with care, comes out."""

import contextlib
import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PROBE_SECONDS = 30.0
"""Time that one program gets to answer."""
MAX_ANSWER = 64 * 1024
"""Bytes of an answer; whoever says more is no interpreter that was asked for its modules."""
_KEPT = re.compile(
    r"PATH|HOME|TMPDIR|LANG|LANGUAGE|LC_[A-Z]+|TZ|VIRTUAL_ENV|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH"
    r"|PYENV_(ROOT|VERSION)|ASDF_(DIR|DATA_DIR)|MISE_DATA_DIR"
)
"""Where programs and version managers look; none of these carries a credential."""


class ProbeError(Exception):
    """A program gave no answer; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program said."""

    exit_code: int
    stdout: str


def probe(argv: Sequence[str], *, env: Mapping[str, str] | None = None, seconds: float = PROBE_SECONDS) -> Answer:
    """Run a program outside of the sandbox, with no credential in its environment, and return its answer.

    It has a process group of its own, which is ended with it. What remains: until then it has the rights of the user,
    to files and to the network. A sandbox cannot be had here, as it is made around the interpreter that is looked for.

    Args:
        argv: the program and its arguments.
        env: the environment to choose from; None: fixer's own.
        seconds: time limit.

    Raises:
        ProbeError: it could not be started, said more than `MAX_ANSWER`, or was not done in time.
    """
    outer = os.environ if env is None else env
    try:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in outer.items() if _KEPT.fullmatch(name)},
            start_new_session=True,
        )
    except OSError as error:
        raise ProbeError(f"it could not be started ({error})") from error
    with process:
        try:
            deadline = time.monotonic() + seconds
            said = _read(process, deadline)
            code = process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise ProbeError(f"it could not be started (no answer within {seconds:g} s)") from error
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    return Answer(code, said.decode("utf-8", "replace"))


def _read(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """Return all that the program prints until it closes its output."""
    assert process.stdout is not None
    said = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise subprocess.TimeoutExpired(process.args, 0)
            part = os.read(process.stdout.fileno(), MAX_ANSWER)
            said += part
            if len(said) > MAX_ANSWER:
                raise ProbeError(f"it printed more than {MAX_ANSWER // 1024} KiB")
            if not part:
                return said
