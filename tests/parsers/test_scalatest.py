"""ScalaTest's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """[info] CartSpec:
[info] - should add up *** FAILED ***
[info]   3 did not equal 4 (CartSpec.scala:12)
[error] Test shop.PriceTest.pear failed: java.lang.IllegalStateException: no price, took 0.1 sec"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        ("scalatest", "test", "should add up", None, None, "[info] - should add up *** FAILED ***", "test_failure"),
        (
            "scalatest",
            "test",
            "shop.PriceTest.pear",
            None,
            None,
            "java.lang.IllegalStateException: no price, took 0.1 sec",
            "test_failure",
        ),
    ]
