"""PHPUnit's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """There was 1 error:

1) Shop\\CartTest::testPear
OutOfBoundsException: no price

/app/src/Cart.php:8
/app/tests/CartTest.php:20

--

There was 1 failure:

1) Shop\\CartTest::testTotal with data set #0 ('apple')
Failed asserting that 3 matches expected 4.

/app/tests/CartTest.php:12

ERRORS!
Tests: 2, Assertions: 1, Errors: 1, Failures: 1."""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        (
            "phpunit",
            "test",
            r"Shop\CartTest::testPear",
            "src/Cart.php",
            8,
            "OutOfBoundsException: no price",
            "test_failure",
        ),
        (
            "phpunit",
            "test",
            r"Shop\CartTest::testTotal with data set #0 ('apple')",
            "tests/CartTest.php",
            12,
            "Failed asserting that 3 matches expected 4.",
            "test_failure",
        ),
    ]
