"""What a model said goes in; the edits that it wrote as blocks come out, and what else it asks for.

A block is a path, the lines as they are between <<<<<<< SEARCH and =======, and those that take their place up to
>>>>>>> REPLACE. A unified diff is read as blocks too: one for each hunk, its line numbers ignored.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_BLOCKS = 12
MAX_READ = 100_000
"""Characters of an answer that are looked at."""
_SEARCH = re.compile(
    r"[ \t]*<{5,9}[ \t]*(?:(?:SEARCH|ORIGINAL|OLD|BEFORE|HEAD)\b[ \t:]*)?(?P<path>[^<>|]*)$", re.IGNORECASE
)
_DIVIDER = re.compile(r"[ \t]*={5,9}[ \t]*$")
_REPLACE = re.compile(r"[ \t]*>{5,9}[ \t]*\w*[ \t]*$")
_FENCE = re.compile(r"[ \t]*```[ \t]*(?P<word>\S*)[ \t]*(?P<path>\S*)[ \t]*$")
_LABEL = re.compile(r"^[#*\-\s]*(?:(?:file(?:name)?|path)\s*:?\s+)?", re.IGNORECASE)
_PATH = re.compile(r"(?=.*[./\\])[^\s:`*|<>()]{1,500}|Makefile|Dockerfile|LICENSE")
_HUNK = re.compile(r"@@.*$")
_READ = re.compile(
    r"[ \t]*(?:[-*][ \t]*)?READ:?[ \t]+`?(?P<path>[^\s:`]{1,500})`?"
    r"(?:[ \t:,]+(?:lines?[ \t]*)?(?P<line>\d{1,7}))?[^\n]{0,20}$"
)
_GIVE_UP = re.compile(r"^[ \t*#]*GIVE UP\b[*: \t]*(?P<why>.*)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One edit."""

    path: str
    """Empty: the model named none."""
    old: str
    new: str


@dataclass(frozen=True)
class Said:
    """What an answer holds."""

    blocks: tuple[Block, ...] = ()
    words: str = ""
    """The answer without them."""
    wanted: tuple[tuple[str, int], ...] = ()
    """Files that it asks to read, each with the line to begin at."""
    gives_up: str = ""
    """Why there is no fix, where it says so and makes no edit."""
    faults: tuple[str, ...] = ()
    """Why what looks like a block is none."""


def read_blocks(text: str, told: Callable[[], str] = str) -> Said:
    """Return what the model's own turn holds.

    Args:
        text: of it.
        told: gives what the model was shown; a block that stands there is a quotation.
    """
    reader = _Reader(text[:MAX_READ].replace("\r\n", "\n").split("\n"), told)
    reader.read()
    words = "\n".join(line for line in reader.words if not _FENCE.match(line)).strip()
    wanted = [(found["path"], int(found["line"] or 1)) for line in reader.words if (found := _READ.match(line))]
    gives_up = None if reader.blocks else _GIVE_UP.search(words)
    return Said(
        blocks=tuple(reader.blocks[:MAX_BLOCKS]),
        words=words,
        wanted=tuple(dict.fromkeys(wanted)),
        gives_up=(gives_up["why"].strip() or words)[:1500] if gives_up else "",
        faults=tuple(dict.fromkeys(reader.faults)),
    )


class _Reader:
    """Goes through the lines of one answer."""

    def __init__(self, lines: list[str], told: Callable[[], str]) -> None:
        self.blocks: list[Block] = []
        self.words: list[str] = []
        self.faults: list[str] = []
        self._lines = lines
        self._told = told
        self._at = 0
        self._path = ""

    def read(self) -> None:
        """Take every line once."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if found := _SEARCH.match(line):
                self._block(found)
            elif line.startswith("--- ") and "".join(self._lines[self._at + 1 : self._at + 2]).startswith("+++ "):
                self._diff()
            else:
                self.words.append(line)
                self._at += 1

    def _block(self, found: re.Match[str]) -> None:
        start = self._at
        self._path = _path_in(found["path"]) or self._path_before() or self._path
        divider = self._find(_DIVIDER, start + 1)
        end = None if divider is None else self._find(_REPLACE, divider + 1)
        # A block whose last mark is missing ends with its fence; otherwise nobody knows where it ends.
        if divider is not None and end is None:
            end = self._find(re.compile(r"[ \t]*```[ \t]*$"), divider + 1)
        if divider is None or end is None:
            self.faults.append("a block has no ======= or no >>>>>>> REPLACE")
            self.words.append(self._lines[start])
            self._at = start + 1
            return
        self._at = end + 1
        self._add(Block(self._path, _text(self._lines[start + 1 : divider]), _text(self._lines[divider + 1 : end])))

    def _find(self, mark: re.Pattern[str], start: int) -> int | None:
        for number in range(start, len(self._lines)):
            if mark.match(self._lines[number]):
                return number
            if _SEARCH.match(self._lines[number]):
                return None
        return None

    def _path_before(self) -> str:
        """Return the path on the lines above a block, fences left out; those lines are no words then."""
        for taken, line in enumerate(reversed(self.words[-3:]), start=1):
            fence = _FENCE.match(line)
            path = (_path_in(fence["path"]) or _path_in(fence["word"])) if fence else _path_in(line)
            if path:
                del self.words[len(self.words) - taken :]
                return path
            if line.strip() and not fence:
                break
        return ""

    def _diff(self) -> None:
        """Read a file's part of a unified diff."""
        old, new = (_diff_path(self._lines[self._at + plus]) for plus in (0, 1))
        self._at += 2
        if new == "/dev/null":
            self.faults.append("a file cannot be deleted by a diff here")
            return
        while self._at < len(self._lines) and _HUNK.match(self._lines[self._at]):
            self._at += 1
            lines = list(self._hunk_lines())
            self._at += len(lines)
            while lines and not lines[-1]:
                lines.pop()
            before = [line[1:] for line in lines if line[:1] != "+"]
            after = [line[1:] for line in lines if line[:1] != "-"]
            self._add(Block(new or old, _text(before), _text(after)))

    def _hunk_lines(self) -> Iterator[str]:
        for line in self._lines[self._at :]:
            if line.startswith(("--- ", "@@", "```", "diff ")) or (line and line[0] not in " +-\t"):
                return
            yield line

    def _add(self, block: Block) -> None:
        quoted = _plain(f"{block.old}======={block.new}")
        if quoted != "=======" and quoted in _plain(self._told()):
            self.faults.append("a block that stands in the data is not made")
        elif block.old.strip() or block.new.strip():
            self.blocks.append(block)
        else:
            self.faults.append("a block is empty")


def _text(lines: list[str]) -> str:
    """Return the lines of one side; a fence that wraps them is no part of them."""
    if len(lines) > 1 and lines[0].lstrip().startswith("```") and lines[-1].strip() == "```":
        lines = lines[1:-1]
    return "\n".join([*lines, ""]) if any(line.strip() for line in lines) else ""


def _path_in(line: str) -> str:
    """Return the path that a line consists of, whatever it is decorated with."""
    word = _LABEL.sub("", line.strip()).strip("`*\"' \t").removesuffix(":").strip("`*\"' \t")
    return word if _PATH.fullmatch(word) else ""


def _diff_path(line: str) -> str:
    path = line[4:].split("\t", 1)[0].strip()
    return path[2:] if path[:2] in {"a/", "b/"} else path


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)
