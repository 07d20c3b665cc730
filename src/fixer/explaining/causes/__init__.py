"""One file a root cause (or a family of them); the one that is surest explains the failure."""

from typing import cast

from fixer.explaining.causes.base import Cause, Finding, Scene
from fixer.explaining.causes.reading.names import line
from fixer.explaining.causes.reading.offers import Offers
from fixer.registry import modules
from fixer.schema.root_cause import RootCause


def find(scene: Scene) -> Finding:
    """Return the surest finding of all causes; one of the cause `unknown` where none recognises the failure."""
    causes = [cast("Cause", module) for module in modules("explaining.causes", ("recognise",))]
    found = [finding for cause in causes for finding in cause.recognise(scene)]
    return max(found, key=lambda finding: finding.score, default=_unknown(scene))


def _unknown(scene: Scene) -> Finding:
    offers, told = Offers(scene), line(scene.failed.error, 120)
    said = f": {scene.failed.error[:500]}" if told else ", and nothing says why"
    asked = f"what '{told}' means to {offers.where}" if told else f"what {offers.where} did with its input"
    fix = offers.manual(
        f"Find out {asked}: the record alone does not tell what to change",
        f"run {offers.where} again by itself with the same input, and read what it logs",
    )
    return Finding(root_cause=RootCause.UNKNOWN, score=0.0, explanation=f"{offers.subject} failed{said}", fixes=(fix,))
