"""What a run needs, checked before it starts (spec F8): the door of the room."""

from fixer.preflight.checks import check, is_ready, render
from fixer.preflight.finding import Finding, Level

__all__ = ["Finding", "Level", "check", "is_ready", "render"]
