"""edit_file: an old text and a new one go in, the file has the new one in its place, and the lines around come out."""

from pydantic import Field

from fixer.agent import marking
from fixer.agent.confined import parts_of
from fixer.agent.desk import Desk
from fixer.agent.matching import Edited, NoPlace, edited, is_there
from fixer.agent.python_source import parse
from fixer.agent.refusal import Refused
from fixer.agent.tools.list_files import similar_names
from fixer.schema.base import Record
from fixer.terminal import clean

DESCRIPTION = (
    "Replace one text in a file by another. `old` must be in the file exactly once: copy it from read_file, without "
    "line numbers and bars, with some lines around it where it is not unique. Keep edits small. "
    "An empty `old` makes a new file, or fills an empty one."
)
AROUND = 4


class Arguments(Record):
    """What the model may ask for."""

    path: str = Field(max_length=500, description="Relative to the project's top folder")
    old: str = Field(
        max_length=20_000, description="The exact text to replace; empty: make a new file or fill an empty one"
    )
    new: str = Field(max_length=20_000, description="What stands there afterwards")


def is_offered(desk: Desk) -> bool:
    """Where something is to be changed."""
    return not desk.read_only


def use(desk: Desk, arguments: Arguments) -> str:
    """Make the edit, and say what speaks against it as early as possible."""
    path = "/".join(parts_of(arguments.path))
    if reason := desk.refuses(path):
        raise Refused(f"{path} may not be changed: {reason}. Mend the code that is wrong instead")
    before = _before(desk, path, create=not arguments.old)
    made = _made(desk, path, before, arguments)
    if made.text == before:
        raise Refused("old and new are the same")
    if hidden := sorted({f"U+{ord(char):04X}" for char in set(made.text) - set(before) if _is_hidden(char)}):
        raise Refused(f"`new` has characters that nobody sees ({', '.join(hidden[:5])}); write them as escapes")
    desk.write(path, made.text.encode("utf-8"))
    lines = made.text.split("\n")
    first = max(0, made.line - 1 - AROUND)
    shown = marking.numbered(lines[first : made.line - 1 + made.lines + AROUND][:60], first + 1)
    warnings = [
        warning for warning in (_does_not_parse(path, before, made.text), desk.objections(desk.diff())) if warning
    ]
    return "\n".join([f"Done. {path} is now (data):", desk.mask(shown), *(f"But: {warning}" for warning in warnings)])


def _before(desk: Desk, path: str, *, create: bool) -> str:
    if create:
        # An empty file, such as many an __init__.py, has no text to replace.
        if desk.files.exists(path) and desk.files.read(path):
            raise Refused(f"{path} is there already; give the text to replace in `old`")
        return ""
    if not desk.files.exists(path):
        raise Refused(f"there is no file {path}{similar_names(desk, path)}")
    content = desk.files.read(path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is no text in UTF-8; it cannot be edited here") from error


def _made(desk: Desk, path: str, before: str, arguments: Arguments) -> Edited:
    old, new = arguments.old, arguments.new
    if not old:
        return Edited(new, 1, new.count("\n") + 1)
    # Only what this conversation wrote can be an edit that is made twice.
    if path in desk.changes and old != new and is_there(before, old, new):
        raise Refused(f"{path} has this change already; go on: run the reproduction, or make another edit")
    found = edited(before, old, new)
    if isinstance(found, NoPlace):
        raise Refused(f"{path}: {found.words}")
    return found


def _is_hidden(char: str) -> bool:
    return char not in "\t\n\r\f" and clean(char) != char


def _does_not_parse(path: str, before: str, after: str) -> str:
    """Say where Python source is broken by the edit; empty where it is fine, was broken before, or is none."""
    if not path.endswith(".py"):
        return ""
    error = parse(after)
    broken = isinstance(error, str) and not isinstance(parse(before), str)
    return f"the file does not parse any more: {error}" if broken else ""
