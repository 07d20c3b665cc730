"""Go's output, written after its documentation: the tool is not on every machine that runs these tests."""

import pytest

from fixer.parsers import failures_in, lines_of

LOG = """=== RUN   TestTotal
    cart_test.go:12: total = 3, want 4
--- FAIL: TestTotal (0.00s)
=== RUN   TestPrice
=== RUN   TestPrice/pear
--- FAIL: TestPrice (0.00s)
    --- FAIL: TestPrice/pear (0.01s)
        cart_test.go:20: no price
FAIL
FAIL\texample.org/shop\t0.004s
# example.org/shop/cmd
cmd/main.go:7:2: undefined: cart
go: example.org/other@v1.2.3: missing go.sum entry for go.mod file"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        ("go", "compile", None, "cmd/main.go", 7, "undefined: cart", "compile_error"),
        (
            "go",
            "dependency",
            None,
            None,
            None,
            "example.org/other@v1.2.3: missing go.sum entry for go.mod file",
            "missing_dependency",
        ),
        ("go", "test", "TestTotal", "cart_test.go", 12, "total = 3, want 4", "test_failure"),
        ("go", "test", "TestPrice", None, None, "TestPrice failed", "test_failure"),
        ("go", "test", "TestPrice/pear", "cart_test.go", 20, "no price", "test_failure"),
    ]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("go: errors parsing go.mod:", "environment"),
        ("a/b.go:7:2: missing go.sum entry for module providing package x.example/y; to add:", "missing_dependency"),
    ],
)
def test_modules_that_cannot_be_read_or_are_not_listed(text: str, cause: str) -> None:
    failure = failures_in(lines_of([text]))[0]
    assert (failure.tool, failure.root_cause) == ("go", cause)
