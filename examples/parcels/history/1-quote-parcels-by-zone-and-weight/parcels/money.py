"""Money as whole cents, so that sums are exact."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Money:
    cents: int

    @classmethod
    def of(cls, amount: str) -> "Money":
        """Read an amount such as '4.90'."""
        whole, _, fraction = amount.partition(".")
        return cls(int(whole) * 100 + int((fraction + "00")[:2]))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + other.cents)

    def percent(self, rate: float) -> "Money":
        """A share of this amount, rounded half up to whole cents."""
        return Money(int(self.cents * rate / 100 + 0.5))

    def __str__(self) -> str:
        return f"{self.cents // 100}.{self.cents % 100:02d}"
