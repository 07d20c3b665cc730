"""Reads TOML into values and, beside them, the place of every key: the standard library's reader keeps no places."""

import re
import tomllib
from dataclasses import dataclass, field

_LINE_AND_COLUMN = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)$")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"""{1,3}', re.DOTALL),
    re.compile(r"'''.*?'''{1,3}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)

Path = tuple[str, ...]


class TomlSyntaxError(ValueError):
    """The text is not TOML."""

    def __init__(self, message: str, offset: int) -> None:
        """Keep what is wrong and where (in characters from the start)."""
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Document:
    """The values of a TOML text, and the offset at which each key (and each table) is first named."""

    values: dict[str, object]
    offsets: dict[Path, int]


def read(text: str) -> Document:
    """Return what `text` holds.

    Raises:
        TomlSyntaxError: it is not TOML.
    """
    text = text.replace("\r\n", " \n")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, str(error)) from error
    except RecursionError as error:
        raise TomlSyntaxError("nested too deep", 0) from error
    scan = _Scan(text)
    scan.document()
    return Document(values, scan.offsets)


def _syntax_error(text: str, message: str) -> TomlSyntaxError:
    found = _LINE_AND_COLUMN.search(message)
    if found is None or found.group(1) is None:
        return TomlSyntaxError(_LINE_AND_COLUMN.sub("", message), len(text.rstrip()))
    lines = text.split("\n")[: int(found.group(1)) - 1]
    offset = sum(len(line) + 1 for line in lines) + int(found.group(2)) - 1
    return TomlSyntaxError(message[: found.start()], min(offset, len(text)))


@dataclass
class _Scan:
    """Walks over a text that is known to be TOML and notes where keys stand."""

    text: str
    offsets: dict[Path, int] = field(default_factory=dict)

    def document(self) -> None:
        table: Path = ()
        at = self.skip(0)
        while at < len(self.text):
            if self.text.startswith("[", at):
                opening = 2 if self.text.startswith("[[", at) else 1
                start = self.spaces(at + opening)
                table, at = self.key((), start)
                at = self.text.index("]" * opening, at) + opening
            else:
                at = self.pair(table, at)
            at = self.skip(at)

    def pair(self, table: Path, at: int) -> int:
        path, at = self.key(table, at)
        return self.value(path, self.spaces(self.text.index("=", at) + 1))

    def key(self, table: Path, at: int) -> tuple[Path, int]:
        path = table
        while True:
            part, end = self.part(at)
            path = (*path, part)
            self.offsets.setdefault(path, at)
            following = self.spaces(end)
            if not self.text.startswith(".", following):
                return path, end
            at = self.spaces(following + 1)

    def part(self, at: int) -> tuple[str, int]:
        bare = _BARE.match(self.text, at)
        if bare is not None:
            return bare.group(), bare.end()
        end = self.string(at)
        (name,) = tomllib.loads(f"{self.text[at:end]} = 0")
        return name, end

    def string(self, at: int) -> int:
        """Return where the string that starts here ends; `at` itself where none starts."""
        found = next((match for pattern in _STRINGS if (match := pattern.match(self.text, at))), None)
        return found.end() if found else at

    def value(self, path: Path, at: int) -> int:
        if self.text.startswith("[", at):
            return self.sequence(path, at, "]")
        if self.text.startswith("{", at):
            return self.sequence(path, at, "}")
        end = self.string(at)
        if end == at:
            found = _SCALAR.match(self.text, at)
            assert found is not None
            end = found.end()
        return end

    def sequence(self, path: Path, at: int, closing: str) -> int:
        at = self.skip(at + 1)
        while not self.text.startswith(closing, at):
            at = self.pair(path, at) if closing == "}" else self.value(path, at)
            at = self.skip(at)
            if self.text.startswith(",", at):
                at = self.skip(at + 1)
        return at + 1

    def skip(self, at: int) -> int:
        found = _BLANK.match(self.text, at)
        return found.end() if found else at

    def spaces(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at
