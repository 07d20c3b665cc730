"""A Python project in; the interpreter that has the modules a tool needs out, or the command that installs them."""

from dataclasses import dataclass

from fixer.analysis.base import Measured, Session, missing
from fixer.errors import ToolError
from fixer.probe import ProbeError, probe
from fixer.project import find_python
from fixer.schema.settings import ProjectSettings

PACKAGES = {"coverage": "coverage", "pytest": "pytest", "pytest_benchmark": "pytest-benchmark", "ruff": "ruff"}
"""Module -> distribution."""
INSTALLERS = {
    "uv.lock": "uv add --dev",
    "poetry.lock": "poetry add --group dev",
    "pdm.lock": "pdm add --dev",
    "Pipfile.lock": "pipenv install --dev",
}
"""Lock file -> the command of the project's own package manager that adds a development dependency."""
_PROBE = """
import importlib.util, os, sys, sysconfig
for name in sys.argv[1:]:
    if importlib.util.find_spec(name):
        print(name)
if sys.prefix == sys.base_prefix and os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")):
    print("externally-managed")
"""


@dataclass(frozen=True)
class Environment:
    """An interpreter and what it can import."""

    python: str
    modules: frozenset[str]

    def has(self, module: str) -> bool:
        """Whether `module`, one of those that are looked for, can be imported."""
        return module in self.modules


def environment_of(
    session: Session, settings: ProjectSettings, needs: tuple[str, ...]
) -> tuple[Environment | None, Measured]:
    """Return the environment for a tool that imports `needs`, or None and the failure that says what to install.

    The environment that the project or its user names is the only one that counts: another one could measure, but
    would not see the project's dependencies. Where none is named, the first interpreter that has everything does.
    """
    try:
        python, why = find_python(session.home, settings, None)
    except ToolError as error:
        return None, missing(error.message, session.run("python3", "--version"), error.hint)
    found = _probe(python, needs)
    if not set(needs) <= found and _is_any(why):
        for module in needs:
            try:
                other, _ = find_python(session.home, settings, module)
            except ToolError:
                break
            if set(needs) <= (seen := _probe(other, needs)):
                python, found = other, seen
                break
    absent = [name for name in needs if name not in found]
    if not absent:
        return Environment(python, found), Measured()
    packages = " ".join(PACKAGES[name] for name in absent)
    words = f"{' and '.join(PACKAGES[name] for name in absent)} {'is' if len(absent) == 1 else 'are'} not installed"
    install = _install(session, python, found, packages)
    shown = session.run(python, "-m", absent[0], "--version")
    return None, missing(f"{words} in the project's environment ({python}, {why})", shown, install)


def _is_any(why: str) -> bool:
    """Whether `find_python` took an interpreter that neither the project nor its user named."""
    return why.endswith("on PATH") or why == "fixer's own interpreter"


def _install(session: Session, python: str, found: frozenset[str], packages: str) -> str:
    for lock, command in INSTALLERS.items():
        if any((folder / lock).exists() for folder in (session.home, *session.home.parents[:2])):
            return f"{command} {packages}"
    if "externally-managed" in found:
        return f"{python} -m venv .venv && .venv/bin/python -m pip install {packages}"
    if "pip" not in found and session.which("uv"):
        return f"uv pip install --python {python} {packages}"
    if "pip" not in found:
        return f"{python} -m ensurepip && {python} -m pip install {packages}"
    return f"{python} -m pip install {packages}"


def _probe(python: str, needs: tuple[str, ...]) -> frozenset[str]:
    """Return which modules an interpreter can import; it runs isolated: nothing of the project is imported."""
    names = {*needs, "pip", "pytest", "pytest_cov", "xdist"}
    try:
        done = probe([python, "-I", "-c", _PROBE, *sorted(names)])
    except ProbeError:
        return frozenset()
    return frozenset(done.stdout.split())
