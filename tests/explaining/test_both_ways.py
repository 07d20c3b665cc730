"""A run of tests that fails and passes in one record without a change is flaky; anything else is what it says."""

import pytest

from fixer.explaining.causes import find
from fixer.explaining.causes.reading.both_ways import bare_name
from tests.explaining.test_record import scene_of

FAILED = "FAILED tests/test_a.py::test_b - assert 1 == 2\n1 failed, 3 passed in 0.1s"


def cause_of(*steps: tuple[str, str], error: str = FAILED, **further: str) -> str:
    told = [{"name": name, "status": status, "error": error if status == "failed" else None} for name, status in steps]
    job = {"job": "unit", "trigger": "push", "steps": told} | further
    return find(scene_of(job)).root_cause


@pytest.mark.parametrize(
    "steps",
    [
        (("npm test (try 1)", "failed"), ("npm test (try 2)", "success"), ("gate", "skipped")),
        (("pytest run 1", "failed"), ("pytest --lf run 2", "success")),
        (("run 1 (9d02b7e)", "success"), ("run 2 (9d02b7e)", "failed"), ("run 3 (9d02b7e)", "success")),
        (("jest (attempt 1 of 2)", "failed"), ("jest --onlyFailures (attempt 2 of 2)", "success")),
        (("rspec", "failed"), ("Re-run rspec", "success"), ("report", "success")),
        (("go test #1 a1b2c3d4", "success"), ("go test #1 a1b2c3d4", "failed")),
    ],
)
def test_the_same_tests_fail_and_pass(steps: tuple[tuple[str, str], ...]) -> None:
    assert cause_of(*steps) == "flaky"


@pytest.mark.parametrize(
    "steps",
    [
        (("npm test", "success"), ("apply patch", "success"), ("npm test", "failed")),
        (("npm test", "failed"), ("git commit the fix", "success"), ("npm test", "success")),
        (("tests a1b2c3d4", "success"), ("tests ffb2c3d9", "failed")),
        (("test shard 1/2", "success"), ("test shard 2/2", "failed")),
        (("bash", "success"), ("bash", "failed")),
        (("lint", "success"), ("pytest", "failed")),
        (("npm test (try 1)", "failed"), ("npm test (try 2)", "failed")),
    ],
)
def test_other_steps_or_a_change_between_them_say_nothing(steps: tuple[tuple[str, str], ...]) -> None:
    assert cause_of(*steps) == "test_failure"


def test_what_ended_the_run_is_no_chance() -> None:
    steps = (("mvn verify (attempt 1)", "failed"), ("mvn verify (attempt 2)", "success"))
    assert cause_of(*steps, error="java.lang.OutOfMemoryError: Java heap space") == "out_of_memory"


def test_a_retry_of_a_service_is_not_flaky() -> None:
    steps = (("send_mail attempt 1", "failed"), ("send_mail attempt 2", "success"))
    assert cause_of(*steps, error="mail api: 503 Service Unavailable", job="", agent="Helper", trigger="schedule") == (
        "network_error"
    )


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("mvn verify (attempt 2, same commit 7ac01d2)", "mvn verify"),
        ("Retrying: unit tests", "unit tests"),
        ("e2e_try_2", "e2e"),
        ("run 2 (9d02b7e)", ""),
        ("test (node 18)", "test node 18"),
        ("shard 1/2", "shard 1/2"),
        ("npm run build", "npm run build"),
    ],
)
def test_the_name_of_a_step_without_what_counts_its_runs(name: str, bare: str) -> None:
    assert bare_name(name) == bare
