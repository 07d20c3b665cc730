"""fixer's side of the supervisor: a request goes in, output and the ending of the command come out."""

import contextlib
import json
import os
import selectors
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixer.errors import ToolError
from fixer.sandbox.capture import Capture

SUPERVISOR = Path(__file__).with_name("supervisor.py")
GRACE_SECONDS = 8.0
"""How long a monitor may be silent after the command's time is over before fixer itself kills its process group."""
CHUNK = 65536


@dataclass(frozen=True)
class Watched:
    """What the monitor and the pipes said about one command."""

    ending: str
    """`ended`, `not_started`, `timed_out`, `out_of_memory`, `too_much_output`, `cancelled` or `lost`."""
    status: int | None
    """Exit code, or minus the number of the signal."""
    reason: str
    stdout: Capture
    stderr: Capture


class Supervisor:
    """Starts the supervisor process when it is first needed, and again if it was killed; safe for threads."""

    def __init__(self, private: Path | None, *, serial: bool = False) -> None:
        """Start nothing yet.

        Args:
            private: the folder that the supervisor removes when fixer is gone, if there is one.
            serial: commands come one after the other, never two at a time; each then starts sooner.
        """
        self._serial = serial
        self._private = private
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None

    def start(self) -> None:
        """Start the supervisor now, so that it is there before the folder that it will remove.

        Raises:
            ToolError: it could not be started.
        """
        with self._lock:
            self._start()

    def submit(self, stdout: int, stderr: int) -> socket.socket:
        """Hand over the write ends of two pipes and return the control socket of a new monitor."""
        ours, theirs = socket.socketpair()
        try:
            with theirs, self._lock:
                for attempt in (1, 2):
                    channel = self._start()
                    try:
                        socket.send_fds(channel, [b"!"], [theirs.fileno(), stdout, stderr])
                        break
                    except OSError as error:
                        self._stop()
                        if attempt == 2:
                            raise ToolError(
                                f"the process that runs fixer's commands could not be reached: {error}",
                                "run `fixer doctor`; the machine may be out of processes or memory",
                            ) from error
        except BaseException:
            ours.close()
            raise
        return ours

    def close(self) -> None:
        """End the supervisor; monitors see to their own commands."""
        with self._lock:
            self._stop()

    def _start(self) -> socket.socket:
        if self._channel is not None:
            return self._channel
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [
                        sys.executable,
                        "-I",
                        "-S",
                        "-X",
                        "utf8",
                        str(SUPERVISOR),
                        str(theirs.fileno()),
                        str(self._private or ""),
                        *(["serial"] if self._serial else []),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    # It lives beside untrusted commands: nothing of fixer's environment may be found in it.
                    env={"LC_ALL": "C.UTF-8"},
                    cwd="/",
                    # Ctrl-C in a terminal must reach fixer alone.
                    start_new_session=True,
                )
            except OSError as error:
                ours.close()
                raise ToolError(
                    f"the process that runs fixer's commands could not be started: {error}",
                    "run `fixer doctor`; the machine may be out of processes or memory",
                ) from error
        self._channel = ours
        return ours

    def _stop(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            try:
                self._process.wait(3)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


class Watch:
    """One running command, from its request to its ending."""

    def __init__(
        self,
        supervisor: Supervisor,
        request: dict[str, Any],
        output_bytes: int | None,
        on_output: Callable[[str, bytes], None] | None = None,
    ) -> None:
        """Start it.

        Args:
            supervisor: who forks its monitor.
            request: what to run, see `supervisor.Monitor`.
            output_bytes: how much both streams may print before it is killed; None: as much as it likes.
            on_output: told of every piece of output as it comes, with the name of its stream.
        """
        self._output_bytes = output_bytes
        self._on_output = on_output
        self._seconds = float(request["seconds"])
        self._captures = {"stdout": Capture(), "stderr": Capture()}
        self._said = b""
        self._pid = 0
        self._verdict: dict[str, Any] | None = None
        self._own_verdict: tuple[str, str] | None = None
        self._pipes: dict[str, int] = {}
        writers = []
        try:
            for name in self._captures:
                self._pipes[name], writer = os.pipe()
                os.set_blocking(self._pipes[name], False)
                writers.append(writer)
            self._control = supervisor.submit(*writers)
        except BaseException:
            self._close_pipes()
            raise
        finally:
            for writer in writers:
                os.close(writer)
        body = json.dumps(request).encode()
        with contextlib.suppress(OSError):
            self._control.sendall(struct.pack("!I", len(body)) + body)

    def cancel(self) -> None:
        """Have the command killed; `wait` then returns soon. May be called from any thread, also twice."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)

    def wait(self, on_start: Callable[[int], None]) -> Watched:
        """Drain both streams until the command and all of its processes are gone.

        An exception that arrives while it waits (Ctrl-C) kills the command first and then goes on.
        """
        try:
            try:
                self._drain(on_start)
            except BaseException:
                self._own_verdict = ("cancelled", "fixer was interrupted")
                self.cancel()
                with contextlib.suppress(Exception):
                    self._drain(lambda _: None, GRACE_SECONDS)
                raise
            return self._watched()
        finally:
            self._close_pipes()
            self._control.close()

    def _drain(self, on_start: Callable[[int], None], seconds: float | None = None) -> None:
        deadline = time.monotonic() + (self._seconds + GRACE_SECONDS if seconds is None else seconds)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ, "control")
            for name, pipe in self._pipes.items():
                selector.register(pipe, selectors.EVENT_READ, name)
            while selector.get_map():
                left = deadline - time.monotonic()
                if left <= 0:
                    self._kill_group()
                    return
                for key, _ in selector.select(left):
                    if key.data != "control":
                        open_still = self._read(key.data)
                    else:
                        open_still = self._listen(on_start)
                        if not open_still:
                            # Everything is dead by now; a second is for what is still in the pipes.
                            deadline = min(deadline, time.monotonic() + 1)
                    if not open_still:
                        selector.unregister(key.fileobj)

    def _read(self, name: str) -> bool:
        try:
            data = os.read(self._pipes[name], CHUNK)
        except BlockingIOError:
            return True
        self._captures[name].feed(data)
        if self._on_output is not None and data:
            self._on_output(name, data)
        printed = sum(stream.total for stream in self._captures.values())
        if self._own_verdict is None and self._output_bytes is not None and printed > self._output_bytes:
            limit = self._output_bytes // 1024**2
            self._own_verdict = ("too_much_output", f"it printed more than {limit} MB and was killed")
            self.cancel()
        return bool(data)

    def _listen(self, on_start: Callable[[int], None]) -> bool:
        try:
            data = self._control.recv(CHUNK)
        except ConnectionError:
            data = b""
        *lines, self._said = (self._said + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "pid" in message:
                self._pid = message["pid"]
                on_start(self._pid)
            else:
                self._verdict = message
        return bool(data)

    def _kill_group(self) -> None:
        """Kill without the monitor, which was stopped or killed itself."""
        if self._pid and self._verdict is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, 9)

    def _watched(self) -> Watched:
        if self._verdict is None:
            self._kill_group()
            verdict: dict[str, Any] = {"ending": "lost", "reason": "the process that watched it was killed"}
        else:
            verdict = self._verdict
        ending, reason = verdict["ending"], verdict["reason"]
        if self._own_verdict is not None and ending in {"cancelled", "ended"}:
            ending, reason = self._own_verdict
        return Watched(ending, verdict.get("status"), reason, self._captures["stdout"], self._captures["stderr"])

    def _close_pipes(self) -> None:
        for pipe in self._pipes.values():
            os.close(pipe)
        self._pipes = {}
