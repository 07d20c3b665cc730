"""The tool's output, written after its documentation: it is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = (
    "//shop:cart_test                                   FAILED in 1.2s\n  /root/log\n//shop:slow_test TIMEOUT in 60.0s"
)


def test_says_what_the_log_says() -> None:
    told = [(f.test, f.message) for f in failures_in(lines_of(LOG.split("\n"))) if f.tool == "bazel"]
    assert told == [
        ("//shop:cart_test", "//shop:cart_test                                   FAILED in"),
        ("//shop:slow_test", "//shop:slow_test TIMEOUT in"),
    ]
