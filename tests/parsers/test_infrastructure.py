"""What the shell and the services say when something around the tools failed."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("infrastructure"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("infrastructure", name) == expected("infrastructure", name)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("curl: (6) Could not resolve host: files.example.org", "network_error"),
        (
            "fatal: unable to access 'https://git.example.org/a.git/': Failed to connect to git.example.org",
            "network_error",
        ),
        ("dial tcp 10.0.0.1:443: i/o timeout", "network_error"),
        ("Error: API rate limit exceeded for installation.", "rate_limit"),
        ("toomanyrequests: You have reached your pull rate limit.", "rate_limit"),
        ("remote: Permission to a/b.git denied to someone.", "auth_error"),
        ("fatal: Authentication failed for 'https://git.example.org/a.git/'", "auth_error"),
        ("E: Unable to locate package libnothing-dev", "missing_tool"),
        ("'msbuild' is not recognized as an internal or external command,", "missing_tool"),
        ("Error: spawn chromium ENOENT", "missing_tool"),
        ("The system library `shop` required by crate `shop-sys` was not found.", "missing_dependency"),
        ("      A compatible .NET SDK was not found.", "missing_tool"),
        ("The shop package is installed, but the Shop binary is missing.", "missing_tool"),
        ("context deadline exceeded", "timeout"),
    ],
)
def test_causes_that_belong_to_no_tool(text: str, cause: str) -> None:
    (failure,) = failures_in(lines_of([text]))
    assert (failure.tool, failure.kind, failure.root_cause) == ("infrastructure", "infrastructure", cause)


def test_of_several_the_last_says_most() -> None:
    text = ["connect: Connection refused, trying again", "E: Unable to locate package libnothing-dev"]
    assert [failure.root_cause for failure in failures_in(lines_of(text))] == ["missing_tool", "network_error"]


def test_they_come_after_what_a_tool_says() -> None:
    text = ["connect: Connection refused", "FAILED tests/test_a.py::test_x - KeyError: 'k'"]
    assert [failure.tool for failure in failures_in(lines_of(text))] == ["pytest", "infrastructure"]
