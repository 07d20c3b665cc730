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


JENKINS = """Started by user me
[Pipeline] Start of Pipeline
[Pipeline] node
[Pipeline] stage
[Pipeline] { (Build)
[Pipeline] sh
+ npm ci
added 3 packages
[Pipeline] sh
+ npm test
1 failing
[Pipeline] }
[Pipeline] // stage
[Pipeline] stage
[Pipeline] { (Deploy)
Stage "Deploy" skipped due to earlier failure(s)
[Pipeline] }
[Pipeline] { (Declarative: Post Actions)
[Pipeline] sh
+ ./clean.sh
[Pipeline] End of Pipeline
ERROR: script returned exit code 1
Finished: FAILURE"""
FREESTYLE = """Started by timer
Building in workspace /var/lib/jenkins/shop
[shop] $ /bin/sh -xe /tmp/jenkins123.sh
+ make lint
a.c:3: no
Build step 'Execute shell' marked build as failure
Finished: FAILURE"""
BUILDKITE = """~~~ Preparing working directory
$ git checkout main
--- :package: Install
$ yarn install
done
+++ :jest: Tests
$ yarn test
--- a/src/cart.js
+++ b/src/cart.js
🚨 Error: The command exited with status 1"""
CIRCLE = """#!/bin/bash -eo pipefail
# all of them
bundle exec rspec
F
Exited with code exit status 1
CircleCI received exit code 1"""
AZURE_SCRIPT = """##[section]Starting: CmdLine
==============================================================================
Task         : Command line
==============================================================================
Generating script.
Script contents:
dotnet restore
dotnet test
========================== Starting Command Output ===========================
[command]/usr/bin/bash --noprofile --norc /home/vsts/work/_temp/3f.sh
Failed!
##[error]Bash exited with code '1'.
##[section]Finishing: CmdLine
##[section]Starting: Publish"""
AZURE_TASK = """##[section]Starting: Restore
[command]/usr/bin/dotnet restore a.csproj
error NU1101: no such package
##[error]Packages failed to restore
##[section]Finishing: Restore
##[section]Starting: Finalize Job"""
GITLAB_PLAIN = """Running with gitlab-runner 16.1.0
Executing "step_script" stage of the job script
$ npm ci
added 3 packages
$ npm test
1 failing
Running after_script
$ ./clean.sh
Cleaning up project directory and file based variables
ERROR: Job failed: exit code 1"""


@pytest.mark.parametrize(
    ("log", "failed"),
    [
        (JENKINS, ("Build / sh", "npm test", 1, 9)),
        (FREESTYLE, ("make lint", "make lint", None, 4)),
        (BUILDKITE, (":jest: Tests", "yarn test", 1, 6)),
        (CIRCLE, ("bundle exec rspec", "bundle exec rspec", 1, 3)),
        (AZURE_SCRIPT, ("CmdLine", "dotnet restore\ndotnet test", 1, 1)),
        (AZURE_TASK, ("Restore", "/usr/bin/dotnet restore a.csproj", None, 1)),
        (GITLAB_PLAIN, ("npm test", "npm test", 1, 5)),
    ],
)
def test_the_step_that_failed(log: str, failed: tuple[str, str, int | None, int]) -> None:
    found = [step for step in read(log).steps if step.status == "failed"]
    assert [(step.name, step.command, step.exit_code, step.first_line) for step in found] == [failed]


def test_stages_after_a_failure_were_skipped() -> None:
    assert [step.name for step in read(JENKINS).steps if step.status == "skipped"] == ["Deploy"]


def test_marks_of_one_service_mean_nothing_in_the_log_of_another() -> None:
    log = "##[group]Run ./x\n./x\n##[endgroup]\n+ set -x\n$ not a step\n--- title\n[command]ls\nFinished"
    assert [step.name for step in read(log).steps] == ["Run ./x"]
