"""A name, attribute, argument or module that is misspelt or was renamed: the nearest that exists, or its old name."""

from collections.abc import Iterator
from dataclasses import replace

from fixer.schema.command import Invocation
from fixer.schema.patch import Patch
from fixer.strategies.base import Case, NotMine, offered
from fixer.strategies.codebase.change import Change
from fixer.strategies.codebase.name_repairs import repairs
from fixer.strategies.codebase.place import Place
from fixer.strategies.codebase.project import Codebase
from fixer.strategies.codebase.recent_renames import renames_in
from fixer.strategies.codebase.symbols import Symbols
from fixer.strategies.codebase.symptoms import Symptom, symptoms_of

ORDER = 30


def propose(case: Case) -> Iterator[Patch]:
    """Offer, the likeliest first: every wrong use becomes the name that exists, or the definition its old name."""
    symptoms = symptoms_of(case.failure.message, lambda: case.run(case.reproduction.narrowed).output)
    if not symptoms:
        raise NotMine(f"no missing name, attribute, argument or module is reported: {case.failure.message}")
    change = case.diagnosis.minimal_change if case.diagnosis else None
    renamed = renames_in(change.hunks if change else ())
    symptoms = [replace(symptom, hint=renamed.get(symptom.name, symptom.hint)) for symptom in symptoms]
    case.tree.reset()
    files = case.tree.git.files(case.tree.commit)
    codebase = Codebase(case.root, files, case.reproduction.test_files)
    place = _place(case, codebase)
    none = True
    for patch in offered(case, "names", _changes(codebase, symptoms, place)):
        none = False
        yield patch
    if none and not case.stop():
        raise NotMine(_reason(symptoms[0]))


def _changes(codebase: Codebase, symptoms: list[Symptom], place: Place) -> Iterator[Change]:
    symbols = Symbols(codebase)
    for symptom in symptoms:
        yield from repairs(codebase, symbols, symptom, place)


def _place(case: Case, codebase: Codebase) -> Place:
    """Return where the failure was seen, and how the project's interpreter can be asked."""
    seen = [(frame[0], frame[1]) for frame in reversed(case.failure.frames)]
    if case.failure.file and case.failure.line:
        seen.append((case.failure.file, case.failure.line))
    lines = [(module, line) for path, line in seen if (module := codebase.at(path))]

    def names_in(module: str) -> frozenset[str]:
        code = "import importlib, sys; print(*dir(importlib.import_module(sys.argv[1])), sep='\\n')"
        result = case.run(Invocation(argv=(case.python, "-c", code, module)))
        return frozenset(result.stdout.split()) if result.passed else frozenset()

    def modules() -> frozenset[str]:
        code = (
            "import pkgutil, sys; print(*sys.stdlib_module_names, *(m.name for m in pkgutil.iter_modules()), sep='\\n')"
        )
        result = case.run(Invocation(argv=(case.python, "-c", code)))
        return frozenset(result.stdout.split()) if result.passed else frozenset()

    return Place(tuple(dict.fromkeys(lines)), names_in, modules)


def _reason(symptom: Symptom) -> str:
    where = f" of `{symptom.owner}`" if symptom.owner else ""
    return f"nothing that exists is like the {symptom.missing.value} `{symptom.name}`{where}"
