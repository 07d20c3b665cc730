"""The tool's output, written after its documentation: it is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = "00:01 +3 -1: test/cart_test.dart: cart adds up [E]\n  Expected: <4>\n    Actual: <3>"


def test_says_what_the_log_says() -> None:
    told = [(f.test, f.message) for f in failures_in(lines_of(LOG.split("\n"))) if f.tool == "dart"]
    assert told == [("cart adds up", "00:01 +3 -1: test/cart_test.dart: cart adds up [E]")]
