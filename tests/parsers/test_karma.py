"""Karma's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """Chrome Headless 120.0.0.0 (Linux x86_64) cart adds up FAILED
\tError: Expected 3 to be 4.
Chrome Headless 120.0.0.0 (Linux x86_64): Executed 2 of 2 (1 FAILED) (0.01 secs)"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        ("karma", "test", "cart adds up", None, None, "Error: Expected 3 to be 4.", "test_failure"),
    ]
