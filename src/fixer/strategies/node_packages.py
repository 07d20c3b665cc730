"""A package that JavaScript or TypeScript imports and package.json lacks: declared, if it is known already."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from fixer.schema.patch import Patch, new_patch
from fixer.strategies.base import Case, NotMine
from fixer.strategies.manifests.base import insertion
from fixer.strategies.suggested.suggestion import place_of

ORDER = 44
_MISSING = re.compile(
    r"(?:Cannot find (?:module|package)|Could not resolve|Can't resolve|Failed to resolve import|Unable to resolve"
    r" path to module|Could not find a declaration file for module) ['\"]((?:@[\w.-]+/)?[\w.-]+)(?:/[\w./@-]*)?['\"]"
)
_BUILT_IN = frozenset({
    "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram", "dns",
    "domain", "events", "fs", "http", "http2", "https", "inspector", "module", "net", "os", "path", "perf_hooks",
    "process", "punycode", "querystring", "readline", "repl", "stream", "string_decoder", "sys", "timers", "tls",
    "tty", "url", "util", "v8", "vm", "wasi", "worker_threads", "zlib", "test", "sqlite", "sea",
})  # fmt: skip
"""Modules of Node.js itself (https://nodejs.org/api/)."""
SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_NO_RUNTIME = re.compile(r"(^|/)(tests?|__tests__|spec|e2e|scripts|bench)/|\.(test|spec|config)\.[cm]?[jt]sx?$|^\.")


@dataclass(frozen=True)
class _Known:
    range: str
    reason: str


def propose(case: Case) -> Iterator[Patch]:
    """Yield the patch that declares the package, with the entry in the lock file where that holds the package.

    Raises:
        NotMine: no package is missing, it is declared, or nothing in the project says which version is meant.
    """
    name = _missing(case)
    case.tree.reset()
    importers = _importers(case, name)
    path = _manifest(case, importers)
    manifest = _read(case.root / path)
    if any(name in manifest.get(section, {}) for section in SECTIONS):
        raise NotMine(f"{path} declares '{name}' already; it is not installed: npm install")
    known = _known(case, name, path)
    if known is None:
        raise NotMine(
            f"nothing in the project (lock file, other packages, node_modules) says which '{name}' is meant, and fixer "
            f"never adds a guessed name; where it is meant: npm install {name}"
        )
    only_tested = bool(importers) and all(_NO_RUNTIME.search(file) for file in importers)
    section = "devDependencies" if only_tested or name.startswith("@types/") else "dependencies"
    _write(case.root / path, _with(manifest, section, name, known.range))
    stale = _lock(case, path, section, name, known.range)
    diff = case.diff_now()
    case.tree.reset()
    yield new_patch(
        reproduction_id=case.reproduction.id,
        strategy="node_packages",
        summary=f"Declare {name} under {section} of {path}",
        explanation=f"{(importers or ['The code'])[0]} imports `{name}`, which {path} lacks. {known.reason}.",
        diff=diff,
        needs_review=stale,
    )


def _missing(case: Case) -> str:
    found = _MISSING.search(case.failure.message)
    if found is None:
        raise NotMine("no package is missing")
    if found[1] in _BUILT_IN or found[1].startswith("."):
        raise NotMine(f"'{found[1]}' belongs to Node.js itself or to the project")
    return found[1]


def _importers(case: Case, name: str) -> list[str]:
    """Return the files that name the package as an import, the one that failed first."""
    failed = place_of(case, case.failure.file, tests=True) if case.failure.file else None
    pattern = rf"['\"]{re.escape(name)}(/[^'\"]*)?['\"]"
    endings = [f"*.{ending}" for ending in ("js", "cjs", "mjs", "jsx", "ts", "cts", "mts", "tsx", "vue", "svelte")]
    listed = case.tree.git.run("grep", "--name-only", "-z", "-E", "-e", pattern, "--", *endings, check=False).stdout
    found = [path for path in listed.split("\0") if path]
    return list(dict.fromkeys([*([failed] if failed else []), *found]))


def _manifest(case: Case, importers: list[str]) -> str:
    """Return the package.json above the first file that imports the package."""
    start = PurePosixPath(importers[0] if importers else f"{case.reproduction.narrowed.cwd}/x")
    for folder in start.parents:
        found = case.root / folder / "package.json"
        if found.is_file() and not found.is_symlink():
            return (folder / "package.json").as_posix()
    raise NotMine("no package.json lies above the file that failed")


def _known(case: Case, name: str, path: str) -> _Known | None:
    """Return the version that the project has somewhere already."""
    files = case.tree.git.files(case.tree.commit)
    for other in (file for file in files if PurePosixPath(file).name == "package.json" and file != path):
        found = _read(case.root / other, missing=True)
        if found.get("name") == name:
            return _Known("*", f"It is a package of the project, in {PurePosixPath(other).parent}")
        for section in SECTIONS:
            if isinstance(wanted := found.get(section, {}).get(name), str):
                return _Known(wanted, f"{other} declares it as {wanted}")
    for folder in PurePosixPath(path).parents:
        lock = _read(case.root / folder / "package-lock.json", missing=True)
        installed = _read(case.tree.repository / folder / "node_modules" / name / "package.json", missing=True)
        locked = lock.get("packages", {}).get(f"node_modules/{name}", {})
        for found, where in ((locked, "package-lock.json holds"), (installed, "node_modules holds")):
            if isinstance(version := found.get("version"), str):
                return _Known(f"^{version}", f"{where} it in version {version}")
    return None


def _read(path: Path, *, missing: bool = False) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        if missing:
            return {}
        raise NotMine(f"{path.name} cannot be read: {error}") from error
    return found if isinstance(found, dict) else {}


def _with(manifest: dict[str, Any], section: str, name: str, wanted: str) -> dict[str, Any]:
    entries = dict(manifest.get(section, {}))
    names = list(entries)
    at = insertion(names, name)
    ordered = [*names[:at], name, *names[at:]]
    return {**manifest, section: {**{key: entries.get(key, wanted) for key in ordered}}}


def _write(path: Path, content: dict[str, Any]) -> None:
    """Write JSON in the form that the file has: indentation, and a line end behind it or none."""
    before = path.read_text(encoding="utf-8")
    found = re.search(r"^([ \t]+)\"", before, re.MULTILINE)
    text = json.dumps(content, ensure_ascii=False, indent=found[1] if found else 2)
    path.write_text(text + ("\n" if before.endswith("\n") else ""), encoding="utf-8")


def _lock(case: Case, path: str, section: str, name: str, wanted: str) -> str:
    """Name the package in the lock file as well, where that holds it; return what a person has to do, or nothing."""
    folder = PurePosixPath(path).parent
    place = case.root / folder / "package-lock.json"
    lock = _read(place, missing=True)
    packages = lock.get("packages", {})
    if not packages:
        others = [n for n in ("yarn.lock", "pnpm-lock.yaml", "bun.lock") if (case.root / folder / n).is_file()]
        return f"{others[0]} has to be written anew by its tool." if others else ""
    if f"node_modules/{name}" not in packages:
        return f"{folder / 'package-lock.json'} has to be written anew (npm install)."
    packages[""] = _with(packages.get("", {}), section, name, wanted)
    if section == "dependencies":
        packages[f"node_modules/{name}"].pop("dev", None)
    _write(place, lock)
    return ""
