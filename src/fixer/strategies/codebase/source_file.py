"""One text file: bytes come in, edits of spans of its text go out, with encoding, BOM and line ends kept."""

import io
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, order=True)
class Edit:
    """Replace `text[start:end]` by `new`; offsets are characters of the file's text."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class SourceFile:
    """The text of a file of Python, exactly as it is stored."""

    path: str
    """Relative to the repository, with `/`."""
    text: str
    """Line ends as in the file."""
    encoding: str
    """From the BOM or the coding cookie (PEP 263), else UTF-8."""

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Offset at which each line starts. A form feed ends no line, as in Python's own tokenizer."""
        return (0, *(found.end() for found in _LINE_END.finditer(self.text)))

    @cached_property
    def newline(self) -> str:
        """The line end of the first line; a line feed where there is none."""
        found = _LINE_END.search(self.text)
        return found.group() if found else "\n"

    def line(self, number: int) -> str:
        """Return line `number` (1-based) without its end; empty where there is no such line."""
        if not 1 <= number <= len(self.starts):
            return ""
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")

    def offset(self, line: int, column: int) -> int:
        """Turn a position of `ast` (1-based line, column in UTF-8 bytes) into an offset in characters."""
        text = self.line(line)
        ahead = (
            column if text.isascii() else len(text.encode("utf-8", "surrogatepass")[:column].decode(errors="ignore"))
        )
        return self.starts[line - 1] + ahead

    def line_of(self, offset: int) -> int:
        """Return the 1-based number of the line that holds `offset`."""
        return len(_LINE_END.findall(self.text, 0, offset)) + 1

    def edited(self, edits: Iterable[Edit]) -> str:
        """Return the text with all edits made. Equal edits count once; of two that overlap, the first is made."""
        text, last = [], 0
        for edit in sorted(set(edits)):
            if edit.start < last:
                continue
            text += [self.text[last : edit.start], edit.new]
            last = edit.end
        return "".join([*text, self.text[last:]])

    def encode(self, text: str) -> bytes:
        """Return `text` as the bytes to store in this file.

        Raises:
            UnicodeEncodeError: the file's encoding has no such character.
        """
        return text.encode(self.encoding)


def read_source(root: Path, path: str) -> SourceFile | None:
    """Read the file at `root/path`; None where it is missing, or not text in the encoding that it declares."""
    try:
        data = (root / path).read_bytes()
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        return SourceFile(path, data.decode(encoding), encoding)
    except (OSError, SyntaxError, UnicodeDecodeError, LookupError):
        return None
