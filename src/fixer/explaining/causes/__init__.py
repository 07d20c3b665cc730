"""One file a root cause (or a family of them): the likeliest, by its own rules and by all words together, explains."""

from typing import cast

from fixer.explaining.causes.base import CERTAIN, Cause, Finding, Scene
from fixer.explaining.causes.reading.agents import is_action, without_code
from fixer.explaining.causes.reading.evidence import evidence, shown, with_source
from fixer.explaining.causes.reading.names import line
from fixer.explaining.causes.reading.offers import Offers
from fixer.explaining.causes.reading.record import of_action, of_build
from fixer.explaining.causes.reading.wording import likelihoods
from fixer.registry import modules
from fixer.schema.root_cause import RootCause

WEIGHT = 1.5
"""Of all words together, beside 1 for the surest rule: measured on wordings that were in neither (`make causes`)."""
DOUBT = 0.75
"""What `unknown` weighs beside a cause that has a name: a likely answer helps more than none."""


def find(scene: Scene) -> Finding:
    """Return how the likeliest cause explains the failure; one of the cause `unknown` where nothing tells it."""
    causes = [cast("Cause", module) for module in modules("explaining.causes", ("CAUSES", "scores", "finding"))]
    agents = is_action(scene)
    judged = without_code(scene) if agents else scene
    likely = dict(likelihoods(judged.failed.action, judged.text))
    likely[RootCause.UNKNOWN] = DOUBT * likely.get(RootCause.UNKNOWN, 0.0)
    best = {own: (0.0, cause) for cause in causes for own in cause.CAUSES}
    # The family with the most causes first, which is that of builds: it knows when no other has to be asked.
    for cause in sorted(causes, key=lambda one: len(one.CAUSES), reverse=True):
        for own, score in cause.scores(judged).items():
            if score > best.get(own, (0.0, cause))[0]:
                best[own] = (score, cause)
        if any(score >= CERTAIN for score, _ in best.values()):
            break
    weighed = {own: score + WEIGHT * likely.get(own, 0.0) for own, (score, _) in best.items()}
    weighed.setdefault(RootCause.UNKNOWN, WEIGHT * likely[RootCause.UNKNOWN])
    rules = {own: score for own, (score, _) in best.items()}
    shows = evidence(judged, rules) if agents else None
    weighed = of_action(judged, rules, weighed, shows) if agents else of_build(judged, rules, weighed)
    winner = max(weighed, key=weighed.__getitem__)
    if winner not in best or not weighed[winner]:
        return _unknown(scene)
    score, cause = best[winner]
    score = min(1.0, max(score, likely.get(winner, 0.0)))
    if shows is not None and shows.cause is winner:
        return with_source(cause.finding(shown(scene, shows), winner, score), shows, scene.failed.step_number)
    return cause.finding(scene, winner, score)


def _unknown(scene: Scene) -> Finding:
    offers, told = Offers(scene), line(scene.failed.error, 120)
    said = f": {scene.failed.error[:500]}" if told else ", and nothing says why"
    asked = f"what '{told}' means to {offers.where}" if told else f"what {offers.where} did with its input"
    fix = offers.manual(
        f"Find out {asked}: the record alone does not tell what to change",
        f"run {offers.where} again by itself with the same input, and read what it logs",
    )
    return Finding(root_cause=RootCause.UNKNOWN, score=0.0, explanation=f"{offers.subject} failed{said}", fixes=(fix,))
