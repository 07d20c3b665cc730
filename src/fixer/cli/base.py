"""What a module of this folder defines to be a command, and how commands talk: results on stdout, talk on stderr."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fixer.errors import ConfigError
from fixer.terminal import clean, clean_line, stdout_console, untrusted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fixer.input.config import Loaded

PANELS = ("Repair", "Look", "Set up", "Operate")
"""Groups of `fixer --help`, in their order."""
_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"


class Command(Protocol):
    """What each module defines at its top level; app.py finds it by listing the folder."""

    COMMAND: str
    """The word that the user types."""
    PANEL: str
    """One of `PANELS`."""
    ORDER: int
    """Place within its panel."""

    @property
    def command(self) -> Callable[..., int | None]:
        """A typer function: its docstring is the help, what it returns is the exit code (None: 0)."""
        ...


def print_result(text: str) -> None:
    """Write a command's result to stdout, cleaned of control codes."""
    sys.stdout.write(clean(text).rstrip("\n") + "\n")
    # What is said afterwards on stderr stands below it in a file that takes both.
    sys.stdout.flush()


def print_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table to stdout: folded to the screen in a terminal, padded columns with nothing cut off elsewhere."""
    lines = [tuple(clean_line(cell) for cell in row) for row in (titles, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(titles))]
    if not sys.stdout.isatty():
        for line in lines:
            sys.stdout.write("  ".join(f"{c:<{w}}" for c, w in zip(line, widths, strict=True)).rstrip() + "\n")
        return
    from rich.table import Table  # noqa: PLC0415 - only where there is a terminal

    table = Table(box=None, pad_edge=False)
    for title, width in zip(lines[0], widths, strict=True):
        table.add_column(title, overflow="fold", min_width=min(width, 12))
    for line in lines[1:]:
        table.add_row(*(untrusted(cell) for cell in line))
    stdout_console().print(table)


def print_json(value: Mapping[str, object]) -> None:
    """Write a result as JSON to stdout, with the version of its keys; `value` is what `json` takes."""
    from fixer.schema.base import SCHEMA_VERSION  # noqa: PLC0415 - pydantic costs what --help must not pay

    sys.stdout.write(json.dumps({"schema_version": SCHEMA_VERSION, **value}, indent=2, ensure_ascii=True) + "\n")


def say(text: str) -> None:
    """Tell the user something that is not the result: on stderr, cleaned of control codes."""
    sys.stderr.write(clean(text).rstrip("\n") + "\n")
    sys.stderr.flush()


def named_workspace(name: str) -> str:
    """Return the name after `--workspace-id` as records are read: without white space around it.

    Raises:
        ConfigError: it is empty, as a variable of a script that was not set, or no text in UTF-8.
    """
    if name.strip() and name.isprintable():
        return name.strip()
    what = f"{name!r} is no name of a workspace" if name.strip() else "--workspace-id takes a name, and it is empty"
    raise ConfigError(what, "the name that the records or the workspace file say; without one it is 'default'")


def loaded_settings(folder: Path) -> "Loaded":
    """Return the settings in force; those that do not count in a repository's file are told on stderr.

    Raises:
        FixerError: see `load_settings`.
    """
    from fixer.input.config import load_settings  # noqa: PLC0415 - pydantic costs what --help must not pay

    loaded = load_settings(folder, os.environ, {})
    for warning in loaded.warnings:
        say(f"warning: {warning}")
    return loaded


@contextlib.contextmanager
def without_plugins() -> "Iterator[None]":
    """Make fixer's own types without a look at what every installed package offers pydantic as plugins.

    That takes longer than to make the types, and fixer wants none of them. The variable is pydantic's own
    (https://docs.pydantic.dev/latest/concepts/plugins/). Processes inherit it: not for commands that run a project's.
    """
    before = os.environ.get(_PLUGINS)
    os.environ[_PLUGINS] = "__all__"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_PLUGINS]
        else:
            os.environ[_PLUGINS] = before


def may_have_settings(folder: Path) -> bool:
    """Whether a file or a variable could set anything: to read settings costs more than a small command."""
    return any(name.startswith("FIXER_") for name in os.environ) or any(
        _speaks_of_fixer(folder / name) for name in ("fixer.toml", "pyproject.toml")
    )


def warn_of_settings(folder: Path) -> None:
    """Tell what `loaded_settings` tells, in a command that needs no setting: a broken file does not stop it."""
    if not may_have_settings(folder):
        return
    try:
        loaded_settings(folder)
    except ConfigError as error:
        say(f"warning: the settings could not be read: {error.message}")


def _speaks_of_fixer(path: Path) -> bool:
    try:
        return path.is_file() and (path.name == "fixer.toml" or b"fixer" in path.read_bytes())
    except OSError:
        # Whoever needs the settings says so, with the reason.
        return True


def project_folder(repo: Path | None) -> Path:
    """Return the top folder of the project: of the git repository around `repo` (None: the current folder).

    Where there is no repository it is the folder itself: commands that need one say so.

    Raises:
        ConfigError: `repo` is not a folder.
    """
    start = (repo or Path.cwd()).absolute()
    if not start.is_dir():
        raise ConfigError(f"{start} is not a folder", "name the project's folder: --repo PATH")
    try:
        return next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), start)
    except OSError as error:
        raise ConfigError(
            f"{start} could not be looked at: {error.strerror}", f"check its rights: ls -ld {start}"
        ) from error


def option_for_repo(root: Path) -> str:
    """Return what a command that the user is told to type needs to reach the project `root` from here."""
    import shlex  # noqa: PLC0415 - only for hints

    return "" if project_folder(None) == root else f" --repo {shlex.quote(str(root))}"
