import pytest

from parcels.discounts import discount_percent


@pytest.mark.parametrize(("kilograms", "percent"), [(0, 0), (19.9, 0), (20, 3), (100, 7), (500, 12), (9999, 12)])
def test_steps(kilograms, percent):
    assert discount_percent(kilograms) == percent
