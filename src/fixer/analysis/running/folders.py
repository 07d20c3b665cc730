"""A project's root and the names of an ecosystem's files in, the folders that hold a project of it out."""

import fnmatch
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from fixer.project import is_foreign

MAX_DEPTH = 3
"""Folders below the root: `services/api/backend` is found."""
NOT_PROJECTS = frozenset({
    "build", "dist", "doc", "docs", "example", "examples", "fixtures", "out", "target", "templates", "test",
    "testdata", "tests", "third_party", "vendor",
})  # fmt: skip
"""What lies in these is built, borrowed, or made to be looked at: no part of what the project measures."""


def folders_with(root: Path, markers: Sequence[str]) -> list[str]:
    """Return the folders that hold a file of one of the names, relative to `root`, outermost first."""
    return [
        folder
        for folder, names in _walk(root)
        if any(fnmatch.fnmatchcase(name, marker) for name in names for marker in markers)
    ]


def outermost(folders: Sequence[str]) -> list[str]:
    """Leave out the folders that lie in another one of them."""
    return [folder for folder in folders if not any(_is_inside(folder, other) for other in folders if other != folder)]


def files_below(folder: Path, patterns: Sequence[str]) -> Iterator[Path]:
    """Yield the files whose names fit one of the patterns, the project's own ones only."""
    for above, inside, names in os.walk(folder):
        inside[:] = sorted(name for name in inside if not is_foreign(name) and name not in {"target", "vendor"})
        for name in sorted(names):
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns):
                yield Path(above) / name


def text_of(path: Path) -> str:
    """Return a file's text, empty where it cannot be read: it is only looked at for hints."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _walk(root: Path) -> Iterator[tuple[str, list[str]]]:
    for above, inside, names in os.walk(root):
        folder = Path(above).relative_to(root)
        inside[:] = sorted(
            name
            for name in inside
            if not is_foreign(name) and name not in NOT_PROJECTS and len(folder.parts) < MAX_DEPTH
        )
        yield str(folder), names


def _is_inside(folder: str, other: str) -> bool:
    return other == "." or Path(folder).is_relative_to(other)
