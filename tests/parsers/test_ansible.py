"""Tasks of a playbook that failed, and those whose failure is ignored."""

import pytest

from fixer.parsers import failures_in, lines_of

FAILED = 'fatal: [web]: FAILED! => {"changed": false, "cmd": "/bin/x", "msg": "%s"}'


@pytest.mark.parametrize(
    ("line", "message", "cause"),
    [
        (
            FAILED % "Could not find the requested service shop",
            "Could not find the requested service shop",
            "environment",
        ),
        (FAILED % "HTTP Error 429: Too Many Requests", "HTTP Error 429: Too Many Requests", "rate_limit"),
        (
            'fatal: [db]: UNREACHABLE! => {"changed": false, "msg": "Host is down", "unreachable": true}',
            "Host is down",
            "network_error",
        ),
    ],
)
def test_the_message_of_a_failed_task(line: str, message: str, cause: str) -> None:
    (failure,) = [f for f in failures_in(lines_of(["TASK [install] ***", line, ""])) if f.tool == "ansible"]
    assert (failure.message, failure.root_cause, failure.log_line) == (message, cause, 2)


def test_what_is_ignored_is_no_failure() -> None:
    found = failures_in(lines_of([FAILED % "nothing", "...ignoring", FAILED % "this one"]))
    assert [f.message for f in found if f.tool == "ansible"] == ["this one"]
