from parcels.money import Money
from parcels.parcel import Parcel
from parcels.surcharges import surcharges


def names(parcel):
    return [name for name, _ in surcharges(parcel, Money.of("10.00"))]


def test_fuel_is_always_there():
    assert names(Parcel(10, 10, 10, 0.5, "DE-20095")) == ["fuel"]


def test_bulky():
    assert "bulky" in names(Parcel(121, 10, 10, 2.0, "DE-20095"))


def test_remote_area():
    assert "remote area" in names(Parcel(10, 10, 10, 0.5, "ES-35001"))


def test_two_people_carry_what_is_heavy():
    assert "two people" in names(Parcel(30, 30, 30, 25.0, "DE-20095"))
