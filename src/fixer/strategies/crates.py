"""A crate that the code uses and Cargo.toml does not declare: declared where that is, if the crate is known already."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import tomlkit

from fixer.schema.command import Invocation
from fixer.schema.failure import FailureKind
from fixer.schema.patch import Patch, new_patch
from fixer.strategies.base import Case, NotMine
from fixer.strategies.manifests.base import insertion
from fixer.strategies.manifests.known_crates import Known, known, spelling
from fixer.strategies.suggested.suggestion import place_of

ORDER = 42
_MISSING = re.compile(
    r"(?:unlinked crate|cannot find module or crate|undeclared crate or module|can't find crate for"
    r"|maybe a missing crate|unresolved import) `([A-Za-z_]\w*)(?:::[\w:]*)?`"
)
_OWN = frozenset({"crate", "self", "super", "std", "core", "alloc", "proc_macro", "test"})


@dataclass(frozen=True)
class _Manifest:
    """The Cargo.toml of the package that lacks the crate."""

    path: str
    section: str
    text: str


def propose(case: Case) -> Iterator[Patch]:
    """Yield the patch that declares the crate, with the lock file brought up to date where git tracks it.

    Raises:
        NotMine: no crate is missing, it is a module of the package, or nothing says which crate it is.
    """
    names = _missing(case)
    case.tree.reset()
    manifest = _manifest(case)
    for name in names:
        _refuse_own(case, name, manifest)
    entries = [entry for name in names if (entry := known(name, manifest.path, case.tree))]
    if not entries:
        crate = spelling(names[0])
        raise NotMine(
            f"the crate '{crate}' is named nowhere in the project (workspace, lock file, vendored or cached crates), "
            f"and fixer never adds a guessed name; where it is meant: cargo add {crate}"
        )
    text = _declared(manifest, entries)
    for with_lock in (True, False):
        case.tree.reset()
        (case.root / manifest.path).write_text(text, encoding="utf-8")
        if with_lock and not _lock(case, manifest):
            continue
        diff = case.diff_now()
        case.tree.reset()
        yield _patch(case, manifest, entries, diff)


def _missing(case: Case) -> list[str]:
    texts = [case.failure.message]
    if case.failure.tool == "cargo" and case.failure.kind is not FailureKind.TEST:
        # The message says `unresolved import`; the label below the place says that a crate is meant.
        texts.append(case.run(case.reproduction.narrowed).output)
    found = [match for text in texts for match in _MISSING.finditer(text) if match[1] not in _OWN]
    certain = [match[1] for match in found if "crate" in match[0] or f"unlinked crate `{match[1]}`" in texts[-1]]
    if not certain:
        raise NotMine("no crate is missing")
    return list(dict.fromkeys(certain))


def _manifest(case: Case) -> _Manifest:
    file = place_of(case, case.failure.file, tests=True) if case.failure.file else None
    start = PurePosixPath(file or case.reproduction.narrowed.cwd + "/x")
    for folder in start.parents:
        path = (folder / "Cargo.toml").as_posix()
        place = case.root / path
        if place.is_file() and not place.is_symlink():
            text = place.read_bytes().decode("utf-8", "replace")
            if _read(text, path).get("package"):
                inner = PurePosixPath(file or "src/lib.rs")
                inner = inner.relative_to(folder) if inner.is_relative_to(folder) else inner
                return _Manifest(path, _section(inner), text)
    raise NotMine("no Cargo.toml of a package lies above the file that failed")


def _read(text: str, path: str) -> dict[str, Any]:
    try:
        return tomlkit.parse(text).unwrap()
    except tomlkit.exceptions.ParseError as error:
        raise NotMine(f"{path} cannot be read: {error}") from error


def _section(file: PurePosixPath) -> str:
    if file.name == "build.rs" and len(file.parts) == 1:
        return "build-dependencies"
    return "dev-dependencies" if file.parts[0] in {"tests", "benches", "examples"} else "dependencies"


def _refuse_own(case: Case, name: str, manifest: _Manifest) -> None:
    folder = PurePosixPath(manifest.path).parent
    files = set(case.tree.git.files(case.tree.commit))
    for source in ("src", "tests"):
        for path in (f"{source}/{name}.rs", f"{source}/{name}/mod.rs"):
            if (folder / path).as_posix() in files:
                raise NotMine(f"'{name}' is a module of the package itself ({path}), which `mod {name};` would declare")
    declared = _read(manifest.text, manifest.path)
    for section in dict.fromkeys(("dependencies", manifest.section)):
        if spelling(name) in {spelling(key) for key in declared.get(section, {})}:
            raise NotMine(f"{manifest.path} declares '{spelling(name)}' under [{section}] already")


def _declared(manifest: _Manifest, entries: Sequence[Known]) -> str:
    """Return the manifest with the crates, each in its place where the names are sorted."""
    document = tomlkit.parse(manifest.text)
    if manifest.section not in document:
        document.add(manifest.section, tomlkit.table())
    table: Any = document[manifest.section]
    for entry in entries:
        names = list(table)
        later = {key: table[key] for key in names[insertion(names, entry.name) :]}
        for key in later:
            table.remove(key)
        table.add(entry.name, _value(entry.requirement))
        for key, other in later.items():
            table.add(key, other)
    return tomlkit.dumps(document)


def _value(requirement: str | dict[str, Any]) -> Any:
    if isinstance(requirement, str):
        return requirement
    value = tomlkit.inline_table()
    value.update(requirement)
    return value


def _lock(case: Case, manifest: _Manifest) -> bool:
    """Bring a tracked Cargo.lock up to date from what is there already; return whether it was."""
    if not any(PurePosixPath(file).name == "Cargo.lock" for file in case.tree.git.files(case.tree.commit)):
        return False
    argv = ("cargo", "metadata", "--offline", "--format-version=1", "--quiet")
    return case.run(Invocation(argv=argv, cwd=str(PurePosixPath(manifest.path).parent))).passed


def _patch(case: Case, manifest: _Manifest, entries: Sequence[Known], diff: str) -> Patch:
    names = ", ".join(entry.name for entry in entries)
    reasons = " ".join(f"{entry.reason}." for entry in entries)
    return new_patch(
        reproduction_id=case.reproduction.id,
        strategy="crates",
        summary=f"Declare {names} under [{manifest.section}] of {manifest.path}",
        explanation=f"The code uses {names}, which {manifest.path} does not declare. {reasons}",
        diff=diff,
        needs_review=" ".join(entry.review for entry in entries if entry.review),
    )
