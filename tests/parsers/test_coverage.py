"""Coverage tools's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """Jest: "global" coverage threshold for branches (80%) not met: 71.4%
ERROR: Coverage failure: total of 71 is less than fail-under=80"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        ("coverage", "test", None, None, None, "coverage threshold for branches (80%) not met: 71.4%", "test_failure"),
        (
            "coverage",
            "test",
            None,
            None,
            None,
            "Coverage failure: total of 71 is less than fail-under=80",
            "test_failure",
        ),
    ]
