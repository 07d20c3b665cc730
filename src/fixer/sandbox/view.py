"""What a command under bubblewrap may see of the machine: folders go in, an ordered list of mounts comes out.

Nothing is visible that is not listed: the system's own folders, toolchains, the entries of PATH with what they need,
what the caller names, and the worktree. Home folders, /tmp, /run, /var and every other folder are not there at all.
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from fixer.sandbox.environment import toolchains
from fixer.sandbox.own_program import root_of

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/etc", "/nix", "/gnu", "/snap")
"""Where distributions keep programs and their configuration, but no user's data."""
KERNEL = ("/sys/devices/system/cpu", "/sys/kernel/mm/transparent_hugepage")
"""What language runtimes read to size themselves."""
SECRET_PLACES = (
    ".netrc", "_netrc", ".ssh", ".aws", ".azure", ".config", ".docker", ".gnupg", ".kube", ".git-credentials",
    ".gitconfig", ".pypirc", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pgpass", ".my.cnf", ".password-store",
    ".vault-token", ".terraform.d", ".cargo/credentials", ".cargo/credentials.toml", ".m2/settings.xml",
    ".m2/settings-security.xml", ".gradle/gradle.properties", ".gem/credentials", ".bundle/config",
    ".composer/auth.json", ".nuget/NuGet", ".bash_history", ".zsh_history", ".python_history",
    ".local/share/keyrings", ".mozilla", ".claude", ".codex",
)  # fmt: skip
"""Below the home folder; covered even where the folder around them has to be visible."""
SECRET_SYSTEM_PLACES = (
    "/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers", "/etc/sudoers.d", "/etc/ssh",
    "/etc/ssl/private", "/etc/docker", "/etc/kubernetes", "/etc/apt/auth.conf", "/etc/apt/auth.conf.d", "/etc/pip.conf",
    "/etc/npmrc", "/etc/gitconfig", "/etc/environment", "/etc/krb5.keytab", "/etc/NetworkManager", "/etc/wireguard",
    "/etc/openvpn", "/etc/letsencrypt", "/etc/rancher", "/etc/vault.d",
)  # fmt: skip
MAX_ENTRIES = 500
"""Links of one PATH folder that are followed to what they need."""
MAX_HOPS = 40
"""As many links as Linux follows; more are a ring."""
_CONFIG_SECTIONS = re.compile(r"(core|extensions|branch|remote)\b")
_USER_INFO = re.compile(r"(://)[^/\s]*@")


class View:
    """Collects what is visible, and gives the mounts in the order in which bubblewrap must make them."""

    def __init__(self, private: Path, home: Path) -> None:
        """Start with the system's folders; `private` is the sandbox's own folder, `home` the user's."""
        self._home = home
        self._private = private
        self._empty = private / "empty"
        self._empty.touch()
        self._folders: dict[Path, bool] = {}
        self._links: dict[Path, str] = {}
        self._replaced: dict[Path, Path] = {}
        self._placed: dict[Path, Path] = {}
        self._named: set[Path] = set()
        self._secrets: list[Path] = []
        self._system = tuple(Path(name) for name in SYSTEM if Path(name).is_dir() and not Path(name).is_symlink())
        for name in SYSTEM:
            self.show(Path(name))

    def show(self, path: Path, *, writable: bool = False) -> None:
        """Make a file or folder visible at its real place, and every symbolic link on the way to it."""
        real, links = follow(path)
        self._links.update(links)
        if real.exists() and real not in self._placed:
            self._folders[real] = self._folders.get(real, False) or writable

    def show_named(self, path: Path, *, writable: bool) -> None:
        """Make visible what the user named, also where it is a place of secrets; those further in stay hidden."""
        self.show(path, writable=writable)
        self._named.add(follow(path)[0])

    def place(self, folder: Path, instead_of: Path) -> None:
        """Show `folder`, writable, where `instead_of` is, if that can be done."""
        if can_be_replaced(instead_of, self._private):
            real, links = follow(instead_of)
            self._links.update(links)
            self._folders.pop(real, None)
            self._placed[real] = folder

    def show_program(self, program: Path, *, alone: bool = False) -> None:
        """Make a program visible with its installation, through every link to it.

        Args:
            program: an absolute path.
            alone: nothing of the folder around it, unless it is a part of a package.
        """
        for hop in [program, *_hops(program)]:
            folder = root_of(hop) or self._prefix(hop.parent)
            if self._is_broad(folder) or (alone and root_of(hop) is None):
                folder = hop
            self.show(folder)

    def show_path(self, folders: Iterable[Path]) -> None:
        """Make entries of PATH visible with what their programs need: their prefix, and where their links lead."""
        for folder in folders:
            if not folder.is_dir():
                continue
            self.show(self._prefix(folder))
            if self._is_system(folder.resolve()):
                continue
            for entry in sorted(folder.iterdir())[:MAX_ENTRIES]:
                for target in _hops(entry):
                    around = self._prefix(target.parent)
                    self.show(target if self._is_broad(around) else around)

    def show_toolchains(self, outer: Mapping[str, str]) -> None:
        """Make the toolchains visible whose variables commands get."""
        for name, value in toolchains(outer, self._home).items():
            self.show(Path(value))
            if name == "CARGO_HOME":
                self._secrets += [Path(value) / "credentials", Path(value) / "credentials.toml"]

    def show_git(self, root: Path) -> None:
        """Make visible what git needs for a worktree, without the credentials that the repository's config may hold."""
        marker = root / ".git"
        if marker.is_dir():
            common = marker.resolve()
        elif marker.is_file():
            text = marker.read_text(encoding="utf-8", errors="surrogateescape")
            own = (root / text.removeprefix("gitdir:").strip()).resolve()
            pointer = own / "commondir"
            common = (own / pointer.read_text(encoding="utf-8").strip()).resolve() if pointer.is_file() else own
            self._folders[own] = False
        else:
            return
        self._folders[common] = False
        self._folders[marker.resolve()] = False
        config = common / "config"
        if config.is_file():
            clean = self._private / "gitconfig"
            text = config.read_text(encoding="utf-8", errors="surrogateescape")
            clean.write_text(without_credentials(text), encoding="utf-8", errors="surrogateescape")
            self._replaced[config] = clean

    def mounts(self) -> list[str]:
        """Return bubblewrap's arguments, outer folders before inner ones and what hides secrets last."""
        arguments: list[str] = []
        for folder in self._system:
            arguments += ["--ro-bind", str(folder), str(folder)]
        for name in KERNEL:
            arguments += ["--ro-bind-try", name, name]
        for name in ("/tmp", "/var/tmp", "/run"):  # noqa: S108 - hidden, not used
            arguments += ["--size", str(TMPFS_BYTES), "--tmpfs", name]
        shown = [(place, ["--bind", str(folder), str(place)]) for place, folder in self._placed.items()]
        for link, target in self._links.items():
            if not self._covered(link) and not self._is_copied(link):
                shown.append((link, ["--symlink", target, str(link)]))
        for folder, writable in self._folders.items():
            if not self._shown_already(folder, writable=writable):
                shown.append((folder, ["--bind" if writable else "--ro-bind", str(folder), str(folder)]))
        for _, words in sorted(shown, key=lambda one: len(one[0].parts)):
            arguments += words
        return arguments + self._hidden()

    def _hidden(self) -> list[str]:
        arguments: list[str] = []
        for place in self._secret_places():
            if not self._covered(place) or _is_empty(place) or self._folders.get(place) or place in self._named:
                continue
            if place.is_dir():
                inside = any(place in folder.parents for folder in self._folders)
                # A tmpfs would also cover what is to be seen below it.
                arguments += [] if inside else ["--size", "4096", "--tmpfs", str(place)]
            else:
                arguments += ["--ro-bind", str(self._empty), str(place)]
        for place, instead in self._replaced.items():
            arguments += ["--ro-bind", str(instead), str(place)]
        return arguments

    def _secret_places(self) -> list[Path]:
        homes = {self._home, self._home.resolve()}
        places = [follow(home / name)[0] for home in homes for name in SECRET_PLACES]
        places += [follow(Path(name))[0] for name in SECRET_SYSTEM_PLACES]
        places += [follow(place)[0] for place in self._secrets]
        if os.geteuid() == 0:
            # What only root may read is no business of a command, which may run as root.
            places += [entry for entry in _entries(Path("/etc"), depth=2) if not entry.stat().st_mode & 0o004]
        return list(dict.fromkeys(places))

    def _covered(self, path: Path) -> bool:
        """Whether a folder that is visible holds `path`, and no other one stands in its place there."""
        near = next((one for one in (path, *path.parents) if one in self._folders or one in self._placed), None)
        return near in self._folders or (near is None and self._is_system(path))

    def _shown_already(self, folder: Path, *, writable: bool) -> bool:
        """Whether the nearest visible folder around `folder` shows it the same way; each mount costs time."""
        for parent in folder.parents:
            if parent in self._placed:
                return False
            if parent in self._folders:
                return self._folders[parent] is writable
            if parent in self._system:
                return not writable
        return False

    def _is_copied(self, link: Path) -> bool:
        """Whether something of its name is in the folder that is shown in place of the one around it."""
        around = [(place, folder) for place, folder in self._placed.items() if place in link.parents]
        return any((folder / link.relative_to(place)).exists() for place, folder in around)

    def _is_broad(self, folder: Path) -> bool:
        """Whether a folder holds more than one program's installation."""
        home = self._home.resolve()
        data = (".local", ".local/share", ".config", ".cache")
        broad = {*home.parents, home, *(home / name for name in data), *self._private.parents, Path("/var/tmp")}  # noqa: S108
        return folder.resolve() in broad

    def _is_system(self, path: Path) -> bool:
        return any(folder == path or folder in path.parents for folder in self._system)

    def _prefix(self, folder: Path) -> Path:
        """Return the installation that a folder of programs belongs to: its parent, unless that holds other things."""
        parent = folder.parent
        broad = {Path("/"), self._home, self._home / ".local", self._home.resolve(), self._home.resolve() / ".local"}
        is_prefix = (parent / "lib").is_dir() or (parent / "pyvenv.cfg").is_file()
        return parent if folder.name in {"bin", "Scripts"} and is_prefix and parent not in broad else folder


TMPFS_BYTES = 512 * 1024 * 1024


def can_be_replaced(folder: Path, private: Path) -> bool:
    """Whether another folder can stand where this one is: the system's own are not below it, nor is it one of them."""
    real = follow(folder)[0]
    system = [Path(name) for name in SYSTEM]
    holds = any(real in (place, *place.parents) for place in (*system, private))
    return real.is_dir() and not holds and not any(place in real.parents for place in system)


def follow(path: Path) -> tuple[Path, dict[Path, str]]:
    """Return where a path really is, and the symbolic links on the way, as they stand."""
    links: dict[Path, str] = {}
    todo = list(reversed(Path(os.path.abspath(path)).parts[1:]))  # noqa: PTH100 - resolve() would lose the links
    here = Path("/")
    hops = 0
    while todo:
        part = todo.pop()
        if part == "..":
            here = here.parent
            continue
        here /= part
        if here.is_symlink():
            hops += 1
            if hops > MAX_HOPS:
                return here, {}
            target = here.readlink()
            links[here] = str(target)
            here = Path("/") if target.is_absolute() else here.parent
            todo += reversed(target.parts[1:] if target.is_absolute() else target.parts)
    return here, links


def without_credentials(config: str) -> str:
    """Return the parts of a git config that reading a repository needs; tokens in headers and URLs are gone."""
    kept: list[str] = []
    keep = False
    for line in config.splitlines():
        if line.lstrip().startswith("["):
            keep = _CONFIG_SECTIONS.match(line.strip().lstrip("[").strip().lower()) is not None
        if keep:
            kept.append(_USER_INFO.sub(r"\1", line))
    return "\n".join([*kept, ""])


def _hops(path: Path) -> list[Path]:
    """Return the paths that a chain of links goes through; empty when `path` is no link."""
    found: list[Path] = []
    while path.is_symlink() and len(found) < MAX_HOPS:
        path = Path(os.path.normpath(path.parent / path.readlink()))
        found.append(path)
    return [hop for hop in found if hop.exists()]


def _is_empty(place: Path) -> bool:
    """Whether there is nothing to hide."""
    try:
        return not any(place.iterdir()) if place.is_dir() else place.stat().st_size == 0
    except OSError:
        return not place.exists()


def _entries(folder: Path, depth: int) -> list[Path]:
    found = []
    for entry in folder.iterdir():
        if entry.is_symlink():
            continue
        found.append(entry)
        if depth > 1 and entry.is_dir() and os.access(entry, os.R_OK | os.X_OK):
            found += _entries(entry, depth - 1)
    return found
