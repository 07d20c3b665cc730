from parcels.invoice import invoice
from parcels.money import Money
from parcels.parcel import Parcel

LARGE = Parcel(60, 40, 40, 2.0, "DE-20095")
HEAVY = Parcel(20, 20, 20, 9.0, "AT-1010")


def test_without_a_contract_there_is_no_discount():
    month = invoice([LARGE, HEAVY])
    assert (month.net, month.discount) == (Money.of("34.93"), Money(0))


def test_contract_counts_large_parcels_by_volume():
    month = invoice([LARGE, LARGE], contract=True)
    assert (month.kilograms, month.due) == (38.4, Money.of("30.79"))


def test_contract_counts_heavy_parcels_by_scale():
    month = invoice([HEAVY, HEAVY, HEAVY], contract=True)
    assert (month.kilograms, month.due) == (27.0, Money.of("55.46"))
