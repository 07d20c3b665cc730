"""Source that hides an error instead of mending it."""

import ast
import re
from collections.abc import Iterator

from fixer.verification.change import Change, TouchedFile
from fixer.verification.places import is_python
from fixer.verification.python_source import Suspect, calls, dotted, new_constructs, parse, python_files
from fixer.verification.tampering.base import Finding

RULE = "swallowing"
_BROAD = {"Exception", "BaseException", "AssertionError", "builtins.Exception", "builtins.BaseException", "SystemExit",
          "builtins.AssertionError", "KeyboardInterrupt", "StandardError"}  # fmt: skip
_EMPTY = re.compile(r"\bcatch\s*(\([^)]*\))?\s*\{\s*(//[^\n]*\s*)?\}|\brescue\s*(=>\s*\w+)?\s*\n\s*(nil\s*)?end")
_RETRY = ("flaky", "retry", "retrying", "tenacity", "backoff", "stamina", "pytest_rerunfailures", "rerunfailures")


def findings(change: Change) -> Iterator[Finding]:
    """Yield new broad handlers, and old ones that now cover more code."""
    sources = python_files(change, tests=False)
    for path, line, why in new_constructs(sources, _suspects):
        yield Finding(RULE, path, line, why)
    for file in sources:
        yield from _widened(file)
    for file in change.files:
        if (
            not is_python(file.path)
            and file.after
            and len(_EMPTY.findall(file.after)) > len(_EMPTY.findall(file.before or ""))
        ):
            line = next((number for number, text in file.added if "catch" in text or "rescue" in text), 0)
            yield Finding(RULE, file.path, line, "a new empty handler hides every error")


def _suspects(tree: ast.Module) -> Iterator[Suspect]:
    broad = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _is_broad(node.value, set())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Try | ast.TryStar):
            yield from _handlers(node, broad)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name in {"__exit__", "__aexit__"} and _says_true(node):
                yield Suspect(node, f"the new {node.name} returns True and so hides every error")
            for decorator in node.decorator_list:
                target = decorator.func if isinstance(decorator, ast.Call) else decorator
                if any(part in _RETRY for part in dotted(target).split(".")):
                    yield Suspect(decorator, f"a new `@{ast.unparse(decorator)}` tries again until it passes")
    for call, name in calls(tree):
        if name.endswith("suppress") and any(_is_broad(argument, broad) for argument in call.args):
            yield Suspect(call, f"a new `{ast.unparse(call)}` hides every error")
        elif name in {"warnings.simplefilter", "warnings.filterwarnings", "warnings.resetwarnings", "logging.disable"}:
            yield Suspect(call, f"a new `{ast.unparse(call)}` hides warnings instead of mending their cause")
        elif name == "warnings.catch_warnings":
            yield Suspect(call, "a new `warnings.catch_warnings` hides warnings instead of mending their cause")


def _says_true(node: ast.AST) -> bool:
    returns = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return)]
    return any(isinstance(value, ast.Constant) and bool(value.value) for value in returns)


def _handlers(node: ast.Try | ast.TryStar, broad: set[str]) -> Iterator[Suspect]:
    for handler in node.handlers:
        caught = ast.unparse(handler.type) if handler.type else "everything"
        if _catches_assertions(handler.type):
            yield Suspect(handler, f"a new handler catches {caught}, the error that a failed check raises")
        elif _is_broad(handler.type, broad) and not _acts(handler):
            yield Suspect(handler, f"a new handler catches {caught} and goes on as if nothing had happened")
    if _jumps_out(node.finalbody):
        yield Suspect(node.finalbody[0], "a `return` in a new `finally` throws every error away")


def _is_broad(kind: ast.expr | None, aliases: set[str]) -> bool:
    if kind is None:
        return True
    if isinstance(kind, ast.Tuple):
        return any(_is_broad(each, aliases) for each in kind.elts)
    return dotted(kind) in _BROAD | aliases


def _catches_assertions(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind] if kind else []
    return any(dotted(each).rpartition(".")[2] == "AssertionError" for each in kinds)


def _acts(handler: ast.ExceptHandler) -> bool:
    """Whether the error is raised on from here in every case: the last statement raises."""
    return bool(handler.body) and isinstance(handler.body[-1], ast.Raise)


def _jumps_out(body: list[ast.stmt]) -> bool:
    return any(
        isinstance(node, ast.Return | ast.Break | ast.Continue) for statement in body for node in ast.walk(statement)
    )


def _widened(file: TouchedFile) -> Iterator[Finding]:
    """Yield statements that stood outside of a broad handler before and are inside of one now."""
    before, after = parse(file.before), parse(file.after)
    if before is None or after is None:
        return
    shielded = {text for text, _ in _shielded(before)}
    open_before = {ast.unparse(node) for node in ast.walk(before) if isinstance(node, ast.stmt)} - shielded
    for text, line in _shielded(after):
        if text in open_before:
            yield Finding(
                RULE, file.path, line, f"`{text.splitlines()[0]}` was moved under a handler that hides errors"
            )


def _shielded(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Try | ast.TryStar) and any(
            _is_broad(handler.type, set()) and not _acts(handler) for handler in node.handlers
        ):
            for statement in node.body:
                yield ast.unparse(statement), statement.lineno
