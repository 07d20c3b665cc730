"""Source whose objects lie about being equal, true or small."""

import ast
from collections.abc import Iterator

from fixer.verification.change import Change
from fixer.verification.python_source import Suspect, dotted, new_constructs, python_files
from fixer.verification.tampering.base import Finding

RULE = "comparison"
_COMPARING = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__", "__instancecheck__",
              "__subclasscheck__", "__bool__", "__len__", "__hash__", "__subclasshook__", "__class__", "__cmp__",
              "__req__"}  # fmt: skip
_TWO_SIDED = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__instancecheck__", "__subclasscheck__"}
_VALUES = {"str", "int", "float", "bool", "list", "dict", "tuple", "set", "frozenset", "bytes", "complex"}
_WIDEST = 0.001
"""The largest literal tolerance of a comparison of floats that is no loophole."""
_TYPE_CHECKS = {"isinstance", "type", "issubclass", "hasattr", "len", "id", "callable", "bool"}


def findings(change: Change) -> Iterator[Finding]:
    """Yield new comparison methods that do not compare."""
    for path, line, why in new_constructs(python_files(change, tests=False), _suspects):
        yield Finding(RULE, path, line, why)


def _suspects(tree: ast.Module) -> Iterator[Suspect]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            builtin = next((dotted(base) for base in node.bases if dotted(base) in _VALUES), "")
            for name, value in _defined(node):
                yield from _judged(node, name, value, builtin)
        elif isinstance(node, ast.Call) and dotted(node.func) == "type" and len(node.args) == 3:
            words = {inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant)}
            if words & _COMPARING:
                yield Suspect(node, "a class made on the fly brings its own comparison")
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in _COMPARING:
                    yield Suspect(node, f"`{ast.unparse(target)}` is set from outside of its class")
        elif isinstance(node, ast.keyword) and node.arg in {"eq", "compare", "cmp"}:
            if isinstance(node.value, ast.Constant) and node.value.value is False:
                yield Suspect(node, f"`{node.arg}=False` leaves something out of the comparison")
        elif isinstance(node, ast.Attribute) and dotted(node) in {"mock.ANY", "unittest.mock.ANY"}:
            yield Suspect(node, "mock.ANY is equal to everything")


def _defined(node: ast.ClassDef) -> Iterator[tuple[str, ast.AST]]:
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement.name, statement
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                yield dotted(target), statement.value


def _judged(node: ast.ClassDef, name: str, value: ast.AST, builtin: str) -> Iterator[Suspect]:
    if name not in _COMPARING:
        return
    if name == "__class__":
        yield Suspect(value, f"{node.name} says that it is of another class")
    elif builtin and name in _TWO_SIDED:
        why = f"{node.name} is a {builtin} that overrides {name}: it compares as it likes"
        yield Suspect(value, why, key=f"{node.name}.{name}")
    if isinstance(value, ast.FunctionDef) and name in _TWO_SIDED | {"__contains__"}:
        if why := _why_not_comparing(value):
            yield Suspect(value, f"{node.name}.{name} {why}")
    elif name in _TWO_SIDED or isinstance(value, ast.Lambda):
        yield Suspect(value, f"{node.name}.{name} is made on the fly, not a comparison")


def _why_not_comparing(method: ast.FunctionDef) -> str:
    """Return why a comparison method does not compare; empty where it does.

    One that compares says False or NotImplemented to strangers, and otherwise something computed of both sides.
    """
    arguments = [argument.arg for argument in method.args.args]
    if len(arguments) < 2:
        return "does not take the other side"
    returns = [node.value for node in ast.walk(method) if isinstance(node, ast.Return)]
    if any(isinstance(value, ast.Constant) and value.value is True for value in returns) and not any(
        _computed(value, arguments[1]) for value in returns
    ):
        return "says True without comparing"
    if not any(_computed(value, arguments[1]) for value in [*returns, *_tests(method)]):
        return "never looks at the other side's value"
    return next((why for value in returns if value for why in _loopholes(value)), "")


def _loopholes(value: ast.expr) -> Iterator[str]:
    """Yield the parts of a comparison that let unequal things through: `or` with a literal, a wide tolerance."""
    for node in ast.walk(value):
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            for part in node.values:
                if any(isinstance(inner, ast.Constant) and inner.value is not None for inner in ast.walk(part)):
                    yield f"lets `{ast.unparse(part)}` count as equal"
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Lt | ast.LtE | ast.NotEq):
            limit = node.comparators[0]
            if "abs(" in ast.unparse(node.left) and isinstance(limit, ast.Constant) and _is_wide(limit.value):
                yield f"takes values for equal that are up to {ast.unparse(limit)} apart"


def _is_wide(limit: object) -> bool:
    return isinstance(limit, int | float) and limit > _WIDEST


def _tests(method: ast.FunctionDef) -> list[ast.expr]:
    return [node.test for node in ast.walk(method) if isinstance(node, ast.If | ast.IfExp | ast.While)]


def _computed(value: ast.expr | None, other: str) -> bool:
    """Whether an expression depends on the other side by more than its type."""
    if value is None:
        return False
    if isinstance(value, ast.Call) and dotted(value.func) in _TYPE_CHECKS:
        return False
    if isinstance(value, ast.UnaryOp):
        return _computed(value.operand, other)
    if isinstance(value, ast.Name):
        return value.id == other
    return any(_computed(child, other) for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr))
