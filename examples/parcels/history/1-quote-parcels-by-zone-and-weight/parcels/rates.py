"""The rate card: price by zone and weight."""

from parcels.money import Money

BRACKETS = (1.0, 5.0, 10.0, 31.5)
RATES = {
    "A": ("3.90", "5.90", "8.90", "14.90"),
    "B": ("8.90", "12.90", "17.90", "29.90"),
    "C": ("9.90", "14.90", "20.90", "34.90"),
    "D": ("12.90", "18.90", "26.90", "44.90"),
}


def base_rate(zone: str, weight: float) -> Money:
    """The price for a weight in kg."""
    for limit, price in zip(BRACKETS, RATES[zone], strict=True):
        if weight <= limit:
            return Money.of(price)
    raise ValueError(f"{weight} kg is too heavy for a parcel")
