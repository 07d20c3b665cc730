"""Imports that name a given module or name: they go in, what they would have to say instead comes out."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.strategies.codebase.import_block import ImportStatement, insert_imports
from fixer.strategies.codebase.project import Codebase, Module
from fixer.strategies.codebase.source_file import Edit


@dataclass(frozen=True, eq=False)
class ImportUse:
    """`name` of `from target import name`, somewhere."""

    module: Module
    node: ast.ImportFrom
    alias: ast.alias


def imports_of(codebase: Codebase, owner: str, name: str) -> Iterator[ImportUse]:
    """Yield every `from owner import name`, relative ones and those in tests included."""
    wanted = codebase.by_name.get(owner)
    for module in codebase.modules:
        if not module.mentions(name):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and _means(codebase, module.target(node), owner, wanted):
                yield from (ImportUse(module, node, alias) for alias in node.names if alias.name == name)


def _means(codebase: Codebase, target: str, owner: str, wanted: Module | None) -> bool:
    return target == owner or (wanted is not None and codebase.by_name.get(target) is wanted)


def reference(codebase: Codebase, user: Module, target: Module) -> str:
    """Return how `user` would name `target` in a `from` import: relative where the file or its package does so."""
    if not _is_relative(codebase, user, target):
        return target.name
    ours = user.package.split(".") if user.package else []
    theirs = target.name.split(".")
    common = 0
    while common < min(len(ours), len(theirs)) and ours[common] == theirs[common]:
        common += 1
    return "." * (len(ours) - common + 1) + ".".join(theirs[common:])


def _is_relative(codebase: Codebase, user: Module, target: Module) -> bool:
    top = user.package.split(".")[0]
    if not top or target.name.split(".")[0] != top:
        return False
    for modules in ([user], [m for m in codebase.sources if m.package.split(".")[0] == top]):
        styles = [
            bool(node.level)
            for module in modules
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ImportFrom) and module.target(node).split(".")[0] == top
        ]
        if styles:
            return sum(styles) * 2 >= len(styles)
    return False


def statement_for(codebase: Codebase, user: Module, target: Module, name: str, alias: str = "") -> ImportStatement:
    """Return the import of `name` from `target` as `user` would write it."""
    return ImportStatement(reference(codebase, user, target), name, alias)


def retargeted(codebase: Codebase, use: ImportUse, target: Module) -> list[Edit]:
    """Return the edits with which the name comes from `target`; the rest of the statement stays."""
    source, node, alias = use.module.source, use.node, use.alias
    statement = statement_for(codebase, use.module, target, alias.name, alias.asname or "")
    if len(node.names) == 1:
        edit = module_edit(use.module, node, statement.module)
        return [edit] if edit else []
    removed = _without(use)
    if use.node in use.module.tree.body:
        return [removed, *insert_imports(codebase, use.module, [statement])]
    line = source.starts[node.lineno - 1]
    indent = source.text[line : source.offset(node.lineno, node.col_offset)]
    return [removed, Edit(line, line, f"{indent}{statement.text}{source.newline}")] if not indent.strip() else []


def module_edit(module: Module, node: ast.ImportFrom, new: str) -> Edit | None:
    """Return the edit that replaces the module part of a `from` import."""
    source = module.source
    start = source.offset(node.lineno, node.col_offset)
    text = source.text
    begin = start + len("from")
    end = text.find("import", begin)
    while end > 0 and not (text[end - 1].isspace() or text[end - 1] == "."):
        end = text.find("import", end + 1)
    if not text.startswith("from", start) or end < 0:
        return None
    return Edit(begin, end, f" {new} ")


def module_edits(codebase: Codebase, module: Module, name: str, home: Module) -> Iterator[Edit]:
    """Yield the edits with which everything that imports the module `name` imports `home` instead."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and module.target(node) == name:
            edit = module_edit(module, node, reference(codebase, module, home))
            if edit is not None:
                yield edit
        elif isinstance(node, ast.ImportFrom):
            yield from _member_edits(codebase, module, node, name, home)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == name and (alias.asname or "." not in name):
                    start = module.source.offset(alias.lineno, alias.col_offset)
                    end = module.source.offset(alias.end_lineno or 0, alias.end_col_offset or 0)
                    bound = alias.asname or name
                    yield Edit(start, end, home.name if home.name == bound else f"{home.name} as {bound}")


def imports_module(module: Module, name: str) -> bool:
    """Whether a file imports the module `name`, or something from it."""
    package, _, last = name.rpartition(".")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import) and any(alias.name == name for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom):
            target = module.target(node)
            if target == name or (target == package and any(alias.name == last for alias in node.names)):
                return True
    return False


def _member_edits(codebase: Codebase, module: Module, node: ast.ImportFrom, name: str, home: Module) -> Iterator[Edit]:
    """Yield the edits of `from package import module`, where the new module stands in the same package."""
    package, _, last = name.rpartition(".")
    if module.target(node) != package or home.name.rpartition(".")[0] != package or not codebase.by_name:
        return
    for alias in node.names:
        if alias.name == last:
            start = module.source.offset(alias.lineno, alias.col_offset)
            new = home.name.rpartition(".")[2]
            yield Edit(start, start + len(last), new if alias.asname else f"{new} as {last}")


def _without(use: ImportUse) -> Edit:
    """Remove one of several names from a statement, with its comma and line."""
    source, names = use.module.source, use.node.names
    at = names.index(use.alias)
    start = source.offset(use.alias.lineno, use.alias.col_offset)
    end = source.offset(use.alias.end_lineno or 0, use.alias.end_col_offset or 0)
    if at + 1 < len(names):
        following = names[at + 1]
        return Edit(start, source.offset(following.lineno, following.col_offset), "")
    previous = names[at - 1]
    return Edit(source.offset(previous.end_lineno or 0, previous.end_col_offset or 0), end, "")


def reaches(codebase: Codebase, start: Module, goal: Module) -> bool:
    """Whether importing `start` imports `goal`: then `goal` cannot import from it at its top."""
    seen: set[str] = set()
    queue = [start]
    while queue:
        module = queue.pop()
        if module is goal:
            return True
        if module.path not in seen:
            seen.add(module.path)
            queue += _imported_modules(codebase, module)
    return False


def _imported_modules(codebase: Codebase, module: Module) -> Iterator[Module]:
    for node in module.tree.body:
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            target = module.target(node)
            names = [target, *(f"{target}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (codebase.by_name[name] for name in names if name in codebase.by_name)
