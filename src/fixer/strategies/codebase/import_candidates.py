"""Where an undefined name may come from: a name goes in, import statements come out, the likeliest first."""

import ast
import contextlib
import importlib
import importlib.util
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from fixer.strategies.codebase.import_block import ImportStatement
from fixer.strategies.codebase.import_uses import reference, statement_for
from fixer.strategies.codebase.project import Codebase, Module
from fixer.strategies.codebase.scopes import Occurrence
from fixer.strategies.codebase.symbols import Symbols

HOMES = (
    "collections.abc", "typing", "dataclasses", "pathlib", "functools", "itertools", "collections", "contextlib",
    "enum", "abc", "datetime", "decimal", "fractions", "math", "copy", "operator", "types", "urllib.parse",
    "urllib.request", "io", "os.path", "concurrent.futures", "string", "textwrap", "warnings", "numbers", "inspect",
    "shutil", "subprocess", "tempfile", "uuid", "statistics", "argparse", "html", "importlib", "heapq", "bisect",
    "weakref", "queue", "threading", "unicodedata", "locale", "json", "re", "random", "time", "struct", "base64",
    "hashlib", "secrets", "unittest.mock",
)  # fmt: skip
"""Modules of the standard library whose names are usually imported by `from`; earlier ones win."""
ALIASES = {
    "np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot", "sns": "seaborn", "tf": "tensorflow", "sp": "scipy",
    "dt": "datetime", "ET": "xml.etree.ElementTree", "tk": "tkinter", "mp": "multiprocessing", "xr": "xarray",
    "pl": "polars", "nx": "networkx", "sa": "sqlalchemy", "jnp": "jax.numpy",
}  # fmt: skip
"""Aliases that the libraries' own documentation uses."""


@dataclass(frozen=True)
class Candidate:
    """One import that would define the name."""

    statement: ImportStatement
    reason: str
    sure: bool = True
    """Whether it may be added along with another one without being asked for."""
    target: Module | None = None
    """The module of the project that it imports from."""


@dataclass(frozen=True)
class Shape:
    """How the undefined name is used."""

    attributes: frozenset[str]
    """First attributes taken of it."""
    chains: frozenset[tuple[str, ...]]
    called: bool


def shape_of(module: Module, name: str) -> Shape:
    """Look at every use of an undefined name."""
    uses = {id(use.node) for use in module.bindings.undefined() if use.name == name}
    chains = set()
    for attribute in module.bindings.attributes:
        chain: list[str] = []
        node: ast.expr = attribute.node
        while isinstance(node, ast.Attribute):
            chain.insert(0, node.attr)
            node = node.value
        if id(node) in uses:
            chains.add(tuple(chain))
    called = any(id(call.node.func) in uses for call in module.bindings.calls)
    return Shape(frozenset(chain[0] for chain in chains), frozenset(chains), called)


def candidates(
    codebase: Codebase, symbols: Symbols, module: Module, name: str, installed: Callable[[str], bool]
) -> Iterator[Candidate]:
    """Yield imports that would define `name` in `module`, each once."""
    shape = shape_of(module, name)
    seen: set[ImportStatement] = set()
    for candidate in (
        *_as_elsewhere(codebase, module, name, shape),
        *_type_checking_only(module, name),
        *_defined_here(codebase, symbols, module, name, shape),
        *_own_module(codebase, module, name, shape),
        *_standard_module(name, shape),
        *_standard_name(name, shape),
        *_usual_alias(name, installed),
    ):
        if candidate.statement not in seen:
            seen.add(candidate.statement)
            yield candidate


def _as_elsewhere(codebase: Codebase, module: Module, name: str, shape: Shape) -> Iterator[Candidate]:
    """Import it as other files of the project do."""
    found: Counter[ImportStatement] = Counter()
    example: dict[ImportStatement, tuple[str, Module | None]] = {}
    for other in codebase.modules:
        if other is module or not other.mentions(name):
            continue
        for statement, target in _imports_binding(codebase, other, module, name):
            # What the code itself does says more than what its tests do.
            found[statement] += 1 if other.protected else 3
            example.setdefault(statement, (other.path, target))
    for statement, _ in found.most_common():
        if _fits(statement, shape):
            path, target = example[statement]
            yield Candidate(statement, f"{path} gets it by `{statement.text}`", target=target)


def _imports_binding(
    codebase: Codebase, other: Module, user: Module, name: str
) -> Iterator[tuple[ImportStatement, Module | None]]:
    aliases = {id(use.node) for use in other.bindings.names if use.kind == "import" and use.name == name}
    for node in ast.walk(other.tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            if id(alias) not in aliases:
                continue
            if isinstance(node, ast.Import):
                yield ImportStatement(alias.name, "", alias.asname or ""), codebase.by_name.get(alias.name)
                continue
            target = other.target(node)
            source = codebase.by_name.get(target)
            inner = codebase.by_name.get(f"{target}.{alias.name}")
            if source is user or inner is user or (source and source.protected and not other.protected):
                continue
            if source is None:
                yield ImportStatement(target, alias.name, alias.asname or ""), None
            elif not (source.is_package and user.name.startswith(f"{source.name}.") and inner is None):
                yield statement_for(codebase, user, source, alias.name, alias.asname or ""), source


def _type_checking_only(module: Module, name: str) -> Iterator[Candidate]:
    """An import under `if TYPE_CHECKING:` is not there while the program runs."""
    for node in module.tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for inner in node.body:
                if isinstance(inner, ast.ImportFrom):
                    dots = "." * inner.level + (inner.module or "")
                    for alias in inner.names:
                        if (alias.asname or alias.name) == name:
                            statement = ImportStatement(dots, alias.name, alias.asname or "")
                            yield Candidate(statement, "it is imported for type checkers only")


def _defined_here(codebase: Codebase, symbols: Symbols, module: Module, name: str, shape: Shape) -> Iterator[Candidate]:
    found = [symbol for symbol in symbols.defining(name) if symbol.module is not module]
    found.sort(key=lambda s: (s.module.package != module.package, s.module.path))
    for symbol in found:
        if shape.called and symbol.module.bindings.module.bound[name][0].kind not in {"def", "class", "store"}:
            continue
        statement = statement_for(codebase, module, symbol.module, name)
        reason = f"{symbol.module.path} defines it in line {symbol.line}"
        yield Candidate(statement, reason, sure=len(found) == 1, target=symbol.module)


def _own_module(codebase: Codebase, module: Module, name: str, shape: Shape) -> Iterator[Candidate]:
    """The name is that of a module of the project."""
    if shape.called:
        return
    for other in codebase.sources:
        if other is module or other.name.rpartition(".")[2] != name:
            continue
        if shape.attributes - set(other.bindings.module.bound) and not other.is_package:
            continue
        package = codebase.by_name.get(other.name.rpartition(".")[0])
        if "." not in other.name:
            yield Candidate(ImportStatement(name), f"{other.path} is that module", target=other)
        elif package is not None:
            statement = ImportStatement(reference(codebase, module, package) or ".", name)
            yield Candidate(statement, f"{other.path} is that module", target=other)


def _standard_module(name: str, shape: Shape) -> Iterator[Candidate]:
    from stdlibs import module_names  # noqa: PLC0415 - `--help` must not pay for it

    # `import math as _math`, `import gettext as gettext_module`: ways to keep a module's name free.
    plain = name.lstrip("_").removesuffix("_module")
    if shape.called:
        return
    # `_json` is a module of its own as well: what the uses need decides.
    for module in dict.fromkeys((plain, name)):
        if module in module_names:
            dotted = _dotted(module, shape)
            statement = ImportStatement(dotted) if module == name else ImportStatement(module, "", name)
            if _fits(statement, shape):
                yield Candidate(statement, f"`{dotted}` is a module of the standard library")


def _dotted(name: str, shape: Shape) -> str:
    """Return the longest module that the uses reach into: `concurrent.futures` for `concurrent.futures.wait(...)`."""
    longest = name
    for chain in shape.chains:
        dotted = name
        for part in chain:
            with contextlib.suppress(ImportError, ValueError, AttributeError):
                spec = importlib.util.find_spec(dotted)
                inner = (
                    importlib.util.find_spec(f"{dotted}.{part}") if spec and spec.submodule_search_locations else None
                )
                if inner is not None:
                    dotted = f"{dotted}.{part}"
                    continue
            break
        longest = max(longest, dotted, key=len)
    return longest


def _standard_name(name: str, shape: Shape) -> Iterator[Candidate]:
    for home in HOMES:
        module = standard(home)
        if module is None or name.startswith("_"):
            continue
        public = getattr(module, "__all__", None)
        if name not in public if public is not None else not hasattr(module, name) or _is_module(module, name):
            continue
        statement = ImportStatement(home, name)
        if _fits(statement, shape):
            yield Candidate(statement, f"`{home}` of the standard library has it", sure=len(name) > 2)


def _is_module(module: ModuleType, name: str) -> bool:
    return isinstance(getattr(module, name), ModuleType)


def _usual_alias(name: str, installed: Callable[[str], bool]) -> Iterator[Candidate]:
    module = ALIASES.get(name)
    if module and (standard(module) is not None or installed(module)):
        yield Candidate(ImportStatement(module, "", name), f"`{name}` is the usual alias of `{module}`")


def _fits(statement: ImportStatement, shape: Shape) -> bool:
    """Whether what the standard library gives for this import has what the uses need; true where it cannot be told."""
    module = standard(statement.module)
    if module is None:
        return not (shape.called and not statement.name and not statement.alias)
    if not statement.name:
        module = module if statement.alias else standard(statement.bound) or module
        return not shape.called and all(hasattr(module, a) or _is_submodule(module, a) for a in shape.attributes)
    value = getattr(module, statement.name, None)
    if value is None:
        return _is_submodule(module, statement.name)
    return (not shape.called or callable(value)) and all(hasattr(value, a) for a in shape.attributes)


def _is_submodule(module: ModuleType, name: str) -> bool:
    with contextlib.suppress(ImportError, ValueError, AttributeError):
        return hasattr(module, "__path__") and importlib.util.find_spec(f"{module.__name__}.{name}") is not None
    return False


@cache
def standard(name: str) -> ModuleType | None:
    """Import a module of fixer's own standard library to look at it; None where it is none, or cannot be."""
    top = name.split(".", maxsplit=1)[0]
    if top not in sys.stdlib_module_names or top in {"this", "antigravity", "idlelib", "turtledemo", "test"}:
        return None
    with warnings.catch_warnings(), contextlib.suppress(ImportError):
        warnings.simplefilter("ignore")
        return importlib.import_module(name)
    return None


def undefined(module: Module, name: str | None = None) -> list[Occurrence]:
    """Return uses of undefined names that no `try` expects to be missing."""
    return [use for use in module.bindings.undefined() if not use.guarded and name in {None, use.name}]
