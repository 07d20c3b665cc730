"""A month of parcels for one customer."""

from collections.abc import Sequence
from dataclasses import dataclass

from parcels.discounts import discount_percent
from parcels.money import Money
from parcels.parcel import Parcel
from parcels.quote import quote


@dataclass(frozen=True)
class Invoice:
    parcels: int
    kilograms: float
    net: Money
    discount: Money

    @property
    def due(self) -> Money:
        return Money(self.net.cents - self.discount.cents)


def invoice(parcels: Sequence[Parcel], *, contract: bool = False) -> Invoice:
    """Sum up a month; customers with a contract get a discount by total weight."""
    net = Money(0)
    for parcel in parcels:
        net += quote(parcel).total
    if not contract:
        return Invoice(len(parcels), 0.0, net, Money(0))
    kilograms = sum(parcel.billable_weight for parcel in parcels)
    return Invoice(len(parcels), kilograms, net, net.percent(discount_percent(kilograms)))
