"""An error in, what the library of error patterns knows about it out: cause, explanation, fix and commands."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fixer.schema.failure import Failure
from fixer.schema.pattern import Match, Pattern, PatternFile

SHIPPED = Path(__file__).parent / "library"
"""The files that fixer brings along."""
FIELDS = ("file", "line", "test", "tool")
"""What texts may take from the failure itself, within square brackets: plain text has none of it."""
_LONGEST_TEXT, _LONGEST_LINE, _LONGEST_NAME = 20_000, 2_000, 200
_NAME = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]{}]*\{\w+\}[^\[\]]*)\]")


_PATTERN = "\n[[pattern]]\n"
_NEEDLES = "\ncontains = ["
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'')
"""A string of TOML: basic, in which a backslash escapes (such a needle counts as found), or literal."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One pattern, and what its file says for all of them."""

    ecosystem: str
    pattern: Pattern
    names: Mapping[str, Mapping[str, str]]

    def takes(self, failure: Failure) -> bool:
        """Whether it is about failures of this tool and kind."""
        tools, kinds = self.pattern.tools, self.pattern.kinds
        return (not tools or failure.tool in tools) and (not kinds or failure.kind in kinds)

    def match(self, text: str, folded: str, fields: Mapping[str, str]) -> Match | None:
        """Return what it says of a text, of which `folded` is the case-folded form; None where it says nothing."""
        needles = self.pattern.contains
        if needles and not any(needle.casefold() in folded for needle in needles):
            return None
        found = _compiled(self.pattern.pattern).search(text)
        return self._said(found, fields) if found else None

    def _said(self, found: re.Match[str], fields: Mapping[str, str]) -> Match | None:
        captured = {name: _one_line(value) for name, value in found.groupdict().items() if value}
        asked = self.pattern.names.items()
        named = {name: self._renamed(name, captured[group]) for name, group in asked if group in captured}
        values = {**fields, **captured, **named}
        explanation, fix = (_filled(text, values) for text in (self.pattern.explanation, self.pattern.fix))
        if explanation is None or fix is None:
            return None
        ways = (tuple(filter(None, (command(way, values) for way in step))) for step in self.pattern.steps)
        return Match(
            id=self.pattern.id,
            ecosystem=self.ecosystem,
            root_cause=self.pattern.root_cause,
            explanation=explanation,
            fix=fix,
            steps=tuple(filter(None, ways)),
            captured=captured | named,
            weight=len(found[0]) - sum(map(len, captured.values())),
        )

    def _renamed(self, name: str, value: str) -> str:
        """Return what the file's table calls a dotted name or the longest beginning of it; else the name itself."""
        table, parts = self.names.get(name, {}), value.split(".")
        known = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((table[part] for part in known if part in table), value)


@dataclass(frozen=True, slots=True)
class Library:
    """Every known pattern, in the order of files and entries."""

    entries: tuple[Entry, ...]

    def match(self, given: Failure | str, limit: int = 1) -> tuple[Match, ...]:
        """Return what is known about a failure, or about text of a log; the most specific first, at most `limit`.

        The most specific is the one that spells out the most of the error; of equals, the earlier one.
        """
        text = _bounded(_text_of(given) if isinstance(given, Failure) else given)
        fields = _fields(given) if isinstance(given, Failure) else {}
        asked = self.entries
        if isinstance(given, Failure):
            asked = tuple(entry for entry in asked if entry.takes(given))
        folded = text.casefold()
        found = [match for entry in asked if (match := entry.match(text, folded, fields))]
        return tuple(sorted(found, key=lambda match: -match.weight)[:limit])


@cache
def shipped() -> Library:
    """Return the library that fixer brings along; read once, when it is first asked for (milliseconds)."""
    import tomllib  # noqa: PLC0415 - with the files only

    entries: list[Entry] = []
    for path in sorted(SHIPPED.glob("*.toml")):
        entries += entries_of(PatternFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))))
    return Library(tuple(entries))


def shipped_for(given: Sequence[Failure | str]) -> Library:
    """Return the shipped entries that can match what is given, in their order: one of their needles stands in it.

    The others are not even parsed, which is most of what `shipped` costs a command that matches once.
    """
    import tomllib  # noqa: PLC0415 - with the files only

    folded = "\n".join(_bounded(_text_of(one) if isinstance(one, Failure) else one) for one in given).casefold()
    entries: list[Entry] = []
    for path in sorted(SHIPPED.glob("*.toml")):
        head, *blocks = path.read_text(encoding="utf-8").split(_PATTERN)
        kept = [block for block in blocks if _may_match(block, folded)]
        if kept:
            entries += entries_of(PatternFile.model_validate(tomllib.loads(_PATTERN.join((head, *kept)))))
    return Library(tuple(entries))


def _may_match(block: str, folded: str) -> bool:
    """Whether an entry is to be read for this text: one of its needles is in it, or cannot be told without a parser."""
    after = block.partition(_NEEDLES)[2]
    if not after or "\n[names." in after:
        return True
    needles = _QUOTED.findall(after.partition("]\n")[0])
    return any("\\" in basic or (basic or plain).casefold() in folded for basic, plain in needles)


def entries_of(file: PatternFile) -> Iterator[Entry]:
    """Yield the entries of one file."""
    for pattern in file.pattern:
        yield Entry(file.ecosystem, pattern, file.names)


def with_own(own: tuple[Entry, ...]) -> Library:
    """Return the shipped library with a project's own entries: one of a known id takes its place, others come first."""
    replaced = {entry.pattern.id: entry for entry in own}
    kept = [replaced.pop(entry.pattern.id, entry) for entry in shipped().entries]
    return Library((*replaced.values(), *kept))


def command(template: str, values: Mapping[str, str]) -> str | None:
    """Return a command with names put in, quoted for a POSIX shell.

    None where a name is missing or could be taken for an option: it comes out of a log, which anybody may have written.
    """
    if any(values.get(name, "").startswith("-") for name in _NAME.findall(template)):
        return None
    filled = _filled(template, {name: shlex.quote(value) for name, value in values.items()})
    return filled if filled is not None and _same_words(template, filled, values) else None


def _same_words(template: str, filled: str, values: Mapping[str, str]) -> bool:
    """Whether a shell takes the filled command apart as it would the template: quotes around a name could break."""
    plain = _OPTIONAL.sub(lambda found: found[1] if _filled(found[1], values) is not None else "", template)
    words = [_NAME.sub(lambda found: values[found[1]], word) for word in shlex.split(plain)]
    return shlex.split(filled) == words


def required(text: str) -> frozenset[str]:
    """Return the names that a text cannot do without: those outside of square brackets."""
    return frozenset(_NAME.findall(_OPTIONAL.sub("", text)))


def _filled(text: str, values: Mapping[str, str]) -> str | None:
    """Put values into a text; an optional part without its value is left out. None where another one is missing."""

    def optional(found: re.Match[str]) -> str:
        return _filled(found[1], values) or ""

    text = _OPTIONAL.sub(optional, text) if "[" in text else text
    if any(name not in values for name in _NAME.findall(text)):
        return None
    return _NAME.sub(lambda found: values[found[1]], text)


def _text_of(failure: Failure) -> str:
    """Return the error as a log states it: many parsers keep the exception's name beside the message."""
    if failure.exception and failure.exception.rpartition(".")[2] not in failure.message:
        return f"{failure.exception}: {failure.message}"
    return failure.message


def _fields(failure: Failure) -> dict[str, str]:
    known = {"file": failure.file, "line": failure.line, "test": failure.test, "tool": failure.tool}
    return {name: str(value) for name, value in known.items() if value}


def _bounded(text: str) -> str:
    lines = text[:_LONGEST_TEXT].splitlines()
    return "\n".join(line[:_LONGEST_LINE].rstrip() for line in lines)


def _one_line(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1] + "…"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)
