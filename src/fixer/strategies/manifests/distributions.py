"""Which distribution brings which module, from the data file beside this one: only names that are well known.

Guessing is not done: whoever registers a misspelt name is installed by those who guess (typo-squatting).
"""

from functools import cache
from importlib.resources import files

from fixer.schema.base import Record


class Distributions(Record):
    """The content of `distributions.json`."""

    imports: dict[str, tuple[str, ...]]
    """Dotted module -> distributions that bring it, the usual one first."""
    same_name: frozenset[str]
    """Well-known distributions, by canonical name, whose module is called like them (dashes for underscores)."""
    stubs: dict[str, str]
    """Dotted module -> distribution with its type stubs."""


@cache
def known() -> Distributions:
    """Read the data file."""
    return Distributions.model_validate_json((files("fixer.strategies.manifests") / "distributions.json").read_bytes())


def bringing(module: str) -> tuple[str, ...]:
    """Return the well-known distributions that bring a dotted module, the usual one first; none where unknown."""
    data = known()
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if found := data.imports.get(".".join(parts[:length])):
            return found
    name = parts[0].lower().replace("_", "-")
    return (name,) if name in data.same_name else ()


def stubs_for(module: str) -> str | None:
    """Return the distribution with the type stubs of a dotted module, or None."""
    data = known()
    return data.stubs.get(module) or data.stubs.get(module.split(".", maxsplit=1)[0])
