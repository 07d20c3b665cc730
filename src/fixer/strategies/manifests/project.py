"""From a project's files to everything that it declares, locks and installs in CI; and back with one entry more."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from fixer.strategies.manifests import pipfile, pyproject, requirements, setup_cfg, setup_py
from fixer.strategies.manifests.base import Group, Use, canonical

LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock")
_KINDS = {"pyproject.toml": pyproject, "setup.cfg": setup_cfg, "setup.py": setup_py, "Pipfile": pipfile}
_CI = re.compile(
    r"\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci/config\.yml|azure-pipelines\.yml|\.travis\.yml"
    r"|tox\.ini|[Mm]akefile"
)
_FILE_OPTION = re.compile(r"(?:^|\s)(?:-r|--requirement)[ =]?\s*['\"]?([\w./-]+)")
_PACKAGE = re.compile(
    r"(?:pip3?|uv pip)['\"]? install[^\n]*?\s['\"]?\.(?:\[([\w,\s-]+)\])?['\"]?(?=\s|$)", re.MULTILINE
)
_GROUP_OPTION = re.compile(r"--(?:group|with|only|extra)[ =]([\w,-]+)")
_WHOLE = re.compile(r"\b(?:poetry install|uv sync|uv run|pdm install)\b")
_PIPENV = re.compile(r"\bpipenv (?:install|sync)\b([^\n]*)")


@dataclass(frozen=True)
class Declarations:
    """What a project says about its dependencies."""

    groups: tuple[Group, ...]
    locked: Mapping[str, str]
    """Canonical name -> version, from lock and constraints files."""
    installed: tuple[Group, ...]
    """The groups that CI installs; empty where its files do not tell."""
    compiled: tuple[str, ...]
    """Requirements files that a tool wrote; nothing is added to them."""
    locks: tuple[str, ...]
    unreadable: Mapping[str, str]
    """Manifest -> why it could not be read."""

    def with_name(self, name: str) -> tuple[Group, ...]:
        """Return the groups that declare a distribution."""
        return tuple(group for group in self.groups if canonical(name) in group.names)


def read(paths: list[str], text_of: Callable[[str], str]) -> Declarations:
    """Read every manifest, lock and CI file among `paths`; a file that cannot be read is named with its reason."""
    groups: list[Group] = []
    compiled, unreadable = [], {}
    for path in sorted(paths, key=lambda path: (path.count("/"), path)):
        kind = _KINDS.get(path)
        if kind is None and not requirements.is_requirements(path):
            continue
        try:
            text = text_of(path)
            if kind is None and requirements.is_compiled(text):
                compiled.append(path)
            else:
                groups += kind.read(path, text) if kind is not None else requirements.read(path, text)
        except ValueError as error:
            unreadable[path] = str(error)
    commands = "\n".join(text_of(path) for path in paths if _CI.fullmatch(path))
    return Declarations(
        groups=tuple(groups),
        locked=_locked([path for path in paths if _is_lock(path)], text_of),
        installed=_installed(groups, commands),
        compiled=tuple(compiled),
        locks=tuple(path for path in paths if path in LOCKS),
        unreadable=unreadable,
    )


def add(text: str, group: Group, requirement: str) -> str:
    """Return a manifest's text with one requirement more in `group`."""
    kind = _KINDS.get(group.path)
    return kind.add(text, group, requirement) if kind is not None else requirements.add(text, group, requirement)


def _is_lock(path: str) -> bool:
    return path in LOCKS or PurePosixPath(path).stem.lower().startswith("constraints")


def _locked(paths: list[str], text_of: Callable[[str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in paths:
        try:
            found.update(_lock_entries(path, text_of(path)))
        except (ValueError, AttributeError, TypeError):
            # A lock in a form that is not known says nothing; it is only a further hint.
            continue
    return found


def _lock_entries(path: str, text: str) -> dict[str, str]:
    if path == "Pipfile.lock":
        sections = [value for key, value in json.loads(text).items() if not key.startswith("_")]
        return {canonical(n): str(e.get("version", "")).lstrip("=") for section in sections for n, e in section.items()}
    if path in LOCKS:
        entries = tomllib.loads(text).get("package", [])
        return {canonical(str(entry["name"])): str(entry.get("version", "")) for entry in entries}
    pairs = (line.split("#")[0].split(";")[0].partition("==") for line in text.splitlines())
    return {canonical(name): version.strip() for name, _, version in pairs if canonical(name)}


def _installed(groups: list[Group], commands: str) -> tuple[Group, ...]:
    """Return the groups that the commands of CI files install."""
    files = {str(PurePosixPath(name)) for name in _FILE_OPTION.findall(commands)}
    extras = {name.strip() for found in _PACKAGE.findall(commands) for name in found.split(",") if name.strip()}
    named = {name for found in _GROUP_OPTION.findall(commands) for name in found.split(",")}
    whole = bool(_WHOLE.search(commands))
    package = whole or bool(_PACKAGE.search(commands))
    pipenv = _PIPENV.findall(commands)

    def is_installed(group: Group) -> bool:
        if group.path == "Pipfile":
            return bool(pipenv) and (group.use is Use.RUNTIME or any("--dev" in rest for rest in pipenv))
        if group.path not in _KINDS:
            return group.path in files
        if not group.name:
            return package
        # poetry and uv install the group `dev`, and poetry every other group that is not optional, by themselves.
        by_itself = whole and (group.name == "dev" or group.table == pyproject.POETRY_GROUP)
        return group.name in extras | named or by_itself

    return tuple(group for group in groups if is_installed(group))
