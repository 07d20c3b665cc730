"""What comes on top of the rate card."""

from collections.abc import Iterator

from parcels.money import Money
from parcels.parcel import Parcel

FUEL_PERCENT = 6.5
BULKY_FROM_CM = 120
REMOTE = {"DE-27498": "4.50", "DE-25992": "4.50", "ES-35001": "9.00"}


def surcharges(parcel: Parcel, base: Money) -> Iterator[tuple[str, Money]]:
    yield "fuel", base.percent(FUEL_PERCENT)
    if parcel.longest_side > BULKY_FROM_CM:
        yield "bulky", Money.of("7.50")
    if parcel.postcode in REMOTE:
        yield "remote area", Money.of(REMOTE[parcel.postcode])
    if parcel.billable_weight > 20:
        yield "two people", Money.of("12.00")
