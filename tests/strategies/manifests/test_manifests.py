"""Adding a requirement keeps everything else; what was added is read back."""

from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fixer.strategies.manifests import pipfile, project, pyproject, requirements, setup_cfg, setup_py
from fixer.strategies.manifests.base import Group, Use, bound, canonical, insertion, use_of
from fixer.strategies.manifests.distributions import bringing, known, stubs_for

PYPROJECT = """\
[project]
name = "x"  # kept
dependencies = [
    "attrs>=23",  # classes
    # the web
    "requests>=2.1",
]
[project.optional-dependencies]
test = ["pytest"]
docs = [
  "zz",
  "aa",
]
empty = []
[dependency-groups]
dev = [
    {include-group = "x"},
    "mypy"
]
[tool.poetry.dependencies]
python = "^3.11"
attrs = "^23"  # why
requests = {version = "^2", extras = ["s"]}
[tool.poetry.dev-dependencies]
ruff = "*"
[tool.poetry.group.lint.dependencies]
[tool.other]
a = 1
"""
SETUP_CFG = """\
[metadata]
name = x
[options]
packages = find:
install_requires =
    attrs>=23
    # the web
    requests; python_version > "3"

[options.extras_require]
test = pytest; coverage
docs =
  zz
  aa
"""
SETUP_PY = """\
from setuptools import setup

tests = ['pytest', 'zope.interface']
setup(
    name="x",
    install_requires=[
        "attrs",  # classes
        "requests",  # the web
    ],
    extras_require={"test": tests, "one": ["a"], "none": []},
)
"""
PIPFILE = '[packages]\nattrs = "*"  # why\nrequests = {version = "*"}\n\n[dev-packages]\npytest = "*"\n'
REQUIREMENTS = "# top\n-r base.txt\nattrs==23  # classes\nrequests==2\n-e ./local\n"
FILES: dict[str, tuple[ModuleType, str, int]] = {
    "pyproject.toml": (pyproject, PYPROJECT, 8),
    "setup.cfg": (setup_cfg, SETUP_CFG, 3),
    "setup.py": (setup_py, SETUP_PY, 4),
    "Pipfile": (pipfile, PIPFILE, 2),
    "requirements.txt": (requirements, REQUIREMENTS, 1),
}


@pytest.mark.parametrize("new", ["flask", "zzz>=1.5", "aaa==2"])
@pytest.mark.parametrize("path", FILES)
def test_one_entry_more_and_nothing_else(path: str, new: str) -> None:
    kind, text, count = FILES[path]
    groups: list[Group] = kind.read(path, text)
    assert len(groups) == count
    for place, group in enumerate(groups):
        changed = project.add(text, group, new)
        after: list[Group] = kind.read(path, changed)
        assert after[place].names == group.names | {canonical(new)}
        assert [entry for entry in after[place].entries if canonical(entry) != canonical(new)] == list(group.entries)
        assert [g.entries for n, g in enumerate(after) if n != place] == [
            g.entries for n, g in enumerate(groups) if n != place
        ]
        for comment in ("# classes", "# the web", "# why", "# kept", "# top"):
            assert text.count(comment) == changed.count(comment)


def test_comments_stay_with_their_entries() -> None:
    (group, *_) = setup_py.read("setup.py", SETUP_PY)
    changed = setup_py.add(SETUP_PY, group, "zzz")
    assert '        "requests",  # the web\n        "zzz",\n    ],\n' in changed
    assert '"attrs",  # classes\n        "flask",\n' in setup_py.add(SETUP_PY, group, "flask")


def test_order() -> None:
    assert insertion(["a", "c"], "B>=1") == 1
    assert insertion(["c", "a"], "b") == 2
    assert insertion([], "b") == 0


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["a==1", "b==2", "c"], "==6.0"),
        (["a>=1,<2", "b[x]>=2"], ">=6.0"),
        (["a^1", "b^2"], "^6.0"),
        (["a", "b==1"], ""),
        ([], ""),
    ],
)
def test_style_of_bounds(entries: list[str], expected: str) -> None:
    assert bound(entries, "6.0") == expected
    assert not bound(entries, None)


def test_use_by_name() -> None:
    assert use_of("requirements-test") is Use.TEST
    assert use_of("dev") is Use.DEVELOPMENT
    assert use_of("contest") is Use.OTHER


INSTALLS = {
    "pip install -e '.[test]'": {"", "test"},
    "pip install .": {""},
    "python -m pip install -r requirements-dev.txt": {"requirements-dev.txt"},
    "poetry install --with lint": {"", "dev", "lint"},
    "uv sync --group test": {"", "dev", "test"},
    "echo nothing": set(),
}


@pytest.mark.parametrize("command", INSTALLS)
def test_what_ci_installs(command: str) -> None:
    extras = "[project.optional-dependencies]\ntest = []\n"
    text = f"[project]\ndependencies = []\n{extras}[dependency-groups]\nlint = []\ndev = []\n"
    files = {
        "pyproject.toml": text,
        "requirements-dev.txt": "pytest\n",
        ".github/workflows/ci.yml": f"jobs:\n  a:\n    steps:\n      - run: {command}\n",
    }
    found = project.read(list(files), files.__getitem__).installed
    assert {group.name or ("" if group.path == "pyproject.toml" else group.path) for group in found} == INSTALLS[
        command
    ]


def test_locks_and_constraints() -> None:
    files = {
        "poetry.lock": '[[package]]\nname = "Attrs"\nversion = "23.1"\n',
        "Pipfile.lock": '{"_meta": {}, "default": {"flask": {"version": "==3.0"}}, "develop": {}}',
        "constraints.txt": "requests==2.1  # why\n# nothing\nidna==3 ; python_version > '3'\n",
        "uv.lock": "not toml [",
    }
    found = project.read(list(files), files.__getitem__)
    assert found.locked == {"attrs": "23.1", "flask": "3.0", "requests": "2.1", "idna": "3"}


def test_the_data_is_sound() -> None:
    data = known()
    names = [name for names in data.imports.values() for name in names]
    for name in (*names, *data.same_name, *data.stubs.values()):
        assert Requirement(name).name == name
    assert all(names for names in data.imports.values())
    assert all(canonicalize_name(name) == name for name in data.same_name)
    assert len(data.imports) >= 200
    assert len(data.same_name) >= 300


def test_modules_and_their_distributions() -> None:
    assert bringing("yaml.loader") == ("PyYAML",)
    assert bringing("google.protobuf.message") == ("protobuf",)
    assert bringing("google") == ()
    assert bringing("numpy.linalg") == ("numpy",)
    assert bringing("nunpy") == ()
    assert stubs_for("yaml.loader") == "types-PyYAML"
    assert stubs_for("nunpy") is None
