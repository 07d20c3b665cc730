"""Which crate a name means, and which version: only from what is there already, never guessed."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import tomlkit

from fixer.worktree import Worktree

SECTIONS = ("dependencies", "dev-dependencies", "build-dependencies")
WELL_KNOWN: Mapping[str, str] = {
    "anyhow": "1", "base64": "0.22", "bitflags": "2", "bytes": "1", "chrono": "0.4", "clap": "4", "crossbeam": "0.8",
    "csv": "1", "env_logger": "0.11", "futures": "0.3", "hex": "0.4", "indexmap": "2", "itertools": "0.14",
    "lazy_static": "1", "libc": "0.2", "log": "0.4", "num-traits": "0.2", "once_cell": "1", "parking_lot": "0.12",
    "proptest": "1", "quote": "1", "rand": "0.9", "rayon": "1", "regex": "1", "reqwest": "0.12", "serde": "1",
    "serde_json": "1", "smallvec": "1", "syn": "2", "tempfile": "3", "thiserror": "2", "tokio": "1", "toml": "0.8",
    "tracing": "0.1", "url": "2", "uuid": "1", "walkdir": "2",
}  # fmt: skip
"""Crates that a name means without doubt, with the version that is asked for; the network is needed to have them."""
_CACHED = re.compile(r"^([A-Za-z][\w-]*?)-(\d+\.\d+\.\d+[\w.+-]*)\.crate$")


@dataclass(frozen=True)
class Known:
    """A crate, as it would be declared."""

    name: str
    requirement: str | dict[str, Any]
    reason: str
    """How it is known, a sentence without its full stop."""
    review: str = ""


def spelling(name: str) -> str:
    """Return a crate's name with dashes: in code, each is an underscore."""
    return name.replace("_", "-")


def known(name: str, manifest: str, tree: Worktree) -> Known | None:
    """Return the crate that `name` means for the package of `manifest` (both relative to the tree), or None."""
    manifests = {
        path: data
        for path in tree.git.files(tree.commit)
        if PurePosixPath(path).name == "Cargo.toml" and not _is_vendored(path) and (data := _read(tree.path / path))
    }
    wanted = spelling(name)
    for find in (_inherited, _declared_elsewhere, _of_the_project):
        if found := find(wanted, manifest, manifests):
            return found
    return next(_versions(wanted, tree), None) or _well_known(wanted)


def _is_vendored(path: str) -> bool:
    """Whether a manifest is one of the copies that `cargo vendor` makes."""
    return "vendor" in PurePosixPath(path).parts[:-2]


def _read(path: Path) -> dict[str, Any]:
    if path.is_symlink() or not path.is_file():
        return {}
    try:
        return tomlkit.parse(path.read_bytes().decode("utf-8", "replace")).unwrap()
    except tomlkit.exceptions.ParseError:
        return {}


_Manifests = Mapping[str, dict[str, Any]]


def _inherited(wanted: str, manifest: str, manifests: _Manifests) -> Known | None:
    """Return the crate where the workspace around the package declares it for its members."""
    for folder in PurePosixPath(manifest).parents:
        shared = manifests.get((folder / "Cargo.toml").as_posix(), {}).get("workspace", {}).get("dependencies", {})
        for name in shared:
            if spelling(name) == wanted:
                return Known(name, {"workspace": True}, f"The workspace declares `{name}` for its members")
    return None


def _declared_elsewhere(wanted: str, manifest: str, manifests: _Manifests) -> Known | None:
    """Return the requirement of another section of the package, or of another package of the project."""
    for path in sorted(manifests, key=lambda path: path != manifest):
        for section in SECTIONS:
            for name, requirement in manifests[path].get(section, {}).items():
                if spelling(name) == wanted and not _is_local(requirement):
                    return Known(name, requirement, f"[{section}] of {path} declares `{name}` already")
    return None


def _is_local(requirement: object) -> bool:
    return isinstance(requirement, dict) and ("path" in requirement or "workspace" in requirement)


def _of_the_project(wanted: str, manifest: str, manifests: _Manifests) -> Known | None:
    """Return a package of the project itself, by its path."""
    here = PurePosixPath(manifest).parent
    for path, data in sorted(manifests.items()):
        name = data.get("package", {}).get("name", "")
        crate = data.get("lib", {}).get("name", name)
        if path != manifest and wanted in {spelling(str(name)), spelling(str(crate))}:
            place = PurePosixPath(os.path.relpath(PurePosixPath(path).parent, here)).as_posix()
            return Known(str(name), {"path": place}, f"It is a package of the project, in {PurePosixPath(path).parent}")
    return None


def _versions(wanted: str, tree: Worktree) -> Iterator[Known]:
    """Yield the crate where a lock file, a vendored copy or cargo's own cache names it, newest version first."""
    for path in tree.git.files(tree.commit):
        place = PurePosixPath(path)
        if place.name == "Cargo.lock":
            for package in _read(tree.path / path).get("package", []):
                if spelling(str(package.get("name"))) == wanted and package.get("source"):
                    name, version = str(package["name"]), str(package["version"])
                    yield Known(name, _required(version), f"{path} holds `{name}` {version} already")
        elif place.name == "Cargo.toml" and _is_vendored(path):
            package = _read(tree.path / path).get("package", {})
            if spelling(str(package.get("name"))) == wanted:
                name, version = str(package["name"]), str(package.get("version", "0.0.0"))
                yield Known(name, _required(version), f"`{name}` {version} is vendored in {place.parent}")
    yield from _cached(wanted)


def _cached(wanted: str) -> Iterator[Known]:
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    found = [_CACHED.match(path.name) for path in (home / "registry" / "cache").glob("*/*.crate")]
    versions = sorted(
        ((_numbers(match[2]), match[1], match[2]) for match in found if match and spelling(match[1]) == wanted),
        reverse=True,
    )
    for _, name, version in versions:
        review = f"{name} {version} is what other projects on this machine use; check that it is the one that is meant."
        yield Known(name, _required(version), f"`{name}` {version} is in cargo's cache on this machine", review)


def _well_known(wanted: str) -> Known | None:
    for name, version in WELL_KNOWN.items():
        if spelling(name) == wanted:
            said = f"`{name}` is the well-known crate of that name"
            return Known(name, version, said, f"Is {name} {version} the one that is meant?")
    return None


def _required(version: str) -> str:
    """Return the requirement that a person would write: cargo reads `1.2.3` as any 1.x from 1.2.3 on."""
    return version.partition("+")[0]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
