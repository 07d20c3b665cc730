"""Tests that are deleted or moved away, and source that is deleted instead of mended."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from fixer.verification.change import Change, TouchedFile
from fixer.verification.places import is_python, is_test_code
from fixer.verification.python_source import imported, is_python_test, parse
from fixer.verification.tampering.base import Finding

RULE = "deletions"


def findings(change: Change) -> Iterator[Finding]:
    """Yield test files that go, and definitions that tests use and that are gone from everywhere."""
    for file in change.files:
        if file.after is not None:
            continue
        if is_python_test(file, change) or is_test_code(file.path) or file.path in change.reproduction.test_files:
            yield Finding(RULE, file.path, 0, "a file of tests is deleted or moved to where it may not be run")
    yield from _deleted_code(change)


def _deleted_code(change: Change) -> Iterator[Finding]:
    """Yield top-level names that the failing test imports, and that no file of the change defines any more."""
    wanted = {
        path.rpartition(".")[2]
        for test_file in change.reproduction.test_files
        if is_python(test_file)
        for path in imported(parse(change.text(test_file)) or ast.Module(body=[], type_ignores=[])).values()
    }
    sources = [file for file in change.files if is_python(file.path) and not is_python_test(file, change)]
    kept = {name for file in sources for name in _defined(file.after)}
    for file in sources:
        for name, line in _defined(file.before).items():
            if name in wanted and name not in kept:
                yield Finding(RULE, file.path, line, f"`{name}`, which the failing test uses, is deleted")
        if _is_gutted(file):
            yield Finding(RULE, file.path, 0, "most of the file is deleted instead of mended")


def _defined(text: str | None) -> dict[str, int]:
    """Return the names that a file binds at its top level, with their lines."""
    tree = parse(text)
    found: dict[str, int] = {}
    for node in tree.body if tree else []:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found.update({target.id: node.lineno for target in targets if isinstance(target, ast.Name)})
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update({alias.asname or alias.name.partition(".")[0]: node.lineno for alias in node.names})
    return found


def _is_gutted(file: TouchedFile) -> bool:
    """Whether a package's module of some size was emptied in place."""
    if file.before is None or file.after is None or PurePosixPath(file.path).name == "__init__.py":
        return False
    return len(file.before.split()) > 60 and len(file.after.split()) * 10 < len(file.before.split())
