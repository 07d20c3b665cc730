from parcels.money import Money
from parcels.parcel import Parcel
from parcels.quote import quote


def test_light_but_large():
    assert quote(Parcel(60, 40, 40, 2.0, "DE-20095")).total == Money.of("14.90")


def test_small_but_heavy():
    assert quote(Parcel(20, 20, 20, 9.0, "AT-1010")).total == Money.of("17.90")
