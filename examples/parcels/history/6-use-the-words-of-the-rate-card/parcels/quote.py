"""The price of one parcel, line by line, as the rate card has it."""

from dataclasses import dataclass, field

from parcels.money import Money
from parcels.parcel import Parcel
from parcels.rates import base_rate
from parcels.surcharges import surcharges
from parcels.zones import zone_of


@dataclass
class Quote:
    parcel: Parcel
    lines: list[tuple[str, Money]] = field(default_factory=list)

    @property
    def total(self) -> Money:
        total = Money(0)
        for _, amount in self.lines:
            total += amount
        return total


def quote(parcel: Parcel) -> Quote:
    zone = zone_of(parcel.postcode)
    weight = parcel.rated_weight
    base = base_rate(zone, weight)
    return Quote(parcel, [(f"zone {zone}, {weight:.1f} kg", base), *surcharges(parcel, base)])
