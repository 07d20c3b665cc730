"""Sections of files that hold more than one thing: dependencies may be added there, checks may not be changed."""

import configparser
import difflib
import json
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from fixer.verification.change import Change, TouchedFile
from fixer.verification.tampering.base import Finding

RULE = "configuration"
_Flat = dict[str, str]
_REQUIREMENTS = re.compile(
    r"(^|/)([\w.-]*requirements[\w.-]*\.(txt|in)|requirements/[\w.-]+\.(txt|in)|constraints\.txt)$"
)
_LOCKS = {"poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock",
          "pnpm-lock.yaml", "Cargo.lock", "go.sum", "Gemfile.lock", "composer.lock", "pylock.toml"}  # fmt: skip
_DEPENDENCIES = re.compile(
    r"^(project\.dependencies|project\.optional-dependencies\..*|dependency-groups\..*|build-system\.requires"
    r"|tool\.poetry\.(dev-)?dependencies\..*|tool\.poetry\.group\.[^.]+\.dependencies\..*|tool\.pdm\.dev-dependencies\..*"
    r"|tool\.(uv|rye)\.dev-dependencies|tool\.hatch\.envs\..*\.(extra-)?dependencies|options\.install_requires"
    r"|options\.(tests|setup)_require|options\.extras_require\..*|(dev|peer|optional)?dependencies\..*"
    r"|(target\..*\.)?(dev-|build-)?dependencies\..*|workspace\.dependencies\..*|(dev-)?packages\..*)$",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"^(project\.(name|version|description|readme|license.*|authors|maintainers|keywords|classifiers|urls\..*|dynamic"
    r"|scripts\..*|gui-scripts\..*|entry-points\.(?!pytest11)[^.]+\..*)|tool\.(setuptools|hatch\.(build|version|metadata)"
    r"|setuptools_scm|flit|poetry\.(packages|include|scripts|name|version|description|authors|readme))(\..*)?"
    r"|metadata\..*|options\.(packages|package_dir|py_modules|include_package_data|zip_safe|scripts)"
    r"|options\.package(s\.find|_data)\..*|options\.entry_points\.(?!pytest11).*|name|version|description|author|license"
    r"|keywords|homepage|repository\..*|bugs\..*|main|module|types|exports.*|files|bin.*|package\.(?!metadata).*"
    r"|features\..*|bin)$",
    re.IGNORECASE,
)
_RETRYING = re.compile(r"^(pytest[-_.]rerunfailures|flaky|pytest[-_.]retry|pytest[-_.](skip|ignore|xfail)\S*"
                       r"|pytest[-_.]flakefinder|sitecustomize|forbiddenfruit)$",
                       re.IGNORECASE)  # fmt: skip
_ELSEWHERE = re.compile(
    r"^\s*-|@\s*\w+[+:]|\bgit\+|://|^\s*\.{0,2}/|file:|\bpath\b[\s\\'\"]*[=:]|\bgit\b[\s\\'\"]*[=:]"
)
_SETUP_PY = re.compile(
    r"python_requires|pytest11|cmdclass|test_suite|tests_loader|test_runner|dependency_links|index_url"
)


def findings(change: Change) -> Iterator[Finding]:
    """Yield changed settings of checks, changed pins, dependencies from elsewhere, and undeclared requirements."""
    for file in change.files:
        name = PurePosixPath(file.path).name
        if name in _LOCKS:
            yield from _lock(file)
        elif name == "setup.py":
            yield from _setup_py(file)
        elif _REQUIREMENTS.search(file.path):
            yield from _requirements(file, _requirement_lines(file.before), _requirement_lines(file.after))
        elif reader := _READERS.get(name):
            yield from _sections(change, file, reader)
        elif name in {"go.mod", "Gemfile", "build.gradle", "pom.xml"} and file.removed:
            yield Finding(
                RULE, file.path, file.removed[0][0], "a line of the build's configuration is changed or taken away"
            )
    yield from _undeclared(change)


def _sections(change: Change, file: TouchedFile, reader: Callable[[str], _Flat]) -> Iterator[Finding]:
    try:
        before, after = reader(file.before or ""), reader(file.after or "")
    except (ValueError, configparser.Error, RecursionError) as error:
        yield Finding(
            RULE, file.path, 0, f"the file cannot be read before and after, so nothing vouches for it: {error}"
        )
        return
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) == after.get(key):
            continue
        if _DEPENDENCIES.match(key) and not key.lower().endswith(("dependencies.python", "packages.python")):
            old |= _requirements_of(key, before.get(key))
            new |= _requirements_of(key, after.get(key))
        elif not _HARMLESS.match(key):
            yield Finding(
                RULE, file.path, _line_of(file, key), f"the setting `{key}` is changed: it steers how code is checked"
            )
    own = {key: text for key, text in new.items() if key not in old and _is_of_the_project(change, file, text)}
    yield from _requirements(file, old, {key: text for key, text in new.items() if key not in own})


def _is_of_the_project(change: Change, file: TouchedFile, requirement: str) -> bool:
    """Whether a new requirement of a Cargo.toml is a package of the same repository that was there before."""
    found = re.fullmatch(r'[\w-]+ (?:"\{\\"path\\": \\"([^"\\]+)\\"\}"|\{"path": "([^"]+)"\})', requirement)
    if found is None or PurePosixPath(file.path).name != "Cargo.toml":
        return False
    place = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), found[1] or found[2], "Cargo.toml"))
    return place in change.paths_before


def _line_of(file: TouchedFile, key: str) -> int:
    last = key.rpartition(".")[2]
    lines = [number for number, line in file.added or file.removed if last in line]
    return lines[0] if lines else 0


def _requirements_of(key: str, value: str | None) -> dict[str, str]:
    """Return normalised name -> requirement, of a list of requirements or of one `name = version` entry."""
    if value is None:
        return {}
    try:
        entries = json.loads(value)
    except ValueError:
        entries = value.splitlines()
    group, _, name = key.rpartition(".")
    if isinstance(entries, list):
        return {f"{key}:{_name(str(entry))}": str(entry).strip() for entry in entries if str(entry).strip()}
    return {f"{group}:{_name(name)}": f"{name} {value}"}


def _name(requirement: str) -> str:
    found = re.match(r"\s*@?[\w./-]+", requirement)
    return re.sub(r"[-_.]+", "-", found.group().strip()).lower() if found else requirement.strip()


def _requirement_lines(text: str | None) -> dict[str, str]:
    lines = [re.sub(r"(^|\s)#.*", "", line).strip() for line in (text or "").splitlines()]
    return {f":{line if line.startswith('-') else _name(line)}": line for line in lines if line}


def _requirements(file: TouchedFile, old: dict[str, str], new: dict[str, str]) -> Iterator[Finding]:
    """Judge two sets of requirements: new ones may come, and a misspelt name may be corrected."""
    added = {key: text for key, text in new.items() if key not in old}
    for key, text in old.items():
        name = key.rpartition(":")[2]
        if key in new:
            if _squeezed(new[key]) != _squeezed(text):
                yield Finding(RULE, file.path, _line_of(file, name), f"the requirement `{text}` becomes `{new[key]}`: "
                              "changing a version dodges the failure instead of mending it")  # fmt: skip
        elif not any(_corrects(text, other) for other in added.values()):
            yield Finding(RULE, file.path, 0, f"the requirement `{text}` is taken away")
    for key, text in added.items():
        name = key.rpartition(":")[2]
        if _RETRYING.match(name):
            yield Finding(RULE, file.path, _line_of(file, name), f"`{name}` changes how tests are run or judged")
        elif _ELSEWHERE.search(text):
            yield Finding(RULE, file.path, 0, f"`{text}` comes from elsewhere than the package index")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).lower().replace("_", "-")


def _corrects(old: str, new: str) -> bool:
    """Whether `new` is `old` with its name spelt otherwise: alike, and the same versions."""
    names = _name(old), _name(new)
    rest = [_squeezed(text)[len(name) :] for text, name in zip((old, new), names, strict=True)]
    return rest[0] == rest[1] and difflib.SequenceMatcher(None, *names).ratio() >= 0.7


def _lock(file: TouchedFile) -> Iterator[Finding]:
    """Addresses in a lock file stay those that were there, and what was locked keeps its address and its hash."""
    hosts = set(re.findall(r"[\w+]+://([^/\s\"']+)", file.before or ""))
    for number, line in file.added:
        strange = [host for host in re.findall(r"[\w+]+://([^/\s\"']+)", line) if host not in hosts]
        if strange or re.search(r"git\+|file:|\bpath\s*=", line):
            yield Finding(RULE, file.path, number, f"a package would come from another address: `{line.strip()[:100]}`")
    for number, line in file.removed:
        if re.search(r"integrity|resolved|checksum|hash|sha\d+|://", line):
            yield Finding(RULE, file.path, number, "the address or hash of a locked package is changed or taken away")
            return


def _setup_py(file: TouchedFile) -> Iterator[Finding]:
    for side in (file.removed, file.added):
        for number, line in side:
            if found := _SETUP_PY.search(line):
                yield Finding(RULE, file.path, number, f"`{found.group()}` of setup.py is changed")
    for number, line in file.added:
        named = re.match(r"^\s*['\"]([\w.-]+)", line)
        if named and _RETRYING.match(named.group(1)):
            yield Finding(RULE, file.path, number, f"`{named.group(1)}` changes how tests are run or judged")


def _undeclared(change: Change) -> Iterator[Finding]:
    """A package that must be installed to verify the patch must be declared by it, or nobody else will have it."""
    added = "\n".join(line for file in change.files for _, line in file.added)
    words = {re.sub(r"[-_.]+", "-", word).lower() for word in re.findall(r"[\w.-]+", added)}
    for requirement in change.patch.requirements:
        if _name(requirement) not in words:
            yield Finding(RULE, "the patch", 0, f"it needs `{requirement}` installed but declares it nowhere")
        elif _RETRYING.match(_name(requirement)) or _ELSEWHERE.search(requirement):
            yield Finding(RULE, "the patch", 0, f"it wants `{requirement}` installed, which is refused")


def _flat(value: object, prefix: str = "") -> _Flat:
    """Return dotted key -> JSON of every value that is no table."""
    if not isinstance(value, dict):
        return {prefix: json.dumps(value, default=str, sort_keys=True)}
    found: _Flat = {}
    for key, inner in value.items():
        found |= _flat(inner, f"{prefix}.{key}" if prefix else str(key)) if prefix.count(".") < 8 else {}
    return found


def _toml(text: str) -> _Flat:
    return _flat(_one_entry_a_dependency(tomllib.loads(text)))


def _one_entry_a_dependency(value: object, name: str = "") -> object:
    """Keep a table that describes one dependency (`{version = …, extras = …}`) as one value."""
    if not isinstance(value, dict):
        return value
    if name.endswith("dependencies") and name != "optional-dependencies":
        return {
            key: json.dumps(inner, default=str) if isinstance(inner, dict) else inner for key, inner in value.items()
        }
    return {key: _one_entry_a_dependency(inner, key) for key, inner in value.items()}


def _ini(text: str) -> _Flat:
    reader = configparser.RawConfigParser(strict=False)
    reader.read_string(text)
    return {f"{section}.{key}": value for section in reader.sections() for key, value in reader.items(section)}


def _json(text: str) -> _Flat:
    return _flat(json.loads(text or "{}"))


_READERS: dict[str, Callable[[str], _Flat]] = {
    "pyproject.toml": _toml, "Cargo.toml": _toml, "Pipfile": _toml, "uv.toml": _toml, "hatch.toml": _toml,
    "setup.cfg": _ini, "package.json": _json, "composer.json": _json,
}  # fmt: skip
