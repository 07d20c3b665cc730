"""Jobs of many ecosystems and runners: the cause is found, and every fix names the thing itself."""

import json
import re
import tomllib
from typing import Any

import pytest

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.build_names import NAMED
from fixer.explaining.causes.reading.build_text import command_in, decisive, first_error
from fixer.explaining.causes.reading.frames import is_foreign
from fixer.explaining.causes.reading.variables import unset_in
from fixer.explaining.causes.reading.version_patterns import PATTERNS
from fixer.explaining.causes.reading.versions import versions_in
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.schema.workspace import Workspace
from tests.explaining.corpus import FOLDER, NOW

LOGS: list[dict[str, Any]] = [
    log for path in sorted(FOLDER.glob("logs_*.toml")) for log in tomllib.loads(path.read_text(encoding="utf-8"))["log"]
]


def test_there_are_enough_of_them() -> None:
    assert len(LOGS) >= 120
    assert len({log["id"] for log in LOGS}) == len(LOGS)


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log["id"])
def test_a_job_is_explained(log: dict[str, Any]) -> None:
    failed_one = {"name": log["step"], "status": "failed", "error": log.get("error") or log["text"]}
    steps = [{"name": "checkout", "status": "success"}, failed_one, *log.get("more", [])]
    record = {"id": log["id"], "pipeline": "ci", "job": "build", "status": "failed", "steps": steps}
    parsed = parse_execution(json.dumps(record).encode(), "record.json")
    failed, step = failed_step(parsed)
    finding = find(Scene(parsed, failed, step, Workspace(), NOW))
    assert failed.step_number == 2
    assert finding.root_cause in {log["cause"], *log.get("also", [])}
    said = [fix.description.lower() for fix in finding.fixes]
    for name in log["names"]:
        assert any(one in fix for one in name.lower().split("|") for fix in said), (name, said)


def test_every_pattern_names_something() -> None:
    patterns = [pattern for ones in NAMED.values() for pattern in ones] + [pattern for *_, pattern in PATTERNS]
    unnamed = [
        pattern
        for pattern in patterns
        if not re.compile(pattern, re.MULTILINE).groups and "core" not in pattern.lower()
    ]
    assert not unnamed


def test_warnings_and_what_prepared_the_job_do_not_decide() -> None:
    log = "Running with gitlab-runner 17\nWARNING: Failed to pull image: toomanyrequests\nFetching changes\n$ make\n"
    log += "a.c:1: warning: unused\nmake: *** [all] Error 1\nERROR: Job failed: exit code 1"
    assert decisive(log).splitlines() == ["$ make", "make: *** [all] Error 1", "ERROR: Job failed: exit code 1"]
    assert decisive("WARNING: only this") == "WARNING: only this"
    assert first_error(decisive(log)) == "make: *** [all] Error 1"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("$ cd app\n$ npm test\nboom", "npm test"),
        ("> web@1.0.0 build\n> next build\n\nKilled", "next build"),
        ('ERROR: process "/bin/sh -c pnpm build" did not complete successfully: exit code: 1', "pnpm build"),
        ("Execution failed for task ':core:test'.\n> There were failing tests", ":core:test"),
        ("nothing ran", ""),
    ],
)
def test_the_command_that_ran(text: str, command: str) -> None:
    assert command_in(text) == command


@pytest.mark.parametrize(
    ("path", "line", "foreign"),
    [
        ("/opt/hostedtoolcache/go/1.23.9/x64/src/testing/testing.go", "", True),
        ("Arrays.java", "at java.base/java.util.Arrays.copyOf(Arrays.java:3537", True),
        ("node_modules/jest/build/index.js", "", True),
        ("internal/http/handler.go", "", False),
        ("src/app/Arrays.kt", "at com.acme.Arrays.grow(Arrays.kt:3", False),
    ],
)
def test_a_frame_of_a_library_is_no_place_of_the_project(path: str, line: str, foreign: bool) -> None:  # noqa: FBT001
    assert is_foreign(path, line) is foreign


def test_what_is_wanted_and_what_is_there() -> None:
    assert str(versions_in("go: go.mod requires go >= 1.24 (running go 1.22.1; GOTOOLCHAIN=local)")) == (
        "Go 1.24 wanted by go.mod, 1.22.1 there"
    )
    assert versions_in("all is well") is None
    assert unset_in("deploy.sh: line 3: HOST_NAME: unbound variable") == "HOST_NAME"
    assert not unset_in("nothing is missing")
