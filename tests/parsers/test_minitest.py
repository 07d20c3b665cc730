"""minitest's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """  1) Failure:
CartTest#test_total [test/cart_test.rb:9]:
Expected: 4
  Actual: 3

  2) Error:
CartTest#test_pear:
KeyError: key not found: "pear"
    lib/cart.rb:5:in `fetch'
    test/cart_test.rb:13:in `test_pear'

2 runs, 1 assertions, 1 failures, 1 errors, 0 skips"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        ("minitest", "test", "CartTest#test_total", "test/cart_test.rb", 9, "Expected: 4", "test_failure"),
        ("minitest", "test", "CartTest#test_pear", "lib/cart.rb", 5, 'KeyError: key not found: "pear"', "test_failure"),
    ]
