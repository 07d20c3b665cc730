"""One suggested replacement in one file, and several of them applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fixer.project import find_place
from fixer.strategies.base import Case

LARGEST = 5_000_000
"""Bytes of a file that is changed."""


@dataclass(frozen=True)
class Suggestion:
    """Replace bytes of a file; a suggestion made of several replacements has them as `more`."""

    path: str
    """Relative to the repository."""
    start: int
    end: int
    new: bytes
    said: str
    """What was suggested, in a few words, fit for a commit subject: `result` for `reslt`."""
    more: tuple["Suggestion", ...] = ()

    @property
    def parts(self) -> tuple["Suggestion", ...]:
        """Every replacement that belongs together."""
        return (self, *self.more)


def place_of(case: Case, file: str, *, tests: bool = False) -> str | None:
    """Return the path, relative to the repository, of the file that a compiler named; None where it is not ours.

    Files that state what is right may only be looked at (`tests`), and what lies outside is neither.
    """
    cwd = case.reproduction.narrowed.cwd
    place = (case.root / cwd / find_place(case.root, cwd, file)).resolve()
    root = case.root.resolve()
    if not place.is_file() or not place.is_relative_to(root) or place.stat().st_size > LARGEST:
        return None
    path = place.relative_to(root).as_posix()
    tracked = case.tree.git.run("ls-files", "-z", "--", path).stdout
    return path if tracked and (tests or path not in case.reproduction.test_files) else None


def applied(root: Path, suggestions: Iterable[Suggestion]) -> tuple[dict[str, bytes | None], list[Suggestion]]:
    """Return the new content of each file, and the suggestions in it: of those that overlap, the first."""
    taken: list[Suggestion] = []
    for suggestion in suggestions:
        parts = [part for one in taken for part in one.parts]
        if all(not _overlap(part, other) for part in suggestion.parts for other in parts):
            taken.append(suggestion)
    changes: dict[str, list[Suggestion]] = {}
    for part in {part for one in taken for part in one.parts}:
        changes.setdefault(part.path, []).append(part)
    return {path: _edited((root / path).read_bytes(), parts) for path, parts in changes.items()}, taken


def write(root: Path, contents: Mapping[str, bytes | None]) -> None:
    """Write the files."""
    for path, content in contents.items():
        (root / path).write_bytes(content or b"")


def _overlap(one: Suggestion, other: Suggestion) -> bool:
    if one.path != other.path:
        return False
    if one.start == one.end and other.start == other.end:
        return one.start == other.start and one.new == other.new
    return one.start < other.end and other.start < one.end


def _edited(data: bytes, parts: Iterable[Suggestion]) -> bytes:
    for part in sorted(parts, key=lambda part: (part.start, part.end, part.new), reverse=True):
        data = data[: part.start] + part.new + data[part.end :]
    return data


def line_starts(data: bytes) -> list[int]:
    """Return the offset at which each line starts."""
    starts = [0]
    for number, byte in enumerate(data):
        if byte == 0x0A:
            starts.append(number + 1)
    return starts
