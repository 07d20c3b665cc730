"""Name binding of one module: an AST goes in, every occurrence of a name with its scope comes out."""

import ast
import builtins
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

ScopeKind = Literal["module", "class", "function", "comprehension"]
PREDEFINED = frozenset(dir(builtins)) | {
    "__file__", "__name__", "__path__", "__doc__", "__spec__", "__package__", "__loader__", "__annotations__",
    "__builtins__", "__class__", "__module__", "__qualname__", "WindowsError",
}  # fmt: skip


@dataclass(eq=False)
class Scope:
    """A block in which names are bound."""

    kind: ScopeKind
    node: ast.AST
    parent: "Scope | None"
    bound: dict[str, list["Occurrence"]] = field(default_factory=dict)
    outer: dict[str, "Scope"] = field(default_factory=dict)
    """Names declared global or nonlocal here, with the scope they mean."""

    @property
    def module(self) -> "Scope":
        """The scope of the whole module."""
        return self if self.parent is None else self.parent.module

    def chain(self) -> Iterator["Scope"]:
        """Yield the scopes that a name is looked up in, innermost first: classes only count from their own block."""
        yield self
        scope = self.parent
        while scope is not None:
            if scope.kind != "class":
                yield scope
            scope = scope.parent

    def resolve(self, name: str) -> "Scope | None":
        """Return the scope that binds `name` as seen from here; None where none of the module does."""
        for scope in self.chain():
            if name in scope.outer:
                target = scope.outer[name]
                return target if name in target.bound else None
            if name in scope.bound:
                return scope
        return None

    def enclosing_class(self) -> ast.ClassDef | None:
        """Return the innermost class around this scope."""
        scope: Scope | None = self
        while scope is not None:
            if isinstance(scope.node, ast.ClassDef):
                return scope.node
            scope = scope.parent
        return None


@dataclass(frozen=True, eq=False)
class Occurrence:
    """One place where a name stands by itself: a use, or something that binds it."""

    name: str
    node: ast.AST
    scope: Scope
    kind: str
    """load, store, def, class, arg, import, except, global, match."""
    joined: ast.JoinedStr | None = None
    """The f-string around it: before Python 3.12, positions inside of one are not to be trusted."""
    guarded: bool = False
    """Inside of a `try` that expects the name to be missing."""
    annotation: bool = False


@dataclass(frozen=True, eq=False)
class AttributeUse:
    """`base.attr` somewhere."""

    node: ast.Attribute
    scope: Scope
    joined: ast.JoinedStr | None


@dataclass(frozen=True, eq=False)
class CallUse:
    """A call somewhere."""

    node: ast.Call
    scope: Scope


@dataclass(eq=False)
class Bindings:
    """What one walk over a module found."""

    module: Scope
    names: list[Occurrence] = field(default_factory=list)
    attributes: list[AttributeUse] = field(default_factory=list)
    calls: list[CallUse] = field(default_factory=list)
    star_imports: list[ast.ImportFrom] = field(default_factory=list)

    @cached_property
    def by_name(self) -> dict[str, list[Occurrence]]:
        """Every occurrence under its name; to be asked for once the walk is over."""
        found: dict[str, list[Occurrence]] = {}
        for use in self.names:
            found.setdefault(use.name, []).append(use)
        return found

    def undefined(self) -> list[Occurrence]:
        """Return the uses of names that nothing in the module binds and Python does not predefine."""
        return [
            use
            for use in self.names
            if use.kind == "load" and use.name not in PREDEFINED and use.scope.resolve(use.name) is None
        ]

    def of(self, name: str, scope: Scope) -> list[Occurrence]:
        """Return every occurrence of the `name` that `scope` binds."""
        return [use for use in self.by_name.get(name, ()) if use.scope.resolve(name) is scope]


def read_bindings(tree: ast.Module) -> Bindings:
    """Walk a module once."""
    walk = _Walk(tree)
    for statement in tree.body:
        walk.visit(statement)
    return walk.found


class _Walk(ast.NodeVisitor):
    def __init__(self, tree: ast.Module) -> None:
        self.scope = Scope("module", tree, None)
        self.found = Bindings(self.scope)
        self.joined: ast.JoinedStr | None = None
        self.guarded = False
        self.annotation = False

    def _add(self, name: str, node: ast.AST, kind: str) -> None:
        use = Occurrence(name, node, self.scope, kind, self.joined, self.guarded, self.annotation)
        self.found.names.append(use)
        if kind not in {"load", "global"}:
            target = self.scope.outer.get(name, self.scope)
            target.bound.setdefault(name, []).append(use)

    def _all(self, nodes: Sequence[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _in(self, kind: ScopeKind, node: ast.AST, parts: Sequence[ast.AST]) -> None:
        before, self.scope = self.scope, Scope(kind, node, self.scope)
        self._all(parts)
        self.scope = before

    def _annotated(self, node: ast.AST | None) -> None:
        before, self.annotation = self.annotation, True
        self._all([node])
        self.annotation = before

    def visit_Name(self, node: ast.Name) -> None:
        self._add(node.id, node, "load" if isinstance(node.ctx, ast.Load) else "store")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.found.attributes.append(AttributeUse(node, self.scope, self.joined))
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        self.found.calls.append(CallUse(node, self.scope))
        self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        before, self.joined = self.joined, self.joined or node
        self.generic_visit(node)
        self.joined = before

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._all(node.decorator_list)
        self._add(node.name, node, "def")
        self._arguments(node.args)
        self._annotated(node.returns)
        before, self.scope = self.scope, Scope("function", node, self.scope)
        self._bind_arguments(node.args)
        self._all(node.body)
        self.scope = before

    visit_FunctionDef = _function  # noqa: N815
    visit_AsyncFunctionDef = _function  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._arguments(node.args)
        before, self.scope = self.scope, Scope("function", node, self.scope)
        self._bind_arguments(node.args)
        self.visit(node.body)
        self.scope = before

    def _arguments(self, args: ast.arguments) -> None:
        self._all([*args.defaults, *args.kw_defaults])
        for arg in parameters(args):
            self._annotated(arg.annotation)

    def _bind_arguments(self, args: ast.arguments) -> None:
        for arg in parameters(args):
            self._add(arg.arg, arg, "arg")

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._all([*node.decorator_list, *node.bases, *node.keywords])
        self._add(node.name, node, "class")
        self._in("class", node, node.body)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        first = node.generators[0]
        self.visit(first.iter)
        inner: list[ast.AST] = [first.target, *first.ifs]
        for generator in node.generators[1:]:
            inner += [generator.iter, generator.target, *generator.ifs]
        inner += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._in("comprehension", node, inner)

    visit_ListComp = _comprehension  # noqa: N815
    visit_SetComp = _comprehension  # noqa: N815
    visit_GeneratorExp = _comprehension  # noqa: N815
    visit_DictComp = _comprehension  # noqa: N815

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        before = self.scope
        while self.scope.kind == "comprehension" and self.scope.parent is not None:
            self.scope = self.scope.parent
        self.visit(node.target)
        self.scope = before

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._annotated(node.annotation)
        self._all([node.value, node.target])

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(alias.asname or alias.name.split(".")[0], alias, "import")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.found.star_imports.append(node)
            else:
                self._add(alias.asname or alias.name, alias, "import")

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._all([node.type])
        if node.name:
            self._add(node.name, node, "except")
        self._all(node.body)

    def visit_Try(self, node: ast.Try) -> None:
        before = self.guarded
        self.guarded = before or any(_expects_missing_name(handler) for handler in node.handlers)
        self._all(node.body)
        self.guarded = before
        self._all([*node.handlers, *node.orelse, *node.finalbody])

    def visit_Global(self, node: ast.Global) -> None:
        for name in node.names:
            self.scope.outer[name] = self.scope.module
            self._add(name, node, "global")

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        for name in node.names:
            owner = self.scope.parent.resolve(name) if self.scope.parent else None
            if owner is not None:
                self.scope.outer[name] = owner
            self._add(name, node, "global")

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self._all([node.pattern])
        if node.name:
            self._add(node.name, node, "match")

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._add(node.name, node, "match")


def parameters(args: ast.arguments) -> list[ast.arg]:
    """Return every parameter in the order of the signature."""
    found = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    return [arg for arg in found if arg is not None]


def _expects_missing_name(handler: ast.ExceptHandler) -> bool:
    named = ast.unparse(handler.type) if handler.type else "Exception"
    return any(word in named for word in ("NameError", "Exception"))
