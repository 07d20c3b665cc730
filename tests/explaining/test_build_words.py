"""What a build's own words decide: variables, versions, files of tests that cannot be loaded, machines, past runs."""

import json
from typing import Any

import pytest

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.schema.workspace import Workspace
from tests.explaining.corpus import NOW


def job(action: str, error: str, **more: Any) -> Finding:
    step = {"name": action, "status": "failure", "error": error} | more
    record = {"id": "j", "job": "build", "status": "failure", "steps": [step]}
    scene_record = parse_execution(json.dumps(record).encode(), "j.json")
    failed, recorded = failed_step(scene_record)
    return find(Scene(scene_record, failed, recorded, Workspace(), NOW))


_COLLECTED = "!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!!!"
_GRADLE = (
    "> Could not resolve com.acme:plugin:3.1.\n   > No matching variant of com.acme:plugin:3.1 was found. The"
    " consumer was configured to find a library compatible with Java 11 but:\n"
    "       - Incompatible because this component declares a component, compatible with"
    " Java 17 and the consumer needed a component, compatible with Java 11"
)
_JVM = (
    "   > Could not resolve com.acme:plugin:3.4.\n"
    "      > Dependency requires at least JVM runtime version 17. This build uses a Java 11 JVM."
)


@pytest.mark.parametrize(
    ("action", "error", "cause", "named"),
    [
        ("deploy", "\u2718 [ERROR] Set a PAGES_TOKEN environment variable first", "environment", "PAGES_TOKEN"),
        ("bundle", "\u2718 [ERROR] STRIPE_KEY is missing from the environment", "environment", "STRIPE_KEY"),
        ("web", "Invalid environment variables: { API_URL: [ 'Required' ] }", "environment", "API_URL"),
        ("check-env", "check-env: REDIS_URL ........ (empty)\ncheck-env: FAILED", "environment", "REDIS_URL"),
        ("d.ps1", "Cannot bind argument to parameter 'Feed' because it is an empty string.", "environment", "Feed"),
        ("./gradlew build", _GRADLE, "environment", "Java 17 before step 1 (./gradlew build): Java 11 is there"),
        ("./gradlew build", _JVM, "environment", "com.acme:plugin:3.4 asks for it"),
        ("unzip", "There is not enough space on the disk.", "environment", "not enough space on the disk"),
        (
            "pytest",
            (f"tests/test_a.py:3: in <module>\n    import respx\nE   ModuleNotFoundError: No module named 'respx'\n"
            f"ERROR tests/test_a.py\n{_COLLECTED}"),
            "missing_dependency",
            "respx",
        ),
        (
            "pytest",
            (f'E     File "/w/src/b.py", line 14\nE       def f(:\nE   SyntaxError: invalid syntax\nERROR tests/b.py'
            f"{_COLLECTED}"),
            "compile_error",
            "src/b.py",
        ),
        (
            "bundle exec rspec",
            ("An error occurred while loading ./spec/c_spec.rb.\nFailure/Error: require 'webmock/rspec'\n\nLoadError:\n"
            "  cannot load such file -- webmock/rspec\n0 examples, 0 failures, 1 error occurred outside of examples"),
            "missing_dependency",
            "webmock",
        ),
        (
            "npx vitest run",
            ' FAIL  src/C.test.tsx [ src/C.test.tsx ]\nError: Failed to resolve import "dayjs" from "src/C.test.tsx".',
            "missing_dependency",
            "dayjs",
        ),
        ("gen", "Error: could not find 'buf'. If buf is installed, make sure it is on PATH", "missing_tool", "buf"),
        ("rendre", "./r.sh: ligne 17: envsubst : commande introuvable", "missing_tool", "envsubst"),
        ("ansible", "to use passwords, you must install the sshpass program", "missing_tool", "sshpass"),
        ("preflight", "yq .......... ok\nshfmt .......... MISSING\n1 tool missing", "missing_tool", "shfmt"),
        (
            "sbt compile",
            "[error] /opt/buildagent/work/p/src/main/scala/Price.scala:48:31: type mismatch;\n[error] one error found",
            "compile_error",
            "Price.scala:48",
        ),
        ("swift test", "C.swift:31: error: C.testA : XCTAssertEqual failed: (1)\nExecuted 4 tests, with 1 failure",
         "test_failure", "C.swift:31"),
        (
            "prepare",
            ('Unschedulable: "0/6 nodes are available: 3 Insufficient cpu."\nERROR: Job failed (system failure):'
            " prepare environment: timed out waiting for pod to start. Check https://docs.example.com/shells for more"),
            "infrastructure",
            "3 Insufficient cpu",
        ),
        ("make", 'Makefile:3: *** "gawk is required but was not found".  Stop.', "missing_tool", "gawk"),
        ("apt-get install", "E: Could not get lock /var/x/lock. It is held by process 8", "environment", "/var/x/lock"),
        ("dotnet build", "The SDK does not support targeting .NET 8.0.", "environment", "Set up .NET 8.0 before"),
        ("sync", "build master: marking build-07 dead, job lost", "infrastructure", "sync"),
        ("e2e", "waited 20 min for the web app, gave up", "timeout", "20 minutes"),
        (
            "npm run build",
            "> webpack\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
            "out_of_memory",
            "step 1 (npm run build)",
        ),
    ],
)  # fmt: skip
def test_the_words_of_a_build_decide(action: str, error: str, cause: str, named: str) -> None:
    finding = job(action, error)
    assert finding.root_cause == cause
    assert named in finding.fixes[0].description
    assert "docs.example.com" not in finding.explanation.partition(" It said:")[0]


_FAILING = (
    "FAIL a.test.js\n  \u25cf syncs twice\n    Expected: 3\n    Received: 2\n\nTests:       1 failed, 2 passed, 3 total"
)


@pytest.mark.parametrize(
    ("runs", "cause"),
    [
        ([{"commit": "a1", "outcome": "passed"}, {"commit": "a1", "outcome": "failed"}], "flaky"),
        ([{"sha": "a1", "conclusion": "success"}, {"sha": "a1", "conclusion": "failure"}], "flaky"),
        ([{"commit": "a1", "outcome": "passed"}, {"commit": "b2", "outcome": "failed"}], "test_failure"),
        ([{"outcome": "passed"}, {"outcome": "failed"}], "test_failure"),
        (["passed", "failed", {}, 7], "test_failure"),
    ],
)
def test_past_runs_of_one_commit_tell_chance(runs: list[object], cause: str) -> None:
    assert job("npx jest --ci", _FAILING, result={"history": runs}).root_cause == cause


def test_attempts_are_runs_of_one_commit() -> None:
    attempts = [{"n": 1, "status": "failed"}, {"n": 2, "status": "passed"}]
    assert job("npx jest --ci", _FAILING, attempts=attempts).root_cause == "flaky"
