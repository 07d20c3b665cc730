"""Explanation of a failure, with the evidence that was found for it."""

from fixer.schema.base import Record
from fixer.schema.root_cause import RootCause


class MinimalChange(Record):
    """The smallest part of one commit that makes the reproduction fail."""

    green: str
    """The last commit on which the reproduction passes."""
    culprit: str
    """The first commit on which it fails."""
    culprit_subject: str
    culprit_author: str
    hunks: tuple[str, ...]
    """Each a unified diff of one hunk, as the culprit made it."""
    hunks_in_culprit: int
    reduced: bool
    """Whether the hunks were reduced to a minimal set; False when time ended or they could not be taken apart."""
    note: str = ""


class Person(Record):
    """Somebody to ask, and why (spec C6)."""

    name: str
    contact: str
    reasons: tuple[str, ...]


class Diagnosis(Record):
    """Why the failure happened."""

    failure_id: str
    explanation: str
    root_cause: RootCause
    minimal_change: MinimalChange | None = None
    no_minimal_change: str = ""
    """Why there is none, where there is none."""
    people: tuple[Person, ...] = ()
