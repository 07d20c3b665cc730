"""googletest's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """[ RUN      ] Cart.Total
/home/runner/work/shop/shop/test/cart_test.cc:12: Failure
Expected equality of these values:
  total()
    Which is: 3
  4
[  FAILED  ] Cart.Total (0 ms)
[==========] 1 test from 1 test suite ran. (0 ms total)
[  FAILED  ] 1 test, listed below:
[  FAILED  ] Cart.Total"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        (
            "googletest",
            "test",
            "Cart.Total",
            "test/cart_test.cc",
            12,
            "Expected equality of these values: total() Which is: 3 4",
            "test_failure",
        ),
    ]
