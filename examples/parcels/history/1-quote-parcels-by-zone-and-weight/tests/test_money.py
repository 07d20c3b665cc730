import pytest

from parcels.money import Money


@pytest.mark.parametrize(("text", "cents"), [("4.90", 490), ("4.9", 490), ("4", 400), ("0.05", 5)])
def test_reads_amounts(text, cents):
    assert Money.of(text) == Money(cents)


def test_adds():
    assert Money.of("4.90") + Money.of("0.15") == Money.of("5.05")


@pytest.mark.parametrize(("rate", "cents"), [(10, 49), (50, 245), (0, 0), (7.5, 37)])
def test_percent_rounds_half_up(rate, cents):
    assert Money(490).percent(rate) == Money(cents)


def test_prints_two_digits():
    assert str(Money(1205)) == "12.05"
