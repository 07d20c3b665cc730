"""Which zone a postcode lies in."""

ZONES = {"DE": "A", "AT": "B", "NL": "B", "FR": "C", "ES": "D"}


def zone_of(postcode: str) -> str:
    """The zone of a postcode such as 'DE-20095'."""
    country, dash, _ = postcode.partition("-")
    if not dash or country not in ZONES:
        raise ValueError(f"no zone for postcode {postcode!r}")
    return ZONES[country]
