"""Ways to mend what a command failed on: one file each, found by the room."""

from typing import cast

from fixer.recovery.playbooks.base import Playbook
from fixer.registry import modules

BUILT_IN = ("fix-analysis-errors", "fix-test-failures")
"""Recovery commands that mean these playbooks."""


def playbooks() -> list[tuple[str, Playbook]]:
    """Return every playbook with its name, in the order in which they are asked."""
    found = [(m.__name__.rpartition(".")[2], m) for m in modules("recovery.playbooks", ("ORDER", "remedies"))]
    found.sort(key=lambda pair: (pair[1].ORDER, pair[0]))
    return [(name, cast("Playbook", module)) for name, module in found]
