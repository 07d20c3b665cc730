"""The parts of a file of tests: a tree comes in, its definitions, statements and bindings go out."""

import ast

from fixer.verification.python_source import dotted, imported

Function = ast.FunctionDef | ast.AsyncFunctionDef
Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def units(body: list[ast.stmt]) -> dict[str, list[Unit]]:
    """Return the functions and classes of a body by name, every definition of a name in order."""
    found: dict[str, list[Unit]] = {}
    for node in body:
        if isinstance(node, Unit):
            found.setdefault(node.name, []).append(node)
    return found


def others(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a body that define no function or class."""
    return [node for node in body if not isinstance(node, Unit | ast.Pass)]


def target(decorator: ast.expr) -> str:
    """Return the dotted name of a decorator."""
    return dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)


def called(node: Unit, inside: str) -> str:
    """Return the name of a function or class with that of the class around it."""
    return f"{inside}.{node.name}" if inside else node.name


def at(inside: str) -> str:
    """Return the place to name in a sentence, or nothing at the top level."""
    return f" in {inside}" if inside else ""


def line_of(node: ast.AST) -> str:
    """Return the first line of a piece of code, shortened."""
    text = ast.unparse(ast.fix_missing_locations(node)).splitlines()[0]
    return text if len(text) <= 100 else f"{text[:97]}..."


def identifiers(tree: ast.AST) -> set[str]:
    """Return the variables, parameters, functions and classes that a tree names."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)} | {
        node.name for node in ast.walk(tree) if isinstance(node, Unit)
    }  # fmt: skip


def bindings(tree: ast.Module) -> dict[tuple[str, str], str]:
    """Return what imports bind: (scope, name) -> dotted origin; a scope is the chain of functions and classes."""
    found: dict[tuple[str, str], str] = {}

    def visit(node: ast.AST, scope: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import | ast.ImportFrom):
                found.update({(scope, name): origin for name, origin in imported(_only(child)).items()})
            else:
                visit(child, f"{scope}.{child.name}" if isinstance(child, Unit) else scope)

    visit(tree, "")
    return found


def _only(node: ast.stmt) -> ast.Module:
    return ast.Module(body=[node], type_ignores=[])


def absolute(origin: str, package: str) -> str:
    """Return an import's origin without leading dots, as seen from a package."""
    dots = len(origin) - len(origin.lstrip("."))
    if not dots:
        return origin
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - dots + 1], origin.lstrip(".")])
