"""Playwright's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """  1) [chromium] \u203a tests/cart.spec.ts:4:1 \u203a cart \u203a adds up \u2500\u2500\u2500───

    Error: expect(locator).toHaveText(expected) failed

    Locator: getByTestId('total')
    Expected: "4"

    Retry #1 \u2500\u2500\u2500---

    Error: expect(locator).toHaveText(expected) failed

  1 failed"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        (
            "playwright",
            "test",
            "tests/cart.spec.ts:4:1 cart \u203a adds up",
            "tests/cart.spec.ts",
            4,
            "Error: expect(locator).toHaveText(expected) failed Locator: getByTestId('total') Expected: \"4\"",
            "test_failure",
        ),
    ]


def test_a_browser_that_was_not_downloaded_is_a_missing_tool() -> None:
    text = [
        "  1) e2e/cart.spec.ts:8:5 \u203a adds up",
        "    Error: browserType.launch: Executable doesn't exist at /home/a/.cache/chromium/chrome",
    ]
    (failure,) = [f for f in failures_in(lines_of(text)) if f.tool == "playwright"]
    assert failure.root_cause == "missing_tool"
