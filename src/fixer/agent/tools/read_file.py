"""read_file: a path and lines go in, the lines with their numbers come out."""

from pydantic import Field

from fixer.agent import marking
from fixer.agent.desk import Desk
from fixer.agent.refusal import Refused
from fixer.agent.tools.list_files import similar_names
from fixer.schema.base import Record

DESCRIPTION = (
    "Read lines of a file. Each line of the answer is its number, a bar, and then the line exactly as it is. "
    "At most 250 lines at a time."
)
MAX_LINES = 250
MAX_CHARACTERS = 11_000


class Arguments(Record):
    """What the model may ask for."""

    path: str = Field(max_length=500, description="Relative to the project's top folder")
    first_line: int = Field(default=1, ge=1, le=10_000_000)
    lines: int = Field(default=150, ge=1, le=100_000, description="How many lines from there")


def is_offered(desk: Desk) -> bool:  # noqa: ARG001 - the contract of the room
    """Every desk has files."""
    return True


def use(desk: Desk, arguments: Arguments) -> str:
    """Return the lines as data."""
    if not desk.files.exists(arguments.path):
        raise Refused(f"there is no file {arguments.path}{similar_names(desk, arguments.path)}")
    lines = desk.read(arguments.path).split("\n")
    if lines[-1] == "":
        lines.pop()
    start = arguments.first_line - 1
    if start >= max(1, len(lines)):
        raise Refused(f"{arguments.path} has only {len(lines)} lines")
    wanted = lines[start : start + min(arguments.lines, MAX_LINES)]
    shown = marking.numbered(wanted, start + 1)
    while len(shown) > MAX_CHARACTERS:
        wanted = wanted[: len(wanted) * 3 // 4]
        shown = marking.numbered(wanted, start + 1)
    last = start + len(wanted)
    return f"{arguments.path}, lines {start + 1} to {last} of {len(lines)} (data):\n{shown}"
