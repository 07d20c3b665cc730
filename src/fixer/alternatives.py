"""A long pattern and a text come in, where it matches goes out: alternatives that cannot match are not compiled.

Rules for the words of errors are lists of hundreds, some in eleven languages, and a text holds words of a few: for a
process that reads one failure, compiling the others takes longer than anything else that it does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_ESCAPE = r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]"
_PIECE = re.compile(
    rf"(\((?:\?(?:[:=!>]|<[=!]|P<\w+>|[a-z-]+:?))?|[)|]|(?:{_ESCAPE}|[^\\\[()|])+)(?=([?*]|\{{0)|)", re.DOTALL
)
"""A bracket, a bar or what stands between two of them, and the beginning of a quantifier that lets it be missing."""
_WORD = re.compile(rf"{_ESCAPE}|([^\W\d_]{{2,}})(?![?*]|\{{0)", re.DOTALL)
"""A word without a last letter that may be missing; empty: an escape or a set, whose letters are none of a word."""
_NEGATIVE = ("(?!", "(?<!")
_NEVER = "(?!)"
_MANY = 8
"""Texts with which a pattern was compiled in part; then it is compiled whole, once for all that follow."""


@dataclass(slots=True)
class _Alternative:
    """Its texts and groups, in order."""

    parts: list["str | _Group"] = field(default_factory=list)
    _words: list[str] | None = None

    @property
    def words(self) -> list[str]:
        """The words without which it cannot match, in small letters; most alternatives are never asked for them."""
        if self._words is None:
            text = "\0".join(part for part in self.parts if isinstance(part, str))
            self._words = [word for word in _WORD.findall(text.lower()) if word]
        return self._words


@dataclass(slots=True)
class _Group:
    """What stands between two brackets; a whole pattern is a group without them."""

    opening: str
    alternatives: list[_Alternative]
    needed: bool = True
    """The alternative around it cannot match where none of its own can."""


@dataclass(slots=True)
class _Pattern:
    """A pattern taken apart, and how many texts it was compiled in part for."""

    groups: _Group
    partly: int = 0


def place_of(text: str, pattern: str) -> int | None:
    """Return where a pattern matches first in the text, whatever the case; None where it does not."""
    known = _parsed(pattern)
    wanted = pattern
    if known.partly < _MANY:
        wanted = possible(pattern, text.lower())
        if not wanted:
            return None
        known.partly += 1
    found = _compiled(wanted).search(text)
    return found.start() if found is not None else None


def says(text: str, pattern: str) -> bool:
    """Whether a pattern matches somewhere in the text, whatever the case."""
    return place_of(text, pattern) is not None


def possible(pattern: str, lower: str) -> str:
    """Return what is left of a pattern for a text given in small letters; empty: it matches nothing in it.

    What is left matches, whatever the case, where the whole pattern does; its groups have other numbers.
    """
    return "|".join(_texts(_parsed(pattern).groups, lower))


def _texts(group: _Group, lower: str) -> Iterator[str]:
    for alternative in group.alternatives:
        if all(word in lower for word in alternative.words) and (text := _text(alternative, lower)) is not None:
            yield text


def _text(alternative: _Alternative, lower: str) -> str | None:
    """Return an alternative with what is left of its groups; None where nothing is left of one that it needs."""
    text = ""
    for part in alternative.parts:
        if isinstance(part, str):
            text += part
            continue
        left = "|".join(_texts(part, lower)) or ("" if _is_empty(part) else _NEVER)
        if left == _NEVER and part.needed:
            return None
        text += f"{part.opening}{left})"
    return text


def _is_empty(group: _Group) -> bool:
    """Whether a group matches the empty text by an alternative that says nothing."""
    return any(not alternative.parts for alternative in group.alternatives)


@lru_cache(maxsize=1000)
def _parsed(pattern: str) -> _Pattern:
    """Take a pattern apart into its groups and their alternatives."""
    whole = _Group("", [_Alternative()])
    around = [whole]
    current = whole.alternatives[0]
    for piece, missing in _PIECE.findall(pattern):
        first = piece[0]
        if first == "(":
            group = _Group(piece, [_Alternative()], needed=piece not in _NEGATIVE)
            current.parts.append(group)
            around.append(group)
            current = group.alternatives[0]
        elif first == ")":
            around.pop().needed &= not missing
            current = around[-1].alternatives[-1]
        elif first == "|":
            current = _Alternative()
            around[-1].alternatives.append(current)
        else:
            current.parts.append(piece)
    return _Pattern(whole)


@lru_cache(maxsize=2000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
