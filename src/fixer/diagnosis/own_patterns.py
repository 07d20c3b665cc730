"""A folder of pattern files that a project wrote in, its entries out; every fault with its file, line and key."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from fixer.diagnosis.linear import slow
from fixer.diagnosis.patterns import FIELDS, Entry, Library, entries_of, required, shipped, with_own
from fixer.errors import ConfigError
from fixer.input.problems import InputError, Problem, decode, problem_at
from fixer.input.toml_text import TomlSyntaxError, read
from fixer.schema.pattern import Pattern, PatternFile, groups

HINT = "`fixer schema pattern` prints every key of such a file"
_ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*pattern[ \t]*\]\]", re.MULTILINE)


def library(project: Path, patterns_dir: str) -> Library:
    """Return the shipped library, with the entries of the project's own folder where one is set.

    Args:
        project: the project's folder.
        patterns_dir: the setting of that name: a folder of `*.toml`, relative to the project; empty: none.

    Raises:
        InputError: with every fault in the files.
        ConfigError: there is no such folder, or a file in it cannot be read.
    """
    if not patterns_dir:
        return shipped()
    folder = project / patterns_dir
    if not folder.is_dir():
        raise ConfigError(
            f"there is no folder {folder}, which the setting patterns_dir names", "make it, or correct it"
        )
    own: list[Entry] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        shown = path.relative_to(project).as_posix()
        try:
            text = decode(path.read_bytes(), shown, HINT)
        except OSError as error:
            raise ConfigError(f"{path} could not be read: {error.strerror}", "check its rights: ls -l") from error
        entries, wrong = _read(text, shown, {entry.pattern.id for entry in own})
        own += entries
        problems += wrong
    if problems:
        raise InputError(problems, HINT)
    return with_own(tuple(own))


def faults(pattern: Pattern, tables: dict[str, dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with an entry whose keys all have the right type: key, what is wrong, what to do instead."""
    try:
        reason = slow(pattern.pattern)
    except re.error as error:
        yield "pattern", f"it is no regular expression: {error}", "Python's syntax of regular expressions"
        return
    if reason:
        yield "pattern", reason, "an expression with one way to match: `[^x]*` for `.*`, no repeat within a repeat"
    elif not re.search(pattern.pattern, pattern.example, re.MULTILINE):
        yield "example", "the pattern does not match it", "lines of a log that the pattern matches"
    captured = groups(pattern.pattern)
    for name, group in pattern.names.items():
        if group not in captured:
            yield "names", f"the pattern has no group '{group}'", f"one of {', '.join(sorted(captured)) or '(none)'}"
        if name not in tables:
            yield "names", f"the file has no table [names.{name}]", "add it, or remove the name"
    known = captured | set(pattern.names)
    texts = [("explanation", pattern.explanation), ("fix", pattern.fix)]
    texts += [("steps", way) for ways in pattern.steps for way in ways]
    for key, text in texts:
        for name in sorted(required(text) - known):
            instead = "put it in square brackets: [ in {file}]" if name in FIELDS else f"a group (?P<{name}>…)"
            yield key, f"nothing tells what {{{name}}} stands for", instead
    yield from _unclosed(pattern)


def _unclosed(pattern: Pattern) -> Iterator[tuple[str, str, str]]:
    for way in (way for ways in pattern.steps for way in ways):
        try:
            shlex.split(way)
        except ValueError as error:
            yield "steps", f"no shell takes this command: {way} ({error})", "a command as a POSIX shell takes it"


def _read(text: str, file: str, taken: set[str]) -> tuple[list[Entry], list[Problem]]:
    finder = _Finder(text, file)
    try:
        values = read(text).values
    except TomlSyntaxError as error:
        return [], [problem_at(text, file, error.offset, error.message, "TOML: key = value")]
    try:
        found = PatternFile.model_validate(values)
    except ValidationError as error:
        return [], [finder.problem(tuple(one["loc"]), _said(one["msg"]), HINT) for one in error.errors()]
    problems = []
    for number, pattern in enumerate(found.pattern):
        for key, wrong, instead in faults(pattern, found.names):
            problems.append(finder.problem(("pattern", number, key), f"{pattern.id}: {wrong}", instead))
        if pattern.id in taken:
            problems.append(finder.problem(("pattern", number, "id"), f"'{pattern.id}' is there twice", "another id"))
        taken.add(pattern.id)
    return list(entries_of(found)), problems


@dataclass(frozen=True)
class _Finder:
    """Finds the line of a key: an array of tables has the same keys in every entry, so it goes by their number."""

    text: str
    file: str

    def problem(self, path: tuple[int | str, ...], message: str, instead: str) -> Problem:
        start, end = 0, len(self.text)
        names = [part for part in path if isinstance(part, str)]
        if len(path) > 1 and path[0] == "pattern" and isinstance(path[1], int):
            starts = [found.start() for found in _ENTRY.finditer(self.text)] + [end]
            start, end = (starts[path[1]], starts[path[1] + 1]) if path[1] + 1 < len(starts) else (0, end)
            names = names[1:]
        key = names[0] if names else ""
        found = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*[=.]", re.MULTILINE).search(self.text, start, end)
        named = f"'{key}': {message}" if key else message
        return problem_at(self.text, self.file, found.start() if found and key else start, named, instead)


def _said(message: str) -> str:
    return message[0].lower() + message[1:]
