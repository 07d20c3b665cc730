"""Files that no fix may touch: CI, hooks, runner and linter configuration, and files that shadow the runner."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from fixer.verification.change import Change, TouchedFile
from fixer.verification.places import is_ci, is_guard, is_run_configuration
from fixer.verification.tampering.base import Finding

RULE = "protected-files"
_SHADOWED = {
    "pytest", "_pytest", "unittest", "mock", "nose", "nose2", "doctest", "pluggy", "hypothesis", "coverage", "xdist",
    "builtins", "sys", "os", "json", "re", "math", "random", "time", "datetime", "decimal", "typing", "types",
    "collections", "functools", "itertools", "operator", "importlib", "inspect", "logging", "pathlib", "subprocess",
    "io", "string", "copy", "enum", "dataclasses", "abc", "contextlib", "warnings", "traceback", "tempfile", "shutil",
    "site", "code", "ast", "difflib", "tomllib", "_pytest_plugin", "pytest_asyncio", "pytest_mock", "ruff", "mypy",
    "encodings", "codecs", "numbers", "fractions", "statistics", "textwrap", "threading", "socket", "csv",
}  # fmt: skip
_MAKE_TEST = re.compile(r"^(test|check|lint|ci|coverage|verify|tests|typecheck|format)[\w.-]*\s*:(?!=)", re.IGNORECASE)
_ROOTS = ("", "src", "lib", "tests", "test")


def findings(change: Change) -> Iterator[Finding]:
    """Yield protected files that are touched, and new files that take the place of a tool's or library's module."""
    for file in change.files:
        name = PurePosixPath(file.path).name
        if is_ci(file.path):
            yield Finding(RULE, file.path, 0, "a CI file is changed; a fix may not change how it is judged")
        elif is_guard(file.path):
            yield Finding(RULE, file.path, 0, "the file decides what is loaded or reviewed; no fix may change it")
        elif name == "conftest.py" and file.before is None:
            yield Finding(RULE, file.path, 0, "a new conftest.py changes how tests are collected and run")
        elif is_run_configuration(file.path) and name != "conftest.py":
            yield Finding(RULE, file.path, 0, "the configuration of a test runner or linter is changed")
        elif name in {"Makefile", "makefile", "GNUmakefile"} or name.endswith(".mk"):
            yield from _make_targets(file)
        elif file.before is None:
            yield from _shadows(file, change)


def _shadows(file: TouchedFile, change: Change) -> Iterator[Finding]:
    """Yield a new module at a place that Python searches first, under the name of a module that exists elsewhere."""
    place = PurePosixPath(file.path)
    folder = str(place.parent) if str(place.parent) != "." else ""
    is_package = place.name == "__init__.py"
    module = place.parent.name if is_package else place.stem
    above = str(place.parent.parent) if is_package and str(place.parent.parent) != "." else ""
    root = above if is_package else folder
    if place.suffix in {".py", ".pyi", ".pyc", ".so"} and module in _SHADOWED and _is_searched(root, change):
        yield Finding(RULE, file.path, 0, f"the new module shadows `{module}`, which tests and their runner import")
    elif place.suffix == ".py" and _is_elsewhere(module, root, change):
        yield Finding(RULE, file.path, 0, f"the new module would be imported instead of the project's own `{module}`")
    if file.path.endswith((".dist-info/METADATA", "entry_points.txt", ".egg-link", "PKG-INFO")):
        yield Finding(RULE, file.path, 0, "installed metadata is added; it can load plugins into the runner")


def _is_elsewhere(module: str, root: str, change: Change) -> bool:
    """Whether a module that imports by the same bare name exists below another folder where imports start."""
    if module.startswith("test_") or module in {"setup", "__init__", "__main__", "conftest"}:
        return False
    if not _is_searched(root, change):
        return False
    for path in change.paths_before:
        other = PurePosixPath(path)
        if path in {file.path for file in change.files}:
            continue
        if other.name == f"{module}.py":
            above = other.parent
        elif other.name == "__init__.py" and other.parent.name == module:
            above = other.parent.parent
        else:
            continue
        folder = "" if str(above) == "." else str(above)
        if folder != root and _is_searched(folder, change):
            return True
    return False


def _is_searched(root: str, change: Change) -> bool:
    """Whether a folder is where imports start: it is no package of its own."""
    package = f"{root}/__init__.py" if root else "__init__.py"
    return root in _ROOTS or package not in change.paths_before


def _make_targets(file: TouchedFile) -> Iterator[Finding]:
    """Yield the targets of a makefile that run checks and whose text is no longer the same."""
    before, after = _targets(file.before), _targets(file.after)
    for target, (line, text) in before.items():
        if after.get(target, (0, ""))[1] != text:
            yield Finding(
                RULE, file.path, line, f"the target `{target}` of the makefile is changed: it runs the checks"
            )


def _targets(text: str | None) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    name = ""
    for number, line in enumerate((text or "").splitlines(), start=1):
        if _MAKE_TEST.match(line):
            name = line.partition(":")[0].strip()
            found[name] = (number, line.rstrip())
        elif name and line.startswith(("\t", " ")):
            found[name] = (found[name][0], f"{found[name][1]}\n{line.rstrip()}")
        elif line.strip() and not line.startswith("#"):
            name = ""
            if re.match(r"^(SHELL|\.SHELLFLAGS|MAKEFLAGS|\.IGNORE|PYTEST\w*|TEST\w*|export)\b", line):
                found[line.partition("=")[0].strip()] = (number, line.rstrip())
    return found
