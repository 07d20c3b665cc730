"""What could mend a missing name: a symptom goes in; changes of the uses, or of the definition, come out."""

import ast
import builtins
from collections.abc import Iterable, Iterator

from fixer.strategies.codebase.change import Change
from fixer.strategies.codebase.import_candidates import undefined
from fixer.strategies.codebase.import_uses import imports_of
from fixer.strategies.codebase.member_repairs import attribute_repairs, keyword_repairs
from fixer.strategies.codebase.module_repairs import module_repairs
from fixer.strategies.codebase.place import Place
from fixer.strategies.codebase.positions import string_edit
from fixer.strategies.codebase.project import Codebase, Module
from fixer.strategies.codebase.renames import (
    attribute_edits,
    distinct,
    dotted_base,
    edits_of,
    exported_edits,
    in_order,
    keyword_edits,
    module_attribute_edits,
    redirect_import,
    rename_binding,
    unused_first,
)
from fixer.strategies.codebase.scopes import Occurrence, Scope
from fixer.strategies.codebase.similarity import closest, doubt, slips
from fixer.strategies.codebase.source_file import Edit
from fixer.strategies.codebase.symbols import ClassSymbol, Symbols
from fixer.strategies.codebase.symptoms import Missing, Symptom


def repairs(codebase: Codebase, symbols: Symbols, symptom: Symptom, place: Place) -> Iterator[Change]:
    """Yield the changes that could mend one symptom, the likeliest first."""
    match symptom.missing:
        case Missing.NAME:
            yield from _name(codebase, symptom, place)
        case Missing.IMPORTED:
            yield from _imported(codebase, symbols, symptom, place)
        case Missing.MODULE:
            yield from module_repairs(codebase, symptom, place)
        case Missing.ATTRIBUTE:
            yield from attribute_repairs(codebase, symbols, symptom, place.lines)
        case Missing.KEYWORD | Missing.ARGUMENT:
            yield from keyword_repairs(codebase, symbols, symptom)
        case Missing.UNBOUND:
            yield from _unbound(codebase, symptom)
        case Missing.KEY:
            yield from _key(codebase, symptom, place)


# --- a plain name ---------------------------------------------------------------------------------------------------


def _name(codebase: Codebase, symptom: Symptom, place: Place) -> Iterator[Change]:
    wrong = symptom.name
    modules = [m for m in codebase.mentioning(wrong) if undefined(m, wrong)]
    seen = [module for module, _ in place.lines]
    modules.sort(key=lambda m: seen.index(m) if m in seen else len(seen))
    for module in modules:
        uses = undefined(module, wrong)
        yield from _members_without_self(module, uses)
        visible = {name for use in uses for scope in use.scope.chain() for name in scope.bound}
        orphans = _orphans(codebase, module, uses)
        near = closest(wrong, visible | set(slips(wrong, dir(builtins))), symptom.hint)
        ranked = sorted(near, key=lambda name: name not in orphans)
        for right in dict.fromkeys([*ranked, *orphans]):
            yield from _both_ways(codebase, module, uses, wrong, right)


def _orphans(codebase: Codebase, module: Module, uses: Iterable[Occurrence]) -> list[str]:
    """Return names around the uses that are bound and never read: a half-done rename leaves one behind."""
    found = []
    for use in uses:
        for scope in use.scope.chain():
            for name, bindings in scope.bound.items():
                if name.startswith("__") or name in {"self", "cls", "_"} or bindings[0].kind == "import":
                    continue
                everywhere = module.bindings.of(name, scope)
                if any(o.kind == "load" for o in everywhere):
                    continue
                if scope.kind != "module" or (codebase.mentions(name) == 1 and name.isupper() == use.name.isupper()):
                    found.append(name)
    return list(dict.fromkeys(found))[:3]


def _both_ways(codebase: Codebase, module: Module, uses: list[Occurrence], wrong: str, right: str) -> Iterator[Change]:
    reachable = [use for use in uses if right in dir(builtins) or use.scope.resolve(right)]
    if not reachable:
        return
    line = getattr(reachable[0].node, "lineno", 1)
    scope = reachable[0].scope.resolve(right)
    use = Change(
        f"Use {right} for {wrong} in {module.path}",
        f"`{wrong}` (line {line} of {module.path}) is not defined; {_told(module, scope, right)}.",
    )
    use.add(module, edits_of(module, reachable, right))
    for other in codebase.mentioning(wrong):
        same = [o for o in undefined(other, wrong) if o.scope.resolve(right)] if other is not module else []
        if same and scope is module.bindings.module:
            use.add(other, edits_of(other, same, right))
    back = None
    if scope is not None and _renameable(scope, right):
        back = Change(
            f"Call {right} {wrong} again in {module.path}",
            f"`{wrong}` (line {line} of {module.path}) is not defined; {_told(module, scope, right)}. "
            f"It gets the name back under which it is used.",
        )
        rename_binding(back, codebase, module, scope, right, wrong)
        _rename_keywords(back, codebase, scope, right, wrong)
    if scope is not None and scope.kind != "module" and back is not None:
        read = any(o.kind == "load" for o in module.bindings.of(right, scope))
        known = codebase.mentions(wrong) > len(uses) or len(uses) > 1
        use.review = back.review = doubt(wrong, right)
        yield from (back, use) if known and not read else (use, back)
    else:
        yield from in_order(codebase, wrong, right, use, back)


def _unbound(codebase: Codebase, symptom: Symptom) -> Iterator[Change]:
    """A parameter was renamed, and the body assigns to the old name: it is a local variable without a value now."""
    wrong = symptom.name
    for module in codebase.mentioning(wrong):
        scopes = {id(o.scope): o.scope for o in module.bindings.names if o.name == wrong and o.kind == "store"}
        for scope in scopes.values():
            if not isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            given = [name for name, bound in scope.bound.items() if bound[0].kind == "arg"]
            unread = [n for n in given if all(o.kind != "load" for o in module.bindings.of(n, scope))]
            ranked = dict.fromkeys([*closest(wrong, unread), *unread])
            for right in [name for name in ranked if name not in {"self", "cls"}][:2]:
                change = Change(
                    f"Call the parameter {right} of {scope.node.name} {wrong} again",
                    f"`{scope.node.name}` (line {scope.node.lineno} of {module.path}) reads `{wrong}` before it is "
                    f"assigned, and never reads its parameter `{right}`.",
                )
                rename_binding(change, codebase, module, scope, right, wrong)
                _rename_keywords(change, codebase, scope, right, wrong)
                yield change


def _told(module: Module, scope: Scope | None, right: str) -> str:
    if scope is None:
        return f"Python itself has `{right}`"
    binding = scope.bound[right][0]
    return f"`{right}` is there (line {getattr(binding.node, 'lineno', 1)} of {module.path})"


def _renameable(scope: Scope, name: str) -> bool:
    return all(
        not isinstance(binding.node, ast.alias) or binding.node.asname is not None for binding in scope.bound[name]
    )


def _rename_keywords(change: Change, codebase: Codebase, scope: Scope, old: str, new: str) -> None:
    """Where a parameter is renamed, its callers follow."""
    if isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)) and scope.bound[old][0].kind == "arg":
        for module, edits in keyword_edits(codebase, [scope.node.name], old, new):
            change.add(module, edits)


def _members_without_self(module: Module, uses: list[Occurrence]) -> Iterator[Change]:
    """A method uses a member of its class as if it were a plain name."""
    for use in uses:
        owner = use.scope.enclosing_class()
        node = use.scope.node
        if owner is None or use.kind != "load" or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        first = node.args.args[0].arg if node.args.args else ""
        line = ClassSymbol(module, owner).members.get(use.name)
        if first in {"self", "cls"} and line is not None:
            change = Change(
                f"Use {first}.{use.name} in {module.path}",
                f"`{use.name}` (line {getattr(use.node, 'lineno', 1)} of {module.path}) is not defined, but "
                f"`{owner.name}.{use.name}` is (line {line}).",
            )
            same = [u for u in uses if u.scope.node is node]
            change.add(module, edits_of(module, same, f"{first}.{use.name}"))
            yield change


# --- a name of a module ---------------------------------------------------------------------------------------------


def _imported(codebase: Codebase, symbols: Symbols, symptom: Symptom, place: Place) -> Iterator[Change]:
    owner = codebase.by_name.get(symptom.owner)
    wrong = symptom.name
    own = symbols.of_module(owner) if owner else {}
    names = set(own) if owner else place.names_in(symptom.owner)
    called = any(module.mentions(wrong) for module in codebase.modules)
    candidates = closest(wrong, names, symptom.hint)
    if owner is not None and called:
        alone = [n for n, s in own.items() if not s.imported and not n.startswith("__") and codebase.mentions(n) == 1]
        candidates += [name for name in alone if name not in candidates and name.isupper() == wrong.isupper()][:2]
    for right in unused_first(codebase, candidates):
        if distinct(codebase, wrong, right):
            continue
        symbol = own.get(right)
        where = f"line {symbol.line} of {symbol.module.path}" if symbol else f"`{symptom.owner}`"
        told = f"`{symptom.owner}` has no `{wrong}`; it has `{right}` ({where})"
        use = Change(f"Use {right} of {symptom.owner}, which has no {wrong}", f"{told}. Every use says so now.")
        for imported in imports_of(codebase, symptom.owner, wrong):
            if not imported.module.protected:
                redirect_import(use, codebase, imported, right)
        for user in codebase.mentioning(wrong):
            use.add(user, _attribute_uses(codebase, user, symptom.owner, owner, wrong, right))
        if owner is not None and wrong not in owner.bindings.module.bound:
            use.add(owner, exported_edits(owner, wrong, right))
        back = _definition_back(codebase, symbols, owner, wrong, right, told) if owner else None
        yield from in_order(codebase, wrong, right, use, back)


def _attribute_uses(  # noqa: PLR0913, PLR0917 - the module by name and by file, and two names
    codebase: Codebase, user: Module, name: str, owner: Module | None, wrong: str, right: str
) -> list[Edit]:
    if owner is not None:
        return module_attribute_edits(codebase, user, owner, wrong, right)
    uses = [u for u in user.bindings.attributes if u.node.attr == wrong and dotted_base(user, u) == name]
    return attribute_edits(user, uses, right)


def _definition_back(  # noqa: PLR0913, PLR0917 - a place, two names and what is told
    codebase: Codebase, symbols: Symbols, owner: Module, wrong: str, right: str, told: str
) -> Change | None:
    """Give the definition its old name back: in the module that defines it, however often it is imported on."""
    module = owner
    for _ in range(5):
        uses = module.bindings.module.bound.get(right)
        if uses and uses[0].kind != "import":
            break
        homes = [s.module for s in symbols.defining(right)]
        if not homes:
            return None
        module = homes[0]
    if wrong in module.bindings.module.bound or not module.bindings.module.bound.get(right) or module.protected:
        return None
    change = Change(f"Call {right} {wrong} again", f"{told}. It gets the name back under which it is used.")
    rename_binding(change, codebase, module, module.bindings.module, right, wrong)
    return change


# --- a module -------------------------------------------------------------------------------------------------------


def _key(codebase: Codebase, symptom: Symptom, place: Place) -> Iterator[Change]:
    wrong = symptom.name
    keys: dict[str, list[tuple[Module, ast.Constant]]] = {}
    for module in codebase.sources:
        for node in _key_nodes(module):
            keys.setdefault(str(node.value), []).append((module, node))
    seen = {module.path for module, _ in place.lines}
    for right in closest(
        wrong, (k for k, nodes in keys.items() if any(m.path in seen for m, _ in nodes)), symptom.hint
    ):
        told = f"No dictionary has the key '{wrong}'; '{right}' is a key in {keys[right][0][0].path}"
        use = Change(f"Use the key {right} for {wrong}", f"{told}. Every use says so now.")
        back = Change(f"Call the key {right} {wrong} again", f"{told}. It gets the name back under which it is read.")
        for change, old, new in ((use, wrong, right), (back, right, wrong)):
            for module, node in keys.get(old, ()):
                change.add(module, string_edit(module.source, node, new))
        yield from in_order(codebase, wrong, right, use, back)


def _key_nodes(module: Module) -> Iterator[ast.Constant]:
    for node in ast.walk(module.tree):
        found: list[ast.expr | None] = []
        if isinstance(node, ast.Subscript):
            found = [node.slice]
        elif isinstance(node, ast.Dict):
            found = list(node.keys)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"get", "pop"}:
            found = list(node.args[:1])
        yield from (key for key in found if isinstance(key, ast.Constant) and isinstance(key.value, str))
