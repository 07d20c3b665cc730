"""Python projects: coverage.py, ruff and pytest-benchmark, run with the project's own interpreter.

Sources: `coverage json` (https://coverage.readthedocs.io/en/latest/commands/cmd_json.html), ruff's JSON
(https://docs.astral.sh/ruff/settings/#output-format), pytest-benchmark's JSON
(https://pytest-benchmark.readthedocs.io/en/latest/comparing.html), pytest's exit codes
(https://docs.pytest.org/en/stable/reference/exit-codes.html).
"""

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from fixer.analysis.base import (
    BENCH,
    COVERAGE,
    LINT,
    Measured,
    Project,
    Session,
    Tool,
    bench_metrics,
    coverage_metrics,
    failed,
    how_it_ended,
    lint_metrics,
    percent,
)
from fixer.analysis.running.folders import files_below, folders_with, outermost, text_of
from fixer.analysis.running.python_environment import Environment, environment_of
from fixer.project import listing, mapping, read_ini, read_toml, with_python_path
from fixer.schema.analysis import Metric, Series
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.root_cause import RootCause

ECOSYSTEM = "python"
MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", "requirements*.txt", "Pipfile", "pytest.ini", "tox.ini")
TEST_FILES = ("test_*.py", "*_test.py")
NO_CODE = (
    "tests/*,*/tests/*,test/*,*/test/*,test_*.py,*/test_*.py,*_test.py,*/*_test.py,conftest.py,*/conftest.py,"
    "setup.py,noxfile.py"
)
"""Left out of the coverage of a project that does not say itself what counts."""
CACHES = (".benchmarks", ".pytest_cache", ".hypothesis", ".ruff_cache", ".coverage")
"""What plugins make even when they are told to write elsewhere."""
_BENCHMARK = re.compile(r"def test_\w*\([^)]*\bbenchmark\b|\bpytest\.mark\.benchmark\b|def bench_\w+\(")
_TESTS_FAILED, _NO_TESTS = 1, 5
DATA = "data"
"""Name of coverage.py's data file; one that measures several processes adds a suffix for each."""


def find(project: Project) -> list[Tool]:
    """Return the tools for every Python project in the repository."""
    tools = []
    for folder in _folders(project.root):
        tests = any(True for _ in files_below(project.root / folder, TEST_FILES))
        benchmarks = any(True for _ in _benchmarks(project.root / folder))
        for name, program, measure, applies in (
            (COVERAGE, "coverage.py", _coverage, tests),
            (LINT, "ruff", _lint, True),
            (BENCH, "pytest-benchmark", _bench, benchmarks),
        ):
            series = Series(tool=name, ecosystem=ECOSYSTEM, folder=folder)
            tools.append(Tool(series, program, partial(measure, project), applies, CACHES))
    return tools


def _benchmarks(folder: Path) -> Iterator[Path]:
    """Yield the files with benchmarks, which often lie outside of where the project's tests are looked for."""
    return (path for path in files_below(folder, (*TEST_FILES, "bench_*.py")) if _BENCHMARK.search(text_of(path)))


def _folders(root: Path) -> list[str]:
    found = [folder for folder in folders_with(root, MARKERS) if folder != "." or _is_project(root)]
    # Scripts and tests without any file that describes them are a project as well.
    if not found and (any(root.glob("*.py")) or any(root.glob("tests/test_*.py"))):
        found = ["."]
    return outermost(found)


def _is_project(root: Path) -> bool:
    """Whether the top folder is more than a place for the settings of tools, whose code lies in folders below it."""
    declared = read_toml(root / "pyproject.toml")
    builds = "project" in declared or "build-system" in declared or "poetry" in mapping(declared.get("tool"))
    others = [path for marker in MARKERS[1:] for path in root.glob(marker)]
    code = any(root.glob("*.py")) or any(root.glob("*/__init__.py")) or (root / "tests").is_dir()
    return builds or bool(others) or code


# -- coverage


def _coverage(project: Project, session: Session) -> Measured:
    environment, problem = environment_of(session, project.settings.project, _wanted("coverage", session))
    if environment is None:
        return problem
    own = [] if _says_what_counts(session.folder) else ["--branch", "--source=.", f"--omit={NO_CODE}"]
    tests = _test_arguments(environment, session)
    ran = _run(environment, session, "coverage", "run", *own, *tests)
    # Up to Python 3.11 unittest passes without any test, since then with exit code 5.
    if "unittest" in tests and re.search(r"^Ran 0 tests", ran.stderr, re.MULTILINE):
        return failed(ran, reason="there is no test to measure with: unittest found none")
    if not ran.passed:
        return _tests_failed(ran)
    report = session.scratch / "coverage.json"
    if not (session.scratch / DATA).exists() and any(session.scratch.glob(f"{DATA}.*")):
        combined = _run(environment, session, "coverage", "combine", str(session.scratch))
        if not combined.passed:
            return failed(combined)
    options = ["--fail-under=0", "-o", str(report)]
    made = _run(environment, session, "coverage", "json", *options)
    if not report.exists():
        return failed(made)
    metrics, version = read_coverage(json.loads(report.read_bytes()))
    return Measured(metrics=metrics, result=ran, version=version)


def read_coverage(report: dict[str, Any]) -> tuple[tuple[Metric, ...], str]:
    """Return the metrics in a report of `coverage json`, and the version of coverage.py."""
    totals = report["totals"]
    files = {
        name: percent(entry["summary"]["covered_lines"], entry["summary"]["num_statements"])
        for name, entry in report["files"].items()
    }
    branches = totals.get("num_branches")
    share = percent(totals["covered_branches"], branches) if branches else None
    lines = percent(totals["covered_lines"], totals["num_statements"])
    return coverage_metrics(lines, files, branches=share), str(report["meta"].get("version", ""))


def _says_what_counts(folder: Path) -> bool:
    """Whether the project configures what coverage.py measures."""
    run = mapping(mapping(mapping(read_toml(folder / "pyproject.toml").get("tool")).get("coverage")).get("run"))
    sections = [read_ini(folder / ".coveragerc").get("run", {})]
    sections += [read_ini(folder / name).get("coverage:run", {}) for name in ("setup.cfg", "tox.ini")]
    keys = {"source", "source_pkgs", "source_dirs", "include", "omit"}
    return any(keys & section.keys() for section in (run, *sections))


def _wanted(tool: str, session: Session) -> tuple[str, ...]:
    """Return the modules that a measurement needs: the tool, and pytest where the tests are written for it."""
    return (tool, "pytest") if _uses_pytest(session.folder) else (tool,)


def _uses_pytest(folder: Path) -> bool:
    """Whether the tests need pytest: it is configured or declared, or they import it, or are no unittest classes."""
    pyproject = read_toml(folder / "pyproject.toml")
    if (folder / "pytest.ini").exists() or "pytest" in mapping(pyproject.get("tool")):
        return True
    if any((folder / name).exists() for name in ("conftest.py", "tests/conftest.py")):
        return True
    texts = [text_of(path) for path in files_below(folder, TEST_FILES)]
    return any("import pytest" in text or "from pytest" in text or re.search(r"^(async )?def test", text, re.MULTILINE)
               for text in texts)  # fmt: skip


def _test_arguments(environment: Environment, session: Session) -> list[str]:
    """Return what runs the whole suite behind `python -m coverage run`."""
    if not _uses_pytest(session.folder) and not environment.has("pytest"):
        return ["-m", "unittest", "discover"]
    # Two measurements of one process disturb each other.
    return ["-m", "pytest", *_pytest_options(environment), *(["--no-cov"] * environment.has("pytest_cov"))]


def _pytest_options(environment: Environment) -> list[str]:
    """Return the options that keep all tests in the one process that is measured."""
    return ["-q", *(["-n0"] * environment.has("xdist"))]


def _run(environment: Environment, session: Session, *arguments: str, pytest: Sequence[str] = ()) -> CommandResult:
    """Run a module of the project's interpreter in the tool's folder.

    Where things are written to is told in variables (options of pytest by `pytest`): the command stays one that a
    person can type again when the folder for its outputs is gone.
    """
    told = shlex.join(["-o", f"cache_dir={session.scratch / 'pytest'}", *pytest])
    env = {
        "HYPOTHESIS_STORAGE_DIRECTORY": str(session.scratch / "hypothesis"),
        "COVERAGE_FILE": str(session.scratch / DATA),
        "PYTEST_ADDOPTS": f"{session.environment.get('PYTEST_ADDOPTS', '')} {told}".strip(),
    }
    invocation = Invocation(argv=(environment.python, "-m", *arguments), env=env)
    if session.folder != session.home:
        # An editable install points at the user's files; in a worktree its own ones are meant.
        given = session.environment.get("PYTHONPATH", "")
        whole = invocation.model_copy(update={"env": {**env, "PYTHONPATH": given}})
        invocation = with_python_path(whole, session.folder)
    return session.run(*invocation.argv, env=invocation.env)


def _tests_failed(ran: CommandResult) -> Measured:
    if ran.exit_code == _NO_TESTS:
        return failed(ran, reason="there is no test to measure with: pytest collected none")
    if ran.exit_code != _TESTS_FAILED:
        return failed(ran)
    summary = [line.strip("= ") for line in ran.stdout.splitlines() if re.search(r"\b\d+ (failed|error)", line)]
    last = summary[-1] if summary else how_it_ended(ran)
    return failed(ran, RootCause.TEST_FAILURE, reason=f"the tests do not pass: {last}")


# -- lint


def _lint(project: Project, session: Session) -> Measured:
    environment, problem = environment_of(session, project.settings.project, ("ruff",))
    alone = session.which("ruff")
    if environment is not None:
        command = [environment.python, "-m", "ruff"]
    elif alone is not None:
        command = [alone]
    else:
        return problem
    version = session.run(*command, "--version").stdout.strip().removeprefix("ruff ")
    # No cache: it would be left in the project, and a whole run takes a second on a large one.
    report = session.scratch / "ruff.json"
    options = ["--output-format", "json", "--exit-zero", "--no-cache"]
    ran = session.run(*command, "check", *options, ".", env={"RUFF_OUTPUT_FILE": str(report)})
    if not ran.passed:
        # With --exit-zero only ruff itself, or its configuration, fails.
        return failed(ran, RootCause.INVALID_DATA)
    # An old ruff does not know the variable.
    text = report.read_text(encoding="utf-8") if report.exists() else ran.stdout
    return Measured(metrics=read_ruff(text), result=ran, version=version)


def read_ruff(text: str) -> tuple[Metric, ...]:
    """Return the metrics in ruff's JSON; before ruff said a severity itself, every finding was an error."""
    severities = [finding.get("severity") or "error" for finding in json.loads(text or "[]")]
    errors = sum(severity == "error" for severity in severities)
    return lint_metrics(errors, len(severities) - errors)


# -- bench


def _bench(project: Project, session: Session) -> Measured:
    environment, problem = environment_of(session, project.settings.project, ("pytest_benchmark", "pytest"))
    if environment is None:
        return problem
    report = session.scratch / "benchmarks.json"
    places = [f"--benchmark-json={report}", f"--benchmark-storage=file://{session.scratch}"]
    # Named, as a project may have switched the plugin off for its usual runs.
    options = [*_pytest_options(environment), "-p", "benchmark", "--benchmark-enable"]
    files = [f"./{path.relative_to(session.folder)}" for path in _benchmarks(session.folder)]
    ran = _run(environment, session, "pytest", *files, *options, "--benchmark-only", pytest=places)
    if ran.exit_code == _NO_TESTS or (ran.passed and not _holds(report)):
        return Measured(result=ran, reason="there is no benchmark: no test uses the fixture `benchmark`")
    if not ran.passed:
        return _tests_failed(ran)
    content = json.loads(report.read_bytes())
    return Measured(metrics=bench_metrics(_times(content)), result=ran, version=str(content.get("version", "")))


def _holds(report: Path) -> bool:
    return report.exists() and report.stat().st_size > 0


def _times(report: dict[str, Any]) -> Iterator[tuple[str, str, float, float]]:
    """Yield mean and min of each benchmark, in seconds; its standard deviation says how much is noise."""
    for entry in listing(report.get("benchmarks")):
        stats = entry["stats"]
        noise = stats["stddev"] / stats["mean"] if stats["mean"] else 0.0
        yield entry["fullname"], "mean", stats["mean"], noise
        yield entry["fullname"], "min", stats["min"], noise
