"""Takes files, environment and options, and returns the settings of a run with the place each value came from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args, get_origin

from pydantic import BaseModel, JsonValue
from pydantic.fields import FieldInfo

from fixer.errors import ConfigError
from fixer.input.problems import InputError, Position, Problem, decode, nearest, position_of, problem_at
from fixer.input.setting_values import nested, takes, wrong
from fixer.input.toml_text import Document, TomlSyntaxError, read
from fixer.input.trust import SERVER, trusted, without_strange_server
from fixer.schema.settings import FREE_NAME, Settings

FILE = "fixer.toml"
PYPROJECT = "pyproject.toml"
PREFIX = "FIXER_"
MAX_BYTES = 1024 * 1024
HINT = "`fixer schema config` prints every key; `fixer config` shows what is in force and where it comes from"
_TRUE = {"true", "1", "yes", "on"}
_FALSE = {"false", "0", "no", "off"}


@dataclass(frozen=True)
class Loaded:
    """The settings in force."""

    settings: Settings
    origins: dict[str, str]
    """Dotted key -> `default`, `FILE:LINE`, the variable's name, or `option`."""
    warnings: tuple[str, ...] = ()
    """What the user should know, such as a variable that looks like a setting and is none."""


@dataclass
class _Layers:
    """Values by dotted key, later layers over earlier ones."""

    values: dict[str, JsonValue] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    repository: Path = Path()
    untrusted: dict[str, str] = field(default_factory=dict)
    """Dotted key -> what to tell about a value in the file that does not count, or not as a whole."""

    def put(self, key: str, value: JsonValue, origin: str) -> None:
        self.values[key] = value
        self.origins[key] = origin


def load_settings(repository: Path, env: Mapping[str, str], options: Mapping[str, JsonValue]) -> Loaded:
    """Return the settings: defaults, then `fixer.toml` or `[tool.fixer]`, then `FIXER_*`, then options.

    Args:
        repository: folder of the file.
        env: the environment.
        options: dotted key -> value, of the command line; None means that the option was not given.

    Raises:
        InputError: with every problem in the file and the environment.
        ConfigError: both files have settings, or a file cannot be read.
    """
    layers = _Layers(origins=dict.fromkeys(known_keys(), "default"), repository=repository)
    _read_file(repository, layers)
    _read_environment(env, layers)
    _read_options(options, layers)
    if layers.problems:
        raise InputError(layers.problems, HINT)
    # Who has exported it need not be told to.
    untrusted = [told for key, told in layers.untrusted.items() if _is_of_file(layers.origins.get(key, "default"))]
    layers.warnings[:0] = untrusted
    values, told = without_strange_server(layers.values, layers.origins, env, variable_of(SERVER))
    if told:
        layers.warnings.append(told)
        # What is in force instead was decided because of that line.
        changed = [key for key in ("model.kind", SERVER) if values.get(key) != layers.values.get(key)]
        layers.origins.update(dict.fromkeys(changed, layers.origins[SERVER]))
    return Loaded(Settings.model_validate_json(nested(values)), layers.origins, tuple(layers.warnings))


def _is_of_file(origin: str) -> bool:
    return origin == "default" or ":" in origin


def known_keys() -> dict[str, FieldInfo]:
    """Return every setting by its dotted key; those of free tables, which have no fixed keys, aside."""
    return dict(_leaves(Settings, ""))


def free_tables() -> dict[str, type[BaseModel]]:
    """Return the tables whose keys are names that users choose, and what each of them holds."""
    return {
        name: get_args(info.annotation)[1]
        for name, info in Settings.model_fields.items()
        if get_origin(info.annotation) is dict
    }


def _setting_of(key: str) -> FieldInfo | None:
    """Return the setting of a dotted key, of a free table too; None where there is none."""
    table, _, rest = key.partition(".")
    if table in free_tables():
        return free_tables()[table].model_fields.get(rest.partition(".")[2])
    return known_keys().get(key)


def _required(key: str) -> FieldInfo:
    info = _setting_of(key)
    assert info is not None, key
    return info


def variable_of(key: str) -> str:
    """Return the environment variable of a dotted key: `budget.total` is `FIXER_BUDGET_TOTAL`."""
    return PREFIX + key.replace(".", "_").upper()


def _leaves(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from _leaves(info.annotation, f"{prefix}{name}.")
        elif get_origin(info.annotation) is not dict:
            yield f"{prefix}{name}", info


def _read_file(repository: Path, layers: _Layers) -> None:
    own, project = repository / FILE, repository / PYPROJECT
    data = _load(own)
    if data is not None:
        _take_table(decode(data, FILE, HINT), FILE, (), layers)
    data = _load(project)
    # A broken pyproject.toml may be the very failure to mend: it only matters where it holds settings of fixer.
    if data is None or b"tool" not in data or b"fixer" not in data:
        return
    text = decode(data, PYPROJECT, HINT) if b"tool.fixer" in data else data.decode("utf-8", "replace")
    before = dict(layers.values)
    found = _take_table(text, PYPROJECT, ("tool", "fixer"), layers)
    if found and own.exists():
        layers.values = before
        raise ConfigError(
            f"both {FILE} and [tool.fixer] in {PYPROJECT} hold settings (in {repository})",
            "keep them in one of the two",
        )


def _load(path: Path) -> bytes | None:
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path} could not be read: {error}", "check its rights: ls -l") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path} is larger than {MAX_BYTES // 1024} KiB", "make it smaller, or move it away")
    return data


def _take_table(text: str, file: str, table: tuple[str, ...], layers: _Layers) -> bool:
    """Put the values of one table of a TOML text into `layers`; say whether the table is there."""
    try:
        document = read(text)
    except TomlSyntaxError as error:
        if not table or "tool.fixer" in text:
            layers.problems.append(problem_at(text, file, error.offset, error.message, "TOML: key = value"))
        return False
    values: object = document.values
    for name in table:
        values = values.get(name) if isinstance(values, dict) else None
    if values is None:
        return False
    reader = _TableReader(text, file, table, document, layers)
    reader.take(values, ())
    return True


@dataclass(frozen=True)
class _TableReader:
    text: str
    file: str
    table: tuple[str, ...]
    document: Document
    layers: _Layers

    def take(self, values: object, path: tuple[str, ...]) -> None:
        key = ".".join(path)
        tables = {known.rpartition(".")[0] for known in known_keys()} | free_tables().keys()
        is_named = len(path) == 2 and path[0] in free_tables()
        if is_named and not re.match(FREE_NAME, path[1]):
            self.problem(path, f"'{key}' is no name", "small letters, digits, - and _, a letter first")
        elif key in tables or is_named:
            if not isinstance(values, dict):
                self.problem(path, f"'{key or '.'.join(self.table)}' is a table", f"[{'.'.join((*self.table, *path))}]")
                return
            if is_named and "command" not in values:
                self.problem(path, f"[{key}] has no command", 'command = "..."')
            for name, value in values.items():
                self.take(value, (*path, name))
        elif _setting_of(key) is None:
            self.unknown(path, tables)
        elif not _is_json(values):
            self.problem(path, f"'{key}' is a date or a time", takes(_required(key)))
        else:
            self.put(path, cast("JsonValue", values))

    def put(self, path: tuple[str, ...], value: JsonValue) -> None:
        key = ".".join(path)
        refused = wrong(key, value)
        if refused:
            self.problem(path, refused, takes(_required(key)))
            return
        place = f"{self.file}:{self.position(path).line}"
        counts, told = trusted(key, value, variable_of(key), self.layers.repository)
        if told:
            self.layers.untrusted[key] = f"{place}: {told}"
        if counts is not None:
            self.layers.put(key, counts, place)

    def unknown(self, path: tuple[str, ...], tables: set[str]) -> None:
        named = free_tables().get(path[0]) if len(path) > 2 else None
        own = [".".join((*path[:2], name)) for name in named.model_fields] if named else []
        names = [*known_keys(), *sorted(filter(None, tables)), *own]
        above = ".".join(path[:-1])
        siblings = [name.rpartition(".")[2] for name in names if name.rpartition(".")[0] == above]
        elsewhere = {name.rpartition(".")[2]: name for name in names}
        near = nearest(path[-1], siblings)
        far = elsewhere.get(nearest(path[-1], elsewhere) or "")
        instead = near or (f"{far} (in its own table)" if far else f"one of {', '.join(siblings)}; or remove it")
        self.problem(path, f"'{'.'.join(path)}' is not a setting", instead)

    def problem(self, path: tuple[str, ...], message: str, instead: str) -> None:
        offset = self.document.offsets.get((*self.table, *path), 0)
        self.layers.problems.append(problem_at(self.text, self.file, offset, message, instead))

    def position(self, path: tuple[str, ...]) -> Position:
        return position_of(self.text, self.document.offsets.get((*self.table, *path), 0))


def _is_json(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    if isinstance(value, dict):
        return all(_is_json(item) for item in value.values())
    return isinstance(value, str | int | float | bool)


def _read_environment(env: Mapping[str, str], layers: _Layers) -> None:
    variables = {variable_of(key): key for key in known_keys()}
    for name in sorted(env):
        if not name.startswith(PREFIX) or not env[name]:
            continue
        key = variables.get(name)
        if key is None:
            near = nearest(name.removeprefix(PREFIX), [known.removeprefix(PREFIX) for known in variables])
            if near:
                layers.problems.append(Problem(name, None, "there is no such setting", f"{PREFIX}{near}"))
            else:
                layers.warnings.append(f"{name} is set, but is no setting of fixer")
            continue
        value = _from_text(key, env[name])
        refused = wrong(key, value)
        if refused:
            layers.problems.append(Problem(name, None, f"{refused}, this is {env[name][:60]!r}", takes(_required(key))))
        else:
            layers.put(key, value, name)


def _plain(annotation: object) -> object:
    """Return the type that a value is written as: that of a choice's words, and of what may also be unset."""
    if get_origin(annotation) is Literal:
        return type(get_args(annotation)[0])
    return next((kind for kind in get_args(annotation) if type(None) in get_args(annotation)), annotation)


def _from_text(key: str, text: str) -> JsonValue:
    """Turn a variable's text into what its setting takes; what does not fit stays text and is refused as such."""
    kind = _plain(known_keys()[key].annotation)
    lower = text.strip().lower()
    if kind is str:
        return text
    if kind is bool:
        return lower in _TRUE if lower in _TRUE | _FALSE else text
    if kind in {int, float}:
        try:
            return int(lower) if kind is int else float(lower)
        except ValueError:
            return text
    return [part.strip() for part in text.split(",") if part.strip()]


def _read_options(options: Mapping[str, JsonValue], layers: _Layers) -> None:
    for key, value in options.items():
        if value is None:
            continue
        if key not in known_keys():
            raise KeyError(f"'{key}' is not a setting; the command that passes it is wrong")
        refused = wrong(key, value)
        if refused:
            layers.problems.append(Problem(f"option for {key}", None, refused, takes(_required(key))))
        else:
            layers.put(key, value, "option")
