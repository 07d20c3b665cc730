"""The tool's output, written after its documentation: it is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = "  1) test adds up (Shop.CartTest)\n     test/cart_test.exs:5\n     Assertion with == failed"


def test_says_what_the_log_says() -> None:
    told = [(f.test, f.message) for f in failures_in(lines_of(LOG.split("\n"))) if f.tool == "exunit"]
    assert told == [("test adds up (Shop.CartTest)", "1) test adds up (Shop.CartTest)")]


def test_what_does_not_compile_and_what_is_not_formatted() -> None:
    log = [
        "** (CompileError) lib/shop.ex:12: undefined function total/1",
        "** (Mix) mix format failed due to --check-formatted.",
    ]
    told = [(f.file, f.line, f.root_cause) for f in failures_in(lines_of(log)) if f.tool == "exunit"]
    assert told == [("lib/shop.ex", 12, "compile_error"), (None, None, "lint")]
