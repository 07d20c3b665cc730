"""A project's files in; out: its interpreter, where its code is imported from, what its tests compare with."""

import ast
import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from pathlib import Path
from typing import Any

from fixer.errors import ToolError
from fixer.probe import ProbeError, probe
from fixer.schema.command import Invocation
from fixer.schema.settings import ProjectSettings

ENVIRONMENT_FOLDERS = (".venv", "venv", "env")
CODE_FOLDERS = ("src", "lib")
MAX_DATA_FILES = 100
"""Files beside one test that are taken for what it compares with."""
SHIM_FOLDERS = frozenset({"shims"})
"""Where pyenv, asdf and mise keep the scripts that look an interpreter up at every start."""
INSTALL = {"pytest": "pytest", "ruff": "ruff", "mypy": "mypy", "black": "black", "isort": "isort", "flake8": "flake8"}
"""Module -> package that brings it."""


def find_python(repository: Path, settings: ProjectSettings, needs: str | None) -> tuple[str, str]:
    """Return the interpreter of the project's environment, and in a few words why it was chosen.

    The first that can import the module `needs` wins; None: the first that starts. They are asked outside of the
    sandbox, those that the repository brings along too: see `fixer.probe` for what that allows them.

    Raises:
        ToolError: no interpreter can; the message names each that was tried.
    """
    tried: list[str] = []
    for path, why in _interpreters(repository, settings):
        problem = _problem(path, needs)
        if problem is None:
            return _behind_shim(path), why
        tried.append(f"{path} ({why}): {problem}")
    wanted = f"that can import '{needs}'" if needs else "that starts"
    first = tried[0].split(" (")[0] if tried else "python3"
    package = INSTALL.get(needs or "", needs or "")
    raise ToolError(
        f"no Python interpreter {wanted} was found for {repository}; tried: " + "; ".join(tried),
        f"{first} -m pip install {package}"
        if needs
        else "set `python` in [project] of fixer.toml to the interpreter of the project's environment",
    )


def _interpreters(repository: Path, settings: ProjectSettings) -> Iterator[tuple[str, str]]:
    """Yield each interpreter once, the most fitting first; what does not exist is left out, but for the setting."""
    seen = set()
    for path, why in _candidates(repository, settings):
        if path not in seen and (why == "project.python" or Path(path).exists()):
            seen.add(path)
            yield path, why


def _candidates(repository: Path, settings: ProjectSettings) -> Iterator[tuple[str, str]]:
    if settings.python:
        chosen = Path(settings.python).expanduser()
        # `absolute`, not `resolve`: the link in an environment's bin folder is what makes it that environment.
        has_folder = len(chosen.parts) > 1
        yield (str((repository / chosen).absolute()) if has_folder else _on_path(settings.python)), "project.python"
    for folder in ENVIRONMENT_FOLDERS:
        yield str((repository / folder / "bin" / "python").absolute()), f"the project's {folder}"
    active = os.environ.get("VIRTUAL_ENV")
    own = active is not None and Path(active).resolve() == Path(sys.prefix).resolve()
    if active and not own:
        yield str(Path(active) / "bin" / "python"), "the active environment"
    for name in ("python3", "python"):
        yield _on_path(name), f"{name} on PATH"
    yield sys.executable, "fixer's own interpreter"


def _on_path(name: str) -> str:
    from shutil import which  # noqa: PLC0415 - only where an interpreter is looked for

    return which(name) or name


def _behind_shim(python: str) -> str:
    """Return the interpreter that a version manager's shim starts: the shim costs more than most tests."""
    if not any(part in SHIM_FOLDERS for part in Path(python).parts):
        return python
    try:
        done = probe([python, "-I", "-c", "import sys; print(sys.executable)"])
    except ProbeError:
        return python
    behind = done.stdout.strip()
    return behind if done.exit_code == 0 and Path(behind).is_file() else python


def _problem(python: str, needs: str | None) -> str | None:
    """Say why `python` will not do, or None. It runs isolated: nothing of the current folder is imported."""
    program = "import importlib.util, sys; sys.exit(0 if importlib.util.find_spec(sys.argv[1]) else 3)"
    try:
        done = probe([python, "-I", "-c", program, needs or "sys"])
    except ProbeError as error:
        return str(error)
    if done.exit_code == 3:
        return f"it has no module '{needs}'"
    return None if done.exit_code == 0 else f"it ended with exit code {done.exit_code}"


def python_path(root: Path) -> list[str]:
    """Return the folders that PYTHONPATH must begin with, so that the code below `root` is what is imported.

    An editable install points at the user's own tree through a .pth file; PYTHONPATH comes before those.
    """
    names = [".", *(name for name in CODE_FOLDERS if _holds_code(root / name)), *_declared_folders(root)]
    folders = []
    for name in names:
        folder = Path(os.path.normpath(root / name))
        if folder.is_dir() and folder.is_relative_to(root) and str(folder) not in folders:
            folders.append(str(folder))
    return folders


def _holds_code(folder: Path) -> bool:
    """Whether packages or modules lie directly in a folder that is no package itself."""
    if not folder.is_dir() or (folder / "__init__.py").exists():
        return False
    return any(folder.glob("*.py")) or any(folder.glob("*/*.py")) or any(folder.glob("*/*/*.py"))


def _declared_folders(root: Path) -> Iterator[str]:
    """Yield what setuptools, hatch, poetry, pdm and pytest are told about where packages lie."""
    tools = mapping(read_toml(root / "pyproject.toml").get("tool"))
    yield from _strings(_get(tools, "setuptools", "packages", "find", "where"))
    yield from _strings(list(mapping(_get(tools, "setuptools", "package-dir")).values()))
    for package in _strings(_get(tools, "hatch", "build", "targets", "wheel", "packages")):
        yield str(Path(package).parent)
    for package in listing(_get(tools, "poetry", "packages")):
        yield from _strings(mapping(package).get("from"))
    yield from _strings(_get(tools, "pdm", "build", "package-dir"))
    setup = read_ini(root / "setup.cfg")
    yield from _strings(setup.get("options.packages.find", {}).get("where", "").split())
    for line in setup.get("options", {}).get("package_dir", "").splitlines():
        yield from _strings(line.partition("=")[2].strip())


def with_python_path(invocation: Invocation, root: Path) -> Invocation:
    """Return the invocation with a PYTHONPATH that begins with the code below `root`; twice is as good as once."""
    own = python_path(root)
    base = root / invocation.cwd
    given = [str((base / part).absolute()) for part in invocation.env.get("PYTHONPATH", "").split(os.pathsep) if part]
    whole = os.pathsep.join([*own, *(part for part in dict.fromkeys(given) if part not in own)])
    return invocation.model_copy(update={"env": {**invocation.env, "PYTHONPATH": whole}})


def find_place(root: Path, cwd: str, place: str) -> str:
    """Return the file or folder that a log calls `place`, as a command that runs in `cwd` has to name it.

    Logs name files from the folder of the step, from the repository, or absolutely on a machine of the CI: the
    longest end of the path that exists decides. What exists nowhere stays below `cwd`, whatever it says; the
    result never begins with a dash, so that no tool takes it for an option.
    """
    parts = [part for part in Path(place).parts if part not in {"/", ".."}]
    here = root / cwd
    found = str(Path(*parts)) if parts else "."
    for start, base in ((start, base) for start in range(len(parts)) for base in (here, root)):
        candidate = base.joinpath(*parts[start:])
        if candidate.exists():
            found = os.path.relpath(candidate, here)
            break
    return f"./{found}" if found.startswith("-") else found


def python_files(folder: Path, places: Sequence[str]) -> list[str]:
    """Return the Python files at and below `places`, relative to `folder`; hidden folders and environments are not."""
    found = []
    for place in places:
        path = folder / place
        if path.is_file():
            found.append(os.path.relpath(path, folder))
        for above, inside, names in os.walk(path):
            inside[:] = [name for name in inside if not is_foreign(name)]
            found += [os.path.relpath(Path(above) / name, folder) for name in names if name.endswith(".py")]
    return sorted(found)


def is_foreign(folder: str) -> bool:
    """Whether a folder of this name holds what is not the project's own code."""
    return folder.startswith(".") or folder in {"venv", "env", "node_modules", "site-packages", "__pycache__"}


def comparison_files(root: Path, test_file: str) -> tuple[str, ...]:
    """Return `test_file` and the files that it states what is right with, relative to `root`.

    These are the conftest.py files above it, its snapshots, and the files below its folder that its text names.
    """
    path = root / test_file
    if not path.is_file():
        return ()
    found = [path]
    found += [folder / "conftest.py" for folder in path.parents if folder == root or folder.is_relative_to(root)]
    found += sorted((path.parent / "__snapshots__").rglob("*"))[:MAX_DATA_FILES]
    if path.suffix == ".py":
        found += list(_named_files(path))[:MAX_DATA_FILES]
    names = (str(file.relative_to(root)) for file in found if file.is_file())
    return tuple(dict.fromkeys(names))


def _named_files(path: Path) -> Iterator[Path]:
    """Yield the files below the test's folder whose name or path is a string in its text."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    names = {word for word in words if 0 < len(word) < 200 and "\0" not in word}
    for file in sorted(path.parent.rglob("*")):
        place = str(file.relative_to(path.parent))
        if file.suffix != ".py" and file.is_file() and (file.name in names or place in names):
            yield file


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file; one that is missing or broken is empty."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def read_ini(path: Path) -> dict[str, dict[str, str]]:
    """Return the sections of an INI file; one that is missing or broken is empty."""
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, ConfigParserError):
        return {}
    return {name: dict(parser.items(name)) for name in parser.sections()}


def _get(value: Any, *keys: str) -> Any:
    for key in keys:
        value = mapping(value).get(key)
    return value


def mapping(value: Any) -> dict[Any, Any]:
    """Return a table of a file as it is, and an empty one for anything else that stands in its place."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    """Return a list of a file as it is, and an empty one for anything else that stands in its place."""
    return value if isinstance(value, list) else []


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [item for item in listing(value) if isinstance(item, str) and item]
