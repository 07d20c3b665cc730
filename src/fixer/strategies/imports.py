"""An import that is missing, or that names a place from which its symbol moved away."""

import ast
from collections.abc import Iterator, Sequence

from fixer.schema.command import Invocation
from fixer.schema.patch import Patch
from fixer.strategies.base import Case, NotMine, offered
from fixer.strategies.codebase.change import Change
from fixer.strategies.codebase.import_block import ImportStatement, insert_imports
from fixer.strategies.codebase.import_candidates import Candidate, candidates, undefined
from fixer.strategies.codebase.import_uses import (
    ImportUse,
    imports_of,
    module_edits,
    reaches,
    reference,
    retargeted,
    statement_for,
)
from fixer.strategies.codebase.project import Codebase, Module
from fixer.strategies.codebase.renames import exported
from fixer.strategies.codebase.scopes import Occurrence, Scope
from fixer.strategies.codebase.source_file import Edit
from fixer.strategies.codebase.symbols import Symbols
from fixer.strategies.codebase.symptoms import Missing, Symptom, symptoms_of

ORDER = 20


def propose(case: Case) -> Iterator[Patch]:
    """Offer the imports that would define what is missing, the likeliest first."""
    symptoms = symptoms_of(case.failure.message, lambda: case.run(case.reproduction.narrowed).output)
    asked = [s for s in symptoms if s.missing in {Missing.NAME, Missing.IMPORTED, Missing.MODULE}]
    if not asked:
        raise NotMine(f"no missing name, import or module is reported: {case.failure.message}")
    case.tree.reset()
    finder = _Finder(case)
    none = True
    for patch in offered(case, "imports", finder.changes(asked)):
        none = False
        yield patch
    if none and not case.stop():
        raise NotMine(finder.reason(asked[0]))


class _Finder:
    def __init__(self, case: Case) -> None:
        self.case = case
        files = case.tree.git.files(case.tree.commit)
        self.codebase = Codebase(case.root, files, case.reproduction.test_files)
        self.symbols = Symbols(self.codebase)
        self._installed: dict[str, bool] = {}

    def changes(self, symptoms: Sequence[Symptom]) -> Iterator[Change]:
        for symptom in symptoms:
            if symptom.missing is Missing.NAME:
                yield from self.missing_import(symptom.name)
            elif symptom.missing is Missing.IMPORTED:
                yield from self.moved_symbol(symptom)
            else:
                yield from self.moved_module(symptom.name)

    def reason(self, symptom: Symptom) -> str:
        if symptom.missing is Missing.NAME:
            where = [m.path for m in self.codebase.modules if undefined(m, symptom.name)]
            if not where:
                return f"no file uses `{symptom.name}` without defining it"
            if all(self.codebase.by_path[path].protected for path in where):
                return f"`{symptom.name}` is undefined in {', '.join(where)} only, which states what is right"
            return f"nothing in the project or the standard library is known to define `{symptom.name}`"
        if symptom.missing is Missing.IMPORTED:
            return f"no other module of the project defines `{symptom.name}`, which `{symptom.owner}` lacks"
        return f"no module of the project stands for `{symptom.name}` now"

    def missing_import(self, name: str) -> Iterator[Change]:
        """Import an undefined name in every file that uses it."""
        users = [module for module in self._by_place(name) if self._lacks(module, name)]
        if not users:
            return
        first = users[0]
        for candidate in candidates(self.codebase, self.symbols, first, name, self.installed):
            extra = self._also_missing(first, name)
            if extra:
                yield self._import(first, [(name, candidate), *extra], users)
            change = self._import(first, [(name, candidate)], users)
            if candidate.target is not None and reaches(self.codebase, candidate.target, first):
                yield self._import_inside(first, name, candidate)
            yield change

    def _by_place(self, name: str) -> list[Module]:
        """Return the changeable modules that mention `name`, those of the traceback first, innermost first."""
        paths = [self.case.failure.file or "", *(frame[0] for frame in reversed(self.case.failure.frames))]
        places = [module for path in paths if path and (module := self.codebase.at(path))]
        return sorted(self.codebase.mentioning(name), key=lambda m: places.index(m) if m in places else len(places))

    def _lacks(self, module: Module, name: str) -> bool:
        return bool(undefined(module, name)) or (
            self.case.failure.code is None and next(_type_checking(module, name), None) is not None
        )

    def _also_missing(self, module: Module, name: str) -> list[tuple[str, Candidate]]:
        """Return the other undefined names of a file with the import that surely defines each."""
        found = []
        for other in dict.fromkeys(use.name for use in undefined(module) if use.name != name):
            best = next(candidates(self.codebase, self.symbols, module, other, self.installed), None)
            if best is not None and best.sure:
                found.append((other, best))
        return found

    def _import(self, first: Module, wanted: Sequence[tuple[str, Candidate]], users: Sequence[Module]) -> Change:
        name, main = wanted[0]
        names = ", ".join(f"`{n}`" for n, _ in wanted)
        told = "; ".join(f"`{n}`: {c.reason}, so `{c.statement.text}`" for n, c in wanted)
        change = Change(
            f"Import {', '.join(n for n, _ in wanted)} in {first.path}",
            f"{first.path} uses {names} without defining it (line {_line(first, name)}). {told}.",
        )
        change.add(first, insert_imports(self.codebase, first, _unique([c.statement for _, c in wanted])))
        change.edits[first.path] += _out_of_type_checking(first, name, main.statement)
        for user in users[1:]:
            same = next(
                (c for c in candidates(self.codebase, self.symbols, user, name, self.installed)
                 if _same_import(c, main)), None
            )  # fmt: skip
            if same is not None:
                change.add(user, insert_imports(self.codebase, user, [same.statement]))
        return change

    def _import_inside(self, module: Module, name: str, candidate: Candidate) -> Change:
        """Import inside of the functions that use the name: at the top, the two modules would import each other."""
        change = Change(
            f"Import {name} where {module.path} uses it",
            f"{module.path} uses `{name}` without defining it; {candidate.reason}. That module itself imports "
            f"{module.path}, so `{candidate.statement.text}` stands inside of the function.",
        )
        for scope in {id(f): f for use in undefined(module, name) if (f := _function(use.scope))}.values():
            change.add(module, _at_start_of(module, scope, candidate.statement))
        return change

    def moved_symbol(self, symptom: Symptom) -> Iterator[Change]:
        """A module lacks a name that another module defines: import it from there, or let the module offer it."""
        name, owner = symptom.name, self.codebase.by_name.get(symptom.owner)
        homes = [s.module for s in self.symbols.defining(name) if s.module is not owner]
        inside = self.codebase.by_name.get(f"{symptom.owner}.{name}")
        if inside is not None:
            yield from self._submodule(symptom, inside)
        uses = list(imports_of(self.codebase, symptom.owner, name))
        homes.sort(key=lambda m: not owner or m.package != owner.package)
        for home in homes:
            change = Change(
                f"Import {name} from {home.name}, where it is now",
                f"`{symptom.owner}` has no `{name}`; {home.path} defines it. Every import of the code says so now.",
            )
            for use in uses:
                change.add(use.module, retargeted(self.codebase, use, home))
            again = self._offered_again(symptom, owner, home)
            tests_need_it = any(use.module.protected for use in uses) or not change.edits
            yield from filter(None, [again, change] if tests_need_it else [change, again])
        yield from self._offered_module(symptom, owner, homes)

    def _offered_again(self, symptom: Symptom, owner: Module | None, home: Module) -> Change | None:
        """Let the module from which the name is wanted import it: the public place stays as users know it."""
        if owner is None or owner.protected or symptom.name in owner.bindings.module.bound:
            return None
        lost = self._lost_names(owner, home, symptom.name)
        change = Change(
            f"Import {', '.join(lost)} in {owner.path} again",
            f"`{symptom.name}` is wanted from `{owner.name}`, which does not have it; {home.path} defines it. "
            f"{owner.path} imports it from there again.",
        )
        statements = [statement_for(self.codebase, owner, home, name) for name in lost]
        change.add(owner, insert_imports(self.codebase, owner, statements))
        return change

    def _lost_names(self, owner: Module, home: Module, name: str) -> list[str]:
        """Return every name that the project wants from `owner`, and that only `home` has."""
        lost = {name}
        for candidate, uses in home.bindings.module.bound.items():
            if candidate in owner.bindings.module.bound or candidate.startswith("_") or uses[0].kind == "import":
                continue
            if candidate in self.symbols.of_module(owner):
                continue
            if next(imports_of(self.codebase, owner.name, candidate), None) or candidate in exported(owner):
                lost.add(candidate)
        return sorted(lost)

    def _offered_module(self, symptom: Symptom, owner: Module | None, homes: Sequence[Module]) -> Iterator[Change]:
        """The code of a module takes `other.name`, and `name` is imported nowhere: a name of the standard library."""
        if owner is None or owner.protected or homes or symptom.name in owner.bindings.module.bound:
            return
        for candidate in candidates(self.codebase, self.symbols, owner, symptom.name, self.installed):
            yield self._import(owner, [(symptom.name, candidate)], [owner])

    def _submodule(self, symptom: Symptom, inside: Module) -> Iterator[Change]:
        """`package.module` was used, and nothing imported the module."""
        owner = self.codebase.by_name.get(symptom.owner)
        if owner is None or owner.protected:
            return
        change = Change(
            f"Import {symptom.name} in {owner.path}",
            f"`{owner.name}.{symptom.name}` is used, but nothing imports {inside.path}.",
        )
        statement = ImportStatement(reference(self.codebase, owner, owner), symptom.name)
        change.add(owner, insert_imports(self.codebase, owner, [statement]))
        yield change

    def moved_module(self, name: str) -> Iterator[Change]:
        """A module of the project is imported by a name that it no longer has."""
        last = name.rpartition(".")[2]
        missing = name if name not in self.codebase.by_name else ""
        homes = [m for m in self.codebase.sources if m.name.rpartition(".")[2] == last and m.name != missing]
        for home in homes:
            change = Change(
                f"Import {last} from {home.name}, where it is now",
                f"There is no module `{name}`; {home.path} is `{home.name}`.",
            )
            for module in self.codebase.mentioning(last):
                change.add(module, list(module_edits(self.codebase, module, name, home)))
            yield change

    def installed(self, module: str) -> bool:
        """Ask the project's interpreter whether it has a module."""
        if module not in self._installed:
            top = module.split(".", maxsplit=1)[0]
            code = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
            self._installed[module] = self.case.run(Invocation(argv=(self.case.python, "-c", code, top))).passed
        return self._installed[module]


def _same_import(one: Candidate, other: Candidate) -> bool:
    if one.target is not None or other.target is not None:
        return one.target is other.target and one.statement.name == other.statement.name
    return one.statement == other.statement


def _unique(statements: Sequence[ImportStatement]) -> list[ImportStatement]:
    return list(dict.fromkeys(statements))


def _line(module: Module, name: str) -> int:
    return min((getattr(use.node, "lineno", 1) for use in module.bindings.names if use.name == name), default=1)


def _function(scope: Scope) -> Scope | None:
    """Return the outermost function around a scope."""
    found, current = None, scope
    while current.parent is not None:
        if current.kind == "function":
            found = current
        current = current.parent
    return found


def _at_start_of(module: Module, scope: Scope, statement: ImportStatement) -> list[Edit]:

    body = getattr(scope.node, "body", None)
    if not isinstance(body, list):
        return []
    documented = len(body) > 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if documented else body[0]
    source = module.source
    line = source.starts[first.lineno - 1]
    indent = source.text[line : source.offset(first.lineno, first.col_offset)]
    return [] if indent.strip() else [Edit(line, line, f"{indent}{statement.text}{source.newline}")]


def _type_checking(module: Module, name: str) -> Iterator[ImportUse]:
    """Yield the imports of `name` that only type checkers see, if the module does not import it otherwise."""
    blocks = [
        node
        for node in module.tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    ]
    uses: list[Occurrence] = module.bindings.module.bound.get(name, [])
    for block in blocks:
        for node in block.body:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if len(uses) == 1 and uses[0].node is alias:
                        yield ImportUse(module, node, alias)


def _out_of_type_checking(module: Module, name: str, statement: ImportStatement) -> list[Edit]:
    """Remove the import for type checkers that the new one makes needless; an empty block goes as a whole."""
    for use in _type_checking(module, name):
        if use.alias.name != statement.name or len(use.node.names) > 1:
            continue
        block = next(n for n in module.tree.body if isinstance(n, ast.If) and use.node in n.body)
        gone: ast.stmt = block if len(block.body) == 1 and not block.orelse else use.node
        if gone is use.node and len(block.body) == 1:
            continue
        source = module.source
        last = gone.end_lineno or gone.lineno
        end = source.starts[last] if last < len(source.starts) else len(source.text)
        return [Edit(source.starts[gone.lineno - 1], end, "")]
    return []
