"""An invocation goes in, what the command did comes out: limited, without credentials, with nothing left running."""

import contextlib
import logging
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from fixer.errors import PolicyError
from fixer.sandbox import bubblewrap
from fixer.sandbox.environment import home_variables, scrubbed
from fixer.sandbox.own_program import OwnHome, OwnProgram
from fixer.sandbox.results import not_run, result_of
from fixer.sandbox.supervision import Supervisor, Watch, Watched
from fixer.sandbox.view import can_be_replaced
from fixer.schema.command import CommandResult, Invocation, Rung
from fixer.schema.settings import SandboxSettings

log = logging.getLogger(__name__)
PRIVATE_PREFIX = "fixer-sandbox-"
"""Start of the names of private folders in the system's temporary folder."""
FILE_MB = 4096
"""Largest file that a command may write."""
PROCESSES = 4096
"""Most processes that one command may have at a time."""
ProcessEvent = Literal["started", "ended"]


def choose_rung(settings: SandboxSettings) -> tuple[Rung, str]:
    """Return the strongest rung that works on this machine, and why it is that one.

    Raises:
        PolicyError: `sandbox.required` is set and bubblewrap does not work here.
    """
    program, reason = bubblewrap.find()
    if program is not None:
        return Rung.BUBBLEWRAP, reason
    if settings.required:
        raise PolicyError(
            f"sandbox.required is set, and bubblewrap does not work here: {reason}",
            "install bubblewrap and allow user namespaces, or set sandbox.required to false",
        )
    return Rung.PROCESS_GROUP, reason


class Sandbox:
    """Runs commands in one worktree; may be called from several threads, and is to be closed."""

    def __init__(  # noqa: PLR0913 - keywords, each one thing that a caller may set
        self,
        settings: SandboxSettings,
        root: Path,
        *,
        readable: Sequence[Path] = (),
        path: Sequence[Path] = (),
        env: Mapping[str, str] | None = None,
        mask: Callable[[str], str],
        on_result: Callable[[CommandResult], None] | None = None,
        on_process: Callable[[int, ProcessEvent], None] | None = None,
        rung: Rung | None = None,
        own: OwnProgram | None = None,
    ) -> None:
        """Make the private home and temporary folder, and start the process that watches commands.

        Args:
            settings: limits, network, and names of variables that commands may see.
            root: the worktree, the only place beside the private folders that commands may write to.
            readable: further folders that must be visible, read-only.
            path: folders put first on PATH; what their interpreters need is made visible too.
            env: added to the scrubbed environment of every command.
            mask: takes secrets out of text; everything that a result holds went through it.
            on_result: told of every result, in the thread that ran the command.
            on_process: told the process group (the pid of its leader) of a command when it starts and ended.
            rung: this one instead of the strongest that works.
            own: a program of the user's own, which everything that is run here is a part of: it has the network, and
                where bubblewrap works a home folder with what it needs of the user's; else the user's.

        Raises:
            PolicyError: the settings require bubblewrap and it is not to be had.
            ToolError: the supervisor could not be started.
        """
        best, self.why_rung = choose_rung(settings)
        self.rung = rung or best
        self.root = root
        self._settings = settings
        self._readable = tuple(readable)
        self._path = tuple(path)
        self._env = dict(env or {})
        self._mask = mask
        self._on_result = on_result
        self._on_process = on_process
        self._private = Path(tempfile.gettempdir()).resolve() / f"{PRIVATE_PREFIX}{secrets.token_hex(8)}"
        # First who removes it, then the folder: however this process ends, nothing stays.
        self._supervisor = Supervisor(self._private)
        self._supervisor.start()
        self._private.mkdir(mode=0o700)
        for name in ("home", "tmp"):
            (self._private / name).mkdir()
        self._bwrap = bubblewrap.find()[0] if self.rung is Rung.BUBBLEWRAP else None
        self._own = own
        self._own_home = OwnHome(own, Path.home(), self._private / "home") if own and self._bwrap else None
        if self._own_home is not None:
            self._own_home.fill()
        self._mount_arguments: list[str] | None = None
        self._running: set[Watch] = set()
        self._lock = threading.Lock()
        self._closed = False

    def describe(self) -> str:
        """Return the rung and what it does not stop, in a sentence for the report."""
        if self.rung is Rung.BUBBLEWRAP and self._own is not None:
            return (
                "bubblewrap: own namespaces, everything read-only but the worktree and private folders; of the home "
                "folder it sees copies of its own configuration, its login and its program. The network is open, that "
                "of this machine too."
            )
        if self.rung is Rung.BUBBLEWRAP:
            network = "the network is open (sandbox.network)" if self._settings.network else "no network"
            return (
                f"bubblewrap: own namespaces, {network}, home and temporary folders hidden, everything read-only but "
                "the worktree and private folders. It does not stop: flaws of the kernel, and use of the processor "
                "up to the time limit."
            )
        return (
            f"process-group ({self.why_rung}): scrubbed environment, private home and temporary folder, limits on "
            "time, memory, output and file size, every process killed at the end. It does not stop: reading and "
            "writing files that the user may read and write, the network, local sockets (docker, ssh-agent), looking "
            "into the user's other processes, many small files filling the disk."
        )

    def run(
        self, invocation: Invocation, *, timeout: float | None = None, network: bool | None = None
    ) -> CommandResult:
        """Run one command to its end and return what it did; nothing that the command does raises.

        Args:
            invocation: what to run; its own time limit counts unless `timeout` is given.
            timeout: seconds; None for the invocation's or the settings' limit.
            network: None for what the settings say; only the bubblewrap rung can close it.

        Raises:
            ToolError: the supervisor could not be started.
        """
        seconds = timeout if timeout is not None else invocation.timeout_seconds
        limit = self._settings.command_seconds if seconds is None else seconds
        started = time.monotonic()
        problem, cwd = self._folder(invocation)
        if problem:
            result = not_run(invocation.argv, invocation.cwd, problem, self.rung, self._mask)
        else:
            wanted = self._settings.network or self._own is not None
            open_network = wanted if network is None else network
            watched = self._watch(self._request(invocation, cwd, limit, network=open_network))
            result = result_of(
                invocation.argv,
                invocation.cwd,
                watched,
                time.monotonic() - started,
                rung=self.rung,
                mask=self._mask,
                wrapped=self._bwrap is not None,
            )
        how = result.ending.value if result.exit_code is None else f"exit code {result.exit_code}"
        log.debug("%s in %s: %s, %.2f s", " ".join(result.argv), result.cwd, how, result.seconds)
        if self._on_result is not None:
            self._on_result(result)
        return result

    @property
    def scratch(self) -> Path:
        """A private folder outside of the worktree, which commands see at the same place."""
        return self._private / "tmp"

    def close(self) -> None:
        """Kill what still runs, end the supervisor and remove the private folders; may be called twice."""
        with self._lock:
            self._closed = True
            running = tuple(self._running)
        for watch in running:
            watch.cancel()
        self._supervisor.close()
        if self._private.exists():
            shutil.rmtree(self._private, onerror=_unlock)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def _folder(self, invocation: Invocation) -> tuple[str, Path]:
        """Return why the command cannot run, or an empty text, and its resolved working directory."""
        root = self.root.resolve()
        cwd = (root / invocation.cwd).resolve()
        if not invocation.argv or not invocation.argv[0]:
            return "the command is empty", cwd
        if any("\0" in part for part in (*invocation.argv, *invocation.env, *invocation.env.values())):
            return "an argument or a variable of the command holds a NUL byte", cwd
        if cwd != root and root not in cwd.parents:
            return f"its working directory {invocation.cwd} leads out of the worktree", cwd
        if not cwd.is_dir():
            return f"its working directory {invocation.cwd} does not exist", cwd
        return "", cwd

    def _request(self, invocation: Invocation, cwd: Path, seconds: float, *, network: bool) -> dict[str, Any]:
        env = scrubbed(
            os.environ, private=self._private, home=Path.home(), first=self._path, allowed=self._settings.env
        )
        env.update({**self._own_variables(), **self._env, **invocation.env})
        argv = list(invocation.argv)
        if self._bwrap is not None:
            argv = bubblewrap.wrap(self._bwrap, argv, mounts=self._mounts(), env=env, cwd=cwd, network=network)
        return {
            "argv": argv,
            # Under bubblewrap the environment is in the arguments: bwrap itself is to see none of it.
            "env": {} if self._bwrap else env,
            "cwd": str(cwd),
            "seconds": seconds,
            "memory_mb": self._settings.memory_mb,
            "file_mb": FILE_MB,
            "processes": PROCESSES,
            # What sudo starts could not be killed.
            "no_new_privileges": self._bwrap is None,
        }

    def _own_variables(self) -> dict[str, str]:
        """Return what the environment of a program of the user's own has beside that of every command."""
        if self._own is None:
            return {}
        if self._own_home is None:
            return {**self._own.variables, "HOME": str(Path.home())}
        placed = can_be_replaced(Path.home(), self._private)
        return {**(home_variables(Path.home()) if placed else {}), **self._own.variables}

    def _mounts(self) -> list[str]:
        with self._lock:
            if self._mount_arguments is None:
                self._mount_arguments = bubblewrap.mounts(
                    self.root,
                    self._private,
                    readable=self._readable,
                    path=self._path,
                    outer=os.environ,
                    own=self._own,
                )
            return self._mount_arguments

    def _watch(self, request: dict[str, Any]) -> Watched:
        watch = Watch(self._supervisor, request, self._settings.output_mb * 1024 * 1024)
        with self._lock:
            self._running.add(watch)
            if self._closed:
                watch.cancel()
        group = 0

        def started(pid: int) -> None:
            nonlocal group
            group = pid
            if self._on_process is not None:
                self._on_process(pid, "started")

        try:
            return watch.wait(started)
        finally:
            if self._own_home is not None:
                self._own_home.keep_logins()
            with self._lock:
                self._running.discard(watch)
            if group and self._on_process is not None:
                self._on_process(group, "ended")


def _unlock(function: object, name: str, _: object) -> None:
    """Let rmtree go on over what a command made read-only."""
    with contextlib.suppress(OSError):
        Path(name).parent.chmod(0o700)
        if not Path(name).is_symlink():
            Path(name).chmod(0o700)
        if callable(function):
            function(name)
