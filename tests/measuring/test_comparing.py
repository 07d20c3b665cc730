"""Two versions are compared over pairs, and little evidence is called little."""

import pytest

from fixer.measuring.comparing import Pair, compared, needed, sign_test


def pairs(both: int, neither: int, first: int, second: int) -> list[Pair]:
    outcomes = [(True, True)] * both + [(False, False)] * neither + [(True, False)] * first + [(False, True)] * second
    return [Pair(case=str(number), first=one, second=other) for number, (one, other) in enumerate(outcomes)]


@pytest.mark.parametrize(
    ("counts", "verdict", "words"),
    [
        ((5, 2, 0, 7), "second", "fix@2 is better than fix@1 (p = 0.016"),
        ((0, 0, 9, 1), "first", "fix@1 is better than fix@2 (p = 0.021"),
        ((10, 10, 0, 5), "not enough", "5 of 25 cases differ, and at least 6 have to"),
        ((4, 0, 0, 0), "not enough", "0 of 4 cases differ"),
        ((0, 0, 5, 4), "undecided", "speak for both (p = 1.00)"),
        ((0, 0, 0, 0), "not enough", "0 of 0"),
    ],
)
def test_what_is_said(counts: tuple[int, int, int, int], verdict: str, words: str) -> None:
    both, _, first, second = counts
    found = compared(pairs(*counts), "fix@1", "fix@2")
    assert found.verdict == verdict
    assert words in found.words
    assert (found.first_fixed, found.second_fixed) == (both + first, both + second)


def test_the_sign_test_has_the_values_of_the_binomial() -> None:
    assert sign_test(0, 0) == 1.0
    assert sign_test(0, 5) == 0.0625
    assert sign_test(0, 6) == pytest.approx(0.03125)
    assert sign_test(1, 9) == sign_test(9, 1) == pytest.approx(22 / 1024)
    assert needed() == 6
