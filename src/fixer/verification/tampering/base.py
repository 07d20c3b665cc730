"""The contract of the room: a rule looks at a change and names every place where it sees a cheat."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from fixer.verification.change import Change


@dataclass(frozen=True)
class Finding:
    """One sign of cheating."""

    rule: str
    path: str
    line: int
    """1-based line of the new text; of the old text where something is gone; 0: the whole file."""
    why: str
    """What is there and why it is refused, in plain words."""

    def __str__(self) -> str:
        """Return the finding as the report says it."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.why} [{self.rule}]"


class Rule(Protocol):
    """What each module of the room defines at its top level."""

    RULE: str
    """The rule family's name, as reports show it."""

    def findings(self, change: Change) -> Iterator[Finding]:
        """Yield what the rule sees in the change. It must not raise: a file that it cannot read is a finding."""
        ...
