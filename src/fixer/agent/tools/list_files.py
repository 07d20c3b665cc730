"""list_files: a folder and a pattern go in, the names of the project's files come out."""

import fnmatch
from collections import Counter

from pydantic import Field

from fixer.agent import marking
from fixer.agent.confined import parts_of
from fixer.agent.desk import Desk
from fixer.agent.refusal import Refused
from fixer.schema.base import Record
from fixer.terminal import clean_line

DESCRIPTION = "List the project's files (not those that git ignores). More than 200 are shown as folders with counts."
MAX_NAMES = 200
SECONDS = 10


class Arguments(Record):
    """What the model may ask for."""

    folder: str = Field(default="", max_length=500, description="Only below this folder; empty: the whole project")
    pattern: str = Field(default="", max_length=200, description="Only names that match, such as *.py or test_*")


def is_offered(desk: Desk) -> bool:  # noqa: ARG001 - the contract of the room
    """Every desk has files."""
    return True


def use(desk: Desk, arguments: Arguments) -> str:
    """Return the names, sorted."""
    names = project_files(desk, arguments.folder)
    if arguments.pattern:
        wanted = arguments.pattern
        names = [
            name for name in names if fnmatch.fnmatch(name, wanted) or fnmatch.fnmatch(name.rpartition("/")[2], wanted)
        ]
    if not names:
        raise Refused("no file of the project matches")
    if len(names) <= MAX_NAMES:
        return marking.data(f"{len(names)} files", "\n".join(names), limit=10_000)
    depth = len(parts_of(arguments.folder)) + 1 if arguments.folder.strip("./") else 1
    counts = Counter("/".join(name.split("/")[:depth]) + ("/" if name.count("/") >= depth else "") for name in names)
    lines = [
        name if count == 1 and not name.endswith("/") else f"{name} {count} files"
        for name, count in sorted(counts.items())
    ]
    return marking.data(f"{len(names)} files, by folder", "\n".join(lines[:MAX_NAMES]), limit=10_000)


def project_files(desk: Desk, folder: str = "") -> list[str]:
    """Return the files that git tracks or would track, below `folder`.

    Raises:
        Refused: the folder's name leads outside.
    """
    prefix = "/".join(parts_of(folder)) + "/" if folder.strip("./") else ""
    if folder.startswith("/") or ".." in folder.split("/"):
        parts_of(folder)
    listed = desk.tree.git.run(
        "ls-files", "-z", "--cached", "--others", "--exclude-standard", check=False, timeout=SECONDS
    )
    return sorted({name for name in listed.stdout.split("\0") if name and name.startswith(prefix)})


def similar_names(desk: Desk, path: str) -> str:
    """Return what to say of files that have the same last name, where a path leads nowhere."""
    last = path.rpartition("/")[2]
    names = [name for name in project_files(desk) if name.rpartition("/")[2] == last and name != path]
    return f"; there is {clean_line(', '.join(names[:5]))[:400]}" if names else "; list_files shows the files"
