"""A program of the user's own, with the network: its command line goes in, what it may see of the user comes out.

Such a program (a coding agent) needs its own configuration and login, which other commands never see. It gets copies
of them in a home folder that is gone afterwards: what it writes there could name programs that are started the next
time the user works with it (hooks, servers, editors). A login alone comes back, since a refreshed one makes the old
one void: whose it is and where it leads must be as before.
"""

import json
import logging
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fixer.git import AUTHOR
from fixer.own_files import replace

log = logging.getLogger(__name__)
MAX_BYTES = 64 * 1024 * 1024
MAX_FILES = 4000
"""Of everything that is copied; what is beyond is left out, and said."""
MAX_LOGIN_BYTES = 1024 * 1024
MAX_INTERPRETERS = 5
"""Scripts that are run by scripts."""
_REFRESHED = re.compile(r"token\b|expir|refresh|scope|issued", re.IGNORECASE)
"""Keys whose values a refreshed login changes."""
_DECIDES = re.compile(r"key|ur[li]|host|endpoint|proxy|account|user|mail|organi[sz]ation|helper|command", re.IGNORECASE)
"""Keys that say whose login it is and where it leads: they stay as they are."""
_ROOTS = ("package.json", "pyproject.toml", "pyvenv.cfg")
_ROOT_LEVELS = 3


@dataclass(frozen=True)
class OwnProgram:
    """What a program of the user's own needs beside the worktree; paths are relative to the user's home folder."""

    argv: tuple[str, ...]
    """How it is started: the program, its interpreter, and files that the words name are made visible, read-only."""
    variables: dict[str, str] = field(default_factory=dict)
    """Added to the scrubbed environment."""
    copied: tuple[str, ...] = ()
    """Patterns of files and folders of which it gets copies."""
    logins: tuple[str, ...] = ()
    """JSON files among them whose refreshed tokens are kept."""
    shown: tuple[tuple[Path, bool], ...] = ()
    """Further files and folders that it sees at their own place, and whether it may change them."""


class OwnHome:
    """The home folder that such a program sees in place of the user's."""

    def __init__(self, program: OwnProgram, home: Path, private: Path) -> None:
        """Bind to the user's `home` and the empty folder `private` that stands for it."""
        self._program = program
        self._home = home
        self._private = private
        self._before: dict[str, bytes] = {}

    def fill(self) -> None:
        """Copy what the program needs."""
        files, size = 0, 0
        for source in self._sources():
            length = source.stat().st_size
            if files >= MAX_FILES or size + length > MAX_BYTES:
                log.warning("%s is not visible to %s: too much is to be copied", source, self._program.argv[0])
                continue
            files, size = files + 1, size + length
            target = self._private / source.relative_to(self._home)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            target.chmod(stat.S_IMODE(source.stat().st_mode) | stat.S_IRUSR | stat.S_IWUSR)
        for name in self._program.logins:
            if (content := _plain(self._private / name)) is not None:
                self._before[name] = content
        identity = self._private / ".gitconfig"
        if not identity.exists():
            # The user's own names programs and credentials; without any identity some agents stop, or ask for one.
            name, email = AUTHOR["GIT_AUTHOR_NAME"], AUTHOR["GIT_AUTHOR_EMAIL"]
            identity.write_text(f"[user]\n\tname = {name}\n\temail = {email}\n", encoding="utf-8")

    def keep_logins(self) -> None:
        """Write a login that was refreshed back to the user's home folder, unless that has a newer one by now."""
        for name, before in self._before.items():
            now = _plain(self._private / name)
            if now is None or now == before:
                continue
            mine = (self._home / name).resolve()
            if _plain(mine) != before:
                log.warning("%s was changed by another program meanwhile; its newer login stays", mine)
            elif not is_refreshed(before, now):
                log.warning("%s would lead to another account or server: the change is not kept", mine)
            else:
                try:
                    replace(mine, now)
                except OSError as error:
                    log.warning("the refreshed login %s could not be kept: %s", mine, error)
                self._before[name] = now

    def _sources(self) -> Iterator[Path]:
        """Yield every regular file that is to be copied; links of the user's own are followed."""
        for pattern in self._program.copied:
            for found in sorted(self._home.glob(pattern)):
                for path in sorted(found.rglob("*")) if found.is_dir() else [found]:
                    if path.is_file() and ".git" not in path.parts:
                        yield path


def is_refreshed(before: bytes, now: bytes) -> bool:
    """Whether two logins (JSON) are of one account and lead to one place: tokens, times and notes may differ."""
    try:
        old, new = json.loads(before), json.loads(now)
    except (ValueError, RecursionError):
        return False
    return isinstance(old, dict) and isinstance(new, dict) and _is_same_account(old, new)


def _is_same_account(old: dict[str, object], new: dict[str, object]) -> bool:
    for key in old.keys() | new.keys():
        before, now = old.get(key), new.get(key)
        if before == now or _REFRESHED.search(key):
            continue
        if isinstance(before, dict) and isinstance(now, dict):
            if not _is_same_account(before, now):
                return False
        elif isinstance(before, dict) or isinstance(now, dict) or _DECIDES.search(key) or "://" in str(now):
            return False
    return True


def _plain(path: Path) -> bytes | None:
    """Return the content of a file; None where it is a link, something else, or too large: a program wrote it."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode) or path.lstat().st_size > MAX_LOGIN_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


def programs_of(argv: tuple[str, ...], path: str) -> list[Path]:
    """Return the program of a command line and what runs it: the interpreters that its first lines name.

    Args:
        argv: the command line; the program need not exist.
        path: PATH that it is looked for on.
    """
    found: list[Path] = []
    name: str | None = argv[0]
    while name and len(found) < MAX_INTERPRETERS:
        place = shutil.which(name, path=path)
        if place is None:
            break
        found.append(Path(place))
        root = root_of(Path(place).resolve())
        if root is not None and (root / "pyvenv.cfg").is_file():
            found.append(root / "bin" / "python")
        name = _interpreter(Path(place))
    return found


def _interpreter(program: Path) -> str | None:
    """Return the program that the first line of a script names, as the kernel or `env` would find it."""
    try:
        with program.open("rb") as file:
            first = file.read(512).split(b"\n", 1)[0]
    except OSError:
        return None
    if not first.startswith(b"#!"):
        return None
    words = first[2:].decode("utf-8", "replace").split()
    if words and Path(words[0]).name == "env":
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return words[0] if words else None


def root_of(file: Path) -> Path | None:
    """Return the folder of the package that a program belongs to; None where it is a file of its own."""
    if "node_modules" in file.parts:
        # A package finds the others beside it and beside those around it.
        return Path(*file.parts[: file.parts.index("node_modules") + 1])
    near = list(file.parents)[:_ROOT_LEVELS]
    return next((folder for folder in near if any((folder / name).is_file() for name in _ROOTS)), None)
