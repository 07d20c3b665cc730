"""What the gate found about one patch (spec C3)."""

from enum import StrEnum

from fixer.schema.base import Record
from fixer.schema.command import CommandResult


class Verdict(StrEnum):
    """Verified: every check passed. Rejected: one did not, and says why."""

    VERIFIED = "verified"
    REJECTED = "rejected"


class Check(Record):
    """One rule of the gate."""

    name: str
    """applies, fails_before, tampering, passes_after, stable, nothing_broken, same_failure_gone."""
    passed: bool
    reason: str
    """What was seen, also when it passed."""
    commands: tuple[CommandResult, ...] = ()
    """The runs that show it; output is shortened."""


class Verification(Record):
    """The verdict on one patch, with the proof."""

    patch_id: str
    verdict: Verdict
    checks: tuple[Check, ...]

    @property
    def reason(self) -> str:
        """Why it was rejected, or that it was not."""
        return next((f"{c.name}: {c.reason}" for c in self.checks if not c.passed), "every check passed")
