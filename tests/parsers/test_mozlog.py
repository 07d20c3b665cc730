"""Mozilla's test log, written after its documentation: the harness is not on every machine."""

from fixer.parsers import failures_in, lines_of

LOG = """TEST-START | dom/test_a.html
TEST-UNEXPECTED-FAIL | dom/test_a.html | the price is right - got 3, expected 4
TEST-UNEXPECTED-TIMEOUT | dom/test_b.html | application timed out after 330 seconds with no output"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        ("mozlog", "test", "dom/test_a.html", None, None, "the price is right - got 3, expected 4", "test_failure"),
        (
            "mozlog",
            "test",
            "dom/test_b.html",
            None,
            None,
            "application timed out after 330 seconds with no output",
            "timeout",
        ),
    ]
