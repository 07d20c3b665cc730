"""unittest's own output, in each form that it has."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("unittest"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("unittest", name) == expected("unittest", name)


def test_generated_tests_of_nose_are_read_where_a_rule_follows() -> None:
    text = [
        *("=" * 70, "FAIL: tests.test_data.test_file('a.yaml', 3)", "-" * 70, "Traceback (most recent call last):"),
        *('  File "/builds/g/p/tests/test_data.py", line 9, in check', "    assert ok", "AssertionError", "", "-" * 70),
        *("ERROR: something else went wrong", "and no rule", "follows"),
    ]
    failure = next(f for f in failures_in(lines_of(text)) if f.tool == "unittest")
    assert (failure.test, failure.shown_as) == ("tests.test_data.test_file", "tests.test_data.test_file('a.yaml', 3)")
    assert len([f for f in failures_in(lines_of(text)) if f.tool == "unittest"]) == 1


def test_headers_of_python_3_10_give_the_same_ids() -> None:
    text = [
        "=" * 70,
        "ERROR: test_missing (tests.test_shop.ShopTest)",
        "-" * 70,
        "Traceback (most recent call last):",
        '  File "/builds/g/p/tests/test_shop.py", line 12, in test_missing',
        "    price('pear')",
        "KeyError: 'pear'",
        "",
        "-" * 70,
        "Ran 1 test in 0.001s",
    ]
    (failure,) = failures_in(lines_of(text))
    assert (failure.test, failure.file, failure.line) == (
        "tests.test_shop.ShopTest.test_missing",
        "tests/test_shop.py",
        12,
    )
