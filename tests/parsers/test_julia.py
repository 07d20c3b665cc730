"""Julia's output, written after its documentation: it is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """Test Summary: | Pass  Total
prices        |    3      3
cart: Test Failed at /home/me/Shop.jl/test/cart.jl:12
  Expression: total(cart) == 3
   Evaluated: 2 == 3

Stacktrace:
 [1] macro expansion
Error During Test at test/cart.jl:20
  Test threw exception: load("x")
  KeyError: key "x" not found
ERROR: LoadError: Some tests did not pass: 3 passed, 1 failed, 1 errored, 0 broken."""


def test_says_what_the_log_says() -> None:
    failures = [f for f in failures_in(lines_of(LOG.split("\n"))) if f.tool == "julia"]
    assert [(f.test, f.file, f.line, f.message, f.root_cause) for f in failures] == [
        ("cart", "/home/me/Shop.jl/test/cart.jl", 12, "Evaluated: 2 == 3", "test_failure"),
        ("test/cart.jl:20", "test/cart.jl", 20, 'Test threw exception: load("x")', "test_failure"),
    ]
