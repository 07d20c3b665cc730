"""The contract of the room: a playbook looks at a scene and offers remedies, the likeliest first."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from fixer.recovery.scene import Scene
from fixer.schema.command import CommandResult


@dataclass(frozen=True)
class Remedy:
    """One thing that may mend the failure. Nothing of it is believed before the command ran again."""

    summary: str
    """One line, imperative, fit for a commit subject."""
    diff: str = ""
    """Against the commit that the scene's tree stands on."""
    environment: Mapping[str, str | None] = field(default_factory=dict)
    """Variables that the command has to run with; None: without."""
    perform: Callable[[], CommandResult] | None = None
    """Does what cannot be shown as a diff: installs, removes a cache; only called where that is allowed."""
    allowed: bool = True
    """False: only a person may do it. It is not tried, and nothing else is: the cause is known."""
    why_not: str = ""
    """Why it is not allowed, and what would allow it."""
    typed: tuple[str, ...] = ()
    """What a person would type for it, in the project's top folder; empty: the diff is applied."""
    afterwards: tuple[str, ...] = ()
    """What is still to be typed when it worked."""


class Playbook(Protocol):
    """What each module of the room defines at its top level."""

    ORDER: int
    """Place in the order, the surest and cheapest first."""

    def remedies(self, scene: Scene) -> Iterator[Remedy]:
        """Yield remedies; none where the failure is not its own. It may change the scene's tree, which is reset."""
        ...
