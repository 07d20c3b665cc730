"""Gradle's output, written after its documentation: the tool is not on every machine that runs these tests."""

import pytest

from fixer.parsers import failures_in, lines_of

LOG = """> Task :test FAILED

CartTest > adds up() FAILED
    org.opentest4j.AssertionFailedError: expected: <4> but was: <3>
        at org.junit.jupiter.api.AssertEquals.fail(AssertEquals.java:55)
        at shop.CartTest.addsUp(CartTest.java:12)

shop.PriceTest > pear FAILED
    java.lang.IllegalStateException at PriceTest.java:9

2 tests completed, 2 failed

FAILURE: Build failed with an exception.

* What went wrong:
Execution failed for task ':test'.
> There were failing tests. See the report at: file:///index.html

* Try:
> Run with --info."""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        (
            "gradle",
            "test",
            "CartTest > adds up()",
            "CartTest.java",
            12,
            "org.opentest4j.AssertionFailedError: expected: <4> but was: <3>",
            "test_failure",
        ),
        (
            "gradle",
            "test",
            "shop.PriceTest > pear",
            "PriceTest.java",
            9,
            "java.lang.IllegalStateException",
            "test_failure",
        ),
    ]


def test_a_repository_that_does_not_answer_is_the_cause() -> None:
    log = """* What went wrong:
Execution failed for task ':app:compileJava'.
> Could not resolve all files for configuration ':app:runtimeClasspath'.
   > Could not resolve org.example:shop:1.0.
      > Could not GET 'https://repo.example.org/shop-1.0.pom'. Received status code 502 from server: Bad Gateway

* Try:
> Run with --stacktrace"""
    (failure,) = [f for f in failures_in(lines_of(log.split("\n"))) if f.tool == "gradle"]
    assert (failure.root_cause, failure.log_line) == ("network_error", 5)
    assert failure.message.startswith("Could not GET")


@pytest.mark.parametrize(
    ("lines", "cause"),
    [
        (
            ["Execution failed for task ':app:lintDebug'.", "> Lint found errors in the project; aborting build."],
            "lint",
        ),
        (["Execution failed for task ':app:integrationTest'.", "> Something went wrong"], "test_failure"),
        (["Execution failed for task ':app:copyAll'.", "> Something went wrong"], "environment"),
        (["Gradle build daemon disappeared unexpectedly (it may have been killed)"], "infrastructure"),
        (
            [
                "> Could not resolve org.shop:cart:1.2.",
                "   > No matching variant was found, compatible with Java 11 but:",
            ],
            "environment",
        ),
    ],
)
def test_what_went_wrong_is_known_by_its_words_and_by_the_task(lines: list[str], cause: str) -> None:
    failures = failures_in(lines_of(["* What went wrong:", *lines, "", "BUILD FAILED in 4s"]))
    assert [f.root_cause for f in failures if f.tool == "gradle"] == [cause]
