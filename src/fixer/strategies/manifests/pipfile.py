"""Requirements in a `Pipfile`: `[packages]` and `[dev-packages]`."""

import tomlkit
from tomlkit.items import Table

from fixer.strategies.manifests.base import Group, Use
from fixer.strategies.manifests.pyproject import add_to_table


def read(path: str, text: str) -> list[Group]:
    """List the groups of a `Pipfile`.

    Raises:
        ValueError: it is not TOML.
    """
    document = tomlkit.parse(text).unwrap()
    tables = {"packages": Use.RUNTIME, "dev-packages": Use.DEVELOPMENT}
    return [
        Group(path, name, use, tuple(f"{key}{value if isinstance(value, str) else ''}" for key, value in table.items()))
        for name, use in tables.items()
        if isinstance(table := document.get(name), dict)
    ]


def add(text: str, group: Group, requirement: str) -> str:
    """Return the text with `requirement` in its table, `"*"` where it has no bound."""
    document = tomlkit.parse(text)
    table = document[group.name]
    if not isinstance(table, Table):
        raise ValueError(f"[{group.name}] of {group.path} is not written as a table")  # noqa: TRY004 - data, not a bug
    add_to_table(table, requirement)
    return tomlkit.dumps(document)
