"""Discounts for customers with a contract."""

STEPS = ((500.0, 12.0), (100.0, 7.0), (20.0, 3.0))


def discount_percent(kilograms: float) -> float:
    """The discount for a month's weight."""
    for least, percent in STEPS:
        if kilograms >= least:
            return percent
    return 0.0
