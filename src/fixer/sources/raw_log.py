"""A log that the user has (text, file or folder) in, an `Execution` and its masked, cleaned copy out."""

import os
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from fixer.ci_log.clean import placed_lines
from fixer.ci_log.inputs import checked, files_of, nearest_log
from fixer.ci_log.steps import StepReader
from fixer.errors import ConfigError
from fixer.input.request_file import resolve_log_path
from fixer.schema.base import content_id
from fixer.schema.execution import Execution

MASKED_AT_ONCE = 200
"""Lines given to `mask` together, so that a secret over several lines is seen whole."""

Placed = tuple[str, str | None]
"""A clean line, and the job and step that columns before it named."""
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
    path = resolve_log_path(raw_logs, beside)
    if path is None or os.path.lexists(path):
        return path
    near = nearest_log(path)
    raise ConfigError(
        f"`raw-logs` names a log that does not exist: {text} (looked in {beside} and {Path.cwd()})",
        f"did you mean {near}?" if near else "give the path of an existing log file or folder, or the log's text",
    )


def _parts(path: Path) -> list[_Part]:
    """Return the files of a log in the order in which they were written."""
    files: list[_Part] = files_of(path) if path.is_dir() else [(None, path)]
    for _, file in files:
        if checked(file).startswith(b"PK\x03\x04"):
            look = f"fixer logs {shlex.quote(str(file))}"
            raise ConfigError(f"{file} is an archive", f"unpack it first, or look into it with `{look}`")
    return files


def _from_text(text: str) -> Iterator[tuple[str | None, Iterable[Placed]]]:
    import io  # noqa: PLC0415 - only for text

    yield None, placed_lines(io.BytesIO(text.encode("utf-8", "replace")))


def _from_parts(parts: list[_Part]) -> Iterator[tuple[str | None, Iterable[Placed]]]:
    for name, path in parts:
        with path.open("rb") as stream:
            yield name, _lines(stream, path)


def _lines(stream: BinaryIO, path: Path) -> Iterator[Placed]:
    try:
        yield from placed_lines(stream)
    except OSError as error:
        raise ConfigError(f"cannot read the log {path}: {error.strerror}", "check the disk and try again") from error


def _write(
    copy: Path, mask: Callable[[str], str], parts: Iterable[tuple[str | None, Iterable[Placed]]], steps: StepReader
) -> int:
    """Write the copy and feed every line to `steps`; return the number of lines, 0 where none holds anything."""
    count = 0
    something = False
    with copy.open("w", encoding="utf-8", newline="\n", errors="replace") as out:
        for name, lines in parts:
            if name is not None:
                steps.begin(count + 1, name)
            for line, place in _masked(lines, mask):
                count += 1
                something = something or bool(line.strip())
                steps.feed(count, line, place)
                out.write(line + "\n")
    return count if something else 0


def _masked(lines: Iterable[Placed], mask: Callable[[str], str]) -> Iterator[Placed]:
    """Mask several lines at once and keep their number: what a mask swallowed is left empty."""
    bunch: list[Placed] = []
    inside = False
    for line, place in lines:
        bunch.append((line, place))
        inside = ("-----BEGIN " in line or inside) and "-----END " not in line
        if len(bunch) >= MASKED_AT_ONCE and (not inside or len(bunch) >= 2 * MASKED_AT_ONCE):
            yield from _mask_bunch(bunch, mask)
            bunch = []
    yield from _mask_bunch(bunch, mask)


def _mask_bunch(bunch: list[Placed], mask: Callable[[str], str]) -> Iterator[Placed]:
    if not bunch:
        return
    masked = mask("\n".join(line for line, _ in bunch)).split("\n")
    masked += [""] * (len(bunch) - len(masked))
    yield from ((line, place) for line, (_, place) in zip(masked, bunch, strict=False))


def _digest(path: Path) -> str:
    import hashlib  # noqa: PLC0415 - only where a log is read

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
