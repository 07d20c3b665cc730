"""Folders and files that fixer makes in somebody's repository: unseen by git, whole or not there, never elsewhere.

Whoever wrote the repository could put a symbolic link where fixer writes, to have a file of the user's overwritten.
"""

import os
import shlex
import stat
from pathlib import Path

from fixer.errors import PolicyError

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


def link_in(path: Path, root: Path) -> Path | None:
    """Return the first symbolic link on the way from `root` down to `path`, which may be it; None: there is none."""
    if not path.is_relative_to(root):
        return None
    below = [path, *path.parents]
    return next((place for place in reversed(below[: below.index(root)]) if place.is_symlink()), None)


def refuse_links(path: Path, root: Path) -> None:
    """Refuse to write to `path` in the repository `root` where a link on the way could lead out of it.

    Raises:
        PolicyError: there is one.
    """
    if (link := link_in(path, root)) is not None:
        raise PolicyError(
            f"{path} is not written to: {link} is a symbolic link to {link.readlink()}, and a repository could bring "
            "one to have files written elsewhere",
            f"take the link away: rm {shlex.quote(str(link))}",
        )


def make_ignored(folder: Path) -> None:
    """Make a folder that git leaves alone; one that holds anything already stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    # An empty one may be ours, from a run that was killed before the next line.
    if not any(folder.iterdir()):
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")


def replace(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, sees the old content or the new, never a part; it keeps its rights.

    The draft has one name for each file, so that what a killed run left is written over and not left behind. Neither
    it nor the file is written through a link.
    """
    draft = path.with_name(f".{path.name}.part")
    if draft.is_symlink():
        draft.unlink()
    with open(os.open(draft, _NEW, 0o666), "wb") as file:  # noqa: PTH123 - a descriptor, no path
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if path.exists():
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
    draft.replace(path)
