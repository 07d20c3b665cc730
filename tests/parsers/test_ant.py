"""The tool's output, written after its documentation: it is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """    [junit] Testcase: testTotal took 0.01 sec
    [junit] Testcase: testPear took 0.02 sec\tFAILED
    [junit] Test shop.CartTest FAILED"""


def test_says_what_the_log_says() -> None:
    told = [(f.test, f.message) for f in failures_in(lines_of(LOG.split("\n"))) if f.tool == "ant"]
    assert told == [
        ("testPear", "[junit] Testcase: testPear took 0.02 sec\tFAILED"),
        ("shop.CartTest", "[junit] Test shop.CartTest FAILED"),
    ]
