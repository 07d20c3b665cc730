"""Steps that end badly without a word that looks like an error."""

import pytest

from fixer.ci_log.steps import StepReader
from fixer.parsers import failures_in, lines_of
from fixer.schema.failure import Failure


def read(log: str) -> list[Failure]:
    steps, lines = StepReader(), log.split("\n")
    for number, line in enumerate(lines, 1):
        steps.feed(number, line)
    steps.finish(len(lines))
    return failures_in(lines_of(lines, steps.steps), steps.steps)


HEADER = "##[group]Run ./check.sh\n./check.sh\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
ENDED = "##[error]Process completed with exit code"


@pytest.mark.parametrize(
    ("log", "message", "line", "cause"),
    [
        (
            f"{HEADER}looking\nThe version in setup.py is not that of the tag\n{ENDED} 1.",
            "The version in setup.py is not that of the tag",
            6,
            "unknown",
        ),
        (
            f"{HEADER}\n##[error]Process completed with exit code 3.",
            "Process completed with exit code 3.",
            6,
            "unknown",
        ),
        (
            "$ ./deploy\nthe environment variable TOKEN is empty\nERROR: Job failed: exit code 1",
            "the environment variable TOKEN is empty",
            2,
            "environment",
        ),
    ],
)
def test_the_last_line_speaks_for_a_silent_step(log: str, message: str, line: int, cause: str) -> None:
    (failure,) = read(log)
    assert (failure.tool, failure.message, failure.log_line, failure.root_cause) == ("exit_code", message, line, cause)


def test_a_step_that_ended_well_or_said_an_error_needs_no_last_words() -> None:
    assert read(f"{HEADER}all fine\nProcess completed with exit code 0.") == []
    found = read(f"{HEADER}error: no moon\nbye\n{ENDED} 1.")
    assert [failure.message for failure in found] == ["error: no moon"]


def test_the_last_words_before_travis_says_that_a_command_failed() -> None:
    text = ["waiting 60 seconds for localhost:3306", "w.sh: timeout occurred", 'The command "./w.sh" exited with 1.']
    (failure,) = failures_in(lines_of(text))
    assert (failure.tool, failure.exit_code, failure.root_cause) == ("exit_code", 1, "timeout")
