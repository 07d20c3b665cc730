"""What the shell and the services say when something around the tools failed."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("runner"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("runner", name) == expected("runner", name)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("##[error]The job running on runner 7 has exceeded the maximum execution time of 360 minutes.", "timeout"),
        ("No output has been received in the last 10m0s, this potentially indicates a stalled build", "timeout"),
        ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "out_of_memory"),
        ("java.lang.OutOfMemoryError: Java heap space", "out_of_memory"),
        ("g++: fatal error: Killed signal terminated program cc1plus", "out_of_memory"),
        ("write: No space left on device", "infrastructure"),
        ("##[error]The self-hosted runner: a lost communication with the server.", "infrastructure"),
        ("==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010", "logic_error"),
    ],
)
def test_what_ends_a_job(text: str, cause: str) -> None:
    failure = failures_in(lines_of([text]))[0]
    assert (failure.tool, failure.root_cause) == ("runner", cause)


def test_a_crash_stands_above_the_tests_it_took_along() -> None:
    text = ["FAILED tests/test_a.py::test_x - KeyError: 'k'", "a.sh: line 1: 77 Segmentation fault (core dumped) ./a"]
    assert [failure.tool for failure in failures_in(lines_of(text))] == ["runner", "pytest"]


def test_a_job_that_gitlab_could_not_start() -> None:
    (failure,) = failures_in(lines_of(["ERROR: Job failed (system failure): prepare environment: timed out waiting"]))
    assert failure.root_cause == "infrastructure"


def test_jenkins_ends_a_job() -> None:
    said = ["Cancelling nested steps due to timeout", "remoting.ChannelClosedException: the channel is closing down"]
    assert [f.root_cause for f in failures_in(lines_of(said))] == ["timeout", "infrastructure"]
