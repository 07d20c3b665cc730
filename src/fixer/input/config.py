"""Takes files, environment and options, and returns the settings of a run with the place each value came from."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic.fields import FieldInfo

from fixer.errors import ConfigError
from fixer.input.problems import InputError, Position, Problem, decode, nearest, position_of, problem_at
from fixer.input.toml_text import Document, TomlSyntaxError, read
from fixer.schema.settings import Settings

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
    layers = _Layers(origins=dict.fromkeys(known_keys(), "default"))
    _read_file(repository, layers)
    _read_environment(env, layers)
    _read_options(options, layers)
    if layers.problems:
        raise InputError(layers.problems, HINT)
    return Loaded(Settings.model_validate_json(_nested(layers.values)), layers.origins, tuple(layers.warnings))


def known_keys() -> dict[str, FieldInfo]:
    """Return every setting by its dotted key."""
    return dict(_leaves(Settings, ""))


def variable_of(key: str) -> str:
    """Return the environment variable of a dotted key: `budget.total` is `FIXER_BUDGET_TOTAL`."""
    return PREFIX + key.replace(".", "_").upper()


def _leaves(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from _leaves(info.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", info


def _nested(values: Mapping[str, JsonValue]) -> str:
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *tables, name = key.split(".")
        place = tree
        for table in tables:
            place = place.setdefault(table, {})
        place[name] = value
    return json.dumps(tree)


def _wrong(key: str, value: JsonValue) -> str | None:
    """Say what is wrong with one value, or None where it is right."""
    if isinstance(value, float) and not math.isfinite(value):
        return f"'{key}' takes a finite number"
    if "\0" in json.dumps(value, ensure_ascii=False) or "\\u0000" in json.dumps(value):
        return f"'{key}' holds a NUL character"
    try:
        Settings.model_validate_json(_nested({key: value}), strict=True)
    except ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"].replace("Input should be", "should be")
        return f"'{key}' {said}"
    if key == "output_dir" and (Path(str(value)).is_absolute() or ".." in Path(str(value)).parts):
        return "'output_dir' leads out of the repository"
    return None


def _takes(key: str) -> str:
    """Say in a few words what a setting takes, with its default."""
    info = known_keys()[key]
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "a string"}
    kind = words.get(info.annotation, "a list of strings") if isinstance(info.annotation, type) else "a list of strings"
    limits = [
        f"{word} {getattr(rule, name)}"
        for rule in info.metadata
        for name, word in (("gt", "above"), ("ge", "at least"), ("le", "at most"))
        if hasattr(rule, name)
    ]
    default = list(info.default) if isinstance(info.default, tuple) else info.default
    return f"{' '.join([kind, ' and '.join(limits)]).strip()} (default: {json.dumps(default)})"


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
        tables = {known.rpartition(".")[0] for known in known_keys()}
        if key in tables:
            if not isinstance(values, dict):
                self.problem(path, f"'{key or '.'.join(self.table)}' is a table", f"[{'.'.join((*self.table, *path))}]")
                return
            for name, value in values.items():
                self.take(value, (*path, name))
        elif key not in known_keys():
            self.unknown(path, tables)
        elif not _is_json(values):
            self.problem(path, f"'{key}' is a date or a time", _takes(key))
        else:
            self.put(path, cast("JsonValue", values))

    def put(self, path: tuple[str, ...], value: JsonValue) -> None:
        key = ".".join(path)
        wrong = _wrong(key, value)
        if wrong:
            self.problem(path, wrong, _takes(key))
        else:
            self.layers.put(key, value, f"{self.file}:{self.position(path).line}")

    def unknown(self, path: tuple[str, ...], tables: set[str]) -> None:
        names = [*known_keys(), *sorted(filter(None, tables))]
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
        wrong = _wrong(key, value)
        if wrong:
            layers.problems.append(Problem(name, None, f"{wrong}, this is {env[name][:60]!r}", _takes(key)))
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
        wrong = _wrong(key, value)
        if wrong:
            layers.problems.append(Problem(f"option for {key}", None, wrong, _takes(key)))
        else:
            layers.put(key, value, "option")
