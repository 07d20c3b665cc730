"""Tells whether a step between two others may have changed what they run."""

from fixer.alternatives import says
from fixer.explaining.causes.base import Scene

_CHANGES = (
    r"\b(?:fix|patch|commit|edit|appl(?:y|ied)|updat|upgrad|revert|bump|chang|modif|rewrit|writ|cherry|merge|rebase"
    r"|regenerat|install|pull|checkout)\w*"
)
"""What such a step does, by its name."""


def changed_between(scene: Scene, number: int) -> bool:
    """Return whether a step between the failed one and another, of that number, is named as one that changes things."""
    first, last = sorted((scene.failed.step_number, number))
    return any(says(step.action.replace("_", " "), _CHANGES) for step in scene.record.steps[first : last - 1])
