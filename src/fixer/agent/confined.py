"""Names from a model go in, files of one folder come out: no name, link or race leads outside of it or into `.git`.

Each folder on the way is opened below the one before it and never through a symbolic link, so that nothing can be
exchanged between a check and its use (openat(2) and O_NOFOLLOW, POSIX.1-2008).
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from fixer.agent.refusal import Refused

MAX_FILE_BYTES = 1_000_000
MAX_NAME = 500
MAX_DEPTH = 30
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class Confined:
    """The files below one folder, by names relative to it."""

    def __init__(self, root: Path) -> None:
        """Bind to `root`; nothing is opened yet."""
        self.root = root

    def read(self, name: str) -> bytes:
        """Return a plain file's content.

        Raises:
            Refused: there is no such plain file below the folder, or it is too large.
        """
        parts = parts_of(name)
        with self._folder(parts[:-1], name) as folder:
            file = self._open(parts, folder, name)
        with open(file, "rb") as stream:  # noqa: PTH123 - a descriptor, no path
            data = stream.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise Refused(f"{name} is larger than {MAX_FILE_BYTES} bytes; search in it instead")
        return data

    def exists(self, name: str) -> bool:
        """Whether anything has this name, a link that leads nowhere included."""
        parts = parts_of(name)
        try:
            with self._folder(parts[:-1], name) as folder:
                os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
        except (FileNotFoundError, Refused):
            return False
        return True

    def write(self, name: str, data: bytes) -> None:
        """Put `data` into a file, whole or not at all; folders on the way are made, its mode stays.

        A new file takes the name's place, so that neither a symbolic nor a hard link carries the text elsewhere.

        Raises:
            Refused: the name leads out of the folder, or something else than a plain file has it.
        """
        parts = parts_of(name)
        with self._folder(parts[:-1], name, make=True) as folder:
            mode = self._mode(parts, folder, name)
            draft = f".fixer-{secrets.token_hex(8)}.part"
            file = os.open(
                draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder
            )
            try:
                with open(file, "wb") as stream:  # noqa: PTH123 - a descriptor, no path
                    os.fchmod(file, mode)
                    stream.write(data)
                os.rename(draft, parts[-1], src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(draft, dir_fd=folder)
                raise

    def remove(self, name: str) -> None:
        """Take a plain file away.

        Raises:
            Refused: there is no such plain file below the folder.
        """
        parts = parts_of(name)
        with self._folder(parts[:-1], name) as folder:
            self._refuse_all_but_plain(parts, folder, name)
            os.unlink(parts[-1], dir_fd=folder)

    def rename(self, name: str, to: str) -> None:
        """Give a plain file another name; folders on the way are made.

        Raises:
            Refused: there is no such plain file, the new name leads out of the folder, or something has it.
        """
        parts, others = parts_of(name), parts_of(to)
        with self._folder(parts[:-1], name) as folder:
            self._refuse_all_but_plain(parts, folder, name)
            if self.exists(to):
                raise Refused(f"{to} is there already")
            with self._folder(others[:-1], to, make=True) as other:
                os.rename(parts[-1], others[-1], src_dir_fd=folder, dst_dir_fd=other)

    @contextlib.contextmanager
    def _folder(self, parts: list[str], name: str, *, make: bool = False) -> Iterator[int]:
        """Open the folders one below the other; the last one's descriptor is valid inside of the block."""
        here = os.open(self.root, _FOLDER)
        try:
            for part in parts:
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(part, 0o755, dir_fd=here)
                try:
                    below = os.open(part, _FOLDER, dir_fd=here)
                except FileNotFoundError as error:
                    raise Refused(f"there is no file {name}") from error
                except OSError as error:  # a link, a file, or no right to look into it
                    raise Refused(f"{name} does not lead through plain folders of the project") from error
                os.close(here)
                here = below
            yield here
        finally:
            os.close(here)

    def _open(self, parts: list[str], folder: int, name: str) -> int:
        try:
            file = os.open(parts[-1], _FILE, dir_fd=folder)
        except FileNotFoundError as error:
            raise Refused(f"there is no file {name}") from error
        except OSError as error:
            raise Refused(f"{name} is no plain file that can be read") from error
        if reason := _no_plain_file(os.fstat(file), name):
            os.close(file)
            raise Refused(reason)
        return file

    def _refuse_all_but_plain(self, parts: list[str], folder: int, name: str) -> None:
        try:
            found = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError as error:
            raise Refused(f"there is no file {name}") from error
        if reason := _no_plain_file(found, name):
            raise Refused(reason)

    def _mode(self, parts: list[str], folder: int, name: str) -> int:
        """Return the permissions for the file: those that it has, or those of a new plain file."""
        try:
            found = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return 0o644
        if reason := _no_plain_file(found, name):
            raise Refused(reason)
        return stat.S_IMODE(found.st_mode) & 0o777


def parts_of(name: str) -> list[str]:
    """Split a name into its folders and its last part.

    Raises:
        Refused: it could mean anything else than a file below the folder, or a part of `.git`.
    """
    if not name or len(name) > MAX_NAME:
        raise Refused(f"a path has 1 to {MAX_NAME} characters")
    if any(ord(char) < 0x20 or ord(char) == 0x7F or 0xD800 <= ord(char) <= 0xDFFF for char in name):
        raise Refused("a path has no control characters")
    if name.startswith(("/", "~")) or "://" in name:
        raise Refused(f"{name} is not inside of the project; give paths relative to its top folder")
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if ".." in parts:
        raise Refused(f"{name} leads out of its folder; give paths relative to the project's top folder, without ..")
    if any(_is_git(part) for part in parts):
        raise Refused(f"{name} is git's own; it cannot be read or changed here")
    if not parts or len(parts) > MAX_DEPTH or any(len(part.encode()) > 250 for part in parts):
        raise Refused(f"{name[:80]!r} is no name of a file")
    return parts


def _is_git(part: str) -> bool:
    """Whether a file system takes the part for `.git`: those that git looks for too (is_ntfs_dotgit in path.c)."""
    plain = "".join(char for char in part if char.isprintable()).casefold().split(":")[0].rstrip(" .")
    return plain in {".git", "git~1"} or plain == ""


def _no_plain_file(found: os.stat_result, name: str) -> str:
    if not stat.S_ISREG(found.st_mode):
        return f"{name} is no plain file: a folder, a link or a device; list_files shows files"
    # The content of a file with two names may belong to somebody outside of the project.
    return f"{name} is a hard link; it cannot be read or changed here" if found.st_nlink > 1 else ""
