"""A test that a model wrote for a failure goes in; why it does not show that failure honestly comes out, or nothing.

It may fail for the failure's own reason only. So its text is read: what it asserts has to come out of the project's
code, and it may raise, patch or start nothing itself. And its failure is looked at: the same line of the project's
code has to be where it ends, or, where the assertion itself fails, the same message.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from fixer.schema.failure import Failure

MAX_LINES = 50
_FORBIDDEN = frozenset(
    {"mock", "patch", "monkeypatch", "setattr", "delattr", "exec", "eval", "compile", "__import__", "globals", "vars"}
    | {"modules", "subprocess", "system", "_exit", "exit", "fail", "__dict__", "settrace", "skip", "skipIf", "xfail"}
)
"""Names with which a test makes its own failure, or hides one."""


def dishonest(text: str, is_module: Callable[[str], bool]) -> str:
    """Return what in the text of a test keeps it from being proof; empty: nothing.

    Args:
        text: of the test's file.
        is_module: whether a dotted name is a module of the project.
    """
    if len(text.splitlines()) > MAX_LINES:
        return f"it has {len(text.splitlines())} lines, and at most {MAX_LINES} are taken"
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        return f"it does not parse: {error}"
    return _made_by_itself(tree) or _not_of_the_project(tree, is_module)


def _made_by_itself(tree: ast.Module) -> str:
    used = {name for node in ast.walk(tree) for name in _names(node)}
    if forbidden := sorted(used & _FORBIDDEN):
        return f"it uses `{forbidden[0]}`; a test for a failure only calls the project's code"
    if any(isinstance(node, ast.Raise) for node in ast.walk(tree)):
        return "it raises by itself; only the project's code may"
    return ""


def _not_of_the_project(tree: ast.Module, is_module: Callable[[str], bool]) -> str:
    known = set(_imported(tree, is_module))
    if not known:
        return "it imports nothing of the project"
    _follow(tree, known)
    for asserted in _asserted(tree):
        if not any(isinstance(node, ast.Name) and node.id in known for node in ast.walk(asserted)):
            return f"line {asserted.lineno} asserts something that does not come from the project's code"
    return ""


def another_failure(wanted: Failure, seen: Sequence[Failure], test: str, is_file: Callable[[str], bool]) -> str:
    """Return why none of the failures that a run showed is the one that is wanted; empty: one is.

    Args:
        wanted: of the log.
        seen: what the run of the test printed.
        test: path of the test; its own frames prove nothing.
        is_file: whether a path is a file of the project.
    """
    alike = [one for one in seen if one.fingerprint == wanted.fingerprint]
    if not alike:
        shown = "; ".join(dict.fromkeys(one.message for one in seen)) or "nothing that can be read"
        return f"it shows {shown[:400]!r} instead of {wanted.message[:400]!r}"
    place = _innermost(wanted, "", is_file)
    if place is not None and not _is_test(place[0]):
        if any(_same_place(place, _innermost(one, test, is_file)) for one in alike):
            return ""
        return f"it does not fail in {place[2]} of {place[0]}, where the log's failure does"
    if any(_flat(one.message) == _flat(wanted.message) for one in alike):
        return ""
    return f"it shows {alike[0].message[:400]!r} instead of {wanted.message[:400]!r}"


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.alias):
        yield from node.name.split(".")
    elif isinstance(node, ast.ImportFrom):
        yield from (node.module or "").split(".")


def _imported(tree: ast.Module, is_module: Callable[[str], bool]) -> Iterator[str]:
    """Yield the names under which the test knows something of the project."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if is_module(alias.name):
                    yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if is_module(node.module) or is_module(f"{node.module}.{alias.name}"):
                    yield alias.asname or alias.name


def _follow(tree: ast.Module, known: set[str]) -> None:
    """Add the names that get a value in which one of `known` is used, until there are no more."""
    before = -1
    while len(known) != before:
        before = len(known)
        for node in ast.walk(tree):
            value, targets = _assigned(node)
            if value is not None and any(isinstance(n, ast.Name) and n.id in known for n in ast.walk(value)):
                known |= {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)} - {"self"}


def _assigned(node: ast.AST) -> tuple[ast.expr | None, list[ast.expr]]:
    if isinstance(node, ast.Assign):
        return node.value, node.targets
    if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        return node.value, [node.target]
    if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        return node.iter, [node.target]
    if isinstance(node, ast.withitem) and node.optional_vars is not None:
        return node.context_expr, [node.optional_vars]
    return None, []


def _asserted(tree: ast.Module) -> Iterator[ast.Assert | ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            # What fails inside of `with self.assertRaises(...)` is the project's own.
            if name.startswith("assert") and not (name.startswith("assertRaises") and len(node.args) < 2):
                yield node


def _innermost(failure: Failure, but: str, is_file: Callable[[str], bool]) -> tuple[str, int, str] | None:
    """Return the file, line and function of the project that were left last."""
    for file, line, function in reversed(failure.frames):
        if is_file(file) and not (but and PurePosixPath(file).name == PurePosixPath(but).name):
            return file, line, function
    return None


def _same_place(one: tuple[str, int, str], other: tuple[str, int, str] | None) -> bool:
    """Whether two frames are one: some runners do not name the function, and lines move between commits."""
    if other is None or (one[1] != other[1] and one[2] != other[2]):
        return False
    longer, shorter = sorted((Path(one[0]).parts, Path(other[0]).parts), key=len, reverse=True)
    return longer[-len(shorter) :] == shorter


def _is_test(path: str) -> bool:
    name = PurePosixPath(path).name
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


def _flat(message: str) -> str:
    return " ".join(message.split())
