"""delete_file: a path goes in, the file is gone."""

from pydantic import Field

from fixer.agent.confined import parts_of
from fixer.agent.desk import Desk
from fixer.agent.refusal import Refused
from fixer.schema.base import Record

DESCRIPTION = "Delete a file of the project that nothing needs any more."


class Arguments(Record):
    """What the model may ask for."""

    path: str = Field(max_length=500, description="Relative to the project's top folder")


def is_offered(desk: Desk) -> bool:
    """Where something is to be changed."""
    return not desk.read_only


def use(desk: Desk, arguments: Arguments) -> str:
    """Delete it, and say what speaks against that."""
    path = "/".join(parts_of(arguments.path))
    if reason := desk.refuses(path):
        raise Refused(f"{path} may not be deleted: {reason}")
    desk.remove(path)
    against = desk.objections(desk.diff())
    return f"Done. {path} is deleted." + (f"\nBut: {against}" if against else "")
