"""The tool's output, written after its documentation: it is not on every machine that runs these tests."""

import pytest

from fixer.parsers import failures_in, lines_of

LOG = "00:01 +3 -1: test/cart_test.dart: cart adds up [E]\n  Expected: <4>\n    Actual: <3>"


def test_says_what_the_log_says() -> None:
    told = [(f.test, f.message) for f in failures_in(lines_of(LOG.split("\n"))) if f.tool == "dart"]
    assert told == [("cart adds up", "00:01 +3 -1: test/cart_test.dart: cart adds up [E]")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  error - lib/cart.dart:16:20 - Undefined name 'Random'. Try importing it. - undefined_identifier", 16),
        ("[shop]:   error - lib/cart.dart:9:7 - The final variable 'a' can only be set once. - set_final", 9),
        ("  error \u2022 Undefined name 'Random' \u2022 lib/cart.dart:3:5 \u2022 undefined_identifier", 3),
    ],
)
def test_what_the_analyzer_calls_an_error_does_not_compile(text: str, line: int) -> None:
    (failure,) = failures_in(lines_of(["   info - lib/a.dart:1:1 - Sort names. - sort_names", text]))
    assert (failure.tool, failure.kind, failure.file, failure.line) == ("dart", "compile", "lib/cart.dart", line)
    assert failure.root_cause == "compile_error"
