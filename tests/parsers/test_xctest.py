"""The tool's output, written after its documentation: it is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """/app/CartTests.swift:12: error: -[S.CartTests testTotal] : XCTAssertEqual failed: (3) is not equal to (4)
Test Case '-[ShopTests.PearTests testPear]' failed (0.001 seconds)."""


def test_says_what_the_log_says() -> None:
    told = [(f.test, f.message) for f in failures_in(lines_of(LOG.split("\n"))) if f.tool == "xctest"]
    assert told == [
        ("S.CartTests testTotal", "XCTAssertEqual failed: (3) is not equal to (4)"),
        ("ShopTests.PearTests testPear", "Test Case '-[ShopTests.PearTests testPear]' failed ("),
    ]
