"""What could mend a missing attribute or argument: the class or function goes in, changes come out."""

import ast
import builtins
import contextlib
import inspect
import re
from collections.abc import Iterator, Sequence

from fixer.strategies.codebase.change import Change
from fixer.strategies.codebase.import_candidates import standard
from fixer.strategies.codebase.project import Codebase, Module
from fixer.strategies.codebase.renames import (
    attribute_edits,
    calls_of,
    edits_of,
    in_order,
    keyword_edits,
    member_definition_edits,
    unused_first,
)
from fixer.strategies.codebase.scopes import AttributeUse
from fixer.strategies.codebase.similarity import closest, slips
from fixer.strategies.codebase.symbols import ClassSymbol, FunctionSymbol, Symbols
from fixer.strategies.codebase.symptoms import Missing, Symptom

Lines = Sequence[tuple[Module, int]]


def attribute_repairs(codebase: Codebase, symbols: Symbols, symptom: Symptom, lines: Lines) -> Iterator[Change]:
    """Yield changes for `'Owner' object has no attribute 'name'`."""
    owners = symbols.classes_named(symptom.owner)
    if not owners:
        yield from _builtin_member(codebase, symbols, symptom, lines)
    for owner in owners:
        members = symbols.members(owner)
        wrong = symptom.name
        near = closest(wrong, members, symptom.hint)
        if len(symbols.bases(owner)) < len(owner.node.bases):
            near += closest(
                wrong, (_used_on_self(owner).keys() | _of_standard_bases(owner)) - members.keys(), symptom.hint
            )
        alone = [name for name in members if codebase.mentions(name) == 1 and not name.startswith("__")]
        for right in dict.fromkeys([*unused_first(codebase, near), *alone[:2]]):
            home, line = members.get(right) or (owner, _used_on_self(owner).get(right, owner.node.lineno))
            told = (
                f"`{owner.name}.{wrong}` does not exist; the class has `{home.name}.{right}` "
                f"(line {line} of {home.module.path})"
            )
            use = Change(f"Use {owner.name}.{right} for {wrong}", f"{told}. Every use says so now.")
            for module in codebase.mentioning(wrong):
                use.add(module, attribute_edits(module, _wrong_uses(symbols, owner, module, wrong, lines), right))
            back = (
                None
                if home.module.protected or right not in members
                else _member_back(codebase, symbols, home, wrong, right, told)
            )
            yield from in_order(codebase, wrong, right, use, back)


def _used_on_self(owner: ClassSymbol) -> dict[str, int]:
    """Return what a class reads of itself: some of it may come from a base that is not part of the project."""
    return {
        node.attr: node.lineno
        for node in ast.walk(owner.node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
    }


def _of_standard_bases(owner: ClassSymbol) -> set[str]:
    """Return what bases from the standard library have: their class attributes, and what their source sets on self."""
    found: set[str] = set()
    for base in owner.node.bases:
        module, _, name = ast.unparse(base).rpartition(".")
        for node in ast.walk(owner.module.tree):
            if isinstance(node, ast.ImportFrom) and not module and name in {a.name for a in node.names}:
                module = node.module or ""
        kind = getattr(standard(module), name, None) if module else None
        if isinstance(kind, type):
            found |= set(dir(kind))
            with contextlib.suppress(OSError, TypeError):
                found |= set(re.findall(r"\bself\.(\w+)\s*=", inspect.getsource(kind)))
    return found


def _wrong_uses(
    symbols: Symbols, owner: ClassSymbol, module: Module, wrong: str, lines: Lines
) -> Iterator[AttributeUse]:
    """Yield the uses of `.wrong` that mean this class: all of them where nothing else has such an attribute."""
    alone = not symbols.defines_attribute(wrong)
    family = {id(c.node) for c in symbols.family(owner)}
    for use in module.bindings.attributes:
        if use.node.attr != wrong or isinstance(use.node.ctx, ast.Store):
            continue
        inside = use.scope.enclosing_class()
        own = isinstance(use.node.value, ast.Name) and use.node.value.id in {"self", "cls", owner.name}
        own = own and (inside is None or id(inside) in family)
        seen = any(m is module and use.node.lineno <= at <= (use.node.end_lineno or at) for m, at in lines)
        if alone or own or seen:
            yield use


def _member_back(  # noqa: PLR0913, PLR0917 - a class, two names and what is told
    codebase: Codebase, symbols: Symbols, home: ClassSymbol, wrong: str, right: str, told: str
) -> Change:
    """Give a member its old name back, in the whole family of classes and at its uses."""
    change = Change(f"Call {home.name}.{right} {wrong} again", f"{told}. It gets the name back under which it is used.")
    family = symbols.family(home)
    elsewhere = any(right in c.members for c in symbols.classes if c not in family)
    for relative in family:
        change.add(relative.module, member_definition_edits(relative.module, relative.node, right, wrong))
    nodes = {id(c.node) for c in family}
    for module in codebase.mentioning(right):
        uses = [
            use
            for use in module.bindings.attributes
            if use.node.attr == right and (not elsewhere or _is_own(use, nodes))
        ]
        change.add(module, attribute_edits(module, uses, wrong))
    if right in home.fields:
        for module, edits in keyword_edits(codebase, [c.name for c in family], right, wrong):
            change.add(module, edits)
    return change


def _is_own(use: AttributeUse, family: set[int]) -> bool:
    inside = use.scope.enclosing_class()
    named = isinstance(use.node.value, ast.Name) and use.node.value.id in {"self", "cls"}
    return inside is not None and id(inside) in family and named


def _builtin_member(codebase: Codebase, symbols: Symbols, symptom: Symptom, lines: Lines) -> Iterator[Change]:
    """A value of a built-in type: only the line of the failure is sure to mean it, unless nothing has the name."""
    kind = getattr(builtins, symptom.owner, None)
    if not isinstance(kind, type):
        return
    for right in closest(symptom.name, dir(kind), symptom.hint):
        change = Change(
            f"Use {symptom.owner}.{right} for {symptom.name}",
            f"`{symptom.owner}` has no `{symptom.name}`; it has `{right}`.",
        )
        for module, line in lines:
            uses = [
                u for u in module.bindings.attributes
                if u.node.attr == symptom.name and u.node.lineno <= line <= (u.node.end_lineno or line)
            ]  # fmt: skip
            change.add(module, attribute_edits(module, uses, right))
        if slips(symptom.name, [right]) and not _is_known(symbols, symptom.name):
            everywhere = Change(change.summary, f"{change.explanation} Every use says so now.")
            for module in codebase.mentioning(symptom.name):
                uses = [use for use in module.bindings.attributes if use.node.attr == symptom.name]
                everywhere.add(module, attribute_edits(module, uses, right))
            yield everywhere
        yield change


def _is_known(symbols: Symbols, name: str) -> bool:
    """Whether a class of the project or a built-in type has a member of that name."""
    kinds = [kind for kind in vars(builtins).values() if isinstance(kind, type)]
    return any(name in c.members for c in symbols.classes) or any(hasattr(kind, name) for kind in kinds)


def keyword_repairs(codebase: Codebase, symbols: Symbols, symptom: Symptom) -> Iterator[Change]:
    """Yield changes for an argument that a function does not know, or did not get."""
    owner, _, last = symptom.owner.replace("<locals>.", "").rpartition(".")
    functions = _functions(symbols, owner.rpartition(".")[2], last)
    if symptom.missing is Missing.ARGUMENT:
        yield from _lost_argument(codebase, symbols, functions, symptom.name)
        return
    for function in functions:
        for right in _near(function, symptom):
            yield from _argument(codebase, symbols, function, symptom.name, right)
    for record in symbols.classes_named(owner or last) if not functions else ():
        fields = [f for c in (record, *symbols.bases(record)) for f in c.fields]
        for right in closest(symptom.name, fields, symptom.hint):
            yield from _field(codebase, symbols, record, symptom.name, right)


def _functions(symbols: Symbols, owner: str, name: str) -> list[FunctionSymbol]:
    """Return the functions that a message means: `Cart.add`, `add`, `Cart.__init__`, or the class `Cart` itself."""
    found = [f for f in symbols.functions if f.node.name == name]
    if owner:
        relatives = {c.name for symbol in symbols.classes_named(owner) for c in (symbol, *symbols.bases(symbol))}
        found = [f for f in found if f.owner and f.owner.name in relatives] or [f for f in found if not f.owner]
    classes = symbols.classes_named(name)
    if not found and classes:
        names = {c.name for symbol in classes for c in (symbol, *symbols.bases(symbol))}
        found = [f for f in symbols.functions if f.node.name == "__init__" and f.owner and f.owner.name in names]
    return found


def _near(function: FunctionSymbol, symptom: Symptom) -> list[str]:
    """Return the parameters that were meant: similar, unread, or called otherwise by the docstring."""
    near = closest(symptom.name, function.parameters, symptom.hint)
    read = {n.id for n in ast.walk(function.node) if isinstance(n, ast.Name)}
    documented = set(re.findall(r"\w+", ast.get_docstring(function.node) or ""))
    told = symptom.name in documented
    others = [p for p in function.parameters if p not in read or (told and p not in documented)]
    return list(dict.fromkeys([*near, *others]))


def _callees(symbols: Symbols, function: FunctionSymbol) -> list[str]:
    """Return the names by which a function is called; a constructor by those of its class and what inherits it."""
    if function.node.name not in {"__init__", "__new__"} or function.owner is None:
        return [function.node.name]
    heirs = [c.name for c in symbols.classes if any(b.node is function.owner.node for b in symbols.bases(c))]
    return [function.owner.name, *heirs, function.node.name, "cls"]


def _argument(
    codebase: Codebase, symbols: Symbols, function: FunctionSymbol, wrong: str, right: str
) -> Iterator[Change]:
    called = f"{function.owner.name}.{function.node.name}" if function.owner else function.node.name
    line = f"line {function.node.lineno} of {function.module.path}"
    told = f"`{called}` has no parameter `{wrong}`; it has `{right}` ({line})"
    callees = _callees(symbols, function)
    use = Change(f"Pass {right} to {called}, not {wrong}", f"{told}. Every call says so now.")
    misspelt = slips(wrong, [right]) and not any(wrong in f.parameters for f in symbols.functions)
    # A slip that no function knows is wrong in the calls of the others that have the parameter as well.
    alike = [f for f in symbols.functions if right in f.parameters] if misspelt else [function]
    everyone = dict.fromkeys(name for f in (function, *alike) for name in _callees(symbols, f))
    for module, edits in keyword_edits(codebase, everyone, wrong, right):
        use.add(module, edits)
    back = Change(
        f"Call the parameter {right} of {called} {wrong} again",
        f"{told}. It gets the name back that its callers use.",
    )
    if _parameter_back(back, function, wrong, right):
        for module, edits in keyword_edits(codebase, callees, right, wrong):
            back.add(module, edits)
    tests = _passed(codebase, callees, wrong, protected=True) > _passed(codebase, callees, right, protected=True)
    alone = not misspelt and _passed(codebase, callees, wrong) > 1 and not _passed(codebase, callees, right)
    yield from [back, use] if tests or alone else [use, back]


def _passed(codebase: Codebase, callees: Sequence[str], name: str, *, protected: bool | None = None) -> int:
    return sum(
        keyword.arg == name
        for module in codebase.modules
        if protected in {None, module.protected} and module.mentions(name)
        for call in calls_of(module, callees)
        for keyword in call.keywords
    )


def _parameter_back(change: Change, function: FunctionSymbol, wrong: str, right: str) -> bool:
    """Rename a parameter and its uses in the body; False where that cannot be, and the change stays empty."""
    scope = function.scope()
    if scope is None or function.module.protected or any(o.kind == "arg" for o in scope.bound.get(wrong, ())):
        return False
    change.add(function.module, edits_of(function.module, function.module.bindings.of(right, scope), wrong))
    return True


def _field(codebase: Codebase, symbols: Symbols, record: ClassSymbol, wrong: str, right: str) -> Iterator[Change]:
    """The constructor is made of the fields of a dataclass or NamedTuple."""
    home = next(c for c in (record, *symbols.bases(record)) if right in c.fields)
    line = f"line {home.members[right]} of {home.module.path}"
    told = f"`{record.name}` has no field `{wrong}`; it has `{right}` ({line})"
    use = Change(f"Pass {right} to {record.name}, not {wrong}", f"{told}. Every call says so now.")
    for module, edits in keyword_edits(codebase, [record.name], wrong, right):
        use.add(module, edits)
    back = None if home.module.protected else _member_back(codebase, symbols, home, wrong, right, told)
    yield from in_order(codebase, wrong, right, use, back)


def _lost_argument(
    codebase: Codebase, symbols: Symbols, functions: Sequence[FunctionSymbol], lost: str
) -> Iterator[Change]:
    """A keyword was misspelt and `**kwargs` took it, so that the parameter got no value."""
    for function in functions:
        passed = [
            keyword.arg
            for module in codebase.modules
            for call in calls_of(module, _callees(symbols, function))
            for keyword in call.keywords
            if keyword.arg and keyword.arg not in function.parameters
        ]
        for wrong in closest(lost, passed):
            yield from _argument(codebase, symbols, function, wrong, lost)
