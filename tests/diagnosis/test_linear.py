"""A pattern that could take forever is refused before it is ever run."""

import re

import pytest

from fixer.diagnosis.linear import slow


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b", r"(?:a|b)*(?:\w*)*", r"(a|ab)*c", r"(?:\w+\.)+x", r"(a{1,20}){1,50}", r"(?P<a>x)(?P=a)",
        r".*error", r"a.*b.*c.*d.*e", r"((a*)b)*", r"(?:ab|abc)+",
    ],
)  # fmt: skip
def test_what_backtracks_is_refused(pattern: str) -> None:
    assert slow(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"No module named '(?P<m>[\w.]+)'",
        r"^error: .+$",
        r"(?:a|b) x*",
        r"(?:[ab])+",
        r"(?:x?y){1,20}",
        r"a(?:.*\n){1,6}b",
    ],
)
def test_what_is_linear_passes(pattern: str) -> None:
    assert slow(pattern) == ""


def test_what_is_no_expression_says_so() -> None:
    with pytest.raises(re.error):
        slow("(")
