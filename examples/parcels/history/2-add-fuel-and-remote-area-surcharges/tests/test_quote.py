from parcels.money import Money
from parcels.parcel import Parcel
from parcels.quote import quote


def test_light_but_large():
    assert quote(Parcel(60, 40, 40, 2.0, "DE-20095")).lines[0] == ("zone A, 19.2 kg", Money.of("14.90"))


def test_small_but_heavy():
    assert quote(Parcel(20, 20, 20, 9.0, "AT-1010")).lines[0] == ("zone B, 9.0 kg", Money.of("17.90"))


def test_total_has_the_surcharges():
    assert quote(Parcel(20, 20, 20, 0.5, "DE-20095")).total == Money.of("6.28")
