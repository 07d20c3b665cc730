"""JavaScript and TypeScript projects: c8 (or the coverage of jest and vitest), eslint, and vitest's benchmarks.

Sources: Istanbul's json-summary (https://github.com/istanbuljs/istanbuljs, `istanbul-reports/lib/json-summary`),
eslint's JSON (https://eslint.org/docs/latest/use/formatters/#json), vitest's `bench --outputJson`
(https://vitest.dev/guide/cli, times in milliseconds).
"""

import json
import re
from collections.abc import Iterator
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
    missing,
)
from fixer.analysis.running.folders import files_below, folders_with, text_of
from fixer.project import listing, mapping
from fixer.schema.analysis import Metric, Series
from fixer.schema.command import CommandResult
from fixer.schema.root_cause import RootCause

ECOSYSTEM = "javascript"
BENCH_FILES = tuple(f"*.bench.{end}" for end in ("js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx"))
ESLINT_FILES = ("eslint.config.*", ".eslintrc", ".eslintrc.*")
MANAGERS = {
    "pnpm-lock.yaml": ("pnpm", "pnpm add --save-dev"),
    "yarn.lock": ("yarn", "yarn add --dev"),
    "bun.lock": ("bun", "bun add --dev"),
    "bun.lockb": ("bun", "bun add --dev"),
    "package-lock.json": ("npm", "npm install --save-dev"),
}
"""Lock file -> the package manager, and how it adds a development dependency."""
CACHES = ("node_modules/.vite", "node_modules/.vite-temp", "node_modules/.vitest", ".eslintcache")
"""What vitest and eslint leave even when they are told to write elsewhere."""
_NO_TEST = 'echo "Error: no test specified"'
_MILLI = 1e-3
_FAILED_TESTS = re.compile(
    r"^\s*(?:Tests|Test Files):?\s.*\b[1-9]\d* failed|^\s*[1-9]\d* failing|^\W*fail [1-9]\d*|^not ok ", re.MULTILINE
)
"""jest and vitest; mocha; node's own runner; TAP."""


def find(project: Project) -> list[Tool]:
    """Return the tools for every package, or workspace of packages, in the repository."""
    tools = []
    for folder in _folders(project.root):
        place = project.root / folder
        package = _package(place)
        linted = any(any(place.glob(name)) for name in ESLINT_FILES) or "eslint" in _dependencies(package)
        for name, program, measure, applies in (
            (COVERAGE, _coverage_program(package), _coverage, bool(_test_script(package))),
            (LINT, "eslint", _lint, linted or "eslintConfig" in package),
            (BENCH, "vitest bench", _bench, any(True for _ in files_below(place, BENCH_FILES))),
        ):
            series = Series(tool=name, ecosystem=ECOSYSTEM, folder=folder)
            tools.append(Tool(series, program, partial(measure, project), applies, CACHES))
    return tools


def _folders(root: Path) -> list[str]:
    """Return the folders of packages; those of a workspace are measured from its top."""
    found: list[str] = []
    for folder in folders_with(root, ("package.json",)):
        above = [other for other in found if other == "." or Path(folder).is_relative_to(other)]
        if not any(_is_workspace(root / other) for other in above):
            found.append(folder)
    return found


def _is_workspace(folder: Path) -> bool:
    return "workspaces" in _package(folder) or (folder / "pnpm-workspace.yaml").exists()


def _package(folder: Path) -> dict[Any, Any]:
    try:
        return mapping(json.loads(text_of(folder / "package.json")))
    except ValueError:
        return {}


def _dependencies(package: dict[Any, Any]) -> set[str]:
    return {name for key in ("dependencies", "devDependencies") for name in mapping(package.get(key))}


def _test_script(package: dict[Any, Any]) -> str:
    script = str(mapping(package.get("scripts")).get("test") or "")
    return "" if _NO_TEST in script else script


def _manager(session: Session, root: Path) -> tuple[str, str]:
    """Return the package manager of the nearest lock file, up to the project's top folder; else npm."""
    for folder in (session.home, *session.home.parents):
        for lock, manager in MANAGERS.items():
            if (folder / lock).exists():
                return manager
        if folder == root:
            break
    return MANAGERS["package-lock.json"]


def _program(session: Session, root: Path, name: str) -> Path | None:
    """Return an installed package's program: of the folder, or of one above it up to the project's top folder."""
    for base in (session.folder, session.home, *session.home.parents):
        path = base / "node_modules" / ".bin" / name
        if path.exists():
            return path
        if base == root:
            break
    return None


def _version(program: Path, package: str) -> str:
    """Return the version of an installed package by its own package.json."""
    return str(_package(program.parent.parent / package).get("version", ""))


def _missing(session: Session, root: Path, package: str) -> Measured:
    if session.which("node") is None:
        return missing(
            "Node.js is not installed", session.run("node", "--version"), "install Node.js: https://nodejs.org"
        )
    _, install = _manager(session, root)
    if not any((folder / "node_modules").exists() for folder in (session.folder, session.home, root)):
        what = f"{package} is not installed: the project has no node_modules yet"
    else:
        what = f"{package} is not installed in the project"
    absent = session.folder / "node_modules" / ".bin" / package
    return missing(what, session.run(str(absent), "--version"), f"{install} {package}")


# -- coverage


def _coverage_program(package: dict[Any, Any]) -> str:
    """Return what measures: a runner that transforms the code while it loads it has to measure it itself."""
    script = _test_script(package)
    if re.search(r"\b(?:jest|react-scripts)\b", script):
        return "jest"
    return "vitest" if re.search(r"\bvitest\b", script) else "c8"


def _coverage(project: Project, session: Session) -> Measured:
    package = _package(session.folder)
    if not _test_script(package):
        command, _ = _manager(session, project.root)
        result = session.run("node", "--version")
        reason = f"package.json has no script `test`: there is nothing that `{command} test` could run"
        return failed(result, RootCause.ENVIRONMENT, reason)
    name = _coverage_program(package)
    program = _program(session, project.root, name)
    if program is None:
        return _missing(session, project.root, name)
    if name == "vitest" and not _has_provider(program):
        return _missing(session, project.root, f"@vitest/coverage-v8@{_version(program, 'vitest')}")
    report = session.scratch / "coverage"
    ran = session.run(*_coverage_command(name, program, session, project.root, report))
    summary = report / "coverage-summary.json"
    if not ran.passed or not summary.exists():
        return _tests_failed(ran)
    return Measured(metrics=read_summary(json.loads(summary.read_bytes())), result=ran, version=_version(program, name))


def _has_provider(vitest: Path) -> bool:
    packages = vitest.parent.parent / "@vitest"
    return any((packages / name).exists() for name in ("coverage-v8", "coverage-istanbul"))


def _coverage_command(name: str, program: Path, session: Session, root: Path, report: Path) -> list[str]:
    if name == "jest":
        return [str(program), "--ci", "--coverage", "--coverageReporters=json-summary", f"--coverageDirectory={report}"]
    if name == "vitest":
        reporter = "--coverage.reporter=json-summary"
        return [str(program), "run", "--coverage.enabled", reporter, f"--coverage.reportsDirectory={report}"]
    manager, _ = _manager(session, root)
    places = ["--reports-dir", str(report), "--temp-directory", str(session.scratch / "v8")]
    return [str(program), "--reporter", "json-summary", *places, manager, "test"]


def read_summary(report: dict[str, Any]) -> tuple[Metric, ...]:
    """Return the metrics in Istanbul's coverage-summary.json."""
    total = report["total"]
    files = {name: _share(entry["lines"]) for name, entry in report.items() if name != "total"}
    branches = _share(total["branches"]) if total["branches"]["total"] else None
    functions = _share(total["functions"]) if total["functions"]["total"] else None
    return coverage_metrics(_share(total["lines"]), files, branches=branches, functions=functions)


def _share(counted: dict[str, Any]) -> float:
    # Istanbul writes "Unknown" where there is nothing to cover.
    return 100.0 if not counted["total"] else 100 * counted["covered"] / counted["total"]


def _tests_failed(ran: CommandResult) -> Measured:
    if ran.passed:
        return failed(ran, reason="the tests passed, but no coverage was written")
    found = _FAILED_TESTS.search(ran.output)
    if found is None:
        return failed(ran)
    line = ran.output[found.start() :].lstrip("\n").splitlines()[0].strip()
    return failed(ran, RootCause.TEST_FAILURE, f"the tests do not pass: {line or how_it_ended(ran)}")


# -- lint


def _lint(project: Project, session: Session) -> Measured:
    program = _program(session, project.root, "eslint")
    if program is None:
        return _missing(session, project.root, "eslint")
    report = session.scratch / "eslint.json"
    ran = session.run(
        str(program), "--format", "json", "--output-file", str(report), "--no-error-on-unmatched-pattern", "."
    )
    # 1: findings; 2: eslint itself, or its configuration, failed.
    if ran.exit_code not in {0, 1} or not report.exists():
        return failed(ran, RootCause.INVALID_DATA)
    metrics = read_eslint(json.loads(report.read_bytes()))
    return Measured(metrics=metrics, result=ran, version=_version(program, "eslint"))


def read_eslint(report: list[dict[str, Any]]) -> tuple[Metric, ...]:
    """Return the metrics in eslint's JSON."""
    return lint_metrics(sum(file["errorCount"] for file in report), sum(file["warningCount"] for file in report))


# -- bench


def _bench(project: Project, session: Session) -> Measured:
    if not any(True for _ in files_below(session.folder, BENCH_FILES)):
        return Measured(reason="there is no benchmark: no file is named *.bench.js or *.bench.ts")
    program = _program(session, project.root, "vitest")
    if program is None:
        return _missing(session, project.root, "vitest")
    report = session.scratch / "benchmarks.json"
    ran = session.run(str(program), "bench", "--run", "--outputJson", str(report))
    if not ran.passed or not report.exists():
        return failed(ran)
    metrics = bench_metrics(read_vitest(json.loads(report.read_bytes())))
    return Measured(metrics=metrics, result=ran, version=_version(program, "vitest"))


def read_vitest(report: dict[str, Any]) -> Iterator[tuple[str, str, float, float]]:
    """Yield mean and min of each benchmark; its relative margin of error (`rme`, percent) is its noise."""
    for file in listing(report.get("files")):
        for group in listing(file.get("groups")):
            for entry in listing(group.get("benchmarks")):
                # A benchmark that threw has no times.
                if isinstance(entry.get("mean"), int | float):
                    subject = f"{group['fullName']} > {entry['name']}"
                    noise = float(entry.get("rme") or 0) / 100
                    yield subject, "mean", entry["mean"] * _MILLI, noise
                    yield subject, "min", entry["min"] * _MILLI, noise
