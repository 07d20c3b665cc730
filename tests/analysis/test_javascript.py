"""c8, eslint and vitest, really installed and run where the registry can be reached."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from fixer.analysis.base import Project
from fixer.analysis.javascript import find, read_eslint, read_summary, read_vitest
from fixer.schema.root_cause import RootCause
from fixer.schema.settings import Settings
from tests.analysis.conftest import Analyze, files_of, numbers
from tests.repositories import make_repository, write

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
PACKAGE = {"name": "shop", "private": True, "type": "module", "scripts": {"test": "node --test"}}
BENCH = """import { bench } from "vitest";
import { total } from "./cart.js";

bench("total", () => { total([1, 2]); }, { time: 20, iterations: 5, warmupTime: 5, warmupIterations: 1 });
"""
FILES = {
    "web/package.json": json.dumps({**PACKAGE, "devDependencies": {"c8": "*", "eslint": "*", "vitest": "*"}}),
    "web/cart.js": "export function total(prices) {\n  return prices.reduce((a, b) => a + b);\n}\n"
    "export function unused() {\n  return 1;\n}\n",
    "web/cart.test.js": 'import assert from "node:assert";\nimport test from "node:test";\n'
    'import { total } from "./cart.js";\n\ntest("total", () => assert.equal(total([1, 2]), 3));\n',
    "web/cart.bench.js": BENCH,
    "web/old.js": "var a = 1;\nexport default a;\n",
    "web/eslint.config.js": 'export default [{ rules: { "no-unused-vars": "error", "no-var": "warn" } }];\n',
    ".gitignore": "node_modules\n",
}


def install(folder: Path) -> None:
    """Install what package.json declares; without a registry there is nothing to test with."""
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--no-package-lock"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"npm could not install c8, eslint and vitest: {done.stderr[-300:]}")


@needs_npm
def test_every_tool_measures_and_leaves_nothing_in_the_project(tmp_path: Path, analyze: Analyze) -> None:
    project = make_repository(tmp_path / "project", FILES)
    install(project / "web")
    before = files_of(project)
    ended = analyze(project)
    assert [(label, one.passed, one.reason) for label, one in ended.items()] == [
        (f"{tool} (javascript, web)", True, "") for tool in ("coverage", "lint", "bench")
    ]
    coverage, lint, bench = ended.values()
    measured = numbers(coverage.metrics)
    assert (measured["functions"], measured["files below 80 %"]) == (50.0, 1)
    assert 0 < measured["lines"] < 100
    # eslint counts the file that is linted, not the one that is tested.
    assert numbers(lint.metrics) == {"errors": 0, "warnings": 1}
    times = numbers(bench.metrics)
    assert [name.split(" > ")[-1] for name in times] == ["total mean", "total min"]
    assert all(0 < seconds < 0.1 for seconds in times.values())
    assert all(one.version[0].isdigit() for one in ended.values())
    assert {name for name in files_of(project) if not name.startswith(".fixer")} == before

    write(
        project, {"web/cart.test.js": FILES["web/cart.test.js"].replace("3)", "4)"), "web/eslint.config.js": "throw 1"}
    )
    failed = analyze(project, "coverage", "lint")
    assert [one.root_cause for one in failed.values()] == [RootCause.TEST_FAILURE, RootCause.INVALID_DATA]


@needs_npm
@pytest.mark.parametrize(
    ("lock", "install"),
    [
        ("web/package-lock.json", "npm install --save-dev c8"),
        ("pnpm-lock.yaml", "pnpm add --save-dev c8"),
        ("yarn.lock", "yarn add --dev c8"),
    ],
)
def test_a_missing_package_is_installed_with_the_projects_own_manager(
    lock: str, install: str, tmp_path: Path, analyze: Analyze
) -> None:
    project = make_repository(tmp_path / "project", {**FILES, lock: ""})
    ended = analyze(project, "coverage")["coverage (javascript, web)"]
    assert (ended.root_cause, ended.install) == (RootCause.MISSING_TOOL, install)
    assert ended.reason == "c8 is not installed: the project has no node_modules yet"


@pytest.mark.parametrize(
    ("script", "program"),
    [("jest --ci", "jest"), ("vitest run", "vitest"), ("mocha", "c8"), ("node --test", "c8")],
)
def test_who_measures_coverage(script: str, program: str, tmp_path: Path) -> None:
    write(tmp_path, {"package.json": json.dumps({"scripts": {"test": script}})})
    coverage = find(Project(tmp_path, Settings()))[0]
    assert (coverage.program, coverage.applies) == (program, True)


def test_what_does_not_apply(tmp_path: Path) -> None:
    no_test = {"scripts": {"test": 'echo "Error: no test specified" && exit 1'}}
    write(tmp_path, {"package.json": json.dumps(no_test), "a/package.json": "not json"})
    assert not any(tool.applies for tool in find(Project(tmp_path, Settings())))


def test_the_packages_of_a_workspace_are_measured_from_its_top(tmp_path: Path) -> None:
    write(tmp_path, {"package.json": '{"workspaces": ["packages/*"]}', "packages/a/package.json": "{}"})
    assert {tool.series.folder for tool in find(Project(tmp_path, Settings()))} == {"."}


def test_istanbuls_summary_with_nothing_to_cover() -> None:
    nothing = {"total": 0, "covered": 0, "skipped": 0, "pct": "Unknown"}
    lines = {"total": 8, "covered": 6, "skipped": 0, "pct": 75}
    entry = {"lines": lines, "statements": lines, "functions": nothing, "branches": nothing}
    assert numbers(read_summary({"total": entry, "/shop/a.js": entry})) == {"lines": 75.0, "files below 80 %": 1}


def test_eslints_findings_and_vitests_times() -> None:
    file = {"filePath": "/a.js", "messages": [], "errorCount": 2, "fatalErrorCount": 1, "warningCount": 1}
    assert numbers(read_eslint([file, {**file, "errorCount": 0}])) == {"errors": 2, "warnings": 2}
    benchmarks = [{"name": "sum", "mean": 0.5, "min": 0.25, "rme": 10, "samples": []}, {"name": "threw"}]
    report = {"files": [{"filepath": "/a.bench.js", "groups": [{"fullName": "a.bench.js", "benchmarks": benchmarks}]}]}
    assert list(read_vitest(report)) == [
        ("a.bench.js > sum", "mean", 0.0005, 0.1),
        ("a.bench.js > sum", "min", 0.00025, 0.1),
    ]
