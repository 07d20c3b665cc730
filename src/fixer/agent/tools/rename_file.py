"""rename_file: a path and another one go in, the file has the other one."""

from pydantic import Field

from fixer.agent.confined import parts_of
from fixer.agent.desk import Desk
from fixer.agent.refusal import Refused
from fixer.schema.base import Record

DESCRIPTION = "Rename or move a file of the project; what names it elsewhere stays as it is."


class Arguments(Record):
    """What the model may ask for."""

    path: str = Field(max_length=500, description="Relative to the project's top folder")
    to: str = Field(max_length=500, description="Its new path; nothing may have it yet")


def is_offered(desk: Desk) -> bool:
    """Where something is to be changed."""
    return not desk.read_only


def use(desk: Desk, arguments: Arguments) -> str:
    """Rename it, and say what speaks against that."""
    path, to = "/".join(parts_of(arguments.path)), "/".join(parts_of(arguments.to))
    for name in (path, to):
        if reason := desk.refuses(name):
            raise Refused(f"{name} may not be changed: {reason}")
    desk.rename(path, to)
    against = desk.objections(desk.diff())
    return f"Done. {path} is now {to}." + (f"\nBut: {against}" if against else "")
