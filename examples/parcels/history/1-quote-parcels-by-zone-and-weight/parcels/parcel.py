"""A parcel: its size and its weights."""

from dataclasses import dataclass

CM3_PER_KG = 5000


@dataclass(frozen=True)
class Parcel:
    length_cm: float
    width_cm: float
    height_cm: float
    scale_weight: float
    postcode: str

    @property
    def volume_weight(self) -> float:
        """What its volume counts for, in kg."""
        return self.length_cm * self.width_cm * self.height_cm / CM3_PER_KG

    @property
    def billable_weight(self) -> float:
        """The larger of both weights, in kg."""
        return max(self.scale_weight, self.volume_weight)

    @property
    def longest_side(self) -> float:
        return max(self.length_cm, self.width_cm, self.height_cm)
