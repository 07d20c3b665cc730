"""A file's text and an edit of a model go in; the text with the edit made, or what the model should send, comes out.

What models copy is not always exact: line numbers come along, white space at the ends of lines and indentation do not.
An edit is made where, after that is evened out, its old text fits exactly one place, and nowhere else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from fixer.agent import marking

UNITS = (4, 8, 2)
"""Columns that a tab may stand for."""
MOST_LINES_COMPARED = 5_000
LETTERS_COMPARED = 200
SIMILAR = 0.5
SHOWN_PLACES = 3
_NUMBER = re.compile(r"[ \t]*\d+\|")
_FENCE = re.compile(r"\s*```\w*[ \t]*\n(.*?)\n?```\s*", re.DOTALL)


@dataclass(frozen=True)
class Edited:
    """An edit that was made."""

    text: str
    """The whole file."""
    line: int
    """Where the new text begins, from 1."""
    lines: int
    """Of the new text."""


@dataclass(frozen=True)
class NoPlace:
    """An edit that fits no place, or several."""

    words: str
    """Why, and what to send instead; lines of the file in it are marked as data."""


def edited(before: str, old: str, new: str) -> Edited | NoPlace:
    """Return the text with `new` in place of `old`, which has to fit exactly one place."""
    # A file with both kinds of line ends keeps each of them: it is taken as it stands.
    ends = "\r\n" if before.count("\r\n") == before.count("\n") > 0 else "\n"
    text = before.replace("\r\n", "\n") if ends == "\r\n" else before
    found: list[int] = []
    length = 0
    for one, other in _readings(text, old.replace("\r\n", "\n"), new.replace("\r\n", "\n")):
        found = list(_occurrences(text, one))
        if len(found) == 1:
            after = text[: found[0]] + other + text[found[0] + len(one) :]
            return _made(after, text.count("\n", 0, found[0]) + 1, other, ends)
        if not found:
            places = list(_places(text.split("\n"), _lines(one)))
            if len(places) == 1:
                return _in_place_of_lines(text.split("\n"), places[0], _lines(one), _lines(other), ends)
            found = [_offset(text, place) for place in places]
        if found:
            length = len(_lines(one))
            break
    if found:
        return NoPlace(_ambiguous(text, [text.count("\n", 0, at) for at in found], length))
    return NoPlace(_missing(text, old))


def is_there(before: str, old: str, new: str) -> bool:
    """Whether the text has the edit already: `new` stands in it once, and `old` nowhere else than in it."""
    text = before.replace("\r\n", "\n")
    return bool(new.strip()) and text.count(new) == 1 and text.count(old) == new.count(old)


def _readings(text: str, old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield what the model may have meant, as it stands first."""
    if not _NUMBER.search(text) and _numbered(new) and not _numbered(old):
        new = _without_numbers(new)
    yield old, new
    if _numbered(old):
        yield _without_numbers(old), _without_numbers(new)
    fenced, fenced_new = _FENCE.fullmatch(old), _FENCE.fullmatch(new)
    if fenced:
        yield fenced[1], fenced_new[1] if fenced_new else new
    if "\n" not in old and "\\n" in old:
        yield old.replace("\\n", "\n").replace("\\t", "\t"), new.replace("\\n", "\n").replace("\\t", "\t")


def _numbered(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(lines) and all(_NUMBER.match(line) for line in lines)


def _without_numbers(text: str) -> str:
    return "\n".join(_NUMBER.sub("", line, count=1) for line in text.split("\n"))


def _occurrences(text: str, part: str) -> Iterator[int]:
    at = text.find(part) if part else -1
    while at >= 0:
        yield at
        at = text.find(part, at + len(part))


def _lines(text: str) -> list[str]:
    """Return the lines without the blank ones at both ends."""
    lines = text.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _places(lines: list[str], wanted: list[str]) -> Iterator[int]:
    """Yield where lines are the wanted ones but for white space at their ends and a shift of them all."""
    words = [line.strip() for line in wanted]
    if not words:
        return
    stripped = [line.strip() for line in lines]
    for at in range(len(lines) - len(words) + 1):
        if stripped[at : at + len(words)] == words and _shift(lines[at : at + len(words)], wanted) is not None:
            yield at


def _shift(lines: list[str], wanted: list[str]) -> tuple[int, int] | None:
    """Return by how many columns the lines are further in than the wanted ones, and what a tab stands for."""
    found: list[tuple[int, int]] = []
    for unit in UNITS:
        pairs = zip(lines, wanted, strict=True)
        shifts = {_width(line, unit) - _width(other, unit) for line, other in pairs if line.strip()}
        if len(shifts) == 1:
            found.append((shifts.pop(), unit))
    return min(found, key=lambda one: abs(one[0])) if found else None


def _width(line: str, unit: int) -> int:
    return len(_indentation(line).expandtabs(unit))


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _in_place_of_lines(lines: list[str], at: int, old: list[str], new: list[str], ends: str) -> Edited:
    there = lines[at : at + len(old)]
    as_written = all(_indentation(line) == _indentation(other) for line, other in zip(there, old, strict=True))
    shift, unit = (_shift(there, old) or (0, UNITS[0])) if not as_written else (0, UNITS[0])
    if not as_written:
        tabs = any("\t" in _indentation(line) for line in there)
        new = [_indented(line, shift, unit, tabs=tabs) for line in new]
    return _made("\n".join([*lines[:at], *new, *lines[at + len(old) :]]), at + 1, "\n".join(new), ends)


def _indented(line: str, shift: int, unit: int, *, tabs: bool) -> str:
    if not line.strip():
        return ""
    width = max(0, _width(line, unit) + shift)
    return ("\t" * (width // unit) + " " * (width % unit) if tabs else " " * width) + line.lstrip()


def _made(after: str, line: int, new: str, ends: str) -> Edited:
    return Edited(after.replace("\n", ends) if ends != "\n" else after, line, new.count("\n") + 1)


def _offset(text: str, line: int) -> int:
    return sum(len(one) + 1 for one in text.split("\n")[:line])


def _ambiguous(text: str, places: Sequence[int], length: int) -> str:
    lines = text.split("\n")
    shown = [
        marking.numbered(lines[max(0, at - 2) : at + length + 2], max(0, at - 2) + 1) for at in places[:SHOWN_PLACES]
    ]
    numbers = ", ".join(str(at + 1) for at in places[:10])
    told = (
        f"`old` is in the file {len(places)} times, at the lines {numbers}. Send it together with the line before or "
        "after it that only the right place has (data):"
    )
    return "\n".join([told, "\n…\n".join(shown)])


def _missing(text: str, old: str) -> str:
    lines = text.split("\n")
    wanted = _lines(_without_numbers(old) if _numbered(old) else old)
    at = _nearest(lines, wanted)
    if at is None:
        return "`old` is not in the file, and nothing in it is like it; read the lines and copy them exactly"
    first = max(0, at - 1)
    shown = marking.numbered(lines[first : at + min(len(wanted), 40) + 1], first + 1)
    return f"`old` is not in the file. The nearest lines are (data):\n{shown}\nSend as `old` lines of these, exactly"


def _nearest(lines: list[str], wanted: list[str]) -> int | None:
    """Return where the wanted lines would begin if the most telling one of them is the most similar line there."""
    if not wanted:
        return None
    anchor = max(range(len(wanted)), key=lambda number: min(LETTERS_COMPARED, len(wanted[number].strip())))
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted[anchor].strip()[:LETTERS_COMPARED])
    best, where = SIMILAR, None
    for number, line in enumerate(lines[:MOST_LINES_COMPARED]):
        matcher.set_seq1(line.strip()[:LETTERS_COMPARED])
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, where = ratio, number
    return None if where is None else max(0, where - anchor)
