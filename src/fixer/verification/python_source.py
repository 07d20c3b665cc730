"""Python as the static rules read it: texts before and after come in, constructs that are new go out."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fixer.verification.change import Change, TouchedFile
from fixer.verification.places import is_python, is_test_code


@dataclass(frozen=True)
class Suspect:
    """A construct that a rule does not want to see added."""

    node: ast.AST
    why: str
    key: str = ""
    """What makes two of them the same; empty: the construct's own text."""


Detector = Callable[[ast.Module], Iterator[Suspect]]


def parse(text: str | None) -> ast.Module | None:
    """Return the tree of a file's text, or None where this Python cannot read it."""
    if text is None:
        return ast.Module(body=[], type_ignores=[])
    try:
        return ast.parse(text.encode("utf-8", "surrogateescape"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_python_test(file: TouchedFile, change: Change) -> bool:
    """Whether a Python file holds tests: by its place, by its content, or because the failure names it."""
    if not is_python(file.path):
        return False
    if is_test_code(file.path) or file.path.rpartition("/")[2] == "conftest.py":
        return True
    if file.path in change.reproduction.test_files and ">>>" not in (file.before or ""):
        return True
    tree = parse(file.before)
    return tree is not None and any(_is_test(node) for node in tree.body)


def _is_test(node: ast.stmt) -> bool:
    if isinstance(node, ast.ClassDef):
        bases = {dotted(base).rpartition(".")[2] for base in node.bases}
        return any(base.endswith("TestCase") for base in bases)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")


def python_files(change: Change, *, tests: bool) -> list[TouchedFile]:
    """Return the Python files of the change that hold tests, or those that hold none."""
    return [file for file in change.files if is_python(file.path) and is_python_test(file, change) is tests]


def new_constructs(files: list[TouchedFile], detect: Detector) -> Iterator[tuple[str, int, str]]:
    """Yield (path, line, why) of the constructs that the new texts have more of than the old ones, over all files.

    Counting over all files lets code be moved; counting by text lets it be indented and reformatted.
    """
    before: Counter[str] = Counter()
    unreadable: set[str] = set()
    for file in files:
        tree = parse(file.before)
        if tree is None:
            unreadable.add(file.path)
        else:
            before.update(_key(suspect) for suspect in detect(tree))
    for file in files:
        tree = parse(file.after)
        if tree is None or file.after is None:
            continue
        added = {number for number, _ in file.added}
        # An added line first: where one of two equal constructs is new, it is the one that the diff shows.
        for suspect in sorted(detect(tree), key=lambda suspect: bool(added & _lines(suspect.node))):
            key = _key(suspect)
            if before[key] > 0:
                before[key] -= 1
            elif file.path not in unreadable or added & _lines(suspect.node):
                yield file.path, getattr(suspect.node, "lineno", 0), suspect.why


def _key(suspect: Suspect) -> str:
    return f"{suspect.why}\0{suspect.key or ast.unparse(suspect.node)}"


def _lines(node: ast.AST) -> set[int]:
    first = getattr(node, "lineno", 0)
    return set(range(first, (getattr(node, "end_lineno", first) or first) + 1))


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for a chain of names, with `()` for a call in it; empty where it is something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def imported(tree: ast.AST) -> dict[str, str]:
    """Return what each imported name stands for: local name -> dotted origin, over all scopes."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                names[alias.asname or alias.name] = f"{module}.{alias.name}" if module else alias.name
    return names


def origin(node: ast.AST, names: dict[str, str]) -> str:
    """Return the dotted origin of an expression: `e.exit` after `import os as e` is `os.exit`."""
    path = dotted(node)
    head, dot, rest = path.partition(".")
    return names.get(head, head) + dot + rest if path else ""


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call with the dotted origin of what is called."""
    names = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, origin(node.func, names)
