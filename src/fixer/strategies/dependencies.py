"""Declares a package that the code imports and no environment of the project's own would install."""

import ast
import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from fixer.git import Git
from fixer.schema.command import Invocation
from fixer.schema.patch import Patch, new_patch
from fixer.strategies.base import Case, NotMine
from fixer.strategies.manifests import project
from fixer.strategies.manifests.base import Group, Use, bound, canonical
from fixer.strategies.manifests.distributions import bringing, stubs_for
from fixer.strategies.manifests.project import Declarations

ORDER = 40

_NO_MODULE = re.compile(r"No module named ['\"]?([A-Za-z_][\w.]*)")
_NOT_FOUND = re.compile(r"Cannot find implementation or library stub for module named [\"']([\w.]+)[\"']")
_NO_STUBS = re.compile(r"[Ll]ibrary stubs not installed for [\"']([\w.]+)[\"']")
_NOT_RUNTIME = frozenset(
    {"docs", "doc", "examples", "example", "scripts", "benchmarks", "tools", "noxfile.py", "setup.py"}
)
_SOURCE_ROOTS = (".", "src", "lib", "python")
_SIMILAR = 0.85
_COMMITS = 5
"""Commits that changed what names a package are looked at."""
_ASK = (
    "import importlib.metadata as m, json, sys\n"
    "names = m.packages_distributions().get(sys.argv[1], [])\n"
    "versions = {d.metadata['Name']: d.version for d in m.distributions() if d.metadata['Name']}\n"
    "print(json.dumps([names, versions]))\n"
)


@dataclass(frozen=True)
class _Installed:
    """What the project's interpreter has: who brings the module, and the version of everything."""

    bringing: tuple[str, ...]
    versions: dict[str, str]


@dataclass(frozen=True)
class _Target:
    """Where the entry goes; `caveat` is what a person should look at."""

    group: Group
    caveat: str = ""


def propose(case: Case) -> Iterator[Patch]:
    """Yield the patch that declares the missing package where the project declares such packages.

    Raises:
        NotMine: nothing is missing, the name is not certain, or there is no place to declare it.
    """
    module, stubs = _missing(case.failure.message)
    files = case.tree.git.files(case.tree.commit)
    _refuse_own(module, files)
    declared = project.read(files, lambda path: case.tree.git.show(case.tree.commit, path) or "")
    installed = _installed(case, module)
    importers = _importers(case, module)
    if not stubs and not bringing(module):
        module = _precise(module, importers)
    name, source = _name(case, module, stubs=stubs, declared=declared, installed=installed)
    target = _target(name, declared, use=_use(list(importers), stubs=stubs))
    version = _version(name, declared, installed)
    requirement = _spelling(name, declared) + bound(target.group.entries, version)
    diff = _diff(case, target.group, requirement)
    yield new_patch(
        reproduction_id=case.reproduction.id,
        strategy="dependencies",
        summary=f"Declare {_spelling(name, declared)} in {target.group.place}",
        explanation=_explanation(module, name, source, list(importers), stubs=stubs),
        diff=diff,
        requirements=(requirement.replace("^", ">="),),
        needs_review=" ".join(part for part in (target.caveat, _stale(declared, name)) if part),
    )


def _missing(message: str) -> tuple[str, bool]:
    """Return the dotted module that is missing, and whether only its type stubs are."""
    if found := _NO_STUBS.search(message):
        return found.group(1), True
    found = _NO_MODULE.search(message) or _NOT_FOUND.search(message)
    if found is None:
        raise NotMine("no module is missing")
    return found.group(1).strip("."), False


def _refuse_own(module: str, files: list[str]) -> None:
    """Leave modules of Python and of the project itself, misspelt ones as well, to others."""
    from stdlibs import module_names  # noqa: PLC0415 - read only where a module is missing

    top = module.split(".", maxsplit=1)[0]
    if top in module_names:
        raise NotMine(f"'{module}' belongs to Python itself, in this version or another, so no package brings it")
    own = _own_modules(files)
    if top in own and (own[top] in _SOURCE_ROOTS or not bringing(module)):
        raise NotMine(f"'{module}' is a module of the project itself, not a package to install")
    near = difflib.get_close_matches(top, own, n=1, cutoff=_SIMILAR)
    if near and not bringing(module):
        raise NotMine(f"'{module}' looks like the project's own module '{near[0]}', misspelt")


def _own_modules(files: list[str]) -> dict[str, str]:
    """Return the project's top-level modules and packages, each with the folder that holds it."""
    sources = [PurePosixPath(path) for path in files if path.endswith((".py", ".pyi"))]
    packages = {path.parent for path in sources if path.stem == "__init__"}
    found: dict[str, str] = {}
    for path in sorted(sources, key=lambda path: len(path.parts), reverse=True):
        top = path
        while top.parent in packages:
            top = top.parent
        if top.stem != "__init__":
            found[top.stem] = str(top.parent)
        # Folders without `__init__.py` are packages as well (PEP 420).
        for root in _SOURCE_ROOTS:
            rest = path.relative_to(root).parts if path.is_relative_to(root) else ()
            if len(rest) > 1:
                found[rest[0]] = root
    return found


def _installed(case: Case, module: str) -> _Installed:
    result = case.run(Invocation(argv=(case.python, "-I", "-c", _ASK, module.split(".", maxsplit=1)[0])))
    try:
        names, versions = json.loads(result.stdout) if result.passed else ([], {})
    except ValueError:
        # An interpreter that prints something else (a site hook) tells nothing; the other sources remain.
        names, versions = [], {}
    return _Installed(tuple(sorted(set(names))), {canonical(name): version for name, version in versions.items()})


def _precise(module: str, importers: dict[str, frozenset[str]]) -> str:
    """Return the module below a namespace (`google.protobuf` for `google`) that the code imports, where it is one."""
    dotted = sorted({name for names in importers.values() for name in names if bringing(name)})
    return dotted[0] if len({bringing(name) for name in dotted}) == 1 else module


def _name(case: Case, module: str, *, stubs: bool, declared: Declarations, installed: _Installed) -> tuple[str, str]:
    """Return the distribution that brings a module, and how that is known."""
    if stubs:
        name = stubs_for(module)
        if name is None:
            raise NotMine(f"no well-known package has the type stubs of '{module}'; to see what mypy suggests: mypy")
        return name, "it holds its type stubs"
    top = module.split(".", maxsplit=1)[0]
    table = bringing(module)
    own = {name for group in declared.groups for name in group.names} | set(declared.locked)
    for name in (*table, *installed.bringing, top):
        if canonical(name) in own:
            return canonical(name) if name == top else name, "the project names it elsewhere already"
    if table:
        return table[0], "it is the well-known package of that module"
    if len(installed.bringing) == 1:
        return installed.bringing[0], "it brings that module in the project's environment"
    if commit := _named_before(case, top):
        return canonical(top), f"the project named it until {commit[:12]}"
    raise NotMine(
        f"which package brings '{module}' is not certain, and fixer never installs a guessed name (others register "
        f"such names to be installed by mistake); look it up and add it by hand where the project declares its packages"
    )


def _named_before(case: Case, top: str) -> str:
    """Return the commit that took a package of the module's own name out of the project's lists; '' where none did."""
    git, places = case.tree.git, ("*.toml", "*.cfg", "*.txt", "*setup.py", "*Pipfile")
    pattern = "[-_.]".join(re.escape(part) for part in canonical(top).split("-"))
    command = ("log", f"--max-count={_COMMITS}", "--format=%H %P", "--regexp-ignore-case", "-G", pattern)
    listed = git.run(*command, case.tree.commit, "--", *places, check=False).stdout
    for commit, *parents in (line.split() for line in listed.splitlines()):
        for parent in parents[:1]:
            before = project.read(git.files(parent), partial(_content, git, parent))
            if before.with_name(canonical(top)):
                return commit
    return ""


def _content(git: Git, commit: str, path: str) -> str:
    return git.show(commit, path) or ""


def _importers(case: Case, module: str) -> dict[str, frozenset[str]]:
    """Return the files that import from the module's package, each with the dotted names that it imports."""
    top = module.split(".", maxsplit=1)[0]
    command = ("grep", "--name-only", "-z", "--fixed-strings", "--word-regexp", "-e", top, "--", "*.py")
    named = [path for path in case.tree.git.run(*command, check=False).stdout.split("\0") if path]
    places = {path: case.root / path for path in named}
    found = {
        path: _imports(place.read_text(encoding="utf-8", errors="replace"), top)
        for path, place in places.items()
        if not place.is_symlink()
    }
    return {path: names for path, names in found.items() if names}


def _imports(text: str, top: str) -> frozenset[str]:
    """Return the dotted names below `top` that a file imports."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError):
        names = re.findall(rf"^\s*(?:import|from)\s+({re.escape(top)}\b[\w.]*)", text, re.MULTILINE)
    else:
        names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
        froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0]
        names += [f"{node.module}.{alias.name}" for node in froms for alias in node.names]
    return frozenset(name for name in names if name.split(".")[0] == top)


def _use(importers: list[str], *, stubs: bool) -> Use:
    """Return who needs the package: whoever uses the program, or only those who test or develop it."""
    if stubs:
        return Use.DEVELOPMENT
    if any(not _is_test(path) and not _NOT_RUNTIME & set(PurePosixPath(path).parts) for path in importers):
        return Use.RUNTIME
    return Use.TEST if any(_is_test(path) for path in importers) else Use.RUNTIME


def _is_test(path: str) -> bool:
    place = PurePosixPath(path)
    named = place.name == "conftest.py" or place.name.startswith("test_") or place.stem.endswith("_test")
    return named or bool({"test", "tests", "testing"} & set(place.parts[:-1]))


def _target(name: str, declared: Declarations, *, use: Use) -> _Target:
    """Choose the group: for that use, and among those that CI installs where that is known."""
    already = declared.with_name(name)
    there = [group for group in already if group in declared.installed or not declared.installed]
    enough = [group for group in there if group.use is Use.RUNTIME or use is not Use.RUNTIME]
    if enough:
        raise NotMine(
            f"{name} is declared already in {enough[0].place}; the environment that failed was not installed from it"
        )
    candidates = declared.installed or declared.groups
    if not candidates:
        raise NotMine(f"{name} is missing, but {_no_place(declared)}")
    wanted = {
        Use.RUNTIME: (Use.RUNTIME,),
        Use.TEST: (Use.TEST, Use.DEVELOPMENT),
        Use.DEVELOPMENT: (Use.DEVELOPMENT, Use.TEST),
    }[use if use is not Use.OTHER else Use.RUNTIME]
    for kind in wanted:
        if fitting := [group for group in candidates if group.use is kind]:
            return _Target(fitting[0], _moved(already, fitting[0], name))
    runtime = [group for group in (*candidates, *declared.groups) if group.use is Use.RUNTIME and group not in already]
    other = runtime[0] if runtime else candidates[0]
    why = f"Only {use.value} code needs {name}, and no group for that was found" if use is not Use.RUNTIME else ""
    return _Target(other, f"{why}: {other.place} was taken." if why else _moved(already, other, name))


def _moved(already: tuple[Group, ...], target: Group, name: str) -> str:
    """Say where the package was declared before, where it was."""
    before = ", ".join(group.place for group in already if group != target)
    return f"{name} was declared only in {before}." if before else ""


def _no_place(declared: Declarations) -> str:
    if declared.compiled:
        return f"{declared.compiled[0]} is written by a tool; add it to the file that this is made from"
    if declared.unreadable:
        path, reason = next(iter(declared.unreadable.items()))
        return f"{path} could not be read: {reason}"
    return "the project has no list of packages that fixer knows how to change"


def _version(name: str, declared: Declarations, installed: _Installed) -> str | None:
    return installed.versions.get(canonical(name)) or declared.locked.get(canonical(name)) or None


def _spelling(name: str, declared: Declarations) -> str:
    """Return the name as the project spells it where it does."""
    entries = (entry for group in declared.with_name(name) for entry in group.entries)
    same = next((entry for entry in entries if canonical(entry) == canonical(name)), name)
    found = re.match(r"[A-Za-z0-9._-]+", same)
    return found.group() if found else name


def _diff(case: Case, group: Group, requirement: str) -> str:
    """Write the entry and return the difference."""
    place = case.root / group.path
    if place.is_symlink():
        raise NotMine(f"{group.path} is a symbolic link, and what it points to may be outside of the project")
    text = place.read_bytes().decode("utf-8")
    try:
        place.write_bytes(project.add(text, group, requirement).encode("utf-8"))
    except ValueError as error:
        raise NotMine(f"{requirement} could not be added to {group.place}: {error}") from error
    return case.diff_now()


def _explanation(module: str, name: str, source: str, importers: list[str], *, stubs: bool) -> str:
    where = f"{importers[0]} imports '{module}'" if importers else f"'{module}' is imported"
    more = f" (and {len(importers) - 1} more)" if len(importers) > 1 else ""
    missing = "its type stubs are not installed" if stubs else "nothing that CI installs brings it"
    return f"{where}{more}, and {missing}. The package is {name}: {source}."


def _stale(declared: Declarations, name: str) -> str:
    """Say which lock files have to be written anew."""
    commands = {
        "poetry.lock": "poetry lock",
        "uv.lock": "uv lock",
        "pdm.lock": "pdm lock",
        "Pipfile.lock": "pipenv lock",
    }
    stale = [f"{lock} has to be written anew (`{commands[lock]}`)" for lock in declared.locks]
    known = canonical(name) in declared.locked
    return "" if not stale else f"{'; '.join(stale)}{', though it names the package already' if known else ''}."
