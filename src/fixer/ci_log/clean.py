"""Raw bytes of a log in, clean lines out: bounded in memory, whatever the log holds."""

from collections.abc import Iterator
from typing import BinaryIO

from fixer import lazy_re as re

PIECE = 1 << 16
"""Bytes that are read at once: the most that one line may cost before it is cut."""
LONGEST = 4000
"""Characters of one clean line that are kept; the middle of a longer one is left out, and the line says so."""
TAIL = 1000
"""Of these, the characters kept from its end: tools put the error last."""

# ECMA-48: CSI, OSC/DCS/APC/PM/SOS strings (ended by BEL, ST or the line), two-character escapes, 8-bit C1 forms.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
# what is left of a colour where a tool or a copy took the escape character itself away
_LOST_ESCAPES = re.compile(r"(?<![\w\[(])\[(?:\d{1,3}(?:;\d{1,3})*m|0?K|m(?![\w-]))(?!\w*\])")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d) ?")
_CLOCK = re.compile(r"\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z\] ?|\[?\d\d:\d\d:\d\d(?:\.\d{1,6})?\]? (?=\S)")
# GitLab's time stamps carry the stream and a "continued" flag: `2024-01-01T00:00:00.000000Z 01O+text`.
_STREAM = re.compile(r"[0-9a-f]{2}[OE][ +]")
_GH_COLUMNS = re.compile(r"\ufeff?([^\t\x1b]{1,200})\t([^\t\x1b]{1,200})\t(?=\ufeff?\d{4}-\d\d-\d\dT)")


def clean(line: str) -> str:
    """Return one line without escape sequences, control characters, CI time stamp, line end; CR progress resolved."""
    return placed(line)[0]


def placed(line: str) -> tuple[str, str | None]:
    """Return the clean line, and job and step where columns before it name them (as `gh run view --log` prints)."""
    place = None
    if "\t" in line:
        columns = _GH_COLUMNS.match(line)
        if columns:
            place = f"{columns[1]} / {columns[2]}"
            line = line[columns.end() :]
    return _clean(line), place


def _clean(line: str) -> str:
    if "\x1b" in line or "\x9b" in line or "\x9d" in line or "\x90" in line:
        line = _ESCAPES.sub("", line)
    line = line.rstrip("\r\n")
    if "\r" in line:
        line = _last_painted(line)
    if not line.isascii() or not line.isprintable():
        line = _CONTROLS.sub("", line)
    line = without_stamp(line)
    if "[" in line:
        line = _LOST_ESCAPES.sub("", line)
    return _shortened(line).rstrip()


def without_stamp(line: str) -> str:
    """Return the line without the time stamp that the CI service put before it."""
    found = _STAMP.match(line) if line[:1].isdigit() else None
    if found:
        line = line[found.end() :]
        stream = _STREAM.match(line)
        return line[stream.end() :] if stream else line
    if line[:2] == "[2":
        found = _CLOCK.match(line)
        if found:
            return line[found.end() :]
    return line


def _last_painted(line: str) -> str:
    """Return what a terminal shows of a line that was painted over: its last part that holds something."""
    parts = [part for part in line.split("\r") if part.strip()]
    return parts[-1] if parts else ""


def _shortened(line: str) -> str:
    if len(line) <= LONGEST:
        return line
    cut = len(line) - LONGEST
    return f"{line[: LONGEST - TAIL]} [... {cut} characters ...] {line[-TAIL:]}"


def raw_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream; of a line longer than `PIECE` its head and its end, so that memory stays bounded."""
    while piece := stream.readline(PIECE):
        if piece.endswith(b"\n") or len(piece) < PIECE:
            yield piece
            continue
        end = piece
        skipped = 0
        while (more := stream.readline(PIECE)) and not end.endswith(b"\n"):
            skipped += len(end)
            end = more if len(more) >= 4 * TAIL else end[-4 * TAIL :] + more
            if more.endswith(b"\n"):
                break
        yield piece[: PIECE // 2] + b" " + end[-4 * TAIL :]


def clean_lines(stream: BinaryIO) -> Iterator[str]:
    """Yield every line of a log, cleaned. Bytes that are not UTF-8 become U+FFFD."""
    return (text for text, _ in placed_lines(stream))


def placed_lines(stream: BinaryIO) -> Iterator[tuple[str, str | None]]:
    """Yield every line of a log as `placed` returns it."""
    for raw in raw_lines(stream):
        yield placed(raw.decode("utf-8", "replace"))
