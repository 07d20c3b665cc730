"""A fix as data comes in; what each file holds now and would hold goes out. Nothing is written here (spec E6)."""

import difflib
import io
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fixer.errors import ConfigError, PolicyError
from fixer.input.json_edit import NoPlaceError, set_value
from fixer.input.json_text import JsonSyntaxError
from fixer.schema.explanation import Change, SuggestedFix

Files = Mapping[Path, tuple[bytes | None, bytes | None]]
"""Path -> content before and after; None: the file is not there."""
_YAML = {".yml", ".yaml"}


def planned(fix: SuggestedFix, root: Path) -> dict[Path, tuple[bytes | None, bytes | None]]:
    """Return what applying a fix would do to files, as they are now.

    Args:
        fix: its changes are made one after the other, several of them in one file too.
        root: the project; paths are relative to it, and may not lead out of it unless they are absolute (the
            workspace file that the user named).

    Raises:
        PolicyError: only a person can make this fix, or a change leads out of the project.
        ConfigError: a file is not what the fix was made for.
    """
    if not fix.changes:
        raise PolicyError(f"fix {fix.id} cannot be applied by fixer: {fix.description}", fix.action)
    files: dict[Path, tuple[bytes | None, bytes | None]] = {}
    for change in fix.changes:
        if change.diff:
            _patch(change.diff, root, files)
            continue
        path = _inside(root, change.path)
        before, now = files.get(path, (_read(path),) * 2)
        files[path] = (before, _changed(path, now, change))
    return files


def diff_of(files: Files, root: Path) -> str:
    """Return the difference that files make, for people."""
    parts: list[str] = []
    for path, (before, after) in files.items():
        name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
        parts += difflib.unified_diff(
            _lines(before),
            _lines(after),
            "/dev/null" if before is None else f"a/{name}",
            "/dev/null" if after is None else f"b/{name}",
        )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in parts)


def _lines(data: bytes | None) -> Sequence[str]:
    return [] if data is None else data.decode("utf-8", "replace").splitlines(keepends=True)


def _inside(root: Path, name: str) -> Path:
    """Return the real path of a change's file.

    Raises:
        PolicyError: it is named as a file of the project and leads out of it, or into git's own folder.
    """
    named = Path(name)
    path = (root / named).resolve()
    if named.is_absolute() and not named.is_relative_to(root):
        return path
    top = root.resolve()
    if not path.is_relative_to(top) or ".git" in path.relative_to(top).parts:
        hint = "nothing was changed"
        if named.is_absolute():
            hint += f"; where that link is meant, explain it again with --workspace {shlex.quote(str(path))}"
        raise PolicyError(f"the fix would change {name}, which is not a file of {root}", hint)
    return path


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"{path} could not be read: {error.strerror}", "check its rights: ls -l") from error


def _changed(path: Path, now: bytes | None, change: Change) -> bytes:
    if not change.pointer:
        if not isinstance(change.value, str):
            raise ConfigError(f"the fix has no text for {path}", "explain the execution again")
        return change.value.encode()
    if now is None:
        raise ConfigError(f"{path}, which the fix changes, is not there any more", "explain the execution again")
    try:
        text = now.decode("utf-8")
        if path.suffix.lower() in _YAML:
            return _yaml(text, change).encode()
        return set_value(text, change.pointer, change.value).encode()
    except (UnicodeDecodeError, JsonSyntaxError, NoPlaceError, LookupError, TypeError) as error:
        raise ConfigError(
            f"{path} is not what the fix was made for: {error}", "explain the execution again, then apply the new fix"
        ) from error


def _yaml(text: str, change: Change) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 - only for YAML files

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000
    document: Any = yaml.load(text)
    place = document
    *way, last = change.pointer
    for step in way:
        place = place[step]
    if isinstance(place, list) and last == len(place):
        place.append(change.value)
    else:
        place[last] = change.value
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _patch(diff: str, root: Path, files: dict[Path, tuple[bytes | None, bytes | None]]) -> None:
    """Apply a diff to copies of its files, in a folder of their own."""
    from fixer.git import Git  # noqa: PLC0415 - few fixes are patches

    names = _touched(diff)
    paths = {name: _inside(root, name) for name in names}
    with tempfile.TemporaryDirectory(prefix="fixer-fix-") as folder:
        copies = Path(folder)
        for name, path in paths.items():
            content = files[path][1] if path in files else _read(path)
            if content is not None:
                (copies / name).parent.mkdir(parents=True, exist_ok=True)
                (copies / name).write_bytes(content)
        git = Git(copies)
        ceiling = {"GIT_CEILING_DIRECTORIES": str(copies.parent)}
        done = git.run("apply", "--whitespace=nowarn", "-", stdin=diff, check=False, env=ceiling)
        if done.exit_code != 0:
            raise ConfigError(
                f"the patch does not apply to {root} any more: {done.stderr.strip()}",
                "explain the execution again, then apply the new fix",
            )
        for name, path in paths.items():
            before = files[path][0] if path in files else _read(path)
            files[path] = (before, _read(copies / name))


def _touched(diff: str) -> list[str]:
    """Return the files that a diff names, old and new ones.

    Raises:
        PolicyError: it leads out of the project, makes a link or holds no text.
    """
    from unidiff.errors import UnidiffParseError  # noqa: PLC0415 - only for patches
    from unidiff.patch import PatchSet  # noqa: PLC0415

    try:
        patches = PatchSet(diff)
    except UnidiffParseError as error:
        raise ConfigError(f"the patch cannot be read: {error}", "explain the execution again") from error
    names: set[str] = set()
    for patch in patches:
        if patch.is_binary_file or any("mode 120000" in str(line) for line in patch.patch_info or ()):
            raise PolicyError(f"the patch makes a link or changes bytes: {patch.path}", "nothing was changed")
        for name in (patch.source_file, patch.target_file):
            if name and name != "/dev/null":
                names.add(name.removeprefix("a/") if name == patch.source_file else name.removeprefix("b/"))
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in names):
        raise PolicyError("the patch leads out of the project", "nothing was changed")
    return sorted(names)
