"""A fault of the network or of the machine: nothing is changed, the command runs once more."""

from collections.abc import Iterator

from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene
from fixer.schema.root_cause import RootCause
from fixer.strategies.base import NotMine

ORDER = 3
CAUSES = frozenset({
    RootCause.NETWORK_ERROR, RootCause.RATE_LIMIT, RootCause.INFRASTRUCTURE, RootCause.FLAKY,
})  # fmt: skip
"""Causes that go away by themselves, where anything mends them at all."""


def remedies(scene: Scene) -> Iterator[Remedy]:
    """Yield the second run.

    Raises:
        NotMine: the cause is one that stays.
    """
    if scene.context.root_cause not in CAUSES:
        raise NotMine("what failed does not go away by itself")
    yield Remedy(f"Run it once more: {scene.context.root_cause.value.replace('_', ' ')}")
