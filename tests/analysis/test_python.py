"""coverage.py, ruff and pytest-benchmark, really run; what is missing is really missing."""

import json
import subprocess
import sys
from pathlib import Path

import coverage
import pytest

from fixer.analysis.base import Project, failed
from fixer.analysis.python import find, read_coverage, read_ruff
from fixer.schema.command import CommandResult
from fixer.schema.root_cause import RootCause
from fixer.schema.settings import Settings
from tests.analysis.conftest import Analyze, files_of, numbers
from tests.repositories import make_repository, write

FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n\n[tool.pytest.ini_options]\npythonpath = ["."]\n'
    'testpaths = ["tests"]\naddopts = ["-p", "no:benchmark"]\n',
    "shop/__init__.py": "",
    "shop/cart.py": "import os\n\n\ndef total(prices):\n    if not prices:\n        return 0\n    return sum(prices)\n",
    "shop/unseen.py": "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n",
    "tests/test_cart.py": "from shop.cart import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
    "benchmarks/test_speed.py": "def test_speed(benchmark):\n    benchmark.pedantic(sum, ([1, 2],), rounds=3)\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "project", FILES)


def test_every_tool_measures_and_leaves_nothing_in_the_project(project: Path, analyze: Analyze) -> None:
    before = files_of(project)
    ended = analyze(project)
    assert [(label, one.passed, one.program) for label, one in ended.items()] == [
        ("coverage (python)", True, "coverage.py"),
        ("lint (python)", True, "ruff"),
        ("bench (python)", True, "pytest-benchmark"),
    ]
    # cart.py: 4 of 5 statements and 1 of 2 branches; unseen.py is imported by nobody, and counts: 4 of 10.
    measured = numbers(ended["coverage (python)"].metrics)
    assert measured == {"lines": 40.0, "branches": 50.0, "files below 80 %": 1}
    assert numbers(ended["lint (python)"].metrics) == {"errors": 1, "warnings": 0}
    times = numbers(ended["bench (python)"].metrics)
    assert set(times) == {"benchmarks/test_speed.py::test_speed mean", "benchmarks/test_speed.py::test_speed min"}
    assert all(0 < seconds < 1 for seconds in times.values())
    assert all(one.version[0].isdigit() for one in ended.values())
    assert files_of(project) - {name for name in files_of(project) if name.startswith(".fixer")} == before


def test_the_projects_own_coverage_settings_count_and_do_not_disturb(project: Path, analyze: Analyze) -> None:
    """pytest-cov measures in the usual runs, several processes write data, and a bound that is missed is no failure."""
    pyproject = (
        FILES["pyproject.toml"].replace('"-p", "no:benchmark"', '"--cov=shop", "--cov-fail-under=99"')
        + 'filterwarnings = ["error"]\n\n'
        + '[tool.coverage.run]\nsource = ["shop"]\nomit = ["shop/unseen.py"]\nparallel = true\n'
        + "[tool.coverage.report]\nfail_under = 99\n"
    )
    write(project, {"pyproject.toml": pyproject})
    before = files_of(project)
    ended = analyze(project, "coverage")["coverage (python)"]
    assert (ended.passed, numbers(ended.metrics)) == (True, {"lines": 80.0, "files below 80 %": 0})
    assert {name for name in files_of(project) if not name.startswith(".fixer")} == before


def test_a_configuration_that_ruff_refuses_is_a_failure(project: Path, analyze: Analyze) -> None:
    write(project, {"ruff.toml": "no-such-setting = 1\n"})
    ended = analyze(project, "lint")["lint (python)"]
    assert (ended.passed, ended.root_cause) == (False, RootCause.INVALID_DATA)
    assert "no-such-setting" in ended.reason


def test_tests_that_fail_are_a_failure_with_its_cause(project: Path, analyze: Analyze) -> None:
    write(project, {"tests/test_cart.py": "def test_total():\n    assert 1 == 2\n"})
    ended = analyze(project, "coverage")["coverage (python)"]
    assert (ended.passed, ended.metrics, ended.root_cause) == (False, (), RootCause.TEST_FAILURE)
    assert "1 failed" in ended.reason
    assert isinstance(ended.result, CommandResult)
    assert "assert 1 == 2" in ended.result.stdout


def test_an_import_that_cannot_be_had_is_a_missing_dependency(project: Path, analyze: Analyze) -> None:
    write(project, {"tests/test_cart.py": "import no_such_package\n\n\ndef test_total():\n    pass\n"})
    ended = analyze(project, "coverage")["coverage (python)"]
    assert ended.root_cause is RootCause.MISSING_DEPENDENCY
    assert ended.reason.endswith("exit code 2: ModuleNotFoundError: No module named 'no_such_package'")


@pytest.mark.parametrize("line", ["E   ModuleNotFoundError: No module named 'x'", "Error: Cannot find module 'x'"])
def test_a_test_that_fails_for_want_of_a_package_is_told_apart(line: str) -> None:
    said = {"argv": ("python",), "cwd": ".", "ending": "exited", "exit_code": 1, "seconds": 1, "rung": "process-group"}
    result = CommandResult.model_validate({**said, "stdout": f"F\n{line}\n1 failed", "stderr": ""})
    assert failed(result, RootCause.TEST_FAILURE).root_cause is RootCause.MISSING_DEPENDENCY


def test_a_project_without_tests_says_so(tmp_path: Path, analyze: Analyze) -> None:
    folder = make_repository(tmp_path / "project", {"pyproject.toml": "[tool.pytest.ini_options]\n", "a.py": "x = 1\n"})
    ended = analyze(folder, "coverage")["coverage (python)"]
    assert not ended.passed
    assert ended.reason == "there is no test to measure with: pytest collected none"


@pytest.fixture(scope="session")
def bare_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has nothing, not even pip."""
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder


@pytest.mark.parametrize(
    ("lock", "install"),
    [
        ("uv.lock", "uv add --dev coverage pytest"),
        ("poetry.lock", "poetry add --group dev coverage pytest"),
        ("", "-m pip install coverage pytest"),
    ],
)
def test_a_missing_tool_comes_with_the_command_that_installs_it(
    lock: str, install: str, project: Path, bare_environment: Path, analyze: Analyze
) -> None:
    (project / ".venv").symlink_to(bare_environment)
    if lock:
        (project / lock).touch()
    ended = analyze(project, "coverage", settings=Settings())["coverage (python)"]
    assert (ended.passed, ended.missing, ended.root_cause) == (False, True, RootCause.MISSING_TOOL)
    python = str(project / ".venv" / "bin" / "python")
    assert ended.reason == (
        f"coverage and pytest are not installed in the project's environment ({python}, the project's .venv)"
    )
    assert ended.install.endswith(install)
    assert ended.install == install or ended.install.count(python) >= 1


def test_unittest_is_measured_where_there_is_no_pytest(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, analyze: Analyze
) -> None:
    environment = tmp_path_factory.mktemp("environment") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "coverage").symlink_to(Path(coverage.__file__).parent)
    test = "import unittest\n\nimport a\n\n\nclass T(unittest.TestCase):\n    def test_x(self):\n        assert a.x\n"
    folder = make_repository(tmp_path / "project", {"setup.py": "", "a.py": "x = 1\n", "test_a.py": test})
    (folder / ".venv").symlink_to(environment)
    ended = analyze(folder, "coverage", settings=Settings())["coverage (python)"]
    assert ended.result is not None
    assert ended.result.argv[-2:] == ("unittest", "discover")
    assert numbers(ended.metrics)["lines"] == 100

    (folder / "test_a.py").write_text("import unittest\n", encoding="utf-8")
    empty = analyze(folder, "coverage", settings=Settings())["coverage (python)"]
    assert (empty.passed, empty.reason) == (False, "there is no test to measure with: unittest found none")


def test_what_coverage_writes_is_read() -> None:
    file = {"summary": {"covered_lines": 3, "num_statements": 4, "percent_covered": 75.0}}
    report = {
        "meta": {"format": 3, "version": "7.10.1", "branch_coverage": False},
        "files": {"a.py": file, "b.py": {"summary": {"covered_lines": 0, "num_statements": 0}}},
        "totals": {"covered_lines": 3, "num_statements": 4, "percent_covered": 75.0},
    }
    metrics, version = read_coverage(report)
    assert (numbers(metrics), version) == ({"lines": 75.0, "files below 80 %": 1}, "7.10.1")


def test_a_finding_counts_by_what_ruff_says_of_it() -> None:
    findings = [{"code": "F401", "severity": "error"}, {"code": "E501", "severity": "warning"}, {"code": "F821"}]
    assert numbers(read_ruff(json.dumps(findings))) == {"errors": 2, "warnings": 1}
    assert numbers(read_ruff("")) == {"errors": 0, "warnings": 0}


@pytest.mark.parametrize(
    ("files", "folders"),
    [
        (["backend/pyproject.toml", "web/package.json"], ["backend"]),
        (["pyproject.toml", "src/a/__init__.py", "tests/data/pyproject.toml", "b/setup.py"], ["."]),
        (["requirements.txt", "docs/requirements.txt"], ["."]),
        (["cart.py"], ["."]),
        (["README.md", "node_modules/x/setup.py", ".venv/lib/setup.py"], []),
    ],
)
def test_where_python_projects_lie(files: list[str], folders: list[str], tmp_path: Path) -> None:
    write(tmp_path, {name: '[project]\nname = "a"\n' if name.endswith(".toml") else "" for name in files})
    assert sorted({tool.series.folder for tool in find(Project(tmp_path, Settings()))}) == folders


def test_a_pyproject_for_tools_alone_does_not_hide_the_projects_below(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.ruff]\n", "a/pyproject.toml": "[project]\n", "b/setup.py": ""})
    assert sorted({tool.series.folder for tool in find(Project(tmp_path, Settings()))}) == ["a", "b"]
