"""Source that knows the failing test's answer instead of computing it."""

import ast
from collections.abc import Iterator

from fixer.verification.change import Change
from fixer.verification.places import is_python
from fixer.verification.python_source import Suspect, new_constructs, parse, python_files
from fixer.verification.tampering.base import Finding

RULE = "special-cases"
_COMMON: tuple[object, ...] = (None, True, False, 0, 1, -1, 2, "", 0.0, 1.0, b"")
_Literal = tuple[str, str]


def findings(change: Change) -> Iterator[Finding]:
    """Yield new code that gives back a value of the failing test when it sees an input of the failing test."""
    known = _test_literals(change)
    if not known:
        return

    def detect(tree: ast.Module) -> Iterator[Suspect]:
        yield from _special_cases(tree, known)

    for path, line, why in new_constructs(python_files(change, tests=False), detect):
        yield Finding(RULE, path, line, why)


def _test_literals(change: Change) -> set[_Literal]:
    """Return the literals of the failing test, or of its whole file where the test cannot be told."""
    found: set[_Literal] = set()
    for path in change.reproduction.test_files:
        tree = parse(change.text_before(path)) if is_python(path) else None
        if tree is None:
            continue
        name = (change.reproduction.test or "").partition("[")[0].replace("::", ".").rpartition(".")[2]
        own: list[ast.AST] = [
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        found |= {literal for scope in own or [tree] for literal in _literals(scope)}
        if own:  # constants of the module that the test uses
            used = {node.id for scope in own for node in ast.walk(scope) if isinstance(node, ast.Name)}
            for statement in tree.body:
                if isinstance(statement, ast.Assign) and any(
                    isinstance(target, ast.Name) and target.id in used for target in statement.targets
                ):
                    found |= set(_literals(statement.value))
    return found


def _literals(scope: ast.AST) -> Iterator[_Literal]:
    """Yield the literals that say something: numbers, strings, and displays made of literals."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Constant) and not _is_common(node.value):
            yield type(node.value).__name__, repr(node.value)
        elif isinstance(node, ast.List | ast.Tuple | ast.Dict | ast.Set | ast.UnaryOp):
            try:
                value = ast.literal_eval(node)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
            if value not in ([], (), {}) and not _is_common(value):
                yield type(value).__name__, repr(value)


def _is_common(value: object) -> bool:
    return any(type(value) is type(common) and value == common for common in _COMMON) or value is Ellipsis


def _special_cases(tree: ast.Module, known: set[_Literal]) -> Iterator[Suspect]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If):
            if _compares(node.test, known) and any(_gives_back(statement, known) for statement in node.body):
                yield _suspect(node, ast.unparse(node.test))
        elif isinstance(node, ast.IfExp):
            if _compares(node.test, known) and _mentions(node.body, known):
                yield _suspect(node, ast.unparse(node.test))
        elif isinstance(node, ast.match_case):
            if _mentions(node.pattern, known) and any(_gives_back(statement, known) for statement in node.body):
                yield _suspect(node.pattern, ast.unparse(node.pattern))
        elif isinstance(node, ast.Subscript | ast.Call):
            if (table := _table(node)) and _has_pair(table, known):
                yield _suspect(node, ast.unparse(table))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _constant_functions(node, known)


def _suspect(node: ast.AST, text: str) -> Suspect:
    return Suspect(node, f"`{text}` singles out the failing test's own input and gives back its expected value")


def _compares(test: ast.expr, known: set[_Literal]) -> bool:
    """Whether a condition compares something with a value of the failing test for equality."""
    for node in ast.walk(test):
        if (
            isinstance(node, ast.Compare)
            and isinstance(node.ops[0], ast.Eq | ast.Is | ast.In | ast.NotEq)
            and any(_mentions(side, known) for side in [node.left, *node.comparators])
        ):
            return True
    return False


def _mentions(node: ast.AST, known: set[_Literal]) -> bool:
    return any(literal in known for literal in _literals(node))


def _gives_back(statement: ast.stmt, known: set[_Literal]) -> bool:
    """Whether a statement hands out a value that the failing test states, as it is."""
    if isinstance(statement, ast.Return | ast.Assign) and statement.value is not None:
        return _mentions(statement.value, known)
    return False


def _table(node: ast.Subscript | ast.Call) -> ast.Dict | None:
    holder = node.value if isinstance(node, ast.Subscript) else node.func
    if isinstance(node, ast.Call) and isinstance(holder, ast.Attribute):
        holder = holder.value
    return holder if isinstance(holder, ast.Dict) else None


def _has_pair(table: ast.Dict, known: set[_Literal]) -> bool:
    return any(
        key is not None and _mentions(key, known) and _mentions(value, known)
        for key, value in zip(table.keys, table.values, strict=True)
    )


def _constant_functions(node: ast.FunctionDef | ast.AsyncFunctionDef, known: set[_Literal]) -> Iterator[Suspect]:
    """Yield a function with arguments that does nothing but hand out a value of the failing test."""
    body = [each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    arguments = [argument.arg for argument in node.args.args if argument.arg not in {"self", "cls"}]
    if not body or not isinstance(body[0], ast.Return) or body[0].value is None or not (arguments or node.args.vararg):
        return
    uses = any(isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load) for inner in ast.walk(body[0].value))
    if not uses and _mentions(body[0].value, known):
        yield Suspect(body[0], f"`{node.name}` gives back the failing test's expected value, whatever it is asked",
                      key=f"{node.name}:{ast.unparse(body[0])}")  # fmt: skip
