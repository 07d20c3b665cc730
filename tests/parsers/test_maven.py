"""Maven's output, written after its documentation: the tool is not on every machine that runs these tests."""

import pytest

from fixer.parsers import failures_in, lines_of

LOG = """[ERROR] Tests run: 2, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE! - in shop.CartTest
[ERROR] shop.CartTest.addsUp  Time elapsed: 0.02 s  <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <4> but was: <3>
\tat shop.CartTest.addsUp(CartTest.java:12)

[ERROR] pear(shop.CartTest)  Time elapsed: 0.01 s  <<< ERROR!
java.lang.IllegalStateException: no price
\tat shop.Cart.price(Cart.java:8)
\tat shop.CartTest.pear(CartTest.java:20)

[ERROR] Failures:
[ERROR]   CartTest.addsUp:12 expected: <4> but was: <3>
[ERROR] Failed to execute goal surefire:test: There are test failures."""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        (
            "maven",
            "test",
            "shop.CartTest.addsUp",
            "CartTest.java",
            12,
            "org.opentest4j.AssertionFailedError: expected: <4> but was: <3>",
            "test_failure",
        ),
        (
            "maven",
            "test",
            "shop.CartTest.pear",
            "CartTest.java",
            20,
            "java.lang.IllegalStateException: no price",
            "test_failure",
        ),
    ]


@pytest.mark.parametrize(
    ("goal", "cause"),
    [
        ("maven-enforcer-plugin:3.4.1:enforce (x) on project shop: Some rules have failed.", "environment"),
        ("maven-checkstyle-plugin:3.3.0:check (x) on project shop: Failed during checkstyle run", "lint"),
        (
            "maven-deploy-plugin:3.1:deploy (x) on project shop: Could not transfer artifact: status code: 401",
            "auth_error",
        ),
        ("x-plugin:1:get (x) on project shop: Could not resolve dependencies: status code: 503", "network_error"),
        ("exec-maven-plugin:3.1:exec (x) on project shop: Command execution failed.", "unknown"),
    ],
)
def test_a_goal_that_failed_is_known_by_its_plugin(goal: str, cause: str) -> None:
    text = f"[ERROR] Failed to execute goal org.x.plugins:{goal} -> [Help 1]"
    (failure,) = [f for f in failures_in(lines_of([text])) if f.tool == "maven"]
    assert failure.root_cause == cause
