"""What is defined where: modules go in; their names, classes with members and functions come out."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fixer.strategies.codebase.project import Codebase, Module
from fixer.strategies.codebase.scopes import Scope, parameters


@dataclass(frozen=True, eq=False)
class Symbol:
    """A name that exists."""

    name: str
    module: Module
    line: int
    imported: bool = False
    """Whether the module only imports it."""


@dataclass(frozen=True, eq=False)
class ClassSymbol:
    """A class of the project."""

    module: Module
    node: ast.ClassDef

    @property
    def name(self) -> str:
        """Its name without the module's."""
        return self.node.name

    @cached_property
    def members(self) -> dict[str, int]:
        """Names that its own body defines (on the class, or on `self`), each with its line."""
        found: dict[str, int] = {}
        for statement in self.node.body:
            for name, line in _bound_by(statement):
                found.setdefault(name, line)
        for node in ast.walk(self.node):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Store)
                and isinstance(node.value, ast.Name)
                and node.value.id in {"self", "cls"}
            ):
                found.setdefault(node.attr, node.lineno)
        return found

    @property
    def fields(self) -> tuple[str, ...]:
        """The annotated names of its body: the constructor's parameters of a dataclass or NamedTuple."""
        return tuple(
            s.target.id for s in self.node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
        )


@dataclass(frozen=True, eq=False)
class FunctionSymbol:
    """A function or method of the project."""

    module: Module
    node: ast.FunctionDef | ast.AsyncFunctionDef
    owner: ClassSymbol | None

    @property
    def parameters(self) -> list[str]:
        """Names that may be given by keyword."""
        args = self.node.args
        named = [arg.arg for arg in (*args.args, *args.kwonlyargs)]
        return named[1:] if self.owner and named[:1] in (["self"], ["cls"]) else named

    def scope(self) -> Scope | None:
        """The scope of its body."""
        uses = self.module.bindings.names
        return next((use.scope for use in uses if use.scope.node is self.node), None)


class Symbols:
    """Every definition of a codebase."""

    def __init__(self, codebase: Codebase) -> None:
        """Bind to a codebase; files are parsed when asked for."""
        self.codebase = codebase

    def of_module(self, module: Module, seen: frozenset[str] = frozenset()) -> dict[str, Symbol]:
        """Return the top-level names of a module: own, imported, by star, and a package's submodules."""
        found: dict[str, Symbol] = {}
        for name, uses in module.bindings.module.bound.items():
            imported = all(use.kind == "import" for use in uses)
            found[name] = Symbol(name, module, getattr(uses[0].node, "lineno", 1), imported)
        for star in module.bindings.star_imports:
            source = self.codebase.by_name.get(module.target(star))
            if source is not None and source.path not in seen:
                inner = self.of_module(source, seen | {module.path})
                for name, symbol in inner.items():
                    if not name.startswith("_"):
                        found.setdefault(name, symbol)
        for name, inside in self.codebase.submodules(module).items():
            found.setdefault(name, Symbol(name, inside, 1))
        return found

    def defining(self, name: str) -> list[Symbol]:
        """Return the changeable modules' own top-level definitions of `name`."""
        found = []
        for module in self.codebase.mentioning(name):
            uses = module.bindings.module.bound.get(name, [])
            own = [use for use in uses if use.kind != "import"]
            if own:
                found.append(Symbol(name, module, getattr(own[0].node, "lineno", 1)))
        return found

    @cached_property
    def classes(self) -> list[ClassSymbol]:
        """Every class, nested ones included."""
        return [
            ClassSymbol(module, node)
            for module in self.codebase.modules
            if module.mentions("class")
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef)
        ]

    @cached_property
    def functions(self) -> list[FunctionSymbol]:
        """Every function and method."""
        found = []
        for module in self.codebase.modules:
            owners = {
                id(child): ClassSymbol(module, node)
                for node in ast.walk(module.tree)
                if isinstance(node, ast.ClassDef)
                for child in node.body
            }
            found += [
                FunctionSymbol(module, node, owners.get(id(node)))
                for node in ast.walk(module.tree)
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            ]
        return found

    def classes_named(self, name: str) -> list[ClassSymbol]:
        """Return the classes that a message means by a possibly dotted name."""
        last = name.rpartition(".")[2]
        return [symbol for symbol in self.classes if symbol.name == last]

    def bases(self, symbol: ClassSymbol) -> list[ClassSymbol]:
        """Return the classes of the project that it inherits from, nearest first, all levels."""
        found: list[ClassSymbol] = []
        queue = [symbol]
        while queue:
            current = queue.pop(0)
            for base in current.node.bases:
                name = ast.unparse(base).partition("[")[0].rpartition(".")[2]
                new = [c for c in self.classes_named(name) if c not in found and c is not symbol]
                found += new
                queue += new
        return found

    def family(self, symbol: ClassSymbol) -> list[ClassSymbol]:
        """Return the class, its bases and everything that inherits from any of them."""
        found = [symbol, *self.bases(symbol)]
        names = {c.name for c in found}
        found += [c for c in self.classes if c not in found and names & {b.name for b in self.bases(c)}]
        return found

    def members(self, symbol: ClassSymbol) -> dict[str, tuple[ClassSymbol, int]]:
        """Return every member of a class and its bases, with the class and line that define it."""
        found: dict[str, tuple[ClassSymbol, int]] = {}
        for owner in (symbol, *self.bases(symbol)):
            for name, line in owner.members.items():
                found.setdefault(name, (owner, line))
        return found

    def defines_attribute(self, name: str) -> bool:
        """Whether anything in the project, tests included, could be meant by `.name`."""
        return any(name in symbol.members for symbol in self.classes) or any(
            name in module.bindings.module.bound for module in self.codebase.modules if module.mentions(name)
        )


def _bound_by(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    """Yield what a statement of a class body binds."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name, statement.lineno
    elif isinstance(statement, (ast.If, ast.Try, ast.With)):
        for inner in ast.iter_child_nodes(statement):
            if isinstance(inner, ast.stmt):
                yield from _bound_by(inner)
    else:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, node.lineno
            elif isinstance(node, ast.alias):
                yield node.asname or node.name, node.lineno


def unused_parameters(function: FunctionSymbol) -> list[str]:
    """Return parameters that the body never reads: after a half-done rename, the new name is one of them."""
    read = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
    return [arg.arg for arg in parameters(function.node.args) if arg.arg not in read and arg.arg not in {"self", "cls"}]
