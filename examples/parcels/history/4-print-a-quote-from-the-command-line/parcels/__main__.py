"""Print the quote of one parcel: python -m parcels 12x20x30 1.4kg DE-20095."""

import sys

from parcels.parcel import Parcel
from parcels.quote import quote


def main(arguments: list[str]) -> str:
    size, weight, postcode = arguments
    length, width, height = (float(side) for side in size.split("x"))
    found = quote(Parcel(length, width, height, float(weight.removesuffix("kg")), postcode))
    lines = [f"{name:<24}{amount!s:>8}" for name, amount in found.lines]
    return "\n".join([*lines, f"{'total':<24}{found.total!s:>8}"])


if __name__ == "__main__":
    print(main(sys.argv[1:]))
