"""Requirements in `setup.cfg`: `install_requires` and `[options.extras_require]` of setuptools."""

import configparser
import re

from fixer.strategies.manifests.base import Group, Use, canonical, insertion, use_of

_OPTIONS, _EXTRAS = "options", "options.extras_require"


def read(path: str, text: str) -> list[Group]:
    """List the groups of a `setup.cfg`.

    Raises:
        ValueError: it cannot be read.
    """
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(str(error)) from error
    groups = []
    if parser.has_option(_OPTIONS, "install_requires"):
        groups.append(Group(path, "", Use.RUNTIME, _entries(parser[_OPTIONS]["install_requires"]), _OPTIONS))
    if parser.has_section(_EXTRAS):
        groups += [Group(path, name, use_of(name), _entries(value), _EXTRAS) for name, value in parser[_EXTRAS].items()]
    return groups


def _entries(value: str) -> tuple[str, ...]:
    return tuple(entry for part in re.split(r"[\n;]", value) if canonical(entry := part.split(" #")[0].strip()))


def add(text: str, group: Group, requirement: str) -> str:
    """Return the text with a line for `requirement` in the group's list; a list on one line becomes one of lines."""
    lines = text.splitlines(keepends=True)
    end = "\r\n" if "\r\n" in text else "\n"
    key = group.name or "install_requires"
    start = _find(lines, group.table, key)
    stop = start + 1
    while stop < len(lines) and (lines[stop][:1] in {" ", "\t", "#"} or not lines[stop].strip()):
        stop += 1
    places = [number for number in range(start + 1, stop) if canonical(lines[number])]
    if not places and group.entries:
        head = lines[start].split("=", 1)[0].rstrip()
        listed = [*group.entries]
        listed.insert(insertion(listed, requirement), requirement)
        return "".join([*lines[:start], f"{head} ={end}", *(f"    {entry}{end}" for entry in listed), *lines[stop:]])
    indent = re.match(r"\s*", lines[places[0]]).group() if places else "    "  # type: ignore[union-attr]
    place = insertion(group.entries, requirement)
    at = places[place] if place < len(places) else (places[-1] + 1 if places else start + 1)
    before = lines[:at]
    if before and not before[-1].endswith("\n"):
        before[-1] += end
    return "".join([*before, f"{indent}{requirement}{end}", *lines[at:]])


def _find(lines: list[str], section: str, key: str) -> int:
    """Return the number of the line on which a key of a section stands."""
    inside = False
    for number, line in enumerate(lines):
        if line.startswith("["):
            inside = line.strip().startswith(f"[{section}]")
        elif inside and re.match(rf"{re.escape(key)}\s*=", line, re.IGNORECASE):
            return number
    raise ValueError(f"setup.cfg has no line for '{key}' in [{section}]")
