"""One name becomes another everywhere it means the same thing: a definition or a wrong use goes in, edits come out."""

import ast
from collections.abc import Iterable, Iterator

from fixer.strategies.codebase.change import Change
from fixer.strategies.codebase.import_uses import ImportUse, imports_of
from fixer.strategies.codebase.positions import attribute_spans, keyword_span, spans_of, string_edit
from fixer.strategies.codebase.project import Codebase, Module
from fixer.strategies.codebase.scopes import AttributeUse, Occurrence, Scope
from fixer.strategies.codebase.similarity import doubt
from fixer.strategies.codebase.source_file import Edit


def in_order(codebase: Codebase, wrong: str, right: str, use: Change, back: Change | None) -> Iterator[Change]:
    """Yield both directions. The definition goes back first where tests want the old name, or nobody has the new one.

    Evidence: who says which name, in how many places; a half-done rename leaves the new one at its definition only.
    """
    wanted, living = (codebase.mentions(name, protected=True) for name in (wrong, right))
    if wanted and living:
        # The tests know both: two things, of which one must not become the other.
        back = None
    told = wanted > 0
    alone = codebase.mentions(right) <= 1 and codebase.mentions(wrong) > 1
    first, second = (back, use) if (told or alone) and back is not None else (use, back)
    for change in (first, second):
        if change is not None:
            change.review = doubt(wrong, right)
            yield change


def unused_first(codebase: Codebase, names: Iterable[str]) -> list[str]:
    """Order candidates: one that stands at its definition only is what a half-done rename leaves behind."""
    return sorted(names, key=lambda name: codebase.mentions(name) > 1)


def distinct(codebase: Codebase, one: str, other: str) -> bool:
    """Whether some file imports or exports both names: then neither is a new name of the other."""
    for module in codebase.modules:
        if module.mentions(one) and module.mentions(other):
            known = exported(module) | {
                alias.name for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom) for alias in node.names
            }
            if {one, other} <= known:
                return True
    return False


def edits_of(module: Module, uses: Iterable[Occurrence], new: str) -> list[Edit]:
    """Return the edits that put `new` where each occurrence has its name."""
    return [Edit(start, end, new) for use in uses for start, end in spans_of(module.source, use)]


def rename_binding(  # noqa: PLR0913, PLR0917 - a place and two names
    change: Change, codebase: Codebase, module: Module, scope: Scope, old: str, new: str
) -> None:
    """Rename what `scope` binds as `old`, and for a module's own name everything that imports it."""
    _rename(change, codebase, module, scope, (old, new), set())


def _rename(  # noqa: PLR0913, PLR0917 - a place and two names
    change: Change, codebase: Codebase, module: Module, scope: Scope, names: tuple[str, str], seen: set[int]
) -> None:
    old, new = names
    if id(scope) in seen:
        return
    seen.add(id(scope))
    change.add(module, edits_of(module, module.bindings.of(old, scope), new))
    change.add(module, quoted_annotations(module, old, new))
    if scope is not module.bindings.module:
        return
    change.add(module, exported_edits(module, old, new))
    for use in list(imports_of(codebase, module.name, old)):
        if use.module.protected:
            continue
        if use.alias.asname:
            change.add(use.module, [_alias_edit(use, new)])
        else:
            _rename(change, codebase, use.module, scope_of_alias(use), names, seen)
    for user in codebase.mentioning(old):
        change.add(user, module_attribute_edits(codebase, user, module, old, new))


def scope_of_alias(use: ImportUse) -> Scope:
    """Return the scope in which an import stands."""
    found = (o.scope for o in use.module.bindings.names if o.node is use.alias)
    return next(found, use.module.bindings.module)


def redirect_import(change: Change, codebase: Codebase, use: ImportUse, new: str) -> None:
    """Let `from m import old` import `new`; the file goes on with `new`, or keeps `old` where others rely on it."""
    old = use.alias.name
    scope = scope_of_alias(use)
    if use.alias.asname:
        change.add(use.module, [_alias_edit(use, new)])
        return
    relied_on = next(imports_of(codebase, use.module.name, old), None) is not None
    if relied_on or new in scope.bound or old in exported(use.module):
        change.add(use.module, [_alias_edit(use, f"{new} as {old}")])
    else:
        change.add(use.module, edits_of(use.module, use.module.bindings.of(old, scope), new))


def _alias_edit(use: ImportUse, new: str) -> Edit:
    start = use.module.source.offset(use.alias.lineno, use.alias.col_offset)
    return Edit(start, start + len(use.alias.name), new)


def module_attribute_edits(codebase: Codebase, user: Module, module: Module, old: str, new: str) -> list[Edit]:
    """Return the edits of `module.old` in `user`, whatever name the module has there."""
    found: list[Edit] = []
    for use in user.bindings.attributes:
        if use.node.attr == old and codebase.by_name.get(dotted_base(user, use)) is module:
            found += attribute_edits(user, [use], new)
    return found


def dotted_base(module: Module, use: AttributeUse) -> str:
    """Return the dotted module name that the base of `base.attr` stands for by the file's imports; else empty."""
    parts: list[str] = []
    node: ast.expr = use.node.value
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    scope = use.scope.resolve(node.id)
    bound = [o for o in (scope.bound.get(node.id, []) if scope else []) if isinstance(o.node, ast.alias)]
    for statement in ast.walk(module.tree) if bound else ():
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            for alias in statement.names:
                if alias is bound[0].node:
                    return ".".join([_imported(module, statement, alias), *parts])
    return ""


def _imported(module: Module, statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    if isinstance(statement, ast.ImportFrom):
        return f"{module.target(statement)}.{alias.name}"
    return alias.name if alias.asname else alias.name.split(".")[0]


def attribute_edits(module: Module, uses: Iterable[AttributeUse], new: str) -> list[Edit]:
    """Return the edits that put `new` behind the dot."""
    return [Edit(start, end, new) for use in uses for start, end in attribute_spans(module.source, use)]


def member_definition_edits(module: Module, owner: ast.ClassDef, old: str, new: str) -> list[Edit]:
    """Return the edits of what the body of a class itself binds as `old`, with its uses there."""
    scope = next((o.scope for o in module.bindings.names if o.scope.node is owner), None)
    return edits_of(module, module.bindings.of(old, scope), new) if scope else []


def keyword_edits(
    codebase: Codebase, callees: Iterable[str], old: str, new: str
) -> Iterator[tuple[Module, list[Edit]]]:
    """Yield the edits of `old=` in every call of the functions or classes named."""
    wanted = set(callees)
    for module in codebase.mentioning(old):
        edits = [
            Edit(start, end, new)
            for node in calls_of(module, wanted)
            for keyword in node.keywords
            if keyword.arg == old and not any(k.arg == new for k in node.keywords)
            for start, end in keyword_span(module.source, keyword)
        ]
        yield module, edits


def calls_of(module: Module, callees: Iterable[str]) -> Iterator[ast.Call]:
    """Yield the calls of anything with one of these names, as a plain name or behind a dot."""
    wanted = set(callees)
    for call in module.bindings.calls:
        function = call.node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in wanted:
            yield call.node


def exported(module: Module) -> set[str]:
    """Return the names that `__all__` lists."""
    return {node.value for node in _exported_nodes(module) if isinstance(node.value, str)}


def exported_edits(module: Module, old: str, new: str) -> list[Edit]:
    """Return the edit of a name in `__all__`."""
    if new in exported(module):
        return []
    nodes = [node for node in _exported_nodes(module) if node.value == old]
    return [edit for node in nodes for edit in string_edit(module.source, node, new)]


def _exported_nodes(module: Module) -> list[ast.Constant]:
    found: list[ast.Constant] = []
    for node in module.tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
            found += [n for n in ast.walk(node) if isinstance(n, ast.Constant)]
    return found


def quoted_annotations(module: Module, old: str, new: str) -> list[Edit]:
    """Return the edits of annotations that are the plain name in quotes."""
    annotations = [
        getattr(node, field, None)
        for node in ast.walk(module.tree)
        for field in ("annotation", "returns")
        if isinstance(node, (ast.arg, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    constants = [a for a in annotations if isinstance(a, ast.Constant) and a.value == old]
    return [edit for node in constants for edit in string_edit(module.source, node, new)]
