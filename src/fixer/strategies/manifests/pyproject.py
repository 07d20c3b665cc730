"""Requirements in `pyproject.toml`: `[project]`, its extras, `[dependency-groups]` (PEP 735) and poetry's tables."""

from typing import Any

import tomlkit
from tomlkit.items import Array, InlineTable, Table

from fixer.strategies.manifests.base import Group, Use, insertion, use_of

PROJECT, EXTRA, DEPENDENCY_GROUP, POETRY, POETRY_GROUP, POETRY_DEV = (
    "project", "extra", "dependency-group", "poetry", "poetry-group", "poetry-dev",
)  # fmt: skip


def read(path: str, text: str) -> list[Group]:
    """List the groups of a `pyproject.toml`.

    Raises:
        ValueError: it is not TOML, or a list holds something else than requirements.
    """
    document = tomlkit.parse(text).unwrap()
    project = document.get("project", {})
    groups = []
    if project and "dependencies" not in project.get("dynamic", []):
        groups.append(Group(path, "", Use.RUNTIME, _strings(project.get("dependencies", [])), PROJECT))
    for name, entries in project.get("optional-dependencies", {}).items():
        groups.append(Group(path, name, use_of(name), _strings(entries), EXTRA))
    for name, entries in document.get("dependency-groups", {}).items():
        groups.append(Group(path, name, use_of(name), _strings(entries), DEPENDENCY_GROUP))
    poetry = document.get("tool", {}).get("poetry", {})
    if "dependencies" in poetry:
        groups.append(Group(path, "", Use.RUNTIME, _pairs(poetry["dependencies"]), POETRY))
    for name, group in poetry.get("group", {}).items():
        groups.append(Group(path, name, use_of(name), _pairs(group.get("dependencies", {})), POETRY_GROUP))
    if "dev-dependencies" in poetry:
        groups.append(Group(path, "dev", Use.DEVELOPMENT, _pairs(poetry["dev-dependencies"]), POETRY_DEV))
    return groups


def _strings(entries: list[Any]) -> tuple[str, ...]:
    # `{include-group = "…"}` is no requirement.
    return tuple(entry for entry in entries if isinstance(entry, str))


def _pairs(table: dict[str, Any]) -> tuple[str, ...]:
    return tuple(f"{name}{value if isinstance(value, str) else ''}" for name, value in table.items())


def add(text: str, group: Group, requirement: str) -> str:
    """Return the text with `requirement` (a name and perhaps a bound) in `group`; everything else stays."""
    document = tomlkit.parse(text)
    if group.table in {POETRY, POETRY_GROUP, POETRY_DEV}:
        add_to_table(_poetry_table(document, group), requirement)
    else:
        _add_to_array(_array(document, group), requirement)
    return tomlkit.dumps(document)


def _array(document: Any, group: Group) -> Any:
    if group.table == PROJECT:
        return document["project"].setdefault("dependencies", tomlkit.array())
    holder = document["project"]["optional-dependencies"] if group.table == EXTRA else document["dependency-groups"]
    return holder[group.name]


def _poetry_table(document: Any, group: Group) -> Any:
    poetry = document["tool"]["poetry"]
    if group.table == POETRY_GROUP:
        return poetry["group"][group.name].setdefault("dependencies", tomlkit.table())
    return poetry["dependencies" if group.table == POETRY else "dev-dependencies"]


def _add_to_array(array: Array, requirement: str) -> None:
    entries = [entry if isinstance(entry, str) else "" for entry in array.unwrap()]
    place = insertion(entries, requirement)
    if place < len(entries):
        array.insert(place, requirement)
    elif "\n" in array.as_string():
        array.add_line(requirement, indent=_indent(array.as_string()), newline=True)
    else:
        array.append(requirement)


def _indent(text: str) -> str:
    line = next((line for line in text.split("\n")[1:] if line.strip(" \t],")), "    ")
    return line[: len(line) - len(line.lstrip())] or "    "


def add_to_table(table: Table | InlineTable, requirement: str) -> None:
    """Put a requirement into a table of name = constraint, in its place where the names are sorted."""
    name = requirement
    for mark in ("===", "==", "~=", ">=", "^"):
        name = name.split(mark)[0]
    constraint = requirement[len(name) :] or "*"
    # Python itself stands first in poetry's table, whatever the order of the others.
    others = [key for key in table if key != "python"]
    place = insertion(others, name)
    later = {key: table[key] for key in others[place:]}
    for key in later:
        table.remove(key)
    table.add(name, constraint)
    for key, value in later.items():
        table.add(key, value)
