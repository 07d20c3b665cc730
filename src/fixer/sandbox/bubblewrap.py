"""The strongest rung: finds a bubblewrap that works here, and turns a command into one that runs under it."""

import functools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from fixer.sandbox.environment import search_path
from fixer.sandbox.own_program import OwnProgram, programs_of
from fixer.sandbox.view import TMPFS_BYTES, View

PROBE_SECONDS = 10
SYSTEM_FOLDERS = ("/usr/bin", "/usr/local/bin", "/bin", "/run/current-system/sw/bin")
ISOLATION = ("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv")
_SIGNALS = frozenset(int(number) for number in signal.Signals)


@functools.cache
def find(system: tuple[str, ...] = SYSTEM_FOLDERS) -> tuple[Path | None, str]:
    """Return the bwrap that works on this machine, or None, and why in a few words; `system` is looked through first.

    It is really run once: hosted runners and containers often have it but refuse the namespaces. A program inside
    of a git repository is never taken, as what is mended could bring its own.
    """
    refused = "it is not installed"
    candidates = [*system, *os.environ.get("PATH", "").split(os.pathsep)]
    for folder in dict.fromkeys(candidates):
        program = Path(folder) / "bwrap"
        if not folder.startswith("/") or not os.access(program, os.X_OK) or _in_a_repository(program.resolve()):
            continue
        problem = _probe(program)
        if not problem:
            return program, f"{program} works"
        refused = f"{program} is refused: {problem}"
    return None, f"bubblewrap: {refused}"


def _in_a_repository(program: Path) -> bool:
    return any((parent / ".git").exists() for parent in program.parents)


def _probe(program: Path) -> str:
    """Return why `program` cannot make the namespaces that every command gets, or an empty text."""
    true = shutil.which("true", path=os.pathsep.join(SYSTEM_FOLDERS)) or "/bin/true"
    command = [
        str(program), *ISOLATION, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
        "--size", "4096", "--tmpfs", "/tmp", "--remount-ro", "/", true,  # noqa: S108 - inside of the sandbox
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, env={}, stdin=subprocess.DEVNULL, capture_output=True, timeout=PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    said = done.stderr.decode("utf-8", "replace").strip().removeprefix("bwrap: ")
    return said or f"exit code {done.returncode}"


def wrap(  # noqa: PLR0913 - keywords, each a part of one command line
    program: Path, argv: Sequence[str], *, mounts: Sequence[str], env: Mapping[str, str], cwd: Path, network: bool
) -> list[str]:
    """Return the argument list that runs `argv` under bubblewrap, with exactly the environment `env`."""
    command = [str(program), *ISOLATION, *(["--share-net"] if network else []), *mounts]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(TMPFS_BYTES), "--tmpfs", "/dev/shm"]  # noqa: S108
    # The empty root and /dev are in memory: writing to them would lead nowhere, but must not seem to work.
    command += ["--remount-ro", "/dev", "--remount-ro", "/"]
    for name, value in env.items():
        command += ["--setenv", name, value]
    return [*command, "--chdir", str(cwd), "--", *argv]


def mounts(  # noqa: PLR0913 - keywords, each a part of what is seen
    root: Path,
    private: Path,
    *,
    readable: Sequence[Path],
    path: Sequence[Path],
    outer: Mapping[str, str],
    own: OwnProgram | None = None,
) -> list[str]:
    """Return the mounts for one worktree; see `Sandbox` for the arguments."""
    view = View(private, Path.home())
    view.show_toolchains(outer)
    # Projects without an environment of their own are run with fixer's.
    view.show_path([Path(sys.executable).parent, Path(sys.base_prefix) / "bin"])
    view.show_path([Path(entry) for entry in outer.get("PATH", "").split(os.pathsep) if entry.startswith("/")])
    view.show_path(path)
    for place in readable:
        view.show(place)
    view.show(Path("/etc/resolv.conf"))
    for name in ("home", "tmp"):
        view.show(private / name, writable=True)
    if own is not None:
        _show_own(view, own, private, search_path(outer, path))
    view.show(root, writable=True)
    view.show_git(root)
    return view.mounts()


def _show_own(view: View, own: OwnProgram, private: Path, path: str) -> None:
    """Show what a program of the user's own needs, with the private home folder in place of the user's."""
    view.place(private / "home", Path.home())
    for program in programs_of(own.argv, path):
        view.show_program(program)
    for word in own.argv[1:]:
        if word.startswith("/") and Path(word).is_file():
            view.show_program(Path(word), alone=True)
    for place, writable in own.shown:
        view.show_named(place, writable=writable)


def ending(status: int) -> int:
    """Translate bwrap's exit code: it reports a death by signal n as 128 + n, as a shell does."""
    return 128 - status if status - 128 in _SIGNALS else status


def not_started(status: int | None, stderr: str) -> str:
    """Return why the command itself never ran, where bwrap says so; else an empty text."""
    first = stderr.split("\n", 1)[0]
    return first if status == 1 and first.startswith("bwrap: ") else ""
