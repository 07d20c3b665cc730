"""Other compilers's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """error - lib/cart.dart:3:5 - Undefined name 'missing'. - undefined_identifier
Error (7576): Undeclared identifier.
Sources/Cart.swift:7:9: error: cannot find 'missing' in scope"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        ("compilers", "compile", None, None, None, "7576 Undeclared identifier.", "compile_error"),
        ("compilers", "compile", None, "Sources/Cart.swift", 7, "cannot find 'missing' in scope", "compile_error"),
        ("compilers", "lint", None, "lib/cart.dart", 3, "undefined_identifier Undefined name 'missing'.", "lint"),
    ]
