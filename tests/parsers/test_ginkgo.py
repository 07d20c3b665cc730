"""The tool's output, written after its documentation: it is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = "Summarizing 1 Failure:\n  [FAIL] Cart [It] adds up\n  /builds/a/shop/cart_test.go:12"


def test_says_what_the_log_says() -> None:
    told = [(f.test, f.message) for f in failures_in(lines_of(LOG.split("\n"))) if f.tool == "ginkgo"]
    assert told == [("Cart [It] adds up", "[FAIL] Cart [It] adds up")]
