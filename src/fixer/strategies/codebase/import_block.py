"""The imports at the top of a module: a statement goes in, the edits that add it where it belongs come out."""

import ast
import re
import sys
from dataclasses import dataclass
from enum import IntEnum

from fixer.strategies.codebase.project import Codebase, Module
from fixer.strategies.codebase.source_file import Edit, SourceFile


class Group(IntEnum):
    """The sections of isort and ruff, in their order."""

    FUTURE = 0
    STANDARD = 1
    THIRD_PARTY = 2
    FIRST_PARTY = 3
    RELATIVE = 4


@dataclass(frozen=True)
class ImportStatement:
    """One imported name: `import module [as alias]`, or `from module import name [as alias]`."""

    module: str
    """With leading dots where it is relative."""
    name: str = ""
    alias: str = ""

    @property
    def text(self) -> str:
        """The statement as it is written."""
        tail = f" as {self.alias}" if self.alias else ""
        return f"from {self.module} import {self.name}{tail}" if self.name else f"import {self.module}{tail}"

    @property
    def bound(self) -> str:
        """The name that it binds."""
        return self.alias or self.name or self.module.split(".")[0]

    @property
    def item(self) -> str:
        """What stands behind `import` in a `from` import."""
        return f"{self.name} as {self.alias}" if self.alias else self.name


def group_of(module: str, first_party: frozenset[str]) -> Group:
    """Return the section that an import of `module` belongs to."""
    top = module.split(".", maxsplit=1)[0]
    if module.startswith("."):
        return Group.RELATIVE
    if module == "__future__":
        return Group.FUTURE
    if top in first_party:
        return Group.FIRST_PARTY
    return Group.STANDARD if top in sys.stdlib_module_names else Group.THIRD_PARTY


def insert_imports(codebase: Codebase, module: Module, statements: list[ImportStatement]) -> list[Edit]:
    """Return the edits that add each statement in the style and order of the file."""
    if len(statements) == 1:
        return [_inserted(codebase, module, statements[0])]
    before, now = module.source.text, module
    for statement in statements:
        text = now.source.edited([_inserted(codebase, now, statement)])
        now = Module(SourceFile(module.path, text, module.source.encoding), module.names, protected=module.protected)
    return [_difference(before, now.source.text)]


def _inserted(codebase: Codebase, module: Module, statement: ImportStatement) -> Edit:
    return _merged(module, statement) or _placed(codebase, module, statement)


def _difference(old: str, new: str) -> Edit:
    """Return the one edit between two texts: what they share at both ends stays out of it."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    return Edit(head, len(old) - tail, new[head : len(new) - tail])


def _shared(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _merged(module: Module, statement: ImportStatement) -> Edit | None:
    """Add the name to a `from` import of the same module, where there is one."""
    if not statement.name:
        return None
    for node in module.tree.body:
        if (
            isinstance(node, ast.ImportFrom)
            and "." * node.level + (node.module or "") == statement.module
            and node.names[0].name != "*"
        ):
            return _appended(module.source, node, statement)
    return None


def _appended(source: SourceFile, node: ast.ImportFrom, statement: ImportStatement) -> Edit:
    names = [alias.name for alias in node.names]
    later = next((a for a in node.names if _key(a.name) > _key(statement.name)), None) if _is_sorted(names) else None
    last = node.names[-1]
    multiline = node.names[0].lineno != node.lineno and len({a.lineno for a in node.names}) == len(node.names)
    if later is not None:
        start = source.offset(later.lineno, later.col_offset)
        indent = _indent(source.line(later.lineno))
        return Edit(start, start, f"{statement.item},{source.newline}{indent}" if multiline else f"{statement.item}, ")
    end = source.offset(last.end_lineno or last.lineno, last.end_col_offset or 0)
    if multiline:
        return Edit(end, end, f",{source.newline}{_indent(source.line(last.lineno))}{statement.item}")
    return Edit(end, end, f", {statement.item}")


def _placed(codebase: Codebase, module: Module, statement: ImportStatement) -> Edit:
    source = module.source
    first_party = codebase.top_names
    key = _order(statement.module, bool(statement.name), first_party)
    block = _block(module.tree)
    if not block:
        return _first_import(source, module.tree, statement.text)
    same = [node for node in block if _node_order(node, first_party)[0] == key[0]]
    if same:
        before = (
            [node for node in same if _node_order(node, first_party) < key] if _ordered(same, first_party) else same
        )
        if before:
            return _after(source, before[-1], statement.text)
        return _before(source, same[0], statement.text + source.newline)
    earlier = [node for node in block if _node_order(node, first_party)[0] < key[0]]
    if earlier:
        follows = block.index(earlier[-1]) < len(block) - 1
        edit = _after(source, earlier[-1], source.newline + statement.text)
        if follows and source.line((earlier[-1].end_lineno or 0) + 1).strip():
            edit = Edit(edit.start, edit.end, edit.new + source.newline)
        return edit
    return _before(source, block[0], statement.text + 2 * source.newline)


def _block(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    """Return the imports before the first statement that is not one (docstring, `if` and `try` blocks aside)."""
    found: list[ast.Import | ast.ImportFrom] = []
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.append(node)
        elif found and all(isinstance(n, ast.ImportFrom) and n.module == "__future__" for n in found):
            continue
        elif not _is_docstring(node) and not isinstance(node, (ast.If, ast.Try, ast.Assign)):
            break
    # An import far below, after code, is no place for new ones: keep the first run only.
    run: list[ast.Import | ast.ImportFrom] = []
    for node in found:
        if run and node.lineno - (run[-1].end_lineno or 0) > 6:
            break
        run.append(node)
    return run


def _first_import(source: SourceFile, tree: ast.Module, text: str) -> Edit:
    """Place the first import of a module: below docstring, shebang and leading comments."""
    nl = source.newline
    body = list(tree.body)
    if body and _is_docstring(body[0]):
        line = (body[0].end_lineno or 1) + 1
        following = source.line(line)
        start = source.starts[line - 1] if line <= len(source.starts) else len(source.text)
        lead = nl if start < len(source.text) or source.text.endswith(("\n", "\r")) else 2 * nl
        return Edit(start, start, f"{lead}{text}{nl}" + (nl if following.strip() else ""))
    number = 1
    while number <= len(source.starts) and source.line(number).startswith("#"):
        number += 1
    start = source.starts[number - 1] if number <= len(source.starts) else len(source.text)
    heading = number > 1 and bool(source.line(number).strip())
    gap = 0 if not source.line(number).strip() else 2 if re.match(r"(@|def |class |async )", source.line(number)) else 1
    return Edit(start, start, (nl if heading else "") + text + nl + gap * nl)


def _after(source: SourceFile, node: ast.stmt, text: str) -> Edit:
    number = (node.end_lineno or node.lineno) + 1
    if number > len(source.starts):
        return Edit(len(source.text), len(source.text), source.newline + text)
    return Edit(source.starts[number - 1], source.starts[number - 1], text + source.newline)


def _before(source: SourceFile, node: ast.stmt, text: str) -> Edit:
    start = source.starts[node.lineno - 1]
    return Edit(start, start, text)


def _order(module: str, is_from: bool, first_party: frozenset[str]) -> tuple[Group, bool, str]:  # noqa: FBT001
    return group_of(module, first_party), is_from, module.lower()


def _node_order(node: ast.Import | ast.ImportFrom, first_party: frozenset[str]) -> tuple[Group, bool, str]:
    if isinstance(node, ast.Import):
        return _order(node.names[0].name, False, first_party)  # noqa: FBT003
    return _order("." * node.level + (node.module or ""), True, first_party)  # noqa: FBT003


def _ordered(nodes: list[ast.Import | ast.ImportFrom], first_party: frozenset[str]) -> bool:
    keys = [_node_order(node, first_party) for node in nodes]
    return keys == sorted(keys)


def _is_sorted(names: list[str]) -> bool:
    return [_key(n) for n in names] == sorted(_key(n) for n in names)


def _key(name: str) -> tuple[int, str]:
    """Order of names in one statement, as isort has it: CONSTANTS, Classes, functions."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
