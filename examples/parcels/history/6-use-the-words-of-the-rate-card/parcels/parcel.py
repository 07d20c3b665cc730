"""A parcel: its size and its weights, in the words of the rate card."""

from dataclasses import dataclass

CM3_PER_KG = 5000


@dataclass(frozen=True)
class Parcel:
    """One parcel; sides in cm, weights in kg."""

    length_cm: float
    width_cm: float
    height_cm: float
    scale_weight: float
    postcode: str

    @property
    def volume_weight(self) -> float:
        """What its volume counts for."""
        return self.length_cm * self.width_cm * self.height_cm / CM3_PER_KG

    @property
    def rated_weight(self) -> float:
        """What the rate card looks at: the larger of both weights."""
        return max(self.scale_weight, self.volume_weight)

    @property
    def longest_side(self) -> float:
        """What decides whether it is bulky."""
        return max(self.length_cm, self.width_cm, self.height_cm)
