"""What a user names as a log (file, folder, zip archive) in; its files as open streams, in order, out."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from fixer import lazy_re as re
from fixer.ci_log.clean import clean
from fixer.errors import ConfigError

SUFFIXES = (".log", ".txt", ".out", ".xml")
_NO_LOGS = {".git", ".fixer"}
"""Folders whose logs are not of the build: of a whole project as the folder, what fixer itself keeps is no log."""
MOST_FILES = 2000
MOST_BYTES = 4 << 30
"""Bytes that are read of one archive, unpacked: a bomb ends there."""
_MAGIC = (b"\x7fELF", b"\x89PNG", b"\x1f\x8b", b"%PDF", b"\xfd7zXZ", b"BZh", b"SQLite format 3\x00", b"\xff\xd8\xff")
_NUMBERED = re.compile(r"(\d+)_(.+)$")

# what zipfile raises for archives that are cut, damaged, encrypted or packed in a way that it does not know
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error)

Part = tuple[str | None, BinaryIO]
"""Name of the step that the file holds, where the file is one step; its bytes."""


def parts(path: Path) -> Iterator[Part]:
    """Open the files of a log one after the other; each stream is closed when the next one is asked for.

    Raises:
        ConfigError: it cannot be read, holds no log, or is no text.
    """
    if path.is_dir():
        yield from _folder(path)
        return
    head = checked(path)
    if head.startswith(b"PK\x03\x04"):
        yield from _archive(path)
        return
    with path.open("rb") as stream:
        yield None, stream


def nearest_log(path: Path) -> Path | None:
    """Return the existing name that is most like the missing one, in the nearest folder that exists."""
    import difflib  # noqa: PLC0415 - only where a name was mistyped

    wanted = path
    while not wanted.parent.is_dir() and wanted.parent != wanted:
        wanted = wanted.parent
    try:
        # A link that leads nowhere is no help.
        names = sorted(entry.name for entry in wanted.parent.iterdir() if entry.exists())[:5000]
    except OSError:
        return None
    found = difflib.get_close_matches(wanted.name, names, n=1, cutoff=0.5)
    return wanted.parent / found[0] if found else None


def checked(path: Path) -> bytes:
    """Return the first bytes of a file that can be read as a log or archive.

    Raises:
        ConfigError: it cannot.
    """
    try:
        if not path.is_file():
            raise ConfigError(f"{path} is neither a file nor a folder", "give the path of a log file or folder")
        with path.open("rb") as stream:
            head = stream.read(8192)
    except OSError as error:
        raise ConfigError(
            f"cannot read the log {path}: {error.strerror}", "check the path and its permissions"
        ) from error
    if head.startswith(_MAGIC) or (not head.startswith(b"PK\x03\x04") and head.count(0) > len(head) // 10):
        raise ConfigError(f"{path} is binary, not a log", "give the path of the log as text")
    return head


def files_of(folder: Path) -> list[tuple[str | None, Path]]:
    """Return the log files of a folder in the order in which they were written, with the step that each holds.

    Raises:
        ConfigError: there is none, or more than `MOST_FILES`.
    """
    try:
        named = [file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file()]
    except OSError as error:
        raise ConfigError(f"cannot read the folder {folder}: {error.strerror}", "check its permissions") from error
    files = [file for file in named if not _NO_LOGS & set(file.relative_to(folder).parts)]
    names = {str(file.relative_to(folder).as_posix()): file for file in files}
    if not names:
        raise ConfigError(
            f"the folder {folder} holds no log ({', '.join('*' + suffix for suffix in SUFFIXES)})",
            "give a folder with log files, or the path of one log",
        )
    return [(step_name(name), names[name]) for name in in_order(list(names), str(folder))]


def in_order(names: list[str], where: str) -> list[str]:
    """Sort the paths of a run's log files as they were written, without those that repeat others.

    GitHub's archive has one folder a job with a numbered file a step, and each whole job once more beside them.
    """
    if len(names) > MOST_FILES:
        raise ConfigError(
            f"{where} holds {len(names)} logs; the most that are read are {MOST_FILES}",
            "give the logs of one run, or of one job",
        )
    jobs = {name.split("/")[-2] for name in names if "/" in name}
    kept = [name for name in names if not _repeats(name, jobs)]
    return sorted(kept or names, key=_order)


def step_name(name: str) -> str:
    """Return job and step of a log file's path: `build/2_Run tests.txt` is `build / Run tests`."""
    inner = clean(name).rsplit(".", 1)[0].split("/")
    numbered = _NUMBERED.match(inner[-1])
    step = numbered[2] if numbered else inner[-1]
    return f"{inner[-2]} / {step}" if len(inner) > 1 else step


def _repeats(name: str, jobs: set[str]) -> bool:
    numbered = _NUMBERED.match(name.rsplit(".", 1)[0])
    whole = "/" not in name and numbered is not None and numbered[2] in jobs
    return whole or (name.endswith("/system.txt"))


def _order(name: str) -> tuple[tuple[str, int, str], ...]:
    """Sort key: folders by name, files that start with a number by that number."""
    return tuple(
        ("", int(number[1]), number[2]) if (number := _NUMBERED.match(part)) else (part, 0, "")
        for part in name.split("/")
    )


def _folder(folder: Path) -> Iterator[Part]:
    files = files_of(folder)
    for name, file in files:
        checked(file)
        with file.open("rb") as stream:
            yield (name if len(files) > 1 else None), stream


def _archive(path: Path) -> Iterator[Part]:
    """Read an archive's logs as streams: nothing is unpacked, names are only compared, sizes are not believed."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if info.filename.lower().endswith(SUFFIXES)]
            if not names:
                raise ConfigError(f"the archive {path} holds no log", "give the archive of a run's logs")
            left = MOST_BYTES
            for name in in_order(list(dict.fromkeys(names)), f"the archive {path}"):
                with archive.open(name) as member:
                    bounded = _Bounded(member, left, path)
                    yield step_name(name), cast("BinaryIO", io.BufferedReader(bounded, 1 << 16))
                    left = bounded.left
    except _DAMAGED as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> ConfigError:
    return ConfigError(f"cannot read the archive {path}: {error}", "download it again, or give the log as text")


class _Bounded(io.RawIOBase):
    """A member of an archive that ends after so many bytes, whatever its header promised."""

    def __init__(self, stream: IO[bytes], left: int, path: Path) -> None:
        super().__init__()
        self.stream, self.left, self.path = stream, left, path

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        try:
            data = self.stream.read(min(len(view), self.left)) if self.left else b""
        except _DAMAGED as error:
            raise _damaged(self.path, error) from error
        view[: len(data)] = data
        self.left -= len(data)
        return len(data)
