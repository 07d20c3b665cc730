"""What is wrong with a file that the user wrote: each problem with its place, an excerpt, and what to write instead."""

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from fixer.errors import ConfigError
from fixer.terminal import clean

_WIDTH = 100
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
    (codecs.BOM_UTF8, "UTF-8 with a byte order mark"),
)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text; both 1-based, the column in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one file."""

    file: str
    position: Position | None
    """None where the place has no lines, such as an environment variable."""
    message: str
    """What is wrong there."""
    instead: str
    """What to write instead."""
    excerpt: str = ""
    """Up to three lines of the file, with a caret below the place."""

    def __str__(self) -> str:
        """Return the form that the user sees."""
        where = self.file if self.position is None else f"{self.file}:{self.position.line}:{self.position.column}"
        excerpt = f"\n{self.excerpt}" if self.excerpt else ""
        return f"{where}: {self.message}{excerpt}\n    write instead: {self.instead}"


def _place(problem: Problem) -> tuple[str, int, int]:
    position = problem.position or Position(0, 0)
    return problem.file, position.line, position.column


class InputError(ConfigError):
    """A file that the user wrote is wrong; every problem in it is listed at once."""

    def __init__(self, problems: Sequence[Problem], hint: str) -> None:
        """Keep the problems; the message is all of them, in the order of the file."""
        self.problems = tuple(sorted(problems, key=_place))
        super().__init__("\n".join(str(problem) for problem in self.problems), hint)


def decode(data: bytes, file: str, hint: str) -> str:
    """Return a user's file as text.

    Raises:
        InputError: it is empty, or not UTF-8; with the place of the first wrong byte and `hint`.
    """
    instead = "save the file as UTF-8 without a byte order mark"
    for mark, name in _MARKS:
        if data.startswith(mark):
            raise InputError([Problem(file, Position(1, 1), f"the file is {name}, not UTF-8", instead)], hint)
    if b"\0" in data[:4]:
        raise InputError([Problem(file, Position(1, 1), "the file is UTF-16 or binary, not UTF-8", instead)], hint)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        wrong = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        raise InputError([Problem(file, position_of(before, len(before)), wrong, instead)], hint) from error
    if not text.strip():
        raise InputError([Problem(file, Position(1, 1), "the file is empty", "its keys, or remove the file")], hint)
    return text


def position_of(text: str, offset: int) -> Position:
    """Return line and column of the character at `offset`; lines end at line feeds."""
    start = text.rfind("\n", 0, offset) + 1
    return Position(text.count("\n", 0, offset) + 1, offset - start + 1)


def problem_at(text: str, file: str, offset: int, message: str, instead: str) -> Problem:
    """Return the problem at `offset` of a file's text, with its excerpt."""
    position = position_of(text, offset)
    return Problem(file, position, message, instead, excerpt(text, position))


def excerpt(text: str, position: Position) -> str:
    """Return the line at `position`, the two before it, and a caret line, cut to a readable width."""
    lines = text.split("\n")
    last = min(position.line, len(lines))
    start = max(0, position.column - 1 - _WIDTH // 2) if position.column > _WIDTH - 20 else 0
    shown = []
    for number in range(max(1, last - 2), last + 1):
        part = lines[number - 1][start : start + _WIDTH].replace("\t", " ")
        shown.append(f"    {number:>5} | {_printable(part)}")
    shown.append(f"          | {' ' * (position.column - 1 - start)}^")
    return "\n".join(line.rstrip() for line in shown)


def _printable(text: str) -> str:
    """Replace what a terminal would act on by one visible character each, so that the caret still fits."""
    return "".join(character if clean(character) == character else "\ufffd" for character in text)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` was most likely meant to be, or None where none is near."""
    names = {_normal(name): name for name in known}
    plain = _normal(word)
    if plain in names:
        return names[plain]
    found = get_close_matches(plain, names, n=1, cutoff=0.6)
    return names[found[0]] if found else None


def _normal(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")
