"""Runs as a process of its own: commands come in over a socket, each is watched by a fork of it, endings go out.

It imports nothing of fixer and is started with `python -I -S`, so that a fork is small and quick. For every command it
forks a *monitor*; the monitor forks the command and outlives fixer for as long as it takes to kill what is left.
Wire: on the shared channel one byte with three descriptors (control socket, stdout, stderr); on the control socket one
request (4 bytes of length, JSON), then lines of JSON back. The end of the control socket means: kill the command.
"""

import contextlib
import ctypes
import errno
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from typing import Any, NoReturn

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
KILL_SECONDS = 5.0
"""How long a monitor goes on killing before it reports what it could not end."""
WATCH_SECONDS = (0.05, 0.25)
"""First and longest pause between two looks at the memory."""
ONE_MB = 1024 * 1024
LINUX = sys.platform.startswith("linux")


def main(channel: socket.socket, private: str, *, serial: bool) -> None:
    """Fork a monitor for every command that arrives; when the channel ends, take the private folder away and leave.

    With `serial` it is the monitor itself, of one command after the other: for quick ones a fork is most of the cost.
    """
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    monitors: set[int] = set()
    while True:
        ready = select.select([channel], [], [], 1.0 if monitors else None)[0]
        _bury(monitors)
        if not ready:
            continue
        message, descriptors, _, _ = socket.recv_fds(channel, 1, 3)
        if not message:
            _clear_up(monitors, private)
            return
        if serial:
            _serve(*descriptors)
            continue
        pid = os.fork()
        if pid == 0:
            channel.close()
            _monitor(*descriptors)
        monitors.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)


def _clear_up(monitors: set[int], private: str) -> None:
    """Wait for the monitors to end their commands, then remove what fixer, killed, could not remove itself."""
    import shutil  # noqa: PLC0415 - the forks need not carry it

    def make_writable(remove: Any, path: str, _: object) -> None:
        with contextlib.suppress(OSError):
            os.chmod(os.path.dirname(path), 0o700)  # noqa: PTH101, PTH120 - pathlib costs the forks memory and time
            remove(path)

    deadline = time.monotonic() + 2 * KILL_SECONDS
    while monitors and time.monotonic() < deadline:
        _bury(monitors)
        time.sleep(WATCH_SECONDS[0] / 5)
    # Where it was never made, rmtree would have `make_writable` change the folder around it.
    if private and os.path.lexists(private):
        shutil.rmtree(private, onerror=make_writable)


def _bury(monitors: set[int]) -> None:
    """Reap monitors that ended, and kill what a killed monitor left: its processes are then our own children."""
    killed = False
    for pid, status in _reap():
        killed = killed or (pid in monitors and os.WIFSIGNALED(status))
        monitors.discard(pid)
    if killed:
        for pid in children(os.getpid()):
            if pid not in monitors:
                _kill_tree(pid)
        _reap()


def _kill_tree(pid: int) -> None:
    for descendant in [pid, *descendants(pid)]:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(descendant, signal.SIGKILL)


def _monitor(control: int, stdout: int, stderr: int) -> NoReturn:
    """Run one command to its end, report it, and leave."""
    code = 1
    try:
        code = _serve(control, stdout, stderr)
    finally:
        os._exit(code)


def _serve(control: int, stdout: int, stderr: int) -> int:
    """Run one command to its end and report it; return the exit code of a monitor that did only that."""
    for descriptor in (control, stdout, stderr):
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - takes no keyword
    outputs = [stdout, stderr]
    try:
        with socket.socket(fileno=control) as talk:
            monitor = Monitor(talk, json.loads(_request(talk)), (stdout, stderr))
            try:
                outputs = []
                monitor.run()
            finally:
                monitor.close()
    except (OSError, ValueError):
        # fixer is gone, or closed in the middle of a request: nobody is left to be told.
        return 2
    finally:
        for descriptor in outputs:
            os.close(descriptor)
    return 0


def _request(talk: socket.socket) -> bytes:
    (size,) = struct.unpack("!I", _exactly(talk, 4))
    return _exactly(talk, size)


def _exactly(talk: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = talk.recv(size - len(parts))
        if not part:
            raise ConnectionError("the request ended early")
        parts += part
    return bytes(parts)


class Monitor:
    """Watches one command: its time, its memory, and whether fixer still wants it."""

    def __init__(self, talk: socket.socket, request: dict[str, Any], outputs: tuple[int, int]) -> None:
        """Take the request: argv, env, cwd, seconds, memory_mb, file_mb, processes, no_new_privileges.

        `limited: false` leaves out every limit but the time, and needs `umask`: a user's own command, run as the
        user would.
        """
        self.talk = talk
        self.request = request
        self.outputs = outputs
        self.pid = 0
        self.status: int | None = None
        self.peak_mb = 0.0
        self.wake, self.wake_write = os.pipe()
        os.set_blocking(self.wake_write, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake_write, warn_on_full_buffer=False)
        _prctl(PR_SET_CHILD_SUBREAPER, 1)

    def close(self) -> None:
        """Stop listening for children; the command has ended."""
        signal.set_wakeup_fd(-1)
        os.close(self.wake)
        os.close(self.wake_write)

    def run(self) -> None:
        """Start it, wait for the first reason to end, kill everything that is left, and say what happened."""
        problem = self.start()
        for descriptor in self.outputs:
            os.close(descriptor)
        if problem:
            self.say({"ending": "not_started", "reason": problem})
            return
        self.say({"pid": self.pid})
        ending, reason = self.watch()
        left = self.end_all()
        if left:
            reason = f"{reason}; " if reason else ""
            reason += f"{left} of its processes could not be killed"
        self.say({"ending": ending, "status": self.status, "reason": reason, "peak_mb": round(self.peak_mb)})

    def say(self, message: dict[str, Any]) -> None:
        """Tell fixer, if it is still there."""
        with contextlib.suppress(OSError):
            self.talk.sendall(json.dumps(message).encode() + b"\n")

    def start(self) -> str:
        """Start the command; return why it could not be started, or an empty text."""
        if not self.request.get("limited", True):
            return self.spawn()
        failed_read, failed_write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _become(self.request, self.outputs, failed_write)
        os.close(failed_write)
        with os.fdopen(failed_read, "rb") as failed:
            problem = failed.read().decode("utf-8", "replace")
        if problem:
            os.waitpid(self.pid, 0)
        return problem

    def spawn(self) -> str:
        """Start a command that takes on no limits: without a fork of this process; as `start`."""
        request = self.request
        try:
            os.umask(request["umask"])
            os.chdir(request["cwd"])
            self.pid = os.posix_spawn(
                _program(request["argv"][0], request["env"]),
                request["argv"],
                request["env"],
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, self.outputs[0], 1),
                    (os.POSIX_SPAWN_DUP2, self.outputs[1], 2),
                ],
                setsid=True,
                setsigmask=[],
                setsigdef=[signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ],
            )
        except (OSError, ValueError) as error:
            return _why(error, request)
        finally:
            os.chdir("/")
        return ""

    def watch(self) -> tuple[str, str]:
        """Wait until the command ends, is cancelled, or breaks a limit; return the ending and why."""
        seconds = float(self.request["seconds"])
        deadline = time.monotonic() + seconds
        pause, longest = WATCH_SECONDS
        poll = select.poll()
        poll.register(self.talk, select.POLLIN)
        poll.register(self.wake, select.POLLIN)
        while True:
            left = deadline - time.monotonic()
            ready = {descriptor for descriptor, _ in poll.poll(max(0.0, min(left, pause)) * 1000)}
            if self.wake in ready:
                os.read(self.wake, 4096)
                self.reap()
                if self.status is not None:
                    return self.ended_itself()
            if self.talk.fileno() in ready:
                return "cancelled", "it was cancelled while it ran"
            if deadline <= time.monotonic():
                return "timed_out", f"it ran longer than {seconds:g} s and was killed"
            if not ready:
                problem = self.over_limit()
                if problem:
                    return "out_of_memory", problem
                pause = min(pause * 1.5, longest)

    def ended_itself(self) -> tuple[str, str]:
        """Tell a plain end from one by lack of memory that fell between two looks."""
        if not self.request.get("limited", True):
            return "ended", ""
        limit = self.request["memory_mb"]
        if self.status != 0 and self.peak_mb > limit:
            return "out_of_memory", f"it used {self.peak_mb:.0f} MB of memory; the limit is {limit} MB"
        return "ended", ""

    def over_limit(self) -> str:
        """Return which limit the command and its descendants are over, or an empty text."""
        if not self.request.get("limited", True):
            return ""
        limit = self.request["memory_mb"]
        pids = descendants(os.getpid())
        if len(pids) > self.request["processes"]:
            return f"it started more than {self.request['processes']} processes and was killed"
        used = sum(map(resident_mb, pids))
        if used > limit:
            # Forks share pages, and the resident size counts them once for each.
            used = sum(map(proportional_mb, pids))
        self.peak_mb = max(self.peak_mb, used)
        return f"it used {used:.0f} MB of memory and was killed; the limit is {limit} MB" if used > limit else ""

    def reap(self) -> bool:
        """Collect every child that ended; return whether children are left."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            self.peak_mb = max(self.peak_mb, usage.ru_maxrss / (1024 if LINUX else ONE_MB))
            if pid == self.pid:
                self.status = os.waitstatus_to_exitcode(status)

    def end_all(self) -> int:
        """Kill the command's group and every descendant, also those in sessions of their own; count what stays."""
        deadline = time.monotonic() + KILL_SECONDS
        pause = 0.0005
        while True:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            for pid in descendants(os.getpid()):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            if not self.reap():
                return 0
            if time.monotonic() > deadline:
                return len(descendants(os.getpid()))
            time.sleep(pause)
            pause = min(pause * 2, 0.02)


def _become(request: dict[str, Any], outputs: tuple[int, int], failed: int) -> NoReturn:
    """In the fork: take on the limits, then become the command; a failure goes into the pipe `failed`."""
    try:
        os.setsid()
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if request["no_new_privileges"]:
            _prctl(PR_SET_NO_NEW_PRIVS, 1)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.umask(0o022)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(outputs[0], 1)
        os.dup2(outputs[1], 2)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_FSIZE, request["file_mb"] * ONE_MB)
        # Address space that is only reserved counts here too: twice the limit stops a process that outruns the watch.
        _limit(resource.RLIMIT_DATA, 2 * request["memory_mb"] * ONE_MB)
        os.chdir(request["cwd"])
        os.execvpe(request["argv"][0], request["argv"], request["env"])  # noqa: S606 - no shell is meant
    except (OSError, ValueError) as error:
        os.write(failed, _why(error, request).encode("utf-8", "replace"))
    finally:
        os._exit(127)


def _program(name: str, env: dict[str, str]) -> str:
    """Return the path of a program as execvp(3) finds it: on the PATH of the command, not on our own."""
    if "/" in name:
        return name
    refused = errno.ENOENT
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)  # noqa: PTH118 - see above
        if os.path.isfile(path):  # noqa: PTH113
            if os.access(path, os.X_OK):
                return path
            refused = errno.EACCES
    raise OSError(refused, os.strerror(refused))


def _why(error: Exception, request: dict[str, Any]) -> str:
    program, cwd = request["argv"][0], request["cwd"]
    if isinstance(error, OSError) and error.errno == errno.ENOENT:
        missing = f"the folder {cwd} does not exist" if not os.path.isdir(cwd) else f"{program} was not found"  # noqa: PTH112
        return f"{missing} (PATH={request['env'].get('PATH', '')})" if os.path.isdir(cwd) else missing  # noqa: PTH112
    reason = os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)
    return f"{program} could not be started in {cwd}: {reason}"


def _limit(which: int, value: int) -> None:
    """Lower a limit, never above what the machine allows already."""
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (value, value))


def _prctl(option: int, value: int) -> None:
    """Set a property of this process where the system has prctl(2); elsewhere the process group is all there is."""
    if _LIBC is not None:
        _LIBC.prctl(option, value, 0, 0, 0)


def _reap() -> list[tuple[int, int]]:
    ended: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended.append((pid, status))


def _read(path: str) -> str:
    """Return a small file of /proc, or nothing when its process is gone."""
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - pathlib is not worth its import
            return file.read()
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    """Return the children of a process, of all its threads (proc(5), `task/TID/children`)."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208
    except OSError:
        return []
    return [int(child) for thread in threads for child in _read(f"/proc/{pid}/task/{thread}/children").split()]


def _children_by_scan(pid: int) -> list[int]:
    """Return the children of a process on kernels without `children` files, by reading every process."""
    try:
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208
    except OSError:
        return []
    return [other for other in pids if _stat(other)[1:2] == [str(pid)]]


def descendants(pid: int) -> list[int]:
    """Return children, their children, and so on, parents first; empty where there is no /proc."""
    found: list[int] = []
    seen = {pid}
    queue = [pid]
    while queue:
        new = [child for child in _CHILDREN(queue.pop()) if child not in seen]
        seen.update(new)
        found += new
        queue += new
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat behind the name: state, parent, ... (proc(5))."""
    return _read(f"/proc/{pid}/stat").rpartition(")")[2].split()


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    fields = _read(f"/proc/{pid}/statm").split()
    return int(fields[1]) * _PAGE / ONE_MB if len(fields) > 1 else 0.0


def proportional_mb(pid: int) -> float:
    """Return the memory of a process in MB, where a page shared by n processes counts 1/n; else the resident size."""
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return resident_mb(pid)


_PAGE = os.sysconf("SC_PAGE_SIZE")
_LIBC = ctypes.CDLL(None, use_errno=True) if LINUX else None
_CHILDREN = children if os.path.exists(f"/proc/self/task/{os.getpid()}/children") else _children_by_scan  # noqa: PTH110

if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2], serial="serial" in sys.argv[3:])
