"""A build's explanation names what the tools name, once, and gives what to type."""

import io
import json
from typing import Any

import pytest

from fixer.distiller import distill
from fixer.explaining.causes import find
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.build_names import listed_names
from fixer.explaining.causes.reading.linters import linter_of
from fixer.explaining.causes.reading.one_test import alone
from fixer.explaining.causes.reading.said import expected_and_got, limit_in
from fixer.explaining.failed_step import failed_step
from fixer.explaining.origins.log import record_of
from fixer.input.execution_file import parse_execution
from fixer.schema.execution_record import ExecutionRecord
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause
from fixer.schema.workspace import Workspace
from tests.explaining.corpus import FOLDER, NOW


def explained(record: ExecutionRecord) -> Finding:
    failed, step = failed_step(record)
    return find(Scene(record, failed, step, Workspace(), NOW))


def job(action: str, error: str) -> Finding:
    step = {"name": action, "status": "failure", "error": error}
    record = {"id": "j", "job": "build", "status": "failure", "steps": [step]}
    return explained(parse_execution(json.dumps(record).encode(), "j.json"))


@pytest.mark.parametrize("one", json.loads((FOLDER / "jobs.json").read_text()), ids=lambda one: one["record"]["id"])
def test_the_explanation_itself_names_the_thing(one: dict[str, Any]) -> None:
    finding = explained(parse_execution(json.dumps(one["record"]).encode(), "record.json"))
    assert finding.root_cause == one["cause"]
    said = finding.explanation.partition(" It said:")[0].lower()
    assert one["names"][0].lower() in said


@pytest.mark.parametrize(
    ("tool", "test", "file", "action", "command"),
    [
        ("pytest", "tests/test_a.py::test_b[x y]", None, "pytest", "pytest 'tests/test_a.py::test_b[x y]'"),
        ("go", "TestA/too many", None, "go test ./...", "go test -run '^TestA$/^too many$' ./..."),
        ("cargo", "a::tests::b", None, "cargo test", "cargo test a::tests::b -- --exact"),
        ("jest", "cart \u203a adds (up)", "src/cart.test.js", "", r"npx jest src/cart.test.js -t 'cart adds \(up\)'"),
        ("vitest", "src/a.test.ts > cart > adds", None, "", "npx vitest run src/a.test.ts -t 'cart adds'"),
        (
            "maven",
            "org.acme.CartTest.addsUp(int)[1]",
            None,
            "./mvnw test",
            "./mvnw '-Dtest=org.acme.CartTest#addsUp' test",
        ),
        (
            "gradle",
            "org.acme.CartTest > addsUp()",
            None,
            "./gradlew test",
            "./gradlew test --tests org.acme.CartTest.addsUp",
        ),
        ("rspec", "Cart adds", "spec/cart_spec.rb", "", "bundle exec rspec spec/cart_spec.rb:7"),
        ("phpunit", r"Tests\CartTest::testTotal", None, "", "vendor/bin/phpunit --filter CartTest::testTotal"),
        ("ctest", "parser.errors", None, "", r"ctest -R '^parser\.errors$' --output-on-failure"),
        (
            "dotnet",
            "Shop.CartTests.Adds(a: 1)",
            None,
            "",
            "dotnet test --filter 'FullyQualifiedName~Shop.CartTests.Adds'",
        ),
        ("unittest", "tests.test_a.T.test_b", None, "", "python -m unittest tests.test_a.T.test_b"),
        ("playwright", "e2e/a.spec.ts:4:1 Cart", None, "", "npx playwright test e2e/a.spec.ts:4"),
        ("pytest", "--co", None, "pytest", ""),
        ("pytest", "tests/a.py::b\x1b[0m", None, "pytest", ""),
        ("generic", "something", None, "make", ""),
    ],
)
def test_a_test_is_run_alone(tool: str, test: str, file: str | None, action: str, command: str) -> None:
    failure = Failure(
        id="f", tool=tool, kind=FailureKind.TEST, message="m", fingerprint="m", test=test, file=file, line=7
    )
    assert alone(failure, action) == command


@pytest.mark.parametrize(
    ("message", "both"),
    [
        ("java.lang.AssertionError: Window was 687720 expecting 314570", ("314570", "687720")),
        ("expected:<1> but was:<0>", ("1", "0")),
        ("expect(received).toBe(expected)\n\nExpected: 5\nReceived: 6", ("5", "6")),
        ("expected: 4\n     got: 5", ("4", "5")),
        ("Add(1,2) = -1, want 3", ("3", "-1")),
        ("expected 404 to equal 200", ("200", "404")),
        ("Failed asserting that 3 matches expected 4.", ("4", "3")),
        ("KeyError: 'price'", None),
        ("assert 3 == 4", None),
    ],
)
def test_what_a_test_expected_and_got(message: str, both: tuple[str, str] | None) -> None:
    assert expected_and_got(message) == both


def test_the_step_tells_which_linter_it_is() -> None:
    by = linter_of(None, "yamllint .", "a.yml:3: wrong indentation", ["a.yml"])
    assert by is not None
    assert (by.name, by.command, by.mends) == ("yamllint", "yamllint a.yml", False)
    by = linter_of(None, "npx eslint .", "", ["--fix.js"])
    assert by is not None
    assert by.command == "npx eslint --fix ."
    assert linter_of(None, "make check", "the rules of linter-x", []) is None


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("has timed out after 30 minutes.", "30 minutes"),
        ("execution took longer than 1h0m0s seconds", "1h0m0s"),
        ("Exceeded timeout of 5000 ms for a test", "5000 ms"),
        ("took too long", ""),
    ],
)
def test_the_limit_is_told_with_its_unit(text: str, limit: str) -> None:
    assert limit_in(text) == limit


def test_names_are_listed_as_people_do() -> None:
    assert listed_names(("a",)) == "a"
    assert listed_names(("a", "b", "c")) == "a, b and c"
    assert listed_names(("a", "b", "c"), 7) == "a, b, c and 4 others"


def test_no_error_line_stands_for_a_name() -> None:
    finding = job("./gradlew build", "> Could not find org.acme:widget:2.4-SNAPSHOT.")
    assert " org.acme:widget:2.4-SNAPSHOT:" in finding.explanation
    assert "Could not find" not in finding.explanation
    assert "org.acme:widget:2.4-SNAPSHOT" in finding.fixes[0].description
    tox = job("tox", "ERROR:   py310: commands failed\n1 tests failed")
    assert tox.root_cause is RootCause.TEST_FAILURE
    assert "environment py310" in tox.explanation
    assert tox.fixes[0].action == "tox -e py310"
    upload = job("twine upload dist/*", "ERROR    HTTPError: 400 Bad Request from https://upload.example/legacy/")
    assert "upload.example refused (400)" in upload.explanation


def test_all_failing_tests_of_a_log_are_counted() -> None:
    lines = [f"FAILED tests/test_a.py::test_{number} - assert {number} == 0" for number in range(1, 6)]
    log = "\n".join([*lines, "===== 5 failed in 0.12s ====="]).encode()
    finding = explained(record_of(distill("ci.log", [(None, io.BytesIO(log))]), "ci.log", "default"))
    assert (
        "5 failing tests: tests/test_a.py::test_1, tests/test_a.py::test_2, tests/test_a.py::test_3 and 2 others"
        in (finding.explanation)
    )
    assert finding.explanation.count("tests/test_a.py::test_1") == 1
    assert finding.fixes[0].action == "pytest tests/test_a.py::test_1"


def test_the_words_of_code_in_a_diff_are_not_the_jobs_words() -> None:
    diff = "Diff in src/error.rs:19:\n pub enum Error {\n-    Timeout{ after: u64 },\n-    OutOfMemory,Refused\n"
    finding = job("cargo fmt --check", f"{diff}+    Timeout {{ after: u64 }},\n+    OutOfMemory,\n+    Refused,\n }}")
    assert finding.root_cause is RootCause.LINT


def test_the_trace_of_an_agents_own_code_is_no_build() -> None:
    frame = '  File "/app/agent/route.py", line 31, in route\n    owner = OWNERS[region]\n'
    error = f"Traceback (most recent call last):\n{frame}KeyError: 'EMEA-South'"
    record = {"agent": "Router", "steps": [{"action": "assign territory", "status": "failed", "error": error}]}
    finding = explained(parse_execution(json.dumps(record).encode(), "record.json"))
    assert finding.root_cause is RootCause.LOGIC_ERROR
