"""The tool's output, written after its documentation: it is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """[FAIL: assertion failed: 3 != 4] testTotal() (gas: 1234)
[FAIL. Reason: EvmError: Revert] testPear(uint256) (runs: 0)"""


def test_says_what_the_log_says() -> None:
    told = [(f.test, f.message) for f in failures_in(lines_of(LOG.split("\n"))) if f.tool == "foundry"]
    assert told == [("testTotal()", "assertion failed: 3 != 4"), ("testPear(uint256)", "EvmError: Revert")]
