"""Source that knows the failing test's answer instead of computing it."""

import ast
from collections.abc import Iterator

from fixer.verification.change import Change
from fixer.verification.places import is_python
from fixer.verification.python_source import Suspect, new_constructs, parse, python_files
from fixer.verification.tampering.base import Finding

RULE = "special-cases"
_COMMON: tuple[object, ...] = (None, True, False, 0, 1, -1, 2, "", 0.0, 1.0, b"")
_LONG_PART = 5
"""Letters from which on a text's beginning or end tells it apart from any other."""
_Literal = tuple[str, str]


def findings(change: Change) -> Iterator[Finding]:
    """Yield new code that gives back a value of the failing test where it sees one particular input."""
    known = _test_literals(change)
    if not known:
        return
    sources = python_files(change, tests=False)
    before = [tree for file in sources if (tree := parse(file.before))]
    names = {name for tree in before for name in _names(tree)}
    computing = {name for tree in before for name in _computing(tree)}

    def detect(tree: ast.Module) -> Iterator[Suspect]:
        yield from _branches(tree, known)
        yield from _tables(tree, known, names)
        yield from _constants(tree, known, computing, names)

    dispatches = {key for file in sources for key in _dispatches(parse(file.before))}
    for path, line, why in new_constructs(sources, detect):
        subject = _subject_at(change.text(path), line)
        if subject not in dispatches:
            yield Finding(RULE, path, line, why)


def _test_literals(change: Change) -> set[_Literal]:
    """Return the literals of the failing test and of what prepares it, or of its whole file where it cannot be told."""
    found: set[_Literal] = set()
    for path in change.reproduction.test_files:
        tree = parse(change.text_before(path)) if is_python(path) else None
        if tree is None:
            continue
        name = (change.reproduction.test or "").partition("[")[0].replace("::", ".").rpartition(".")[2]
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        own: list[ast.AST] = [node for node in functions if node.name == name]
        if own:
            used = {node.id for scope in own for node in ast.walk(scope) if isinstance(node, ast.Name)}
            own += [node for node in functions if node.name in {"setUp", "setup_method", "setUpClass"}]
            own += [node.value for node in tree.body if isinstance(node, ast.Assign) and _binds(node) & used]
        found |= {literal for scope in own or [tree] for literal in _literals(scope)}
    return found


def _binds(node: ast.Assign) -> set[str]:
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def _names(tree: ast.Module | None) -> set[str]:
    """Return the functions and variables that a file defines."""
    found: set[str] = set()
    for node in ast.walk(tree) if tree else []:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= _binds(node)
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


def _branches(tree: ast.Module, known: set[_Literal]) -> Iterator[Suspect]:
    """Yield branches for one particular input that hand out a value of the failing test.

    A condition that was there before is known by its text, so that the value given back for it may be corrected.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and any(_gives_back(statement, known) for statement in node.body):
            values = [statement.value for statement in node.body if isinstance(statement, ast.Return | ast.Assign)]
        elif isinstance(node, ast.IfExp) and _mentions(node.body, known) and not _is_computed(node.body):
            values = [node.body]
        elif isinstance(node, ast.match_case) and any(_gives_back(statement, known) for statement in node.body):
            if any(True for _ in _literals(node.pattern)):
                yield _suspect(node.pattern, ast.unparse(node.pattern))
            continue
        else:
            continue
        numbers = any(_has_number(value, known) for value in values if value)
        if _singles_out(node.test, numbers=numbers) or _looks_for_part(node.test, known):
            yield _suspect(node, ast.unparse(node.test))


def _suspect(node: ast.AST, text: str) -> Suspect:
    why = f"`{text}` singles out one input and gives back the value that the failing test expects"
    return Suspect(node, why, key=text)


def _singles_out(test: ast.expr, *, numbers: bool) -> bool:
    """Whether a condition asks for equality with a literal; with `numbers`, also with a common one (`len(x) == 2`)."""
    for node in ast.walk(test):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.Is | ast.In):
            sides = [node.left, *node.comparators]
            if any(_is_stated(side) for side in sides):
                return True
            if numbers and any(isinstance(side, ast.Constant) and type(side.value) is int for side in sides):
                return True
    return False


def _looks_for_part(test: ast.expr, known: set[_Literal]) -> bool:
    """Whether a condition asks a text for its first or last letters, and they are those of a text of the test."""
    texts = [ast.literal_eval(shown) for kind, shown in known if kind == "str"]
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            if node.func.attr in {"startswith", "endswith"} and isinstance(first, ast.Constant):
                part = str(first.value)
                return any(getattr(text, node.func.attr)(part) and len(part) >= _LONG_PART for text in texts)
    return False


def _is_stated(side: ast.expr) -> bool:
    """Whether one side of a comparison is a literal that says something, not a part of a computation."""
    plain = isinstance(side, ast.Constant | ast.Tuple | ast.List | ast.Dict | ast.Set | ast.UnaryOp)
    return plain and any(True for _ in _literals(side))


def _has_number(value: ast.expr, known: set[_Literal]) -> bool:
    return any(literal in known and literal[0] != "str" for literal in _literals(value))


def _mentions(node: ast.AST, known: set[_Literal]) -> bool:
    return any(literal in known for literal in _literals(node))


def _gives_back(statement: ast.stmt, known: set[_Literal]) -> bool:
    """Whether a statement hands out a value that the failing test states, as it is."""
    if isinstance(statement, ast.Return | ast.Assign) and statement.value is not None:
        return _mentions(statement.value, known) and not _is_computed(statement.value)
    return False


def _is_computed(value: ast.expr) -> bool:
    """Whether a value uses a variable: anything but literals and the names of what is called on them."""
    called = {id(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)}
    return any(isinstance(node, ast.Name) and id(node) not in called for node in ast.walk(value))


def _dispatches(tree: ast.Module | None) -> Iterator[str]:
    """Yield what the code chose a plain value by already: one case more is no trick."""
    for node in ast.walk(tree) if tree else []:
        if (
            isinstance(node, ast.If)
            and (subject := _subject(node.test))
            and any(isinstance(each, ast.Return | ast.Assign) and _is_literal(each.value) for each in node.body)
        ):
            yield subject


def _subject(test: ast.expr) -> str:
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq) and _is_literal(test.comparators[0]):
        return ast.unparse(test.left)
    return ""


def _is_literal(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant)


def _subject_at(text: str | None, line: int) -> str:
    nodes = [node for node in ast.walk(parse(text) or ast.Module([], [])) if isinstance(node, ast.If)]
    return next((_subject(node.test) for node in nodes if node.lineno == line), "")


def _tables(tree: ast.Module, known: set[_Literal], names: set[str]) -> Iterator[Suspect]:
    """Yield new tables made of nothing but inputs and values of the failing test."""
    for node in ast.walk(tree):
        table: ast.expr | None = None
        inline = not isinstance(node, ast.Assign)
        if (isinstance(node, ast.Assign) and not _binds(node) & names) or isinstance(node, ast.Subscript):
            table = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            table = node.func.value
        if isinstance(table, ast.Dict) and table.keys and _is_of(table, known, inline=inline):
            yield Suspect(table, f"the table `{ast.unparse(table)}` holds the failing test's own inputs and values")


def _is_of(table: ast.Dict, known: set[_Literal], *, inline: bool) -> bool:
    """Whether a table holds nothing but values of the test, under its inputs; used on the spot, any key will do."""
    return all(
        key is not None and (inline or _mentions(key, known)) and _mentions(value, known)
        for key, value in zip(table.keys, table.values, strict=True)
    )


def _computing(tree: ast.Module) -> Iterator[str]:
    """Yield the functions whose result depends on something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            returns = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return)]
            if any(value is not None and _is_computed(value) for value in returns):
                yield node.name


def _constants(tree: ast.Module, known: set[_Literal], computing: set[str], names: set[str]) -> Iterator[Suspect]:
    """Yield functions that hand out a value of the failing test, whatever they are asked, and did not before.

    Args:
        tree: a file.
        known: the literals of the failing test.
        computing: functions whose result depended on something before; another one's value may be corrected.
        names: everything that was defined before; a new function may be a constant when it takes nothing.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        returns = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return)]
        arguments = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
        bound = {
            inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
        }
        used = {inner.id for value in returns if value for inner in ast.walk(value) if isinstance(inner, ast.Name)}
        asked = node.name in computing or (node.name not in names and bool(arguments - {"self", "cls"}))
        stated = any(value is not None and _mentions(value, known) for value in returns)
        if asked and stated and not used & (arguments | bound):
            why = f"`{node.name}` gives back the value that the failing test expects, whatever it is asked"
            yield Suspect(node, why, key=node.name)
