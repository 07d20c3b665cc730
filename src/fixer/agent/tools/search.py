"""search: a text or a regular expression goes in, the matching lines of the project come out."""

import json
import sys
from pathlib import Path

from pydantic import Field

from fixer.agent import marking
from fixer.agent.confined import parts_of
from fixer.agent.desk import Desk, ended
from fixer.agent.refusal import Refused
from fixer.schema.base import Record
from fixer.schema.command import Ending, Invocation

DESCRIPTION = "Search the project's text files line by line. The answer has path:line:text, at most 100 of them."
PROGRAM = Path(__file__).parents[1] / "search_program.py"
"""Must be visible in the sandbox."""
SECONDS = 6
"""A regular expression may take for ever; in the sandbox it can be stopped."""


class Arguments(Record):
    """What the model may ask for."""

    text: str = Field(min_length=1, max_length=500, description="What to look for, upper and lower case as written")
    regex: bool = Field(default=False, description="Whether text is a regular expression of Python")
    folder: str = Field(default="", max_length=500, description="Only below this folder; empty: the whole project")
    files: str = Field(default="", max_length=200, description="Only files whose name matches, such as *.py")


def is_offered(desk: Desk) -> bool:  # noqa: ARG001 - the contract of the room
    """Every desk has files."""
    return True


def use(desk: Desk, arguments: Arguments) -> str:
    """Return the matches as data."""
    if "\0" in arguments.text + arguments.files:
        raise Refused("a NUL byte is in no text file")
    asked = arguments.model_dump()
    asked["folder"] = "/".join(parts_of(arguments.folder)) if arguments.folder.strip("./") else _top(arguments.folder)
    command = (sys.executable, "-I", "-S", "-X", "utf8", str(PROGRAM), json.dumps(asked))
    result = desk.run(Invocation(argv=command, timeout_seconds=min(SECONDS, max(1.0, desk.seconds_left()))))
    if result.ending is Ending.TIMED_OUT:
        raise Refused("that search took too long; use a plain text, or a simpler expression, in one folder")
    if result.exit_code == 2 and result.stdout:
        raise Refused(result.stdout.strip())
    if not result.passed:
        raise Refused(f"the search did not end well: {ended(result)}")
    if not result.stdout.strip():
        return "No line matches."
    return marking.data("matching lines", result.stdout, limit=10_000, keep="start")


def _top(folder: str) -> str:
    """Return the project's own folder for what means it; refuse what leads above it."""
    if folder.startswith("/") or ".." in folder:
        parts_of(folder)
    return ""
