"""Run inside the sandbox as if it were a project's test: tries what it must not be able to do, prints what worked.

Arguments: JSON with `home`, `outside` (a folder beside the worktree), `port` (a listener of the host), `pid` (of
the caller), `secret` (the canary), `socket` (a socket of the host), `descriptor` (open in the caller).
"""

import contextlib
import ctypes
import fcntl
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

FACTS = json.loads(sys.argv[1])
HOME, OUTSIDE = Path(FACTS["home"]), Path(FACTS["outside"])
SECRET = FACTS["secret"].encode()
LIBC = ctypes.CDLL(None, use_errno=True)


def reads(path: Path) -> Callable[[], bool]:
    return lambda: SECRET in path.read_bytes()


def writes(path: Path) -> Callable[[], bool]:
    def attempt() -> bool:
        path.write_text("planted")
        return True

    return attempt


def connects(family: socket.AddressFamily, address: object) -> Callable[[], bool]:
    def attempt() -> bool:
        with socket.socket(family, socket.SOCK_STREAM) as peer:
            peer.settimeout(2)
            peer.connect(address)  # type: ignore[arg-type] # one probe for several address families
        return True

    return attempt


def any_environ() -> bool:
    return any(SECRET in entry.read_bytes() for entry in Path("/proc").glob("[0-9]*/environ") if readable(entry))


def readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


def caller_is_visible() -> bool:
    return b"fixer-probe-caller" in Path(f"/proc/{FACTS['pid']}/cmdline").read_bytes()


def kills_caller() -> bool:
    with contextlib.suppress(FileNotFoundError):
        os.kill(FACTS["pid"], 0)
    return caller_is_visible()


def ptraces() -> bool:
    return caller_is_visible() and LIBC.ptrace(16, FACTS["pid"], 0, 0) == 0


def memory() -> bool:
    with Path(f"/proc/{FACTS['pid']}/mem").open("rb"):
        return caller_is_visible()


def mounts() -> bool:
    return bool(LIBC.mount(b"none", b"/tmp", b"tmpfs", 0, b"") == 0)


def remounts() -> bool:
    return bool(LIBC.mount(b"none", b"/usr", b"none", 32 | 4096, b"") == 0)


def nests() -> bool:
    command = ["unshare", "-Ur", "mount", "-t", "tmpfs", "none", "/tmp"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def inherits() -> bool:
    entries = Path("/proc/self/fd").iterdir()
    return any("canary-file" in str(entry.readlink()) for entry in entries if entry.is_symlink())


def resolves() -> bool:
    return bool(socket.getaddrinfo("example.org", 443))


def other_interfaces() -> bool:
    return any(name != "lo" for _, name in socket.if_nameindex())


def raw_socket() -> bool:
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    return True


def makes_device() -> bool:
    os.mknod("device", 0o020666, os.makedev(1, 1))
    return True


def types_ahead() -> bool:
    with Path("/dev/tty").open("wb") as tty:
        fcntl.ioctl(tty, 0x5412, b"x")
    return True


def chroot_out() -> bool:
    os.chroot("/proc/1/root")
    return (OUTSIDE / "secret.txt").exists()


def via_link(path: Path) -> Callable[[], bool]:
    def attempt() -> bool:
        link = Path(f"link-{path.name}")
        link.unlink(missing_ok=True)
        link.symlink_to(path)
        return SECRET in link.read_bytes()

    return attempt


PROBES: dict[str, Callable[[], bool]] = {
    "own environment": lambda: SECRET in b" ".join(value.encode() for value in os.environ.values()),
    "every /proc/*/environ": any_environ,
    "caller's environ": reads(Path(f"/proc/{FACTS['pid']}/environ")),
    "caller's memory": memory,
    "caller's command line": caller_is_visible,
    "signal to the caller": kills_caller,
    "ptrace of the caller": ptraces,
    "inherited descriptors": inherits,
    "caller's descriptor": reads(Path(f"/proc/{FACTS['pid']}/fd/{FACTS['descriptor']}")),
    "root of process 1": reads(Path(f"/proc/1/root{OUTSIDE}/secret.txt")),
    "chroot through /proc": chroot_out,
    "~/.netrc": reads(HOME / ".netrc"),
    "~/.ssh": reads(HOME / ".ssh/id_ed25519"),
    "~/.aws": reads(HOME / ".aws/credentials"),
    "~/.config": reads(HOME / ".config/gh/hosts.yml"),
    "~/.docker": reads(HOME / ".docker/config.json"),
    "~/.cargo credentials": reads(HOME / ".cargo/credentials.toml"),
    "~/.git-credentials": reads(HOME / ".git-credentials"),
    "file beside the worktree": reads(OUTSIDE / "secret.txt"),
    "file through a link": via_link(OUTSIDE / "secret.txt"),
    "home through a link": via_link(HOME / ".netrc"),
    "repository's token": reads(Path(FACTS["git"]) / "config"),
    "write beside the worktree": writes(OUTSIDE / "planted"),
    "write to /usr": writes(Path("/usr/planted")),
    "write to /etc": writes(Path("/etc/planted")),
    "write to /": writes(Path("/planted")),
    "write to the interpreter": writes(Path(sys.prefix) / "planted"),
    "write to .git of the worktree": writes(Path(".git")),
    "write to the repository's config": writes(Path(FACTS["git"]) / "config"),
    "write a hook": writes(Path(FACTS["git"]) / "hooks" / "post-checkout"),
    "write to a readable folder": writes(Path(FACTS["readable"]) / "planted"),
    "listener of the host": connects(socket.AF_INET, ("127.0.0.1", FACTS["port"])),
    "socket file of the host": connects(socket.AF_UNIX, FACTS["socket"]),
    "abstract socket of the host": connects(socket.AF_UNIX, "\0" + FACTS["abstract"]),
    "docker.sock": connects(socket.AF_UNIX, "/var/run/docker.sock"),
    "metadata address": connects(socket.AF_INET, ("169.254.169.254", 80)),
    "names of the network": resolves,
    "interfaces beside loopback": other_interfaces,
    "raw socket": raw_socket,
    "mount": mounts,
    "remount": remounts,
    "nested namespace with a mount": nests,
    "device node": makes_device,
    "terminal input": types_ahead,
    "shadow": lambda: b"root:" in Path("/etc/shadow").read_bytes(),
}


HARMLESS = {
    "own environment",
    "~/.netrc",
    "file beside the worktree",
    "file through a link",
    "listener of the host",
    "socket file of the host",
    "abstract socket of the host",
    "write beside the worktree",
    "write to a readable folder",
    "repository's token",
}
"""All that may be tried where there is no sandbox: reading and writing what the test itself made."""


def attempt(name: str, probe: Callable[[], bool], *, shut_in: bool) -> bool | None:
    if not shut_in and name not in HARMLESS:
        return None
    try:
        return probe()
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    # As root and without a sandbox a probe such as "mount" would change the machine: then it is not tried at all.
    inside = Path("/proc/1/comm").read_text(encoding="ascii").strip() == "bwrap"
    sys.stdout.write(json.dumps({name: attempt(name, probe, shut_in=inside) for name, probe in PROBES.items()}))
