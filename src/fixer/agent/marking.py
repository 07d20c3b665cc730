"""Text of others goes in, text that a model can tell from instructions comes out.

Every line of data begins with its line number or nothing, and a bar. What a line holds cannot leave its line, so no
text can end the data and begin to give orders: a closing delimiter, which could be forged, is not needed.
"""

from fixer.terminal import clean

LONGEST_LINE = 400
BAR = "|"


def data(title: str, text: str, *, limit: int, keep: str = "both") -> str:
    """Return `text` as data under a title of fixer's own, at most `limit` characters of it.

    Args:
        title: fixer's own words for what it is.
        text: already masked.
        limit: characters that are kept.
        keep: `both` ends of what is too long, or its `end` or `start` alone.
    """
    lines = [cut(line) for line in clean(text).strip("\n").split("\n")]
    kept = _bounded(lines, limit, keep)
    return "\n".join([f"{title} (data):", *(f"{BAR}{line}" for line in kept)])


def numbered(lines: list[str], first: int) -> str:
    """Return lines of a file as data, each with its number, `first` being that of the first."""
    return "\n".join(f"{number}{BAR}{cut(exact(line))}" for number, line in enumerate(lines, start=first))


def exact(line: str) -> str:
    """Return a line of a file as it is, but what a reader cannot see as an escape."""
    return "".join(char if char == "\t" or clean(char) == char else _escape(char) for char in line.rstrip("\r"))


def cut(line: str) -> str:
    """Shorten a line that is too long to be read."""
    left_out = len(line) - LONGEST_LINE
    return line if left_out <= 0 else f"{line[:LONGEST_LINE]} … {left_out} more characters"


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _bounded(lines: list[str], limit: int, keep: str) -> list[str]:
    """Keep whole lines from the ends until `limit` is reached; say how many are missing."""
    if sum(len(line) + 2 for line in lines) <= limit:
        return lines
    if keep == "start":
        head = _fitting(lines, limit)
        return [*head, _gap(len(lines) - len(head))]
    if keep == "end":
        tail = _fitting(lines[::-1], limit)[::-1]
        return [_gap(len(lines) - len(tail)), *tail]
    head = _fitting(lines, limit // 3)
    tail = _fitting(lines[len(head) :][::-1], limit - limit // 3)[::-1]
    return [*head, _gap(len(lines) - len(head) - len(tail)), *tail]


def _fitting(lines: list[str], limit: int) -> list[str]:
    size = 0
    for number, line in enumerate(lines):
        size += len(line) + 2
        if size > limit:
            return lines[:number]
    return lines


def _gap(lines: int) -> str:
    return f"… {lines} lines left out …"
