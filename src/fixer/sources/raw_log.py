"""A log that the user has (text, file or folder) in, an `Execution` and its masked, cleaned copy out."""

import difflib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from fixer.ci_log.clean import clean_lines
from fixer.ci_log.steps import StepReader
from fixer.errors import ConfigError
from fixer.schema.base import content_id
from fixer.schema.execution import Execution

LOG_SUFFIXES = (".log", ".txt", ".out")
MASKED_AT_ONCE = 200
"""Lines given to `mask` together, so that a secret over several lines is seen whole."""
MOST_FILES = 2000
_BINARY_MAGIC = (
    b"\x7fELF",
    b"\x89PNG",
    b"\x1f\x8b",
    b"%PDF",
    b"\xfd7zXZ",
    b"BZh",
    b"SQLite format 3\x00",
    b"\xff\xd8\xff",
)
_NUMBERED = re.compile(r"(\d+)_(.+)$")

_Part = tuple[str | None, Path]
"""Name of the step that the file holds, where the file is one step."""


def read(raw_logs: str, beside: Path, keep: Path, mask: Callable[[str], str]) -> Execution:
    """Read a log, keep its masked and cleaned copy at `keep/log.txt`, and return what it is the log of.

    Args:
        raw_logs: the log's text, or a path to a log file or to a folder of them.
        beside: folder that a relative path is looked for in first; the current directory is the second.
        keep: folder of the copy; made where it is missing.
        mask: takes text of one or several lines and returns it without secrets.

    Raises:
        ConfigError: there is no such file, or nothing in it that can be read as a log.
    """
    path = _as_path(raw_logs, beside)
    keep.mkdir(parents=True, exist_ok=True)
    copy = keep / "log.txt"
    reader = StepReader()
    if path is None:
        count = _write(copy, mask, _from_text(raw_logs), reader)
        origin = "text"
    else:
        parts = _parts(path)
        count = _write(copy, mask, _from_parts(parts), reader)
        origin = str(path)
    if count == 0:
        raise ConfigError(
            f"the log is empty: {origin}", "give the log of the failed run, or a path to it, in `raw-logs`"
        )
    reader.finish(count)
    return Execution(
        id=content_id("raw_log", origin, str(count), raw_logs if path is None else _digest(copy)),
        source="raw_log",
        origin=origin,
        steps=tuple(reader.steps),
        log_path=str(copy.absolute()),
        lines=count,
        commit=reader.commit,
    )


def _as_path(raw_logs: str, beside: Path) -> Path | None:
    """Return the path that `raw_logs` is, or None where it is a log's text."""
    text = raw_logs.strip()
    if not text:
        raise ConfigError("`raw-logs` is empty", "give the log's text, or a path to a log file or folder")
    if "\n" in text or "\r" in text or "\0" in text or len(text) > 1024:
        return None
    named = Path(text).expanduser()
    for place in (named,) if named.is_absolute() else (beside / named, Path.cwd() / named):
        if os.path.lexists(place):
            return place
    if not _looks_like_path(text):
        return None
    near = _nearest(beside / named)
    raise ConfigError(
        f"`raw-logs` names a log that does not exist: {text} (looked in {beside} and {Path.cwd()})",
        f"did you mean {near}?" if near else "give the path of an existing log file or folder, or the log's text",
    )


def _looks_like_path(text: str) -> bool:
    if re.search(r"\s", text) and not re.fullmatch(r"[^:]*[\w)]\.(?:log|txt|out)", text):
        return False
    return "/" in text or "\\" in text or text.startswith("~") or re.fullmatch(r"[\w.@+-]+", text) is not None


def _nearest(path: Path) -> Path | None:
    """Return the existing name that is most like the missing one, in the nearest folder that exists."""
    wanted = path
    while not wanted.parent.is_dir() and wanted.parent != wanted:
        wanted = wanted.parent
    try:
        names = sorted(entry.name for entry in wanted.parent.iterdir())[:5000]
    except OSError:
        return None
    found = difflib.get_close_matches(wanted.name, names, n=1, cutoff=0.5)
    return wanted.parent / found[0] if found else None


def _parts(path: Path) -> list[_Part]:
    """Return the files of a log in the order in which they were written."""
    if not path.is_dir():
        _check(path)
        return [(None, path)]
    try:
        files = [file for file in path.rglob("*") if file.suffix.lower() in LOG_SUFFIXES and file.is_file()]
    except OSError as error:
        raise ConfigError(
            f"cannot read the folder {path}: {error.strerror}", "check the folder's permissions"
        ) from error
    if not files:
        raise ConfigError(
            f"the folder {path} holds no log ({', '.join('*' + suffix for suffix in LOG_SUFFIXES)})",
            "give a folder with log files, or the path of one log",
        )
    if len(files) > MOST_FILES:
        raise ConfigError(
            f"the folder {path} holds {len(files)} logs; the most that are read are {MOST_FILES}",
            "give the folder of one run, or of one job",
        )
    chosen = sorted(_without_doubles(files, path), key=lambda file: _order(file.relative_to(path)))
    for file in chosen:
        _check(file)
    return [(_step_name(file, path), file) for file in chosen]


def _without_doubles(files: list[Path], folder: Path) -> list[Path]:
    """Leave out a job's whole log (`0_build.txt`) where its steps lie beside it in a folder of the job's name."""
    jobs = {file.parent.name for file in files if file.parent != folder}
    kept = []
    for file in files:
        numbered = _NUMBERED.match(file.stem)
        whole = file.parent == folder and numbered and numbered[2] in jobs
        if not whole and not (file.name == "system.txt" and file.parent != folder):
            kept.append(file)
    return kept or files


def _order(file: Path) -> tuple[tuple[str, int, str], ...]:
    """Sort key: folders by name, files that start with a number by that number."""
    return tuple(
        ("", int(number[1]), number[2]) if (number := _NUMBERED.match(part)) else (part, 0, "") for part in file.parts
    )


def _step_name(file: Path, folder: Path) -> str | None:
    numbered = _NUMBERED.match(file.stem)
    name = numbered[2] if numbered else file.stem
    return name if file.parent == folder else f"{file.parent.name} / {name}"


def _check(path: Path) -> None:
    """Raise ConfigError where the file cannot be read as a log."""
    try:
        if not path.is_file():
            raise ConfigError(f"{path} is neither a file nor a folder", "give the path of a log file or folder")
        with path.open("rb") as stream:
            head = stream.read(8192)
    except OSError as error:
        raise ConfigError(
            f"cannot read the log {path}: {error.strerror}", "check the path and its permissions"
        ) from error
    if head.startswith(b"PK\x03\x04"):
        raise ConfigError(f"{path} is an archive", f"unpack it first, or look into it with `fixer logs {path}`")
    if head.startswith(_BINARY_MAGIC) or head.count(0) > len(head) // 10:
        raise ConfigError(f"{path} is binary, not a log", "give the path of the log as text")


def _from_text(text: str) -> Iterator[tuple[str | None, Iterable[str]]]:
    import io  # noqa: PLC0415 - only for text

    yield None, clean_lines(io.BytesIO(text.encode("utf-8", "replace")))


def _from_parts(parts: list[_Part]) -> Iterator[tuple[str | None, Iterable[str]]]:
    for name, path in parts:
        with path.open("rb") as stream:
            yield name, _lines(stream, path)


def _lines(stream: BinaryIO, path: Path) -> Iterator[str]:
    try:
        yield from clean_lines(stream)
    except OSError as error:
        raise ConfigError(f"cannot read the log {path}: {error.strerror}", "check the disk and try again") from error


def _write(
    copy: Path, mask: Callable[[str], str], parts: Iterable[tuple[str | None, Iterable[str]]], steps: StepReader
) -> int:
    """Write the copy and feed every line to `steps`; return the number of lines, 0 where none holds anything."""
    count = 0
    something = False
    with copy.open("w", encoding="utf-8", newline="\n", errors="replace") as out:
        for name, lines in parts:
            if name is not None:
                steps.begin(count + 1, name)
            for line in _masked(lines, mask):
                count += 1
                something = something or bool(line.strip())
                steps.feed(count, line)
                out.write(line + "\n")
    return count if something else 0


def _masked(lines: Iterable[str], mask: Callable[[str], str]) -> Iterator[str]:
    """Mask several lines at once and keep their number: what a mask swallowed is left empty."""
    bunch: list[str] = []
    inside = False
    for line in lines:
        bunch.append(line)
        inside = ("-----BEGIN " in line or inside) and "-----END " not in line
        if len(bunch) >= MASKED_AT_ONCE and (not inside or len(bunch) >= 2 * MASKED_AT_ONCE):
            yield from _mask_bunch(bunch, mask)
            bunch = []
    yield from _mask_bunch(bunch, mask)


def _mask_bunch(bunch: list[str], mask: Callable[[str], str]) -> Iterator[str]:
    if not bunch:
        return
    masked = mask("\n".join(bunch)).split("\n")
    yield from masked[: len(bunch)]
    yield from [""] * (len(bunch) - len(masked))


def _digest(path: Path) -> str:
    import hashlib  # noqa: PLC0415 - only where a log is read

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
