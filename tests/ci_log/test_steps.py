"""Steps, their commands and exit codes, and the commit, in the marks of each CI service."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.ci_log.steps import StepReader

GITHUB = """##[group]Run actions/checkout@v4
with:
  repository: a/b
##[endgroup]
[command]/usr/bin/git log -1 --format='%H'
'0123456789012345678901234567890123456789'
##[group]Run pip install -e .
pip install -e .
pip install tox
shell: /usr/bin/bash -e {0}
##[endgroup]
done
##[group]Run python -m pytest
python -m pytest
shell: /usr/bin/bash -e {0}
env:
  A: b
##[endgroup]
F
##[error]Process completed with exit code 1.
Post job cleanup."""
TRAVIS = """travis_fold:start:install
$ pip install .
travis_fold:end:install
$ python -m pytest
F
The command "python -m pytest" exited with 1.
$ flake8
The command "flake8" exited with 0."""
GITLAB = """section_start:1560896352:get_sources
Checking out 1234abcd as detached HEAD (ref is main)...
section_end:1560896353:get_sources
section_start:1560896354:step_script
$ python -m pytest
F
section_end:1560896355:step_script
ERROR: Job failed: exit code 1"""
AZURE = """##[section]Starting: Install
done
##[section]Finishing: Install
##[section]Starting: Test
F
##[error]Bash exited with code '1'.
##[section]Finishing: Test"""


def read(text: str) -> StepReader:
    reader = StepReader()
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        reader.feed(number, line)
    reader.finish(len(lines))
    return reader


def test_github() -> None:
    reader = read(GITHUB)
    told = [(s.name, s.command, s.exit_code, s.status.value, s.first_line, s.last_line) for s in reader.steps]
    assert told == [
        ("Run actions/checkout@v4", None, None, "passed", 1, 6),
        ("Run pip install -e .", "pip install -e .\npip install tox", None, "passed", 7, 12),
        ("Run python -m pytest", "python -m pytest", 1, "failed", 13, 20),
        ("Post job cleanup", None, None, "unknown", 21, 21),
    ]
    assert reader.commit == "0123456789012345678901234567890123456789"


def test_travis() -> None:
    told = [(s.command, s.exit_code, s.status.value) for s in read(TRAVIS).steps]
    assert told == [
        ("pip install .", None, "passed"),
        ("python -m pytest", 1, "failed"),
        ("flake8", 0, "passed"),
    ]


def test_gitlab() -> None:
    reader = read(GITLAB)
    assert [s.name for s in reader.steps] == ["get_sources", "step_script"]
    assert (reader.steps[-1].command, reader.steps[-1].exit_code) == ("python -m pytest", 1)
    assert reader.commit == "1234abcd"


def test_azure() -> None:
    told = [(s.name, s.exit_code, s.status.value) for s in read(AZURE).steps]
    assert told == [("Install", None, "passed"), ("Test", 1, "failed")]


@pytest.mark.parametrize(
    ("text", "commit"),
    [
        ("HEAD is now at abc1234 Fix it", "abc1234"),
        ("git checkout --progress --force " + "a1" * 20, "a1" * 20),
        ("GITHUB_SHA: " + "b2" * 20, "b2" * 20),
        ("git checkout -qf " + "c3" * 20, "c3" * 20),
        ("Checking out Revision " + "d4" * 20 + " (origin/main)", "d4" * 20),
        ("nothing here", None),
    ],
)
def test_the_commit(text: str, commit: str | None) -> None:
    assert read(text).commit == commit


@given(
    st.lists(
        st.sampled_from([*GITHUB.split("\n"), *TRAVIS.split("\n"), *GITLAB.split("\n"), *AZURE.split("\n"), ""]),
        max_size=60,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_order_of_marks_gives_steps_in_order(lines: list[str]) -> None:
    steps = read("\n".join(lines)).steps
    assert [s.number for s in steps] == list(range(1, len(steps) + 1))
    places = [(s.first_line or 0, s.last_line or 0) for s in steps]
    assert places == sorted(places)
    assert all(first <= last for first, last in places)
