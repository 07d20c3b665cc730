"""The tool's output, written after its documentation: it is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """cucumber features/cart.feature:7 # Scenario: adding up

Failing scenarios:
  features/pear.feature:3  a pear has no price"""


def test_says_what_the_log_says() -> None:
    told = [(f.test, f.message) for f in failures_in(lines_of(LOG.split("\n"))) if f.tool == "cucumber"]
    assert told == [
        ("adding up", "cucumber features/cart.feature:7 # Scenario: adding up"),
        ("a pear has no price", "features/pear.feature:3  a pear has no price"),
    ]
