"""A missing package is declared where the project declares such packages; a guessed name never is."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.schema.patch import Patch
from fixer.strategies import dependencies
from fixer.strategies.base import NotMine
from fixer.worktree import open_worktree
from tests.diagnosis.conftest import History
from tests.strategies.revert_case import case_of, failure_of

Propose = Callable[[dict[str, str], str], Patch]
USES_YAML = {"shop/__init__.py": "", "shop/cart.py": "import yaml\n"}
NO_YAML = "ModuleNotFoundError: No module named 'yaml'"
PROJECT = '[project]\nname = "shop"\ndependencies = [\n    "attrs",\n    "requests",\n]\n'


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter without any package."""
    place = tmp_path_factory.mktemp("bare") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    return str(place / "bin" / "python")


@pytest.fixture
def propose(tmp_path: Path, bare_python: str) -> Propose:
    return proposer(tmp_path, bare_python)


@pytest.fixture
def propose_installed(tmp_path: Path) -> Propose:
    """The project's environment is the one that runs the tests: it has PyYAML."""
    return proposer(tmp_path, sys.executable)


def proposer(tmp_path: Path, python: str) -> Propose:
    def make(files: dict[str, str], message: str) -> Patch:
        history = History(tmp_path / "repository")
        commit = history.commit("Start", files)
        tree = open_worktree(history.path, tmp_path / "fixer" / "tree", commit)
        (patch,) = dependencies.propose(case_of(tree, failure_of(message), python=python))
        tree.reset()
        tree.apply(patch.diff)
        return patch

    return make


def changed(patch: Patch) -> list[str]:
    lines = patch.diff.split("\n")
    return [line for line in lines if line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"}]


def test_a_package_of_another_name(propose: Propose) -> None:
    patch = propose({**USES_YAML, "pyproject.toml": PROJECT}, NO_YAML)
    assert changed(patch) == ['+    "PyYAML",']
    assert patch.diff.index('"attrs"') < patch.diff.index("PyYAML") < patch.diff.index('"requests"')
    assert patch.requirements == ("PyYAML",)
    assert patch.summary == "Declare PyYAML in pyproject.toml"
    assert patch.explanation == (
        "shop/cart.py imports 'yaml', and nothing that CI installs brings it. "
        "The package is PyYAML: it is the well-known package of that module."
    )
    assert not patch.needs_review


def test_a_bound_in_the_style_of_the_others(propose_installed: Propose) -> None:
    from importlib.metadata import version  # noqa: PLC0415 - only here

    bounded = PROJECT.replace('"attrs"', '"attrs>=23"').replace('"requests"', '"requests>=2"')
    patch = propose_installed({**USES_YAML, "pyproject.toml": bounded}, NO_YAML)
    assert patch.requirements == (f"PyYAML>={version('PyYAML')}",)


def test_only_tests_need_it(propose: Propose) -> None:
    text = PROJECT + '\n[project.optional-dependencies]\ntest = ["pytest"]\n'
    files = {"shop/__init__.py": "", "tests/test_cart.py": "import freezegun\n", "pyproject.toml": text}
    patch = propose(files, "E   ModuleNotFoundError: No module named 'freezegun'")
    assert changed(patch) == ['-test = ["pytest"]', '+test = ["pytest", "freezegun"]']


def test_only_tests_need_it_and_there_is_no_group_for_them(propose: Propose) -> None:
    files = {"tests/test_cart.py": "import yaml\n", "requirements.txt": "attrs\n"}
    assert "Only test code needs PyYAML" in propose(files, NO_YAML).needs_review


MANIFESTS = {
    "requirements.txt": ("attrs\r\nrequests\r\n", ["+PyYAML\r"]),
    "setup.cfg": ("[options]\ninstall_requires =\n    attrs\n    requests\n", ["+    PyYAML"]),
    "setup.py": (
        "import setuptools as s\nreq = [\n    'attrs',  # classes\n    'requests'\n]\ns.setup(install_requires=req)",
        ["+    'PyYAML',"],
    ),
    "Pipfile": ('[packages]\nattrs = "*"\nrequests = "*"\n', ['+PyYAML = "*"']),
    "pyproject.toml": (
        '[tool.poetry.dependencies]\npython = "^3.11"\nattrs = "*"\nrequests = {version = "*"}\n',
        ['+PyYAML = "*"'],
    ),
}


@pytest.mark.parametrize("path", MANIFESTS)
def test_every_kind_of_manifest(propose: Propose, path: str) -> None:
    text, expected = MANIFESTS[path]
    patch = propose({**USES_YAML, path: text}, NO_YAML)
    assert [line for line in changed(patch) if "PyYAML" in line] == expected
    assert patch.diff.index("attrs") < patch.diff.index("PyYAML") < patch.diff.index("requests")


def test_declared_in_one_place_and_missing_where_ci_installs(propose: Propose) -> None:
    workflow = "jobs:\n  test:\n    steps:\n      - run: pip install -r requirements-ci.txt\n"
    files = {
        **USES_YAML,
        "pyproject.toml": PROJECT.replace("requests", "pyyaml"),
        "requirements-ci.txt": "attrs\npytest\n",
        ".github/workflows/test.yml": workflow,
    }
    patch = propose(files, NO_YAML)
    assert patch.diff.count("diff --git") == 1
    assert "b/requirements-ci.txt" in patch.diff
    assert changed(patch) == ["+pyyaml"]
    assert "the project names it elsewhere already" in patch.explanation


def test_a_name_of_the_lock_is_known(propose: Propose) -> None:
    lock = '[[package]]\nname = "obscure-thing"\nversion = "1.2"\n'
    files = {"app.py": "import obscure_thing\n", "pyproject.toml": PROJECT, "uv.lock": lock}
    patch = propose(files, "No module named 'obscure_thing'")
    assert changed(patch) == ['+    "obscure-thing",']
    assert "uv.lock has to be written anew (`uv lock`), though it names the package already." in patch.needs_review


@pytest.mark.parametrize(
    ("code", "message", "added"),
    [
        ("from google.protobuf import message", "No module named 'google'", ['+    "protobuf",']),
        (
            "import requests",
            'Library stubs not installed for "requests"  [import-untyped]',
            ['-dev = ["mypy"]', '+dev = ["mypy", "types-requests"]'],
        ),
        (
            "import requests",
            'Cannot find implementation or library stub for module named "redis.client"  [import-not-found]',
            ['+    "redis",'],
        ),
    ],
)
def test_namespaces_stubs_and_what_mypy_misses(propose: Propose, code: str, message: str, added: list[str]) -> None:
    text = PROJECT + '\n[dependency-groups]\ndev = ["mypy"]\n'
    assert changed(propose({"app.py": f"{code}\n", "pyproject.toml": text}, message)) == added


REFUSED = {
    "unknown name": (
        {"app.py": "import reqeusts\n", "pyproject.toml": PROJECT},
        "No module named 'reqeusts'",
        "never installs a guessed name",
    ),
    "standard library": (
        {"app.py": "import tomllib\n", "pyproject.toml": PROJECT},
        "No module named 'tomllib'",
        "belongs to Python itself",
    ),
    "own module": (
        {"shop/__init__.py": "", "pyproject.toml": PROJECT},
        "No module named 'shop.cart'",
        "is a module of the project itself",
    ),
    "own package without init": (
        {"src/shop/cart.py": "", "pyproject.toml": PROJECT},
        "No module named 'shop'",
        "is a module of the project itself",
    ),
    "misspelt own module": (
        {"warehouse/__init__.py": "", "pyproject.toml": PROJECT},
        "No module named 'warehose'",
        "looks like the project's own module 'warehouse'",
    ),
    "declared already": (
        {**USES_YAML, "pyproject.toml": PROJECT.replace("attrs", "pyyaml")},
        NO_YAML,
        "PyYAML is declared already in pyproject.toml",
    ),
    "compiled": (
        {**USES_YAML, "requirements.txt": "# This file is autogenerated by pip-compile\nattrs==1\n"},
        NO_YAML,
        "requirements.txt is written by a tool",
    ),
    "no manifest": (USES_YAML, NO_YAML, "the project has no list of packages"),
    "broken manifest": ({**USES_YAML, "pyproject.toml": "[project\n"}, NO_YAML, "pyproject.toml could not be read"),
    "another failure": (USES_YAML, "KeyError: 'x'", "no module is missing"),
    "stubs of something unknown": (
        {"app.py": "", "pyproject.toml": PROJECT},
        'Library stubs not installed for "never_heard_of"',
        "no well-known package has the type stubs",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_leaves_alone(propose: Propose, name: str) -> None:
    files, message, reason = REFUSED[name]
    with pytest.raises(NotMine) as refused:
        propose(files, message)
    assert reason in str(refused.value)


def test_a_module_of_that_name_deep_in_the_project_is_no_hindrance(propose: Propose) -> None:
    files = {**USES_YAML, "shop/redis.py": "import redis\n", "pyproject.toml": PROJECT}
    assert changed(propose(files, "No module named 'redis'")) == ['+    "redis",']


def test_a_name_that_the_project_used_to_have_is_known(tmp_path: Path, bare_python: str) -> None:
    history = History(tmp_path / "repository")
    used = {"shop/__init__.py": "", "shop/cart.py": "import odd_rare_thing\n"}
    listed = PROJECT.replace('"attrs"', '"Odd.Rare-Thing>=1.3"')
    history.commit("Start", used | {"pyproject.toml": listed})
    commit = history.commit("Tidy", used | {"pyproject.toml": PROJECT})
    tree = open_worktree(history.path, tmp_path / "fixer" / "tree", commit)
    message = "ModuleNotFoundError: No module named 'odd_rare_thing'"
    (patch,) = dependencies.propose(case_of(tree, failure_of(message), python=bare_python))
    assert changed(patch) == ['+    "odd-rare-thing",']
    assert commit[:12] in patch.explanation
