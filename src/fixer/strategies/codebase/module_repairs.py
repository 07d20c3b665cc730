"""What could mend the import of a module that is not there: a symptom in; changes of importers, or of the file, out."""

import ast
from collections.abc import Iterator

from fixer.strategies.codebase.change import Change
from fixer.strategies.codebase.import_uses import imports_module, module_edit, module_edits
from fixer.strategies.codebase.place import Place
from fixer.strategies.codebase.project import Codebase, Module
from fixer.strategies.codebase.renames import (
    edits_of,
    in_order,
)
from fixer.strategies.codebase.similarity import closest
from fixer.strategies.codebase.source_file import Edit
from fixer.strategies.codebase.symptoms import Symptom


def module_repairs(codebase: Codebase, symptom: Symptom, place: Place) -> Iterator[Change]:
    """Yield changes of the imports, then of the module's own file, the likeliest first."""
    wrong = symptom.name
    parent, _, last = wrong.rpartition(".")
    siblings = {m.name.rpartition(".")[2]: m for m in codebase.sources if m.name.rpartition(".")[0] == parent}
    near = [siblings[right] for right in closest(last, siblings, symptom.hint)]
    for home in dict.fromkeys([*_holders(codebase, wrong), *near]):
        told = f"There is no module `{wrong}`; there is `{home.name}` ({home.path})"
        use = Change(f"Import {home.name}, which is not called {wrong}", f"{told}. Every import says so now.")
        for module in codebase.mentioning(last):
            use.add(module, module_edits(codebase, module, wrong, home))
        back = _file_back(codebase, home, wrong, told)
        wanted = [m for m in codebase.modules if m.protected and imports_module(m, wrong)]
        living = [m for m in codebase.modules if m.protected and imports_module(m, home.name)]
        if home in near and not wanted and not living:
            yield from in_order(codebase, last, home.name.rpartition(".")[2], use, back)
        else:
            # The tests say which of the two names is meant.
            yield from filter(None, [back, use] if wanted and not living else [use, back if not living else None])
    if "." not in wrong and wrong not in codebase.top_names:
        for right in closest(wrong, place.installed(), symptom.hint):
            change = Change(f"Import {right}, not {wrong}", f"There is no module `{wrong}`; `{right}` is installed.")
            for module in codebase.mentioning(wrong):
                change.add(module, _top_level(module, wrong, right))
            yield change


def _holders(codebase: Codebase, wrong: str) -> list[Module]:
    """Return the modules that define everything that is imported from a module which is not there."""
    wanted = {
        alias.name
        for module in codebase.modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and module.target(node) == wrong
        for alias in node.names
    }
    own = [name for name in wanted if name != "*"]
    if not own:
        return []
    parent = wrong.rpartition(".")[0]
    found = [
        module
        for module in codebase.sources
        if all(any(o.kind != "import" for o in module.bindings.module.bound.get(name, ())) for name in own)
    ]
    return sorted(found, key=lambda module: (module.name.rpartition(".")[0] != parent, module.path))[:3]


def _top_level(module: Module, wrong: str, right: str) -> Iterator[Edit]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] == wrong:
            edit = module_edit(module, node, right + (node.module or "")[len(wrong) :])
            yield from [edit] if edit else []
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == wrong and alias.asname is None:
                    scope = next(o.scope for o in module.bindings.names if o.node is alias)
                    yield from edits_of(module, module.bindings.of(wrong, scope), right)


def _file_back(codebase: Codebase, home: Module, wrong: str, told: str) -> Change | None:
    """Give a file its old name back; what imports it by the new one follows."""
    if home.is_package:
        return None
    parent, _, last = wrong.rpartition(".")
    path = f"{home.path.rpartition('/')[0]}/{last}.py".lstrip("/")
    if path in codebase.by_path:
        return None
    change = Change(
        f"Call {home.path} {last}.py again", f"{told}. The file gets the name back under which it is imported."
    )
    moved = Module(home.source, (wrong,), protected=False)
    change.modules[home.path] = home
    change.moved[home.path] = path
    for module in codebase.mentioning(home.name.rpartition(".")[2]):
        if module is not home and parent == home.name.rpartition(".")[0]:
            change.add(module, module_edits(codebase, module, home.name, moved))
    return change


# --- a key of a dictionary ------------------------------------------------------------------------------------------
