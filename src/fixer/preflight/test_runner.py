"""Takes a project's folder and says, by its files alone, what runs its tests and whether that is installed."""

import re
import shlex
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from fixer.schema.settings import ProjectSettings

ENVIRONMENTS = (".venv", "venv", "env", ".tox/py", ".nox/tests")
_BY_FILE = (
    ("Cargo.toml", "cargo", "cargo test"),
    ("go.mod", "go", "go test"),
    ("package.json", "npm", "npm test"),
    ("pom.xml", "mvn", "mvn test"),
    ("build.gradle", "gradle", "gradle test"),
    ("build.gradle.kts", "gradle", "gradle test"),
    ("Gemfile", "bundle", "bundle exec rspec"),
    ("composer.json", "composer", "phpunit"),
    ("CMakeLists.txt", "ctest", "ctest"),
)
_WRAPPERS = {"gradle": "gradlew", "mvn": "mvnw"}
_PYTEST_CONFIG = {
    "pytest.ini": "",
    "conftest.py": "",
    "tests/conftest.py": "",
    "pyproject.toml": "tool.pytest",
    "setup.cfg": "tool:pytest",
    "tox.ini": "pytest",
}
_PYTHON_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "tox.ini")
_USES_PYTEST = re.compile(r"^\s*(?:import|from) pytest\b|^def test", re.MULTILINE)
_PYTEST = ("python", "-m", "pytest")
_MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class TestRunner:
    """What was found; `problem` and `mend` are empty where it can be used."""

    __test__ = False

    seen: str = ""
    argv: tuple[str, ...] = ()
    """Its command, where it can be used; `python` stands for the project's interpreter."""
    problem: str = ""
    mend: str = ""


def find_test_runner(repository: Path, settings: ProjectSettings) -> TestRunner:
    """Return the runner of the settings, else the one that the project's files speak of."""
    if settings.test_command:
        return _configured(repository, settings.test_command)
    if any((repository / name).is_file() for name in (*_PYTHON_FILES, *_PYTEST_CONFIG)) or _python_tests(repository):
        return _python(repository, settings)
    for file, tool, command in _BY_FILE:
        if (repository / file).is_file():
            wrapper = _WRAPPERS.get(tool)
            if shutil.which(tool) or (wrapper and (repository / wrapper).is_file()):
                return TestRunner(f"{command} ({file})", tuple(command.split()))
            return TestRunner(
                problem=f"{file} asks for {command}, but {tool} is not on the PATH", mend=f"install {tool}"
            )
    return TestRunner(
        problem="no test runner was recognised from the project's files",
        mend='name it in fixer.toml: [project] test_command = "COMMAND"',
    )


def _configured(repository: Path, command: str) -> TestRunner:
    mend = "correct project.test_command; `fixer config` shows where it is set"
    try:
        words = shlex.split(command)
    except ValueError as error:
        return TestRunner(problem=f"project.test_command cannot be split into words: {error}", mend=mend)
    if not words or not (shutil.which(words[0]) or (repository / words[0]).is_file()):
        return TestRunner(
            problem=f"project.test_command starts with '{words[0] if words else ''}', which is not found", mend=mend
        )
    return TestRunner(f"{command} (from the settings)", tuple(words))


def _python(repository: Path, settings: ProjectSettings) -> TestRunner:
    environment = next(
        (repository / name for name in ENVIRONMENTS if (repository / name / "bin/python").exists()), None
    )
    if settings.python:
        named = repository / settings.python
        if not named.exists() and shutil.which(settings.python) is None:
            problem = f"project.python names {settings.python}, which does not exist"
            return TestRunner(problem=problem, mend="correct project.python; `fixer config` shows where it is set")
        environment = named.parent.parent if named.exists() else None
    if not _uses_pytest(repository):
        return TestRunner("unittest (part of Python)", ("python", "-m", "unittest"))
    if environment is not None:
        if any(environment.glob("lib/python*/site-packages/pytest")):
            return TestRunner(f"pytest (in {environment})", _PYTEST)
        mend = f"{environment}/bin/python -m pip install pytest"
        return TestRunner(problem=f"pytest is not installed in {environment}", mend=mend)
    if find_spec("pytest") is not None:
        return TestRunner("pytest (the project has no environment of its own; fixer's is used)", _PYTEST)
    return TestRunner(problem="pytest is not installed", mend="python -m pip install pytest")


def _uses_pytest(repository: Path) -> bool:
    for name, mark in _PYTEST_CONFIG.items():
        if (repository / name).is_file() and (not mark or mark in _text(repository / name)):
            return True
    tests = _python_tests(repository)
    return not tests or any(_USES_PYTEST.search(_text(path)) for path in tests)


def _python_tests(repository: Path) -> list[Path]:
    """Return up to 50 files that look like tests, from the usual places."""
    found = []
    for folder in ("", "tests", "test"):
        found += sorted((repository / folder).glob("test_*.py")) + sorted((repository / folder).glob("*_test.py"))
    return found[:50]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
