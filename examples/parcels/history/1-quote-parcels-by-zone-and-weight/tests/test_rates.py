import pytest

from parcels.money import Money
from parcels.rates import base_rate


@pytest.mark.parametrize(("weight", "price"), [(0.2, "3.90"), (1.0, "3.90"), (1.1, "5.90"), (31.5, "14.90")])
def test_brackets(weight, price):
    assert base_rate("A", weight) == Money.of(price)


def test_too_heavy():
    with pytest.raises(ValueError, match="too heavy"):
        base_rate("A", 31.6)
