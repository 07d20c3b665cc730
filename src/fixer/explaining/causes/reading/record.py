"""What the record tells beside the words of the error: the weights of the causes come in, and go out with it."""

from collections.abc import Mapping

from fixer.explaining.causes.base import SETTLED, Scene
from fixer.explaining.causes.reading.agents import OF_BUILDS, unlikely
from fixer.explaining.causes.reading.both_ways import fails_and_passes
from fixer.explaining.causes.reading.build import is_build
from fixer.explaining.causes.reading.evidence import Evidence
from fixer.explaining.causes.reading.given import spoken
from fixer.explaining.causes.reading.published_codes import by_code, says_nothing
from fixer.explaining.causes.reading.structures import plain_key
from fixer.schema.root_cause import RootCause

_PUBLISHED = 5.0
"""Of a cause that the service itself publishes for its code: more than rules and words that know no code."""
_GUESSED = 0.4
"""The part that counts of a cause of builds where an agent's step runs code and no rule knows its words."""
_NO_WORD = 2.0
"""Of `unknown` where the error is a code that nobody knows: what else there is would be guessed from the action."""
_OF_CHANCE = {RootCause.TEST_FAILURE, RootCause.TIMEOUT, RootCause.LOGIC_ERROR, RootCause.UNKNOWN, RootCause.FLAKY}
"""Causes that a run of tests seems to have that fails and passes; any other is told by who ran it."""
_DISCONNECTED = 3.0
"""Of a service that the workspace lists as not connected, and that the step uses."""
_ANSWERED = (RootCause.RATE_LIMIT, RootCause.INVALID_DATA, RootCause.MISSING_TEMPLATE, RootCause.AUTH_ERROR)
"""Causes of which only a service that was asked can tell, or that another thing is to blame for."""
_SURE = 0.9
_LONGEST, _SHORT = 2_000, 4
_SETTLED = SETTLED / 2


def of_action(
    scene: Scene, rules: Mapping[RootCause, float], weighed: dict[RootCause, float], shows: Evidence | None
) -> dict[RootCause, float]:
    """Return the weights of an agent's action with what the record's structure says.

    Args:
        scene: the failure.
        rules: how sure the rules are of each cause.
        weighed: rules and all words together.
        shows: the value of the record that the failure is about.
    """
    if max(weighed.values(), default=0.0) >= _SETTLED:
        return weighed
    found = weighed | dict.fromkeys(unlikely(scene, rules), 0.0)
    if (published := by_code(scene)) is not None:
        found[published] = found.get(published, 0.0) + _PUBLISHED
    elif shows is not None:
        found[shows.cause] = found.get(shows.cause, 0.0) + shows.weight
    elif says_nothing(scene.text) and not any(score for own, score in rules.items() if own not in OF_BUILDS):
        found[RootCause.UNKNOWN] = found.get(RootCause.UNKNOWN, 0.0) + _NO_WORD
    if _is_disconnected(scene) and all(rules.get(own, 0.0) < _SURE for own in _ANSWERED):
        found[RootCause.MISSING_INTEGRATION] = found.get(RootCause.MISSING_INTEGRATION, 0.0) + _DISCONNECTED
    return found


def _is_disconnected(scene: Scene) -> bool:
    """Whether the workspace lists the service that the step's name, or its error, says as not connected."""
    said, action = f" {spoken(scene.text[:_LONGEST])} ", plain_key(scene.failed.action)
    return any(
        not one.connected
        and (f" {spoken(one.name)} " in said or (len(one.name) >= _SHORT and plain_key(one.name) in action))
        for one in scene.workspace.integrations
    )


def of_build(scene: Scene, rules: Mapping[RootCause, float], weighed: dict[RootCause, float]) -> dict[RootCause, float]:
    """Return the weights of what is no agent's action, a build or a step that runs code, with what the record says."""
    if max(weighed.values(), default=0.0) >= _SETTLED:
        return weighed
    if not is_build(scene):
        guessed = (own for own in OF_BUILDS if not rules.get(own))
        return weighed | {own: _GUESSED * weighed.get(own, 0.0) for own in guessed}
    by_chance = max(weighed, key=weighed.__getitem__) in _OF_CHANCE and fails_and_passes(scene)
    return weighed | {RootCause.FLAKY: SETTLED} if by_chance else weighed
